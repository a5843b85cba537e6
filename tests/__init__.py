"""The suite. A run that would pass midnight is lived an hour earlier, so that its today stays today."""

import os
from datetime import UTC, datetime, timedelta

import time_machine

_now = datetime.now(UTC)
_passes_midnight = (_now + timedelta(minutes=50)).date() > _now.date()
# In the environment, so that the processes of a run that are started after midnight live with it.
_hours = int(os.environ.setdefault("HOURS_EARLIER", "1" if _passes_midnight else "0"))
if _hours:
    time_machine.travel(_now - timedelta(hours=_hours), tick=True).start()
