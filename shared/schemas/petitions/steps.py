"""The words of single acts: why a petition is not accepted, what a paper is, how it reached the petitioner.

Source: 信访工作条例 (2022), by the article each value names.
"""

from enum import StrEnum


class RejectReason(StrEnum):
    """`in_time_limit`: art. 19; `ended`: arts. 36, 37 (不再受理); `not_competent`: art. 23, received directly only."""

    in_time_limit = "in_time_limit"
    ended = "ended"
    not_competent = "not_competent"


class SimpleGround(StrEnum):
    """When the simple procedure fits (信访事项简易办理办法（试行）)."""

    clear_first = "clear_first"
    inquiry_or_thanks = "inquiry_or_thanks"
    urgent_daily_life = "urgent_daily_life"
    promised = "promised"


class OpinionOutcome(StrEnum):
    """Art. 32 (1)–(3)."""

    support = "support"
    no_legal_basis = "no_legal_basis"
    not_supported = "not_supported"


class PetitionDocument(StrEnum):
    """A paper that is delivered. Only the delivery of an opinion or decision starts a window (arts. 35, 36)."""

    receipt_notice = "receipt_notice"
    acceptance_notice = "acceptance_notice"
    rejection_notice = "rejection_notice"
    channel_notice = "channel_notice"
    extension_notice = "extension_notice"
    answer = "answer"
    agreement = "agreement"
    opinion = "opinion"
    review_decision = "review_decision"
    re_review_decision = "re_review_decision"


class DeliveryMethod(StrEnum):
    in_person = "in_person"
    post = "post"
    electronic = "electronic"
    left = "left"
    public_notice = "public_notice"


class Recipient(StrEnum):
    petitioner = "petitioner"
    representative = "representative"
    household = "household"
    agent = "agent"


class AnswerResult(StrEnum):
    """Art. 29 of a suggestion; `told` is the result of an accusation (art. 30) or of an inquiry."""

    adopted = "adopted"
    partly_adopted = "partly_adopted"
    not_adopted = "not_adopted"
    told = "told"


class SettlementKind(StrEnum):
    """Art. 33."""

    mediation = "mediation"
    reconciliation = "reconciliation"


class CalendarState(StrEnum):
    """`provisional`: a year without its holiday notice is in it; the day may move when the notice comes."""

    official = "official"
    provisional = "provisional"


class BodyLevel(StrEnum):
    """How high a reviewing body stands."""

    county = "county"
    city = "city"
    province = "province"


LABELS: dict[type[StrEnum], dict[str, str]] = {
    RejectReason: {
        "in_time_limit": "已受理或正在办理，期限内又向上级提出（第十九条）",
        "ended": "同一事实和理由，程序已经终结，不再受理（第三十六条）",
        "not_competent": "直接收到，不属于本机关、单位职权范围（第二十三条）",
    },
    SimpleGround: {
        "clear_first": "初次信访，事实清楚，争议不大",
        "inquiry_or_thanks": "咨询、感谢",
        "urgent_daily_life": "涉及日常生活、时效性强",
        "promised": "已有明确承诺或结论",
    },
    OpinionOutcome: {
        "support": "请求事实清楚、符合规定，予以支持",
        "no_legal_basis": "请求合理但缺乏依据，解释说明",
        "not_supported": "请求缺乏事实根据或不符合规定，不予支持",
    },
    PetitionDocument: {
        "receipt_notice": "收到和去向告知书",
        "acceptance_notice": "受理告知书",
        "rejection_notice": "不予（不再）受理告知书",
        "channel_notice": "导入法定途径告知书",
        "extension_notice": "延期告知书",
        "answer": "答复",
        "agreement": "调解（和解）协议书",
        "opinion": "处理意见书",
        "review_decision": "复查意见书",
        "re_review_decision": "复核意见书",
    },
    DeliveryMethod: {
        "in_person": "直接送达",
        "post": "邮寄送达",
        "electronic": "电子送达",
        "left": "留置送达",
        "public_notice": "公告送达",
    },
    Recipient: {
        "petitioner": "信访人本人",
        "representative": "信访人代表",
        "household": "同住成年家属",
        "agent": "代理人",
    },
    AnswerResult: {"adopted": "采纳", "partly_adopted": "部分采纳", "not_adopted": "未采纳", "told": "告知结果"},
    SettlementKind: {"mediation": "调解", "reconciliation": "和解"},
    CalendarState: {"official": "正式", "provisional": "暂定"},
    BodyLevel: {"county": "县级", "city": "市级", "province": "省级"},
}
