import re

import pytest

from tests.support.county import County
from tests.system.tenancy.marks import marks_of


@pytest.fixture(scope="module")
async def foreign(neighbour: County) -> re.Pattern[str]:
    return await marks_of(neighbour)
