"""The production entry point: granian --interface wsgi wsgi:app."""

import os

from config import Config
from gdt import jobs
from gdt.app import create_app

config = Config()
app = create_app(config)

# Commands do their work themselves; a server is a worker too, unless workers of their own are set up.
if config.JOBS_HERE and not os.environ.get("FLASK_RUN_FROM_CLI"):
    jobs.launch(app)
