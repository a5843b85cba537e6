"""The trail is chained, and the database lets nobody change it

Revision ID: 0022
Revises: 0021
Create Date: 2026-11-22 14:20:00.000000
"""
import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

LOG_TABLES = ("log_leaves", "log_tiles", "log_heads", "log_publications")
FACTS = ("id", "happened_at", "actor_id", "action", "subject_kind", "subject_id", "institution_id")
ACTOR = ("actor_name", "actor_salt", "actor_commitment")
WORDS = ("subject_name", "summary", "details", "words_salt", "words_commitment")
# Words may only leave together with their salt, and leave one known word and their commitment behind.
ACTOR_LEFT = (
    "OLD.actor_salt IS NOT NULL AND NEW.actor_salt IS NULL AND length(NEW.actor_commitment) = 64"
    " AND NEW.actor_name = 'Erased'"
)
WORDS_LEFT = (
    "OLD.words_salt IS NOT NULL AND NEW.words_salt IS NULL AND length(NEW.words_commitment) = 64"
    " AND NEW.subject_name = 'Erased' AND NEW.summary = 'Erased' AND {details} = '{{}}'"
)


def _same(columns, unlike, text=""):
    return " AND ".join(
        f"NEW.{name}{text if name == 'details' else ''} {unlike} OLD.{name}{text if name == 'details' else ''}"
        for name in columns
    )


def _allowed(is_postgresql):
    unlike, text = ("IS NOT DISTINCT FROM", "::text") if is_postgresql else ("IS", "")
    words_left = WORDS_LEFT.format(details=f"NEW.details{text}")
    return (
        f"{_same(FACTS, unlike)} AND ({ACTOR_LEFT} OR {_same(ACTOR, unlike)})"
        f" AND ({words_left} OR {_same(WORDS, unlike, text)})"
    )


def _seal_in_postgresql():
    """The lines of a transaction's events, sealed behind the newest seal under a lock that the commit frees."""
    op.execute("""
CREATE FUNCTION seal_events(lines jsonb) RETURNS void LANGUAGE plpgsql AS
$$DECLARE place integer; previous text; each jsonb;
BEGIN
  PERFORM pg_advisory_xact_lock(20260501);
  SELECT id, hash INTO place, previous FROM audit_seals ORDER BY id DESC LIMIT 1;
  IF NOT FOUND THEN place := 0; previous := repeat('0', 64); END IF;
  FOR each IN SELECT value FROM jsonb_array_elements(lines) WITH ORDINALITY AS l(value, n) ORDER BY n LOOP
    place := place + 1;
    previous := encode(sha256(convert_to(previous || E'\\n' || (each->>'line'), 'UTF8')), 'hex');
    INSERT INTO audit_seals (id, event_id, hash) VALUES (place, (each->>'event')::integer, previous);
  END LOOP;
END$$""")


def _guard_postgresql():
    _seal_in_postgresql()
    op.execute(f"""
CREATE FUNCTION refuse_other_words() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN
  IF TG_OP = 'UPDATE' AND {_allowed(True)} THEN RETURN NEW; END IF;
  RAISE EXCEPTION '% only grows', TG_TABLE_NAME;
END$$""")
    op.execute(
        "CREATE TRIGGER audit_events_only_grow BEFORE UPDATE OR DELETE ON audit_events"
        " FOR EACH ROW EXECUTE FUNCTION refuse_other_words()"
    )
    op.execute(
        "CREATE TRIGGER audit_seals_only_grow BEFORE UPDATE OR DELETE ON audit_seals"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    for table in ("audit_events", "audit_seals", *LOG_TABLES):
        op.execute(
            f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _guard_sqlite():
    for table, deed, when in (
        ("audit_events", "UPDATE", f" WHEN NOT ({_allowed(False)})"),
        ("audit_events", "DELETE", ""),
        ("audit_seals", "UPDATE", ""),
        ("audit_seals", "DELETE", ""),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_refuse_{deed.lower()} BEFORE {deed} ON {table}{when}"
            f" BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        )


def upgrade():
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table('audit_seals',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['audit_events.id'], name=op.f('fk_audit_seals_event_id_audit_events')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_seals')),
    sa.UniqueConstraint('event_id', name=op.f('uq_audit_seals_event_id'))
    )
    # Not in batches: SQLite would make the table of the heads anew, without the triggers that guard it.
    op.add_column('log_heads', sa.Column('trail_size', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('log_heads', sa.Column('trail_hash', sa.String(length=64), nullable=False, server_default=''))
    for part in ("actor", "words"):
        op.add_column('audit_events', sa.Column(f'{part}_salt', sa.String(length=32), nullable=True))
        op.add_column('audit_events', sa.Column(f'{part}_commitment', sa.String(length=64), nullable=True))
        salt = "replace(gen_random_uuid()::text, '-', '')" if is_postgresql else "lower(hex(randomblob(16)))"
        op.execute(f"UPDATE audit_events SET {part}_salt = {salt}")
    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_events_actor_id'), ['actor_id'], unique=False)
        batch_op.create_check_constraint(
            'actor_is_committed', "(actor_salt IS NULL) = (actor_commitment IS NOT NULL)"
        )
        batch_op.create_check_constraint(
            'words_are_committed', "(words_salt IS NULL) = (words_commitment IS NOT NULL)"
        )
    _guard_postgresql() if is_postgresql else _guard_sqlite()


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        for table in ("audit_events", "audit_seals", *LOG_TABLES):
            op.execute(f"DROP TRIGGER {table}_refuse_truncate ON {table}")
        op.execute("DROP TRIGGER audit_events_only_grow ON audit_events")
    op.drop_table('audit_seals')
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_other_words()")
        op.execute("DROP FUNCTION seal_events(jsonb)")
    else:
        op.execute("DROP TRIGGER audit_events_refuse_update")
        op.execute("DROP TRIGGER audit_events_refuse_delete")
    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.drop_constraint('words_are_committed', type_='check')
        batch_op.drop_constraint('actor_is_committed', type_='check')
        batch_op.drop_index(batch_op.f('ix_audit_events_actor_id'))
        for part in ("words", "actor"):
            batch_op.drop_column(f'{part}_commitment')
            batch_op.drop_column(f'{part}_salt')
    op.drop_column('log_heads', 'trail_hash')
    op.drop_column('log_heads', 'trail_size')
