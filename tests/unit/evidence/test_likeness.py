"""Near duplicates: what is found, what is mistaken, on photos made to be confused (tests/support/scenes.py)."""

import io
import random
from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from services.projects.evidence import likeness, photo
from services.projects.evidence.queries import CANDIDATES
from tests.support.photos import SHOTS, another, copies, original
from tests.support.profile import count, report

ORIGINALS, OTHERS = count(16, 200), count(24, 200)
MIN_RECALL, MAX_FALSE_ALARMS = 0.95, 0.02


class Memory:
    """What the database does for `likeness`, in a dictionary: photos by key, those that share most keys first."""

    def __init__(self) -> None:
        self.greys: list[bytes] = []
        self.by_key: dict[int, list[int]] = defaultdict(list)

    def add(self, grey: bytes) -> None:
        for key in likeness.keys(grey):
            self.by_key[key].append(len(self.greys))
        self.greys.append(grey)

    def alike(self, grey: bytes) -> dict[int, float]:
        shared = Counter(n for key in likeness.keys(grey) for n in self.by_key.get(key, ()))
        found = [n for n, _ in shared.most_common(CANDIDATES)]
        return {found[n]: how for n, how in likeness.copies_among(grey, [self.greys[n] for n in found]).items()}


def grey(content: bytes) -> bytes:
    found = photo.look(content).grey
    assert found is not None
    return found


def grey_of(picture: Image.Image) -> bytes:
    found = likeness.grey_of(picture)
    assert found is not None
    return found


def others() -> Iterator[Image.Image]:
    return (another(number, ORIGINALS // SHOTS) for number in range(OTHERS))


def test_copies_are_found_and_other_photos_of_the_same_sites_are_not() -> None:
    memory = Memory()
    for number in range(ORIGINALS):
        memory.add(grey_of(original(number)))
    hits: dict[str, list[bool]] = defaultdict(list)
    for number in range(ORIGINALS):
        for way, content in copies(original(number), number):
            hits[way].append(number in memory.alike(grey(content)))
    mistaken = sum(bool(memory.alike(grey_of(other))) for other in others())
    every = [hit for each in hits.values() for hit in each]
    recall = {way: round(sum(each) / len(each), 4) for way, each in hits.items()}
    told = {"recall": round(sum(every) / len(every), 4), "copies": len(every), "originals": ORIGINALS}
    told |= {"false_alarms": mistaken, "others": OTHERS, "false_alarm_rate": round(mistaken / OTHERS, 4)}
    report("near duplicates: recall and false alarms", **told, recall_by_way=recall)
    print(told, recall)
    assert min(recall.values()) >= MIN_RECALL
    assert mistaken / OTHERS <= MAX_FALSE_ALARMS


def test_a_copy_on_file_is_found_by_its_original_too() -> None:
    """Whichever came first."""
    missed = 0
    looked_at = count(6, 60)
    for number in range(looked_at):
        for _, content in copies(original(number), number):
            memory = Memory()
            memory.add(grey(content))
            missed += not memory.alike(grey_of(original(number)))
    assert missed <= (1 - MIN_RECALL) * looked_at * 9


def test_a_plain_perceptual_hash_would_not_do() -> None:
    """The first hash alone, at the distance that finds 95 % of the copies, mistakes what we do not."""
    plain = np.array([likeness.signs(grey_of(p))[0] for p in map(original, range(ORIGINALS))])
    distances = [
        int((likeness.signs(grey(content))[0] ^ plain[n]).sum())
        for n in range(ORIGINALS)
        for _, content in copies(original(n), n)
    ]
    reach = int(np.quantile(distances, MIN_RECALL))
    seen = [likeness.signs(grey_of(p))[0] for p in others()]
    mistaken = sum(int((other ^ plain).sum(1).min()) <= reach for other in seen) / len(seen)
    report("a plain perceptual hash at 95 % recall", distance=reach, false_alarm_rate=round(mistaken, 4))
    print(f"plain pHash: distance {reach} for 95 % recall, {mistaken:.1%} mistaken")
    assert mistaken > MAX_FALSE_ALARMS


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (128, 130, 126)])
def test_a_picture_without_features_is_not_remembered(colour: tuple[int, int, int]) -> None:
    assert likeness.grey_of(Image.new("RGB", (800, 600), colour)) is None


def test_noise_is_like_no_other_noise() -> None:
    draw = random.Random(1)
    pictures = [Image.frombytes("L", (64, 64), draw.randbytes(4096)) for _ in range(30)]
    known = [grey_of(p) for p in pictures]
    for number, one in enumerate(known):
        assert set(likeness.copies_among(one, known)) == {number}


def test_nothing_is_like_nothing() -> None:
    some = grey_of(Image.linear_gradient("L"))
    assert likeness.copies_among(some, []) == {}
    assert likeness.copies_among(some, [some]) == {0: 1.0}


def test_keys_are_few_small_and_the_same_every_time() -> None:
    some = grey_of(original(0))
    found = likeness.keys(some)
    assert found == sorted(set(likeness.keys(bytes(bytearray(some)))))
    assert likeness.BANDS <= len(found) <= likeness.BANDS * len(likeness.CROPS)
    assert all(0 <= key < likeness.BANDS << likeness.BITS for key in found)


def test_a_photo_is_known_whichever_way_its_phone_was_held() -> None:
    """The same pixels stored upright, and lying with a tag that says so."""
    upright = original(0)
    lying = upright.transpose(Image.Transpose.ROTATE_90)
    tagged, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    lying.save(tagged, "JPEG", quality=88, exif=exif)
    assert set(likeness.copies_among(grey_of(upright), [grey(tagged.getvalue())])) == {0}
