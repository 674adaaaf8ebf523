"""A petition of a story: its acts and its clocks, told in the words of a petition office."""

from dataclasses import dataclass
from typing import Any

from shared.schemas.petitions.states import LABELS, ClockKind, ClockState, PetitionState
from tests.support.intake import known_petition
from tests.support.story import Said, Story, Told

PETITIONS = "/petitions/petitions"
STATE = Said("state", LABELS[PetitionState])
DUE = "next_due_on"
CHAIN = (Said("ok", {True: "完好", False: "有问题"}), "chains.0.entries")
"""What an auditor is told of the audit chain."""
DELIVERED: dict[str, Any] = {"recipient": "petitioner", "method": "in_person"}


@dataclass(frozen=True)
class Matter:
    """`petition_code` and `query_code` are what the petitioner holds."""

    story: Story
    id: str
    petition_code: str
    query_code: str

    @property
    def path(self) -> str:
        return f"{PETITIONS}/{self.id}"

    @property
    def slip(self) -> dict[str, Any]:
        return {"petition_code": self.petition_code, "query_code": self.query_code}

    async def act(
        self, who: str, what: str, act: str, *, tell: tuple[Told, ...] = (STATE,), status: int = 200, **body: Any
    ) -> Any:
        return await self.story.does(who, what, "POST", f"{self.path}/{act}", tell=tell, status=status, **body)

    async def clocks(self, who: str) -> list[dict[str, Any]]:
        return list((await self.story.get(who, f"{self.path}/clocks"))["items"])

    async def tell_clocks(self, who: str, *kinds: str, only: str | None = None) -> None:
        """Each with its day by law, and the day as counted where a rest day lies between."""
        for clock in await self.clocks(who):
            if clock["kind"] not in kinds or only not in (None, clock["state"]):
                continue
            kind, state = LABELS[ClockKind][clock["kind"]], LABELS[ClockState][clock["state"]]
            rolled = f"（按日数为 {clock['internal_due_on']}）" if clock["internal_due_on"] != clock["due_on"] else ""
            self.story.aside(f"{kind}：{clock['starts_on']} 起，{clock['due_on']} 止{rolled}，{state}")


async def registered(
    story: Story, who: str, what: str, *, tell: tuple[Told, ...] = ("petition_code", STATE), **facts: Any
) -> Matter:
    body = {"division_code": story.division} | known_petition(**facts)
    made = await story.does(who, what, "POST", PETITIONS, status=201, tell=tell, **body)
    return Matter(story, made["id"], made["petition_code"], made["query_code"])
