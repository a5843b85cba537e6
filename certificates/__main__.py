"""The command line, `python -m certificates`: render, example, badge and verify."""

import argparse
import sys
from pathlib import Path

from certificates.badges.commands import add_badge_commands
from certificates.content import Kind, content_from_json, content_to_json
from certificates.designs import load_design
from certificates.examples import example_content
from certificates.fonts import FontMissing
from certificates.press import render_certificate


def main(arguments: list[str]) -> int:
    """Run one command; return 0, 1 for a badge that fails, or 2 after a sentence on standard error."""
    options = _parser().parse_args(arguments)
    try:
        if hasattr(options, "run"):
            code, words = options.run(options)
            print(words)
            return int(code)
        if options.command == "example":
            print(content_to_json(example_content(Kind(options.kind))))
        else:
            design = load_design(options.design) if options.design else None
            content = content_from_json(options.content.read_bytes())
            options.out.write_bytes(render_certificate(content, design))
    except (ValueError, OSError, FontMissing) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m certificates", description="Draw certificates, sign badges."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    render = commands.add_parser("render", help="draw the certificate a JSON file describes")
    render.add_argument("content", type=Path, metavar="CONTENT.json")
    render.add_argument("out", type=Path, metavar="OUT.pdf")
    render.add_argument("--design", help="such as teacher-1; the newest of the kind when left out")
    example = commands.add_parser("example", help="print an example CONTENT.json")
    example.add_argument("--kind", choices=[kind.value for kind in Kind], default="teacher")
    add_badge_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
