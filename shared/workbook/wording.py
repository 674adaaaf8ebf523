"""How text from a cell is brought to one form before it is compared or read."""

import re
import unicodedata
from functools import lru_cache

_WRAPPING = re.compile(r"^[*#★]+|[*:#★]+$")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Full-width to half-width, no white space at all, lower case: `　１２０ 套` → `120套`, `㎡` → `m2`."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


BRACKETS = str.maketrans("[]{}【】〔〕", "()()()()")
"""Every kind of bracket to a round one; apply to `plain` text (which has full-width round brackets half-width)."""


def head_form(head: str) -> str:
    """A head in the form heads are compared in: `*项目名称：` → `项目名称`."""
    return unwrapped(plain(head).translate(BRACKETS))


def unwrapped(head: str) -> str:
    """Without the stars and colons that mark a column as required."""
    return _WRAPPING.sub("", head)
