"""Runs every case, prints a table and writes bench/results.json. Only ratios are worth quoting."""

import json
from pathlib import Path

from bench import badges, batches, certificates, demo, impact, outbox, reading, rosters, twins

RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    modules = (certificates, badges, batches, outbox, reading, rosters, demo, impact, twins)
    results = [case for module in modules for case in module.cases()]
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    print(f"{'what':<58}{'ours':>14} {'unit':<20}{'peer':<34}{'theirs':>14}{'ratio':>9}")
    for case in results:
        print(
            f"{case['name']:<58}{case['value']:>14,.2f} {case['unit']:<20}{case['peer']:<34}"
            f"{case['peer_value']:>14,.2f}{case['ratio']:>9.2f}"
        )


if __name__ == "__main__":
    main()
