import json
import subprocess
import sys

import pytest

from certificates import Kind, content_from_json, example_content


def _run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "certificates", *map(str, arguments)], capture_output=True, text=True
    )


def test_the_example_can_be_rendered(tmp_path):
    example = _run("example", "--kind", "partner")
    assert content_from_json(example.stdout) == example_content(Kind.PARTNER)
    (tmp_path / "content.json").write_text(example.stdout, encoding="utf-8")
    done = _run("render", tmp_path / "content.json", tmp_path / "out.pdf")
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
    facts = json.loads(_run("example").stdout) | change
    (tmp_path / "content.json").write_text(json.dumps(facts), encoding="utf-8")
    done = _run("render", tmp_path / "content.json", tmp_path / "out.pdf")
    assert done.returncode == 2
    assert named in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out.pdf").exists()


def test_a_missing_file_and_an_unknown_design_end_with_2(tmp_path):
    assert _run("render", tmp_path / "none.json", tmp_path / "out.pdf").returncode == 2
    (tmp_path / "content.json").write_text(_run("example").stdout, encoding="utf-8")
    done = _run("render", tmp_path / "content.json", tmp_path / "out.pdf", "--design", "teacher-9")
    assert (done.returncode, "teacher-9" in done.stderr) == (2, True)
