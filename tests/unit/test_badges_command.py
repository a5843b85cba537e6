import json

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from certificates import Kind, content_to_json, example_content
from certificates.badges import PublicKey, SigningKey, did_document
from tests.command_line import run_certificates as run

KEY = SigningKey.from_seed(b"k" * 32)


@pytest.fixture
def folder(tmp_path):
    pem = KEY.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "content.json").write_text(content_to_json(example_content(Kind.STUDENT)), encoding="utf-8")
    keys = did_document("did:web:gdt.example.org", [PublicKey(KEY.multikey)])
    (tmp_path / "did.json").write_text(json.dumps(keys))
    return tmp_path


@pytest.mark.parametrize("out", ["badge.json", "badge.png"])
def test_a_badge_is_written_and_verified(folder, out):
    done = run(
        "badge", folder / "content.json", folder / "key.pem", folder / out, "--email", "siti@example.org"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"did:web:gdt.example.org#{KEY.multikey}" in done.stdout
    done = run("verify", folder / out, "--keys", folder / "did.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "unaltered: yes",
        f"issued with a known key: yes, {KEY.multikey}",
        "dates: current",
        "status: none kept",
    ]
    assert run("verify", folder / out).returncode == 1


def test_an_altered_badge_ends_with_1(folder):
    run("badge", folder / "content.json", folder / "key.pem", folder / "badge.json")
    text = (folder / "badge.json").read_text(encoding="utf-8")
    (folder / "badge.json").write_text(text.replace("Foundations", "Mastery"), encoding="utf-8")
    done = run("verify", folder / "badge.json", "--keys", folder / "did.json")
    assert done.returncode == 1
    assert done.stdout.startswith("unaltered: no. The signature does not fit")


@pytest.mark.parametrize("name", ["content.json", "key.pem"])
def test_bad_input_ends_with_2_and_one_sentence(folder, name):
    (folder / name).write_text("{")
    done = run("badge", folder / "content.json", folder / "key.pem", folder / "out.json")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert not (folder / "out.json").exists()
    assert run("verify", folder / "key.pem", "--keys", folder / "did.json").returncode == 2
