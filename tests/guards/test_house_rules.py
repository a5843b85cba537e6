"""Rules about the code itself, so that review can be about ideas."""

import ast
import re
from pathlib import Path

import pytest

from gdt.certification.views import PAGES

ROOT = Path(__file__).parents[2]
MODULES = sorted([*ROOT.glob("gdt/**/*.py"), *ROOT.glob("certificates/**/*.py")])
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
LONGEST_MODULE = 300
LONGEST_VIEW = 25
LONGEST_TEMPLATE = 150
LONGEST_CONFTEST = 120
NAMES_NOBODY_GUESSES = {"core", "common", "utils", "helpers", "util", "helper", "misc", "base"}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def views_in(module: Path) -> list[ast.FunctionDef]:
    """The functions of a module that a blueprint routes to."""
    return [
        node
        for node in ast.parse(module.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and any(re.search(r"\.(route|get|post)\(", ast.unparse(d)) for d in node.decorator_list)
    ]


def test_every_view_declares_who_may_see_it(app):
    undeclared = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if not endpoint.endswith("static") and not hasattr(view, "access")
    ]
    assert undeclared == []


def test_every_page_module_of_certification_joins_its_blueprint():
    joined = {Path(module.__file__) for module in PAGES}
    found = [m for m in MODULES if re.search(r"gdt/certification/\w+/(\w+_)?views\.py$", m.as_posix())]
    assert joined == set(found)


def test_only_the_database_module_commits():
    committers = {named(m) for m in MODULES if re.search(r"\.(commit|rollback)\(\)", m.read_text())}
    assert committers <= {"gdt/database.py", "gdt/documents.py"}
    assert "session" not in (ROOT / "gdt/documents.py").read_text()


def test_only_the_configuration_reads_the_environment():
    readers = [named(m) for m in MODULES if "os.environ" in m.read_text() or "getenv" in m.read_text()]
    assert readers == []


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_modules_stay_small_and_say_what_they_hold(module):
    source = module.read_text()
    assert len(source.splitlines()) <= LONGEST_MODULE
    assert not source.strip() or ast.get_docstring(ast.parse(source))


@pytest.mark.parametrize("module", [m for m in MODULES if "views" in m.stem], ids=named)
def test_views_stay_short(module):
    long = {v.name: v.end_lineno - v.lineno + 1 for v in views_in(module)}
    assert {name: n for name, n in long.items() if n > LONGEST_VIEW} == {}


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_templates_stay_small_and_bring_no_style_or_script_of_their_own(template):
    source = template.read_text()
    assert lines(template) <= LONGEST_TEMPLATE
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*src=)|\son\w+=", source)


def test_the_conftest_stays_small():
    assert lines(ROOT / "tests/conftest.py") <= LONGEST_CONFTEST


def test_every_page_belongs_to_a_view():
    sources = "\n".join(m.read_text() for m in MODULES)
    used = set(re.findall(r'"([\w/]+\.html)"', sources)) | {
        f"errors/{n}.html" for n in (400, 403, 413, 429, 500)
    }
    included = set(re.findall(r'"([\w/]+\.html)"', "\n".join(t.read_text() for t in TEMPLATES)))
    pages = {named(t).removeprefix("templates/") for t in TEMPLATES}
    assert pages - used - included == set()
    assert used - pages == set()


def test_no_module_has_a_name_nobody_guesses():
    assert [
        named(m) for m in MODULES if NAMES_NOBODY_GUESSES & set(m.relative_to(ROOT).with_suffix("").parts)
    ] == []


def test_nothing_is_left_for_later():
    left = [
        named(m) for m in MODULES if re.search(r"\b(TODO|FIXME|XXX|NotImplementedError)\b", m.read_text())
    ]
    assert left == []


def test_queries_and_services_never_import_flask_s_request():
    offenders = [
        named(m)
        for m in MODULES
        if m.stem in {"queries", "services", "models"}
        and re.search(r"from flask import [^\n]*\b(request|session|g)\b", m.read_text())
    ]
    assert offenders == []


def test_every_setting_is_explained_in_the_readme():
    config = (ROOT / "config.py").read_text()
    settings = {f"GDT_{name}" for name in re.findall(r'_(?:setting|is_on)\("(\w+)"', config)}
    explained = set(re.findall(r"GDT_\w+", (ROOT / "README.md").read_text()))
    assert settings - explained == set()


def test_a_sentence_that_waits_for_its_language_carries_no_words_of_others():
    """A lazy sentence tells the templates that it is safe, so what is put into it would not be escaped."""
    allowed = {"MOST_OUTCOMES", "LONGEST_OUTCOME", "year", "criterion.most"}  # numbers
    found = []
    for module in (one for one in MODULES if "lazy_" in one.read_text()):
        tree = ast.parse(module.read_text())
        lazy = {
            name.asname or name.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "flask_babel"
            for name in node.names
            if name.name.startswith("lazy_")
        }
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and lazy]
        given = [k.value for c in calls if ast.unparse(c.func) in lazy for k in c.keywords]
        found += [(named(module), ast.unparse(value)) for value in given]
    assert [one for one in found if one[1] not in allowed] == []


def test_no_settings_no_keys_and_no_data_come_into_the_image():
    told = (ROOT / ".containerignore").read_text()
    assert (ROOT / ".dockerignore").read_text() == told
    ignored = set(told.split())
    assert {".git", "var", "keys", ".env*", "**/*.pem", "**/*.p12"} <= ignored
    compose = (ROOT / "compose.yaml").read_text()
    secrets = re.findall(r"(?:_SECRET|_SECRET_KEY|PASSWORD|WORD): ([^ ,}]+)", compose)
    assert len(secrets) > 5
    assert [one for one in secrets if not one.strip('"').startswith("${")] == []
