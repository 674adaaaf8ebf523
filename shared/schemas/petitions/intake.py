"""The words of intake: through which door a petition came, what it is about, whose it is (信访工作条例 art. 17)."""

from enum import StrEnum


class Channel(StrEnum):
    letter = "letter"
    visit = "visit"
    online = "online"
    phone = "phone"
    hotline = "hotline"
    dedicated_line = "dedicated_line"
    one_stop_desk = "one_stop_desk"
    forwarded = "forwarded"


class Purpose(StrEnum):
    appeal = "appeal"
    claim = "claim"
    suggestion = "suggestion"
    accusation = "accusation"
    inquiry = "inquiry"
    other = "other"


class VisitLevel(StrEnum):
    county = "county"
    city = "city"
    province = "province"
    beijing = "beijing"


class Demand(StrEnum):
    delivery = "delivery"
    refund = "refund"
    title_ = "title"
    quality = "quality"
    wages = "wages"
    compensation = "compensation"
    mortgage = "mortgage"
    other = "other"


class PetitionerRole(StrEnum):
    """A person of a petition: who brings it, who speaks for a group (at most five), who signed, for whom it is."""

    petitioner = "petitioner"
    representative = "representative"
    co_signer = "co_signer"
    represented = "represented"


class GroupSize(StrEnum):
    """Bands of `people_count` of a group visit; a group visit begins at five."""

    individual = "individual"
    from_5 = "from_5"
    from_11 = "from_11"
    from_21 = "from_21"
    from_51 = "from_51"
    over_100 = "over_100"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    Channel: {
        "letter": "来信",
        "visit": "来访",
        "online": "网上信访",
        "phone": "来电",
        "hotline": "12345转办",
        "dedicated_line": "专线",
        "one_stop_desk": "一站式窗口",
        "forwarded": "上级转送交办",
    },
    Purpose: {
        "appeal": "申诉",
        "claim": "求决",
        "suggestion": "意见建议",
        "accusation": "揭发控告",
        "inquiry": "咨询",
        "other": "其他",
    },
    VisitLevel: {"county": "到县", "city": "到市", "province": "赴省", "beijing": "进京"},
    Demand: {
        "delivery": "交房",
        "refund": "退房退款",
        "title": "办证",
        "quality": "房屋质量",
        "wages": "拖欠工资",
        "compensation": "征收补偿",
        "mortgage": "停贷",
        "other": "其他",
    },
    PetitionerRole: {
        "petitioner": "信访人",
        "representative": "代表",
        "co_signer": "联名人",
        "represented": "被代表人",
    },
    GroupSize: {
        "individual": "不足5人",
        "from_5": "5至10人",
        "from_11": "11至20人",
        "from_21": "21至50人",
        "from_51": "51至100人",
        "over_100": "100人以上",
    },
}
MOST_REPRESENTATIVES = 5
"""Art. 20: a group chooses at most five."""
GROUP_STARTS_AT = 5
