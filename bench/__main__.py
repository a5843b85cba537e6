"""Runs every case, prints a table and writes bench/results.json. Only ratios are worth quoting.

`python -m bench rosters impact` runs only these, and leaves the other figures as they stand. What a module
measured is written as soon as it is through.
"""

import json
import sys
from pathlib import Path
from typing import Any

from bench import badges, batches, certificates, demo, impact, outbox, reading, rosters, twins

RESULTS = Path(__file__).parent / "results.json"
MODULES = {
    module.__name__.removeprefix("bench."): module
    for module in (certificates, badges, batches, outbox, reading, rosters, demo, impact, twins)
}


def main(wanted: list[str]) -> None:
    if unknown := set(wanted) - set(MODULES):
        sys.exit(f"There is no {', '.join(sorted(unknown))}. Choose among {', '.join(MODULES)}.")
    kept: list[dict[str, Any]] = json.loads(RESULTS.read_text()) if wanted and RESULTS.exists() else []
    print(f"{'what':<58}{'ours':>14} {'unit':<20}{'peer':<34}{'theirs':>14}{'ratio':>9}")
    for name in wanted or MODULES:
        cases = MODULES[name].cases()
        again = {case["name"] for case in cases}
        kept = [case for case in kept if case["name"] not in again] + cases
        RESULTS.write_text(json.dumps(kept, indent=2) + "\n")
        for case in cases:
            print(
                f"{case['name']:<58}{case['value']:>14,.2f} {case['unit']:<20}{case['peer']:<34}"
                f"{case['peer_value']:>14,.2f}{case['ratio']:>9.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
