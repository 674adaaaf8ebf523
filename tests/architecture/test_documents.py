"""What the documents point to exists: links, folders, files, and every operation a need is said to be met by."""

import re
from pathlib import Path

import pytest

from gateway.docs.merge import merge, operations
from shared.chassis.openapi import document
from tests.support.document import applications, merged_document

CLONE = Path(__file__).parents[2]
DOCUMENTS = sorted([*CLONE.glob("README*.md"), *(CLONE / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\((?!https?://)([^)#]+)\)")
_QUOTED = re.compile(r"`([^`]+)`")
_NEED = re.compile(r"\| [PTFG]\d\d \|")
NEEDS = {"P": 41, "T": 15, "F": 18, "G": 10}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(CLONE).as_posix())
def test_links_lead_somewhere(document: Path) -> None:
    links: list[str] = _LINK.findall(document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def operation_ids() -> set[str]:
    return {operation["operationId"] for _, _, operation in operations(merged_document())}


def test_one_name_means_one_thing_in_every_service() -> None:
    """Else the merge puts the service's name before it, and a client that was generated before no longer fits."""
    documents = {service: document(app) for service, app in applications().items()}
    named = {name for each in documents.values() for name in each["components"]["schemas"]}
    assert named == set(merge(documents)["components"]["schemas"])


def needs() -> list[list[str]]:
    """Id, need, where, operations, tests."""
    rows = [line for line in (CLONE / "docs" / "needs.md").read_text().splitlines() if _NEED.match(line)]
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]


def test_each_need_has_one_row() -> None:
    every = [f"{kind}{number:02}" for kind, last in NEEDS.items() for number in range(1, last + 1)]
    assert [row[0] for row in needs()] == every


def test_what_meets_a_need_exists() -> None:
    delivered = [row for row in needs() if not row[2].startswith("not yet")]
    assert delivered
    for need, _, where, _, tests in delivered:
        assert all((CLONE / folder).is_dir() for folder in _QUOTED.findall(where)), need
        assert _LINK.search(tests), need


def test_operations_and_needs_name_each_other() -> None:
    named = {name for row in needs() for name in _QUOTED.findall(row[3]) if "/" not in name}
    assert named == operation_ids()


def test_paths_named_by_the_checklist_exist() -> None:
    """`tests/…`, `services/…` and the like; a bare file name stands beside the path before it."""
    rows = [row for row in (CLONE / "docs" / "add-a-feature.md").read_text().splitlines() if re.match(r"\| \d", row)]
    assert rows
    for row in rows:
        folder = CLONE
        for name in _QUOTED.findall(row.rsplit("|", 2)[1]):
            if not name.endswith((".py", ".txt", ".ts", ".toml")) and "/" not in name:
                continue
            path = CLONE / name if "/" in name or (CLONE / name).exists() else folder / name
            assert path.exists(), row
            folder = path.parent
