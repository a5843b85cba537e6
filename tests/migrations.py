"""Checks on each database that the migrations make the schema of the models, and can be undone."""

import tempfile
from pathlib import Path

from flask_migrate import check, downgrade, upgrade

from config import TestConfig
from gdt.app import create_app
from tests import postgresql


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, postgresql.started() as started:
        for url in (f"sqlite:///{folder}/gdt.db", started):
            app = create_app(TestConfig(data_dir=Path(folder), database_url=url))
            with app.app_context():
                upgrade()
                check()
                downgrade(revision="base")


if __name__ == "__main__":
    main()
