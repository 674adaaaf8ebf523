"""What a person's data looks like to those who work on a case but need not know who it is. There are no other masks.

| what | as shown |
|---|---|
| name | `张*`, `张**`, `欧阳*`, `欧阳**`: the surname; two stars at most, or a long name would tell itself |
| citizen ID | `110105********002X`: region and last four; other papers first and last character |
| mobile | `138****5678`; any other number the last four |
| bank card | last four |
| address | down to the community (社区, 村), without house numbers |

A masked value that comes back in a change is not news: a PATCH compares it with the mask of what is stored
(`is_mask_of`: leave the stored value alone) and refuses any other (`is_masked`; `NotMasked` does it where there is no
stored value). So a form filled from an answer can be sent back whole, and stars never replace a person.
"""

import re
import unicodedata
from collections.abc import Callable

from pydantic import AfterValidator

STARS = "****"
COMPOUND_SURNAMES = frozenset(
    "欧阳 上官 司马 诸葛 司徒 夏侯 皇甫 令狐 尉迟 长孙 慕容 宇文 端木 公孙 轩辕 东方 独孤 南宫 闻人 澹台 濮阳 申屠 "
    "钟离 鲜于 呼延 拓跋 百里 东郭 西门 左丘 万俟 赫连 太史 淳于 单于 公冶 公羊 即墨 第五 亓官 达奚 太叔 仲孙 司空 "
    "乐正 梁丘 宰父".split()
)
_WIDE = {ord(wide): chr(code) for code in range(0x21, 0x7F) if (wide := chr(code + 0xFEE0))}
_GAP = r"[ \t\u3000·.-]?"
_ID_18 = (
    rf"[1-9][0-9]{{5}}{_GAP}(?:18|19|20)[0-9]{{2}}{_GAP}(?:0[1-9]|1[0-2]){_GAP}"
    rf"(?:0[1-9]|[12][0-9]|3[01]){_GAP}[0-9]{{3}}[0-9Xx]"
)
_ID_15 = r"(?<![0-9])[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9])"
_MOBILE = rf"(?:\+?86{_GAP})?1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"
_PERSONAL = re.compile(
    rf"(?P<id>{_ID_18})(?P<next>{_MOBILE}(?![0-9]))?|(?P<old>{_ID_15})|(?<![0-9])(?P<mobile>{_MOBILE})(?![0-9])"
)
_COMMUNITY = ("(?:社区|居委会|村委会|村)", "(?:街道|镇|乡|苏木)", "(?:区|县|旗)", "(?:市|州|盟)")
_HOUSE = re.compile(r"[0-9一二三四五六七八九十百]+\s*(?:号|弄|巷|栋|幢|座|楼|单元|室|户|组|层|#|-)|[0-9]{2,}")
_NAME_MASK = re.compile(r"[^*\s]{0,2}\*{1,2}")
Mask = Callable[[str], str]


def mask_name(value: str) -> str:
    plain = "".join(value.replace("*", " ").split())
    surname = 2 if len(plain) > 2 and plain[:2] in COMPOUND_SURNAMES else 1
    if len(plain) < 2:
        return "*"
    return plain[:surname] + "*" * min(len(plain) - surname, 2)


def mask_citizen_id(value: str) -> str:
    """18 characters (or 15 of before 1999); a passport or a number that is no ID shows its first and last character."""
    plain = _plain(value).upper()
    if re.fullmatch(r"[0-9]{17}[0-9X]", plain):
        return f"{plain[:6]}{STARS}{STARS}{plain[-4:]}"
    if re.fullmatch(r"[0-9]{15}", plain):
        return f"{plain[:6]}{STARS}**{plain[-3:]}"
    return f"{plain[0]}{STARS}{plain[-1]}" if len(plain) > 4 else STARS


def mask_mobile(value: str) -> str:
    digits = re.sub(r"[^0-9]", "", _plain(value))
    digits = re.sub(r"^(?:00)?86(?=1[3-9][0-9]{9}$)", "", digits)
    if re.fullmatch(r"1[3-9][0-9]{9}", digits):
        return f"{digits[:3]}{STARS}{digits[-4:]}"
    return f"{STARS}{digits[-4:]}" if len(digits) > 6 else STARS


def mask_bank_card(value: str) -> str:
    plain = _plain(value)
    return f"{STARS}{STARS}{STARS}{plain[-4:]}" if len(plain) > 8 else STARS * 3


def mask_address(value: str) -> str:
    """To the community, else to the township, the county, the city; always without what names a house."""
    plain = value.strip()
    house = _HOUSE.search(plain.translate(_WIDE))
    open_to = house.start() if house else len(plain)
    for level in _COMMUNITY:
        if found := re.search(rf".{{2,}}?{level}", plain[:open_to]):
            return found[0] + STARS
    return STARS


def scrub(text: str) -> str:
    """Free text with the citizen IDs and mobiles in it masked, full-width digits and usual separators included.

    It knows numbers, not names: a text that names people is sealed, not scrubbed.
    """

    def masked(found: re.Match[str]) -> str:
        number = found["id"] or found["old"]
        phone = found["next"] or found["mobile"]
        return (mask_citizen_id(number) if number else "") + (mask_mobile(phone) if phone else "")

    # One character for one: what was full-width elsewhere in the text stays as it was written.
    narrow, pieces, done = text.translate(_WIDE), list[str](), 0
    for found in _PERSONAL.finditer(narrow):
        pieces += [text[done : found.start()], masked(found)]
        done = found.end()
    return "".join([*pieces, text[done:]])


def has_numbers(text: str) -> bool:
    """Whether a citizen ID or a mobile stands in the text, however it is spaced or widened."""
    return _PERSONAL.search(text.translate(_WIDE)) is not None


def is_masked(value: str) -> bool:
    """Whether it is, or holds, what a mask made. No name, number or address of a person has stars of its own."""
    return STARS in value or _NAME_MASK.fullmatch(value.strip()) is not None


def is_mask_of(sent: str, stored: str | None, mask: Mask) -> bool:
    """Whether `sent` is what `mask` shows of `stored`, that is: nobody changed it."""
    return stored is not None and is_masked(sent) and sent.strip() == mask(stored)


def _not_masked(value: str) -> str:
    if is_masked(value):
        raise ValueError("这是脱敏后的内容，请填写完整内容，或不要提交此项")
    return value


NotMasked = AfterValidator(_not_masked)
"""`Annotated[Text, NotMasked]`: a new value, which stars are not."""


def _without_numbers(value: str) -> str:
    if has_numbers(value):
        raise ValueError("请勿填写身份证号、手机号等个人信息")
    return value


Impersonal = AfterValidator(_without_numbers)
"""`Annotated[Text, Impersonal]`: text that is kept and searched in the clear."""


def _plain(value: str) -> str:
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", value))
