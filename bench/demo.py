"""How long the demo network takes to load: a newcomer waits for it once, and should not for a minute."""

import tempfile
import time
from pathlib import Path
from typing import Any

from flask_migrate import upgrade

from config import TestConfig
from gdt.app import create_app
from gdt.demo.services import load_demo

PROMISED_SECONDS = 60.0


def cases() -> list[dict[str, Any]]:
    """Return one figure, {name, value, unit, peer, peer_value, ratio}: CPU seconds of one load on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(TestConfig(data_dir=Path(folder), database_url=f"sqlite:///{folder}/gdt.db"))
        with app.app_context():
            upgrade()
            begun = time.process_time()
            load_demo(password=None)
            seconds = time.process_time() - begun
    return [
        {
            "name": "demo network loaded, with its certificates",
            "value": seconds,
            "unit": "CPU s",
            "peer": "promised",
            "peer_value": PROMISED_SECONDS,
            "ratio": seconds / PROMISED_SECONDS,
        }
    ]
