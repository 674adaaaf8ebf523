"""Finding known values in whatever bytes there are: plain in any usual encoding, or packed, however deep.

`Search(values).found(content)` looks into JSON and XML escapes, percent-encoding, base64, hex, ZIP (a workbook is
one), gzip and zlib, wherever in the content they begin. It cannot see through encryption; that is its use.
"""

import base64
import re
import zlib
from binascii import unhexlify
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_to_bytes

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
DEPTH = 5
LONG = 4_096
MOST_UNPACKED = 64 << 20
_ESCAPE = re.compile(rb"\\+u([0-9a-fA-F]{4})|&#(?:([0-9]{2,7})|x([0-9a-fA-F]{2,6}));")
_ESCAPED = re.compile(rb"(?:(?:\\+u[0-9a-fA-F]{4}|&#(?:[0-9]{2,7}|x[0-9a-fA-F]{2,6});)[0-9A-Za-z ,.:-]{0,40})+")
_PERCENT = re.compile(rb"(?:%[0-9a-fA-F]{2}[0-9A-Za-z+._~-]{0,40})+")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{64,76}\r?\n)+[A-Za-z0-9+/]*|[A-Za-z0-9+/_-]{12,}")
_ID = re.compile(rb"[0-9a-fA-F-]+")
_PACKED = re.compile(rb"PK\x03\x04|\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]", re.DOTALL)
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


class Search:
    """A search for all of the values at once, as fast for a thousand as for one."""

    def __init__(self, values: Iterable[str]) -> None:
        self._values = {
            # The zeros of UTF-16 digits at either end tell nothing, and a file has many.
            spelt.encode(encoding).strip(b"\0"): value
            for value in values
            for spelt in (value, value.lower())
            for encoding in ENCODINGS
        }
        self._pattern = re.compile(_trie(sorted(self._values)), re.DOTALL)

    def found(self, content: bytes, depth: int = DEPTH) -> set[str]:
        """Which of the values stand in it."""
        seen = {self._values[match] for match in self._pattern.findall(content)}
        if depth and content:
            for piece in opened(content):
                seen |= self.found(piece, depth - 1)
        return seen


def _trie(words: list[bytes], start: int = 0) -> bytes:
    """A pattern of sorted words that tries no byte twice; of two words that begin alike the longer is not asked for."""
    if len(words) == 1 or len(words[0]) == start:
        return re.escape(words[0][start:])
    branches: dict[int, list[bytes]] = {}
    for word in words:
        branches.setdefault(word[start], []).append(word)
    tried = [re.escape(bytes([first])) + _trie(rest, start + 1) for first, rest in branches.items()]
    return tried[0] if len(tried) == 1 else b"(?:" + b"|".join(tried) + b")"


def opened(content: bytes) -> Iterator[bytes]:
    """What is packed or written otherwise in it, one layer."""
    for pattern, read in ((_ESCAPED, _unescaped), (_PERCENT, unquote_to_bytes)):
        # What stands before the first escape may be the beginning of the value.
        yield b"\n".join(read(content[max(run.start() - 40, 0) : run.end()]) for run in pattern.finditer(content))
    yield b"\n".join(unhexlify(run[0]) for run in _HEX.finditer(content))
    runs = [run[0] for run in _BASE64.finditer(content) if not _ID.fullmatch(run[0])]
    # Where in a run of letters it begins, nothing tells; a long one is all of it.
    for start in range(4):
        yield b"\n".join(_decoded(run, start) for run in runs if not start or len(run) < LONG)
    for magic in _PACKED.finditer(content):
        if (unpacked := _unpacked(content, magic.start())) is not None:
            yield unpacked


def _decoded(run: bytes, start: int) -> bytes:
    text = re.sub(rb"\s", b"", run).translate(_URL_SAFE)[start:]
    text = text[:-1] if len(text) % 4 == 1 else text
    return base64.b64decode(text + b"=" * (-len(text) % 4))


def _unescaped(run: bytes) -> bytes:
    def one(found: re.Match[bytes]) -> bytes:
        code, decimal, hexadecimal = found.groups()
        number = int(decimal) if decimal else int(code or hexadecimal, 16)
        return chr(min(number, 0x10FFFF)).encode("utf-8", "surrogatepass")

    return _ESCAPE.sub(one, run)


def _unpacked(content: bytes, start: int) -> bytes | None:
    """A member of a ZIP with its name, or a stream; None where it only looked like one."""
    name, window = b"", 47
    if content[start : start + 2] == b"PK":
        head = content[start : start + 30]
        begin = start + 30 + int.from_bytes(head[26:28], "little")
        name, window = content[start + 30 : begin], -15
        start = begin + int.from_bytes(head[28:30], "little")
        if head[8:10] != b"\x08\x00":
            return name  # stored as it is, so it was seen already
    unpacking = zlib.decompressobj(window)
    pieces = [name, b"\n"]
    try:
        for at in range(start, len(content), 1 << 16):
            pieces.append(unpacking.decompress(content[at : at + (1 << 16)], MOST_UNPACKED))
            if unpacking.eof:
                break
    except zlib.error:
        pass
    return b"".join(pieces) if len(pieces) > 2 or name else None
