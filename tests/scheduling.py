"""Which tests of a run in several processes stay together in one."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# What such tests share takes a minute to make, for each database.
TOGETHER = ("tests/journeys/", "tests/features/demo/test_demo.py")
APART = "tests/journeys/test_years.py"  # has a server of its own, whose clock is moved


class Together(LoadScopeScheduling):
    """Every test is a piece of work of its own, but those that share a whole network on one database."""

    # xdist 3.8 has `--dist loadgroup`, but writes the group into a field that pytest 9.2 no longer reads.
    def _split_scope(self, nodeid: str) -> str:
        place = next((place for place in TOGETHER if nodeid.startswith(place)), None)
        if place is None or nodeid.startswith(APART):
            return nodeid
        return f"{place} on {'postgresql' if 'postgresql' in nodeid else 'sqlite'}"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Called by pytest-xdist."""
    return Together(config, log)
