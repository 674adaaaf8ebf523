"""A petition office's day, from the register of the year to the last report; its telling is docs/story-office.md."""

from pathlib import Path

from tests.support.house import House
from tests.support.story import Story
from tests.system.stories.office_afternoon import answered_at_once, incidents, opinion, summed_up
from tests.system.stories.office_desk import group_comes, led, sent_and_returned, warned
from tests.system.stories.office_morning import COUNTY, cast, counted, imported, named, swept

HEAD = """\
# 信访局的一天

`tests/system/stories` 通过网关、用每个岗位自己的令牌走一遍，边走边记；登记簿是演示县那一本，300 件，人名号码都是编的。
这一天是 2024 年 12 月 2 日，星期一。每行：几点，谁，做什么，系统怎么答；缩进的是当场看到的。
"""


async def test_the_day_of_an_office(told_house: tuple[House, Path]) -> None:
    story = Story(*told_house, COUNTY)
    await cast(story)
    await imported(story)
    await counted(story)
    await swept(story)
    project = await named(story, "紫薇花园")
    group = await group_comes(story, project)
    await sent_and_returned(story)
    await led(story, project, group)
    await warned(story, project)
    await opinion(story, project)
    await incidents(story, project)
    await answered_at_once(story, project)
    await summed_up(story, project)
    story.check("story-office.md", HEAD)
