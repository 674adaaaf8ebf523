"""A building is told, its room is not."""

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.schemas.petitions.building import Building, building_of


@pytest.mark.parametrize(
    ("written", "building"),
    [
        ("3号楼", "3号楼"),
        ("3号楼2单元1201室", "3号楼"),
        ("３号楼１２０１", "3号楼"),
        ("北区十二栋", "北区十二栋"),
        ("北区十二栋1203", "北区十二栋"),
        ("A座1803", "A座"),
        ("7#", "7#"),
        ("7#1-1502", "7#"),
        ("3-2-1201", "3"),
        ("12-1803", "12"),
        ("3号楼东侧商铺", "3号楼东侧商铺"),
        ("地下车库", "地下车库"),
        ("1201室", None),
        ("1803", None),
        ("二单元", None),
    ],
)
def test_the_room_is_left_out(written: str, building: str | None) -> None:
    assert building_of(written) == building


@pytest.mark.parametrize("written", ["3号楼2单元1201室", "3-2-1201", "1201室"])
def test_a_room_is_refused_where_a_building_is_asked_for(written: str) -> None:
    with pytest.raises(ValidationError, match="只填楼栋"):
        TypeAdapter(Building).validate_python(written)
