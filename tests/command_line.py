"""The commands of `python -m certificates`, run in this process: a start takes longer than most of them."""

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from subprocess import CompletedProcess

from certificates.__main__ import main


def run_certificates(*arguments: object) -> CompletedProcess[str]:
    """What `python -m certificates` would answer to these arguments."""
    words, out, err = [str(argument) for argument in arguments], StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main(words)
        except SystemExit as end:  # how argparse ends
            status = int(end.code or 0)
    return CompletedProcess(words, status, out.getvalue(), err.getvalue())
