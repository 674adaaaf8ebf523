"""From the words clerks use for statuses and types to the enum values of the contract."""

import re
from collections.abc import Mapping
from enum import StrEnum

from shared.workbook.wording import BRACKETS, plain

_CLAUSE = re.compile(r"[,，;；。、(（]")


class Labels:
    """The Chinese labels of enums, and the other words for their values: a string of them for each value."""

    def __init__(
        self,
        labels: Mapping[type[StrEnum], Mapping[str, str]],
        synonyms: Mapping[type[StrEnum], Mapping[str, str]] | None = None,
    ) -> None:
        self._labels = labels
        self._words = {kind: self._by_word(kind, (synonyms or {}).get(kind, {})) for kind in labels}

    def _by_word(self, kind: type[StrEnum], synonyms: Mapping[str, str]) -> dict[str, str]:
        words = {label_form(label): value for value, label in self._labels[kind].items()} | {
            member.value: member.value for member in kind
        }
        for value, listed in synonyms.items():
            for word in listed.split():
                words.setdefault(label_form(word), value)
        return words

    def words(self, kind: type[StrEnum]) -> Mapping[str, str]:
        """Every known word, in `label_form`, to its value."""
        return self._words[kind]

    def value(self, kind: type[StrEnum], text: str) -> str | None:
        """The value a label or synonym stands for: the whole text, else its first clause (`停工（2022年起）`)."""
        form = label_form(text)
        words = self._words[kind]
        return words.get(form) or words.get(_CLAUSE.split(form)[0])

    def label(self, kind: type[StrEnum], value: str) -> str:
        return self._labels[kind][value]

    def listed(self, kind: type[StrEnum]) -> str:
        """The Chinese labels of an enum, for messages."""
        return "、".join(self._labels[kind].values())


def label_form(text: str) -> str:
    """A label without what a clerk adds to it: white space, width, case, kind of bracket, a full stop."""
    return plain(text).translate(BRACKETS).rstrip("。.;,!")
