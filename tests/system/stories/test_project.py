"""One project's whole story, from standstill to close-out and back; its telling stands in docs/story.md."""

from pathlib import Path

from tests.support.house import House
from tests.support.story import Story
from tests.system.stories.project_end import closed, delivered, rebounded
from tests.system.stories.project_site import claimed, petitioned, resumed, slipped
from tests.system.stories.project_start import COUNTY, assigned, cast, planned, stalled

HEAD = """\
# A project's story

What `tests/system/stories` does through the gateway with a token of each role, as it is told while it runs. Each line:
the day, who, what they did, and what the house answered. The clock of the house is put to each day.
"""


async def test_the_story_of_one_project(told_house: tuple[House, Path]) -> None:
    story = Story(*told_house, COUNTY)
    await cast(story)
    project = await stalled(story)
    await assigned(story, project)
    milestones = await planned(story, project)
    await claimed(story, project)
    await resumed(story, project)
    await slipped(story, project, milestones)
    petition = await petitioned(story, project)
    await delivered(story, project, milestones)
    await closed(story, project, petition)
    await rebounded(story, project)
    story.check("story.md", HEAD)
