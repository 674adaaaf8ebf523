"""How text from a cell is brought to one form before it is compared or read."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Full-width to half-width, no white space at all, lower case: `　１２０ 套` → `120套`, `㎡` → `m2`."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


BRACKETS = str.maketrans("[]{}【】〔〕", "()()()()")
"""Every kind of bracket to a round one; apply to `plain` text (which has full-width round brackets half-width)."""
