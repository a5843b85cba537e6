"""Which schemas this version of the program knows: those its migrations lead through."""

from alembic.script import ScriptDirectory
from flask import current_app


def head() -> str:
    """The schema this version works with."""
    return str(_scripts().get_current_head())


def is_known(revision: str) -> bool:
    """Whether this version can bring a schema up to its own."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(current_app.extensions["migrate"].directory)
