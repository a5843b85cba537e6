"""What the documents of those who run the servers name is there: tests of the threat model, settings."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
THIS = Path(__file__)


def test_every_proof_the_threat_model_names_is_a_test_of_the_suite():
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs/security.md").read_text()))
    sources = (file.read_text() for file in (ROOT / "tests").rglob("test_*.py") if file != THIS)
    written = {
        name for source in sources for name in re.findall(r"^ *def (test_\w+)\(", source, re.MULTILINE)
    }
    assert len(named) > 20
    assert named - written == set()


def test_the_compose_file_sets_only_what_the_readme_explains():
    explained = set(re.findall(r"GDT_\w+", (ROOT / "README.md").read_text()))
    assert set(re.findall(r"GDT_\w+", (ROOT / "compose.yaml").read_text())) <= explained
