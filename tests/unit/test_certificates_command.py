import json
import subprocess
import sys

import pytest

from certificates import (
    Kind,
    content_from_json,
    design_source,
    example_content,
    example_logo,
    make_development_key,
)
from tests.command_line import run_certificates as run


def test_it_is_a_program_of_its_own():
    done = subprocess.run([sys.executable, "-m", "certificates", "example"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, run("example").stdout, "")


def test_the_example_can_be_rendered(tmp_path):
    example = run("example", "--kind", "partner")
    assert content_from_json(example.stdout) == example_content(Kind.PARTNER)
    (tmp_path / "content.json").write_text(example.stdout, encoding="utf-8")
    done = run("render", tmp_path / "content.json", tmp_path / "out.pdf")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"printed_name": "Ana \ue123"}, "U+E123"),
        ({"number": ""}, "number"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_input_ends_with_2_and_one_sentence(tmp_path, change, named):
    facts = json.loads(run("example").stdout) | change
    (tmp_path / "content.json").write_text(json.dumps(facts), encoding="utf-8")
    done = run("render", tmp_path / "content.json", tmp_path / "out.pdf")
    assert done.returncode == 2
    assert named in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out.pdf").exists()


def test_a_missing_file_and_an_unknown_design_end_with_2(tmp_path):
    assert run("render", tmp_path / "none.json", tmp_path / "out.pdf").returncode == 2
    (tmp_path / "content.json").write_text(run("example").stdout, encoding="utf-8")
    done = run("render", tmp_path / "content.json", tmp_path / "out.pdf", "--design", "teacher-9")
    assert (done.returncode, "teacher-9" in done.stderr) == (2, True)


def test_a_certificate_is_signed_inspected_and_refused_when_altered(tmp_path):
    make_development_key(tmp_path)
    (tmp_path / "content.json").write_text(run("example").stdout, encoding="utf-8")
    (tmp_path / "badge.json").write_text('{"name": "Teamwork"}', encoding="utf-8")
    key, badge, out = tmp_path / "development-key.p12", tmp_path / "badge.json", tmp_path / "out.pdf"
    done = run("render", tmp_path / "content.json", out, "--key", key, "--attach", badge)
    assert (done.returncode, done.stderr) == (0, "")
    good = run("inspect", out, "--root", tmp_path / "development-root.pem")
    report = json.loads(good.stdout)
    assert (good.returncode, good.stderr) == (0, "")
    assert (report["is_unaltered"], report["signature"]["is_trusted"]) == (True, True)
    assert (report["attachments"][0]["name"], report["attachments"][0]["size"]) == ("badge.json", 20)
    out.write_bytes(out.read_bytes() + b"\n")
    altered = run("inspect", out)
    assert (altered.returncode, json.loads(altered.stdout)["problem"]) == (1, "not wholly signed")


def test_a_foreign_root_and_a_wrong_key_are_refused(tmp_path):
    for name in ("ours", "theirs"):
        make_development_key(tmp_path / name)
    (tmp_path / "content.json").write_text(run("example").stdout, encoding="utf-8")
    out, ours = tmp_path / "out.pdf", tmp_path / "ours/development-key.p12"
    assert run("render", tmp_path / "content.json", out, "--key", ours).returncode == 0
    foreign = run("inspect", out, "--root", tmp_path / "theirs/development-root.pem")
    assert (foreign.returncode, foreign.stderr) == (1, "")
    assert json.loads(foreign.stdout)["signature"]["is_trusted"] is False
    wrong = run("render", tmp_path / "content.json", out, "--key", tmp_path / "content.json")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)


def test_a_print_file_and_a_preview_are_drawn_and_a_refused_one_leaves_nothing(tmp_path):
    (tmp_path / "content.json").write_text(run("example").stdout, encoding="utf-8")
    logo, content = tmp_path / "logo.png", tmp_path / "content.json"
    logo.write_bytes(example_logo().data)
    done = run("print", tmp_path / "book.pdf", content, content, "--logo", logo)
    assert (done.returncode, done.stdout.endswith("book.pdf: 2 pages\n")) == (0, True)
    assert b"/Subtype/Image" in (tmp_path / "book.pdf").read_bytes()
    done = run("preview", "award-2", tmp_path / "worst.pdf", "--language", "km")
    assert (done.returncode, "17 specimens of award-2" in done.stdout) == (0, True)
    refused = run("preview", "award-2", tmp_path / "none.pdf", "--language", "rw")
    assert refused.returncode == 2
    assert "lacks the text “Award” in Kinyarwanda (rw)" in refused.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "book.pdf",
        "content.json",
        "logo.png",
        "worst.pdf",
    ]


def test_a_design_of_ones_own_is_checked_and_drawn_with(tmp_path):
    mine, content = tmp_path / "mine.toml", tmp_path / "content.json"
    source = design_source("teacher-2")
    mine.write_text(source.replace("teacher-2", "teacher-7").replace("version = 2", "version = 7"))
    content.write_text(run("example").stdout, encoding="utf-8")
    good = run("check", mine)
    assert (good.returncode, "teacher-7 holds all the worst names in en, am, ar" in good.stdout) == (0, True)
    assert run("render", content, tmp_path / "out.pdf", "--design", mine).returncode == 0
    mine.write_text(mine.read_text().replace("baseline = 216.0", "baseline = 245.0"))
    crowded = run("check", mine)
    assert (crowded.returncode, "overlap (Longest Latin, with Tamil; en)." in crowded.stdout) == (1, True)
    mine.write_text(source.replace("widest = 178.0", ""))
    broken = run("check", mine)
    assert (broken.returncode, "signatures.widest is missing." in broken.stderr) == (2, True)


def test_help_names_every_command_in_plain_words():
    said = run("--help").stdout
    for command in ("example", "render", "print", "preview", "check", "inspect", "badge", "verify"):
        assert f"    {command} " in said
        assert run(command, "--help").returncode == 0
