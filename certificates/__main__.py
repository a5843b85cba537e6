"""The command line, `python -m certificates`: render, example, inspect, badge and verify."""

import argparse
import logging
import mimetypes
import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from certificates.attachments import Attachment
from certificates.badges.commands import add_badge_commands
from certificates.content import Kind, content_from_json, content_to_json
from certificates.designs import load_design
from certificates.examples import example_content
from certificates.fonts import FontMissing
from certificates.inspection import SIZE_LIMIT, inspect_pdf, report_to_json
from certificates.keys import SigningKey, load_signing_key
from certificates.press import render_certificate
from certificates.signing import Signer, SigningFailed


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


def _example(options: argparse.Namespace) -> tuple[int, str]:
    return 0, content_to_json(example_content(Kind(options.kind)))


def _render(options: argparse.Namespace) -> tuple[int, str]:
    content = content_from_json(options.content.read_bytes())
    design = load_design(options.design) if options.design else None
    signer = Signer(_key(options)) if options.key else None
    moment = datetime.now(UTC).replace(microsecond=0) if signer else None
    attached = [_attachment(path) for path in options.attach]
    file = render_certificate(content, design, signer=signer, signed_at=moment, attachments=attached)
    options.out.write_bytes(file)
    return 0, ""


def _key(options: argparse.Namespace) -> SigningKey:
    password = options.password_file.read_bytes().rstrip(b"\r\n") if options.password_file else None
    return load_signing_key(options.key, password)


def _attachment(path: Path) -> Attachment:
    mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Attachment(path.name, mime, path.read_bytes())


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
        description="Draw, sign and inspect certificates; sign and verify badges.",
    )
    commands = parser.add_subparsers(required=True)
    render = commands.add_parser("render", help="draw the certificate a JSON file describes")
    render.set_defaults(run=_render)
    render.add_argument("content", type=Path, metavar="CONTENT.json")
    render.add_argument("out", type=Path, metavar="OUT.pdf")
    render.add_argument("--design", help="such as teacher-1; the newest of the kind when left out")
    render.add_argument("--key", type=Path, metavar="KEY.p12", help="sign with it: PKCS#12 or PEM")
    render.add_argument("--password-file", type=Path, metavar="FILE", help="holds the password of the key")
    render.add_argument("--attach", type=Path, metavar="FILE", action="append", default=[])
    example = commands.add_parser("example", help="print an example CONTENT.json")
    example.set_defaults(run=_example)
    example.add_argument("--kind", choices=[kind.value for kind in Kind], default="teacher")
    inspect = commands.add_parser("inspect", help="say who signed a PDF, and whether it was altered")
    inspect.set_defaults(run=_inspect)
    inspect.add_argument("file", type=Path, metavar="FILE.pdf")
    inspect.add_argument("--root", type=Path, metavar="ROOT.pem", action="append", default=[])
    add_badge_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
