"""The most memory that a process takes which keeps one roster."""

import subprocess
import sys
from pathlib import Path

from config import TestConfig
from gdt.access import OFFICE
from gdt.app import create_app
from gdt.database import unit_of_work
from gdt.training.roster_importing import import_roster

SIZES = (20_000, 100_000, 150_000)  # the last is what fits into the largest file that is taken


def megabytes_of(folder: Path, url: str, institution: str, cohort: str, filename: str) -> float:
    """Keep a file of the folder in a process of its own; returns the most it took."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "bench.roster_memory",
        str(folder),
        url,
        institution,
        cohort,
        filename,
    ]
    return float(subprocess.run(command, capture_output=True, check=True).stdout)  # noqa: S603


def main() -> None:
    folder, url, institution, cohort, filename = Path(sys.argv[1]), *sys.argv[2:]
    app = create_app(TestConfig(data_dir=folder, database_url=url))
    with app.app_context(), unit_of_work():
        import_roster(
            viewer=OFFICE,
            institution_code=institution,
            cohort_code=cohort,
            filename=filename,
            data=(folder / filename).read_bytes(),
        )
    print(_most_megabytes())


def _most_megabytes() -> float:
    """The most this program held; `ru_maxrss` would count what the one that began it held before."""
    told = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()
    return int(told[0]) / 1024


if __name__ == "__main__":
    main()
