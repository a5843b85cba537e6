"""The commands that draw: example, render, print, preview and check."""

import argparse
import dataclasses
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from cryptography import x509

from certificates.attachments import Attachment
from certificates.checking import design_faults
from certificates.content import Kind, content_from_json, content_to_json
from certificates.design_parts import Design
from certificates.design_reading import parse_design
from certificates.designs import design_names, load_design
from certificates.examples import example_content
from certificates.keys import SigningKey, load_signing_key
from certificates.logos import Logo, read_logo
from certificates.longterm import Gatherer
from certificates.press import render_certificate
from certificates.previews import write_preview
from certificates.printfile import Sheet, write_print_file
from certificates.signing import Signer
from certificates.timestamps import TimeStampAuthority

_DESIGN = "its name, such as teacher-2, or a file such as mine.toml; the newest of the kind when left out"
_LANGUAGE = "the language beside English, such as km; English alone when left out"


def add_drawing_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to a parser's; each parsed command carries its function as `run`."""
    example = commands.add_parser("example", help="print an example of a CONTENT.json to begin with")
    example.set_defaults(run=_example)
    example.add_argument("--kind", choices=[kind.value for kind in Kind], default="teacher")
    _add_render(commands.add_parser("render", help="draw, and sign, the certificate a JSON file describes"))
    several = commands.add_parser("print", help="draw many certificates into one PDF for the print shop")
    several.set_defaults(run=_print)
    several.add_argument("out", type=Path, metavar="OUT.pdf")
    several.add_argument("contents", type=Path, metavar="CONTENT.json", nargs="+")
    _add_look(several)
    preview = commands.add_parser("preview", help="draw a design with the worst names we know")
    preview.set_defaults(run=_preview)
    preview.add_argument("design", help="its name, such as teacher-2, or a file such as mine.toml")
    preview.add_argument("out", type=Path, metavar="OUT.pdf")
    preview.add_argument("--language", default="en", help=_LANGUAGE)
    check = commands.add_parser(
        "check", help="say whether a design is complete, and holds the worst names in each of its languages"
    )
    check.set_defaults(run=_check)
    check.add_argument("design", help=f"one of {', '.join(design_names())}, or a file such as mine.toml")


def _add_render(render: argparse.ArgumentParser) -> None:
    render.set_defaults(run=_render)
    render.add_argument("content", type=Path, metavar="CONTENT.json")
    render.add_argument("out", type=Path, metavar="OUT.pdf")
    _add_look(render)
    render.add_argument(
        "--attach", type=Path, metavar="FILE", action="append", default=[], help="put a file into the PDF"
    )
    render.add_argument("--key", type=Path, metavar="KEY.p12", help="sign with it: PKCS#12 or PEM")
    render.add_argument("--password-file", type=Path, metavar="FILE", help="holds the password of the key")
    render.add_argument("--timestamp-url", metavar="URL", help="have the signature stamped there: level B-T")
    render.add_argument(
        "--validation-root",
        type=Path,
        metavar="ROOT.pem",
        action="append",
        default=[],
        help="the root of the time-stamp authority; then what proves the signature later goes in: level B-LT",
    )


def _add_look(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--design", help=_DESIGN)
    parser.add_argument("--logo", type=Path, metavar="LOGO.png", help="of the institution: PNG or JPEG")


def _example(options: argparse.Namespace) -> tuple[int, str]:
    return 0, content_to_json(example_content(Kind(options.kind)))


def _render(options: argparse.Namespace) -> tuple[int, str]:
    (sheet,) = _sheets(options, [options.content])
    signer = _signer(options) if options.key else None
    file = render_certificate(
        sheet.content,
        sheet.design,
        signer=signer,
        signed_at=datetime.now(UTC).replace(microsecond=0) if signer else None,
        attachments=[_attachment(path) for path in options.attach],
        logo=sheet.logo,
    )
    options.out.write_bytes(file)
    return 0, ""


def _print(options: argparse.Namespace) -> tuple[int, str]:
    with _whole(options.out) as file:
        pages = write_print_file(_sheets(options, options.contents), file)
    return 0, f"{options.out}: {pages} pages"


def _preview(options: argparse.Namespace) -> tuple[int, str]:
    design = _design(options.design)
    with _whole(options.out) as file:
        pages = write_preview(design, file, options.language)
    return 0, f"{options.out}: {pages} specimens of {design.name}"


def _check(options: argparse.Namespace) -> tuple[int, str]:
    design = _design(options.design)
    faults = design_faults(design)
    if faults:
        return 1, "\n".join(f"{fault}." for fault in faults)
    return 0, f"{design.name} holds all the worst names in {', '.join(('en', *design.languages))}."


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """Open a file that appears under its name only when it is finished."""
    draft = path.with_name(f"{path.name}.part")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _sheets(options: argparse.Namespace, paths: list[Path]) -> Iterator[Sheet]:
    """Yield what is to be drawn; a logo that is given goes onto every content that names none."""
    design = _design(options.design) if options.design else None
    logo = read_logo(options.logo.read_bytes()) if options.logo else None
    for path in paths:
        content = content_from_json(path.read_bytes())
        if logo and content.logo is None:
            content = dataclasses.replace(content, logo=logo.sha256)
        yield Sheet(content, design, _worn(logo, content.logo))


def _worn(logo: Logo | None, digest: str | None) -> Logo | None:
    return logo if digest else None


def _design(named: str) -> Design:
    if named.endswith(".toml"):
        return parse_design(Path(named).read_text(encoding="utf-8"))
    return load_design(named)


def _signer(options: argparse.Namespace) -> Signer:
    key = _key(options)
    if not options.timestamp_url:
        return Signer(key)
    stamps = TimeStampAuthority.at(options.timestamp_url)
    roots = [
        root
        for path in options.validation_root
        for root in x509.load_pem_x509_certificates(path.read_bytes())
    ]
    return Signer(key, time_stamps=stamps, long_term=Gatherer(key, stamps, roots) if roots else None)


def _key(options: argparse.Namespace) -> SigningKey:
    password = options.password_file.read_bytes().rstrip(b"\r\n") if options.password_file else None
    return load_signing_key(options.key, password)


def _attachment(path: Path) -> Attachment:
    mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Attachment(path.name, mime, path.read_bytes())
