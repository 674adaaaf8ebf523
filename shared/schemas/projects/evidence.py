"""现场证据: photos and documents with what the server could check of them."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.schemas.base import Day, Degrees, In, Moment, Out, Page, Rate

SubjectType = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z_]{1,39}$"),
    Field(description="证明什么：progress_report、inspection、signal、visit、defect 等", examples=["inspection"]),
]
SubjectId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,80}$"), Field(description="那一条记录的编号")]
GivenCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 -]{1,20}$"), Field(description="现场当日码")]


class EvidenceFlag(StrEnum):
    """Doubts, each with its reason; evidence is kept whatever it is marked with."""

    NO_METADATA = "no_metadata"
    NO_TIME = "no_time"
    NO_PLACE = "no_place"
    NO_SITE = "no_site"
    CLOCK_SKEW = "clock_skew"
    OFF_SITE = "off_site"
    NO_CODE = "no_code"
    WRONG_CODE = "wrong_code"
    NEAR_DUPLICATE = "near_duplicate"
    EXACT_DUPLICATE = "exact_duplicate"


class EvidenceCopy(StrEnum):
    ORIGINAL = "original"
    PUBLIC = "public"


class Datum(StrEnum):
    """Satellites give WGS-84, within a metre of CGCS2000; Chinese maps give GCJ-02, hundreds of metres off."""

    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    EvidenceFlag: {
        "no_metadata": "照片不含拍摄信息",
        "no_time": "照片不含拍摄时间",
        "no_place": "照片不含拍摄地点",
        "no_site": "项目未设坐标，无法核对地点",
        "clock_skew": "拍摄时间与收到时间相差过大",
        "off_site": "拍摄地点不在项目现场",
        "no_code": "未填当日码",
        "wrong_code": "当日码不符",
        "near_duplicate": "与以前的照片相似",
        "exact_duplicate": "与以前的文件相同",
    },
    EvidenceCopy: {"original": "原件", "public": "公开副本"},
    Datum: {"cgcs2000": "CGCS2000（卫星定位）", "gcj02": "GCJ-02（高德、腾讯地图）"},
}


class ProjectSiteIn(In):
    latitude: Annotated[Degrees, Field(ge=3, le=54, description="北纬，度")]
    longitude: Annotated[Degrees, Field(ge=73, le=136, description="东经，度")]
    datum: Datum = Field(description="坐标取自何处；地图上取的坐标与卫星定位相差数百米")


class ProjectSiteOut(Out):
    project_id: UUID
    latitude: Degrees | None = Field(description="北纬，度，CGCS2000；未设则为空")
    longitude: Degrees | None = Field(description="东经，度，CGCS2000；未设则为空")
    version: int = Field(description="0 为尚未设定")
    updated_at: Moment | None


class SiteCodeOut(Out):
    project_id: UUID
    day: Day
    code: str = Field(description="写在现场公示牌上，随照片一同上传", examples=["KXW-4H9"])


class EvidenceOut(Out):
    id: UUID
    division_code: str
    project_id: UUID
    subject_type: str
    subject_id: str
    unit_code: str | None = Field(description="上传人所在单位")
    description: str | None
    filename: str
    media_type: str
    sha256: str = Field(description="原件的 SHA-256，十六进制")
    size_bytes: int
    width: int | None = Field(description="像素；文档为空")
    height: int | None
    taken_at: Moment | None = Field(description="照片自称的拍摄时间；未注明时区的按北京时间")
    received_at: Moment = Field(description="服务器收到的时间")
    skew_minutes: int | None = Field(description="收到时间减拍摄时间，分钟；拍摄时间在后则为负")
    latitude: Degrees | None = Field(description="照片自称的拍摄地点，度，CGCS2000")
    longitude: Degrees | None
    distance_m: int | None = Field(description="拍摄地点到项目坐标，米")
    flags: list[EvidenceFlag] = Field(description="收到时即判定，此后不变")
    duplicate_of: UUID | None = Field(description="与哪一份证据相同或相似")
    duplicate_project_id: UUID | None = Field(description="那一份证据属于哪个项目；企业不可见")
    likeness: Rate | None = Field(description="与那一份的相似程度：1 为相同")
    created_by: str
    version: int


class EvidencePage(Page):
    items: list[EvidenceOut]
