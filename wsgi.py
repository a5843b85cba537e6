"""The production entry point: `granian --interface wsgi wsgi:app`, and `flask --app wsgi gdt …`."""

from config import Config
from gdt import jobs, outbox
from gdt.app import create_app
from gdt.commands.office import gdt

config = Config()
app = create_app(config)
app.cli.add_command(gdt)

# A server is a worker too, unless workers of their own are set up.
if config.JOBS_HERE and not config.IS_COMMAND:
    jobs.launch(app)
    outbox.launch(app)
