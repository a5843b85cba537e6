"""Triggers that write down which rows changed: row by row in SQLite, statement by statement in PostgreSQL.

A feature says which tables it watches and what is written of a row; the statements made from that stand in
its migration, and a test of the feature holds the two against each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

DEEDS = ("INSERT", "UPDATE", "DELETE")
_SEEN = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


@dataclass(frozen=True)
class Watch:
    """A table, the columns whose change matters, and what is written of a row of it.

    `written` gets the name of the row and, in PostgreSQL, the table of a statement's rows it comes from, else
    ""; each INSERT it returns ends in a condition. `spares` is a cheap condition on {r}, without which SQLite
    does not run the trigger of a new or deleted row.
    """

    table: str
    columns: tuple[str, ...]
    written: Callable[[str, str], list[str]]
    spares: str = ""


@dataclass(frozen=True)
class Triggers:
    """The triggers of one purpose: `noun` begins their names, `verb` those of PostgreSQL's functions."""

    noun: str
    verb: str
    watched: Sequence[Watch]

    def names(self) -> dict[str, str]:
        """The table of each trigger, by the trigger's name."""
        return {self._name(watch, deed): watch.table for watch in self.watched for deed in DEEDS}

    def sqlite(self) -> dict[str, str]:
        """The statement that makes each trigger, by its name."""
        made = [(self._name(watch, deed), watch, deed) for watch in self.watched for deed in DEEDS]
        return {name: f"CREATE TRIGGER {name} {_sqlite(watch, deed)}" for name, watch, deed in made}

    def postgresql_functions(self) -> dict[str, str]:
        """The body of each table's function, which sees a statement's rows at once, by its name."""
        return {f"{self.verb}_{watch.table}": _body(watch) for watch in self.watched}

    def postgresql(self) -> list[str]:
        """What makes the functions and their triggers."""
        functions = [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
            for name, body in self.postgresql_functions().items()
        ]
        triggers = [
            f"CREATE TRIGGER {self._name(watch, deed)} AFTER {deed} ON {watch.table}"
            f" REFERENCING {_SEEN[deed]} FOR EACH STATEMENT EXECUTE FUNCTION {self.verb}_{watch.table}()"
            for watch in self.watched
            for deed in DEEDS
        ]
        return [*functions, *triggers]

    def _name(self, watch: Watch, deed: str) -> str:
        return f"{self.noun}_{watch.table}_{deed.lower()}"


def _sqlite(watch: Watch, deed: str) -> str:
    rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[deed]
    event, when = deed, f" WHEN {watch.spares.replace('{r}', rows[0])}" if watch.spares else ""
    if deed == "UPDATE":
        event = f"UPDATE OF {', '.join(watch.columns)}"
        when = " WHEN " + " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in watch.columns)
    written = " ".join(f"{statement};" for row in rows for statement in watch.written(row, ""))
    return f"AFTER {event} ON {watch.table}{when} BEGIN {written} END"


def _body(watch: Watch) -> str:
    both = "(" + ", ".join(f"{{0}}.{name}" for name in watch.columns) + ")"
    differs = f"{both.format('o')} IS DISTINCT FROM {both.format('n')}"
    same = "SELECT o.id FROM old_rows o JOIN new_rows n ON n.id = o.id"
    changed = f" AND r.id IN ({same} WHERE {differs})"
    old, new = watch.written("r", "old_rows"), watch.written("r", "new_rows")
    branches = (
        ("IF TG_OP = 'INSERT' THEN", new),
        ("ELSIF TG_OP = 'DELETE' THEN", old),
        ("ELSE", [f"{statement}{changed}" for statement in (*old, *new)]),
    )
    body = " ".join(f"{head} {'; '.join(statements)};" for head, statements in branches)
    return f"BEGIN {body} END IF; RETURN NULL; END"
