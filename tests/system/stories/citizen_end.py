"""A petitioner's story: review, re-review and the end of the procedure; and another petitioner, who is satisfied."""

from typing import Any

from shared.schemas.petitions.ratings import LABELS as RATINGS
from shared.schemas.petitions.ratings import RatingState
from tests.support.intake import DETAILS
from tests.support.office import OPINION
from tests.support.story import Said, Story
from tests.system.stories.citizen_start import PUBLIC, SUMMARY
from tests.system.stories.matter import CHAIN, DELIVERED, DUE, STATE, Matter, registered

ANOTHER = {"name": "上官云", "phone": "13900001111", "id_number": "110105198003070017"}


async def unhappy(story: Story, matter: Matter) -> None:
    story.chapter("八、不服：复查，再复核")
    story.on("2026-06-15")
    await matter.act("window", "收下复查申请，转县政府", "review", tell=(STATE, DUE), unit_code="ZF")
    story.on("2026-07-10")
    await matter.act("housing", "替县政府作复查意见", "review-decision", status=403, **upheld())
    await matter.act("government", "维持", "review-decision", document_number="安政信查〔2026〕3号", **upheld())
    story.on("2026-07-13")
    await matter.act("government", "送达复查意见书", "deliver", document="review_decision", **DELIVERED)
    await matter.tell_clocks("government", "re_review_request")
    story.on("2026-08-03")
    await matter.act(
        "window", "收下复核申请，报市政府", "review", tell=(STATE, DUE), body_name="市人民政府", level="city"
    )
    story.on("2026-08-10")
    await matter.act("window", "市里开始听证", "hearing", tell=(STATE, DUE))
    story.on("2026-08-24")
    await matter.act("window", "听证结束", "hearing-end", tell=(STATE, DUE))
    (paused,) = [clock for clock in await matter.clocks("window") if clock["kind"] == "re_review"]
    story.aside(f"听证占去的 {paused['suspended_days']} 天不算在复核的三十日里")
    story.on("2026-09-08")
    await matter.act("window", "记下市政府的复核意见：维持", "review-decision", **upheld())
    story.on("2026-09-09")
    await matter.act("window", "送达复核意见书", "deliver", document="re_review_decision", **DELIVERED)
    await matter.act("window", "三级办理结束", "terminate")
    await matter.tell_clocks("window", "review", "re_review")


def upheld() -> dict[str, Any]:
    return {"outcome": "uphold", "opinion": "维持原处理意见"}


async def ended(story: Story, matter: Matter) -> None:
    story.chapter("九、终结以后")
    story.on("2026-10-12")
    again = await registered(story, "window", "同一个人，同一件事，又登记一次", summary=SUMMARY)
    found = await story.does(
        "window",
        "看疑似重件",
        "GET",
        f"{again.path}/repeat-candidates",
        tell=("items.0.petition_code", "items.0.reasons"),
    )
    assert found["items"][0]["is_ended"]
    await again.act(
        "window",
        "认定重件",
        "repeat",
        tell=("main_petition_code", "case_count"),
        main_petition_id=matter.id,
        reason="同一事实和理由，没有新情况",
    )
    await again.act("window", "转住建局", "forward", unit_code="ZJJ")
    await again.act("housing", "照常受理", "accept", status=409, petition_class="appeal_claim", legal_route=6)
    await again.act("housing", "不再受理，说明依据", "reject", reason="ended", explanation="三级办理已经终结")
    await again.act("housing", "备注：已上门疏导，并报民政部门救助", "comments", text="已上门疏导，报民政救助")
    story.aside("程序到头，疏导帮扶不到头")


async def satisfied(story: Story) -> None:
    story.chapter("十、另一位信访人，满意")
    story.on("2026-10-13")
    matter = await registered(
        story,
        "window",
        "登记来信：房款缴清两年，几时办证",
        summary="反映龙腾御府办不了不动产证",
        demand="title",
        channel_detail=DETAILS["letter"] | {"postmark_on": "2026-10-10", "received_on": "2026-10-12"},
        persons=[ANOTHER],
        statement=None,
    )
    await matter.act("window", "转自然资源局", "forward", unit_code="ZRZY")
    story.on("2026-10-15")
    await matter.act(
        "land",
        "初次信访，事实清楚，简易办理",
        "accept",
        tell=(STATE, DUE),
        petition_class="appeal_claim",
        legal_route=6,
        simple_ground="clear_first",
    )
    story.on("2026-10-22")
    opinion = OPINION | {"claim": "要求办理不动产证", "opinion": "首次登记已完成，一周内办结转移登记"}
    await matter.act("land", "出具意见书", "reply", opinion=opinion)
    story.on("2026-10-23")
    await matter.act("land", "送达处理意见书", "deliver", document="opinion", **DELIVERED)
    story.on("2026-10-26")
    await story.does(
        "citizen", "查到意见书，看能不能评价", "POST", PUBLIC, tell=("state", "rating", "rate_until"), **matter.slip
    )
    rating = matter.slip | {"office_rating": "satisfied", "body_rating": "satisfied"}
    rate = "/petitions/public/rating"
    await story.does("citizen", "评价", "POST", rate, tell=("office_rating", "body_rating", "rated_on"), **rating)
    await story.does("citizen", "再评一次", "POST", rate, status=409, **rating)
    await story.does(
        "window",
        "看评价",
        "GET",
        f"{matter.path}/rating",
        tell=(Said("state", RATINGS[RatingState]), "rating.rated_on"),
    )
    await story.does("inspector", "验一遍审计链", "GET", "/petitions/audit/verify", tell=CHAIN)
