"""The command line, `python -m certificates`: draw, sign, look into and verify, without a server."""

import argparse
import logging
import sys
from pathlib import Path

from cryptography import x509

from certificates.badges.commands import add_badge_commands
from certificates.drawing_commands import add_drawing_commands
from certificates.fonts import FontMissing
from certificates.inspection import SIZE_LIMIT, inspect_pdf, report_to_json
from certificates.signing import SigningFailed

_ABOUT = """Draw, sign, look into and verify certificates, without a server and without a database.

To begin:
  python -m certificates example > content.json        facts of a made-up certificate, to be changed
  python -m certificates render content.json out.pdf   the certificate as PDF; with --key it is signed
  python -m certificates preview teacher-2 worst.pdf   a design with the worst names we know
  python -m certificates inspect out.pdf               who signed a PDF, and whether it was altered
  python -m certificates verify FILE --bundle FOLDER   what the published register says of it, offline
"""
_STATUS = "Ends with 0 when all is well, 1 when a file is not what it should be, 2 when it cannot be read."


def main(arguments: list[str]) -> int:
    """Run one command; return its status.

    0 when all is well, 1 when a file is not what it should be, 2 after a sentence on standard error when
    the input is bad.
    """
    options = _parser().parse_args(arguments)
    try:
        status, words = options.run(options)
    except (ValueError, OSError, FontMissing, SigningFailed) as error:
        print(error, file=sys.stderr)
        return 2
    if words:
        print(words)
    return int(status)


def _inspect(options: argparse.Namespace) -> tuple[int, str]:
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # its findings are in the report
    roots = [root for path in options.root for root in x509.load_pem_x509_certificates(path.read_bytes())]
    with options.file.open("rb") as file:
        report = inspect_pdf(file.read(SIZE_LIMIT + 1), roots)
    trusted = report.signature is not None and report.signature.is_trusted is not False
    return 0 if report.is_unaltered and trusted else 1, report_to_json(report)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m certificates",
        description=_ABOUT,
        epilog=_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    add_drawing_commands(commands)
    inspect = commands.add_parser("inspect", help="say who signed a PDF, and whether it was altered")
    inspect.set_defaults(run=_inspect)
    inspect.add_argument("file", type=Path, metavar="FILE.pdf")
    inspect.add_argument(
        "--root",
        type=Path,
        metavar="ROOT.pem",
        action="append",
        default=[],
        help="a certificate to trust; say it again for others",
    )
    add_badge_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
