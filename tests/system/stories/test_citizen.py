"""A petitioner's story, from the window to the end of the third level; its telling stands in docs/story-citizen.md."""

from pathlib import Path

from tests.support.house import House
from tests.support.story import Story
from tests.system.stories.citizen_end import ended, satisfied, unhappy
from tests.system.stories.citizen_start import (
    COUNTY,
    answered,
    cast,
    comes_again,
    extended,
    looked_up,
    received,
    revealed,
    taken_in,
)

HEAD = """\
# 一个信访人的故事

`tests/system/stories` 通过网关、用每个人自己的令牌走一遍，边走边记，人名号码都是编的。每行：哪一天，谁，做什么，
系统怎么答；缩进的是当场看到的。系统的时钟拨到当天。
"""


async def test_the_story_of_a_citizen(told_house: tuple[House, Path]) -> None:
    story = Story(*told_house, COUNTY)
    await cast(story)
    matter = await taken_in(story)
    await received(story, matter)
    await looked_up(story, matter)
    await revealed(story, matter)
    await comes_again(story, matter)
    await extended(story, matter)
    await answered(story, matter)
    await unhappy(story, matter)
    await ended(story, matter)
    await satisfied(story)
    story.check("story-citizen.md", HEAD)
