"""The key of every person's name

Revision ID: 0008
Revises: 0004
Create Date: 2026-11-22 08:00:00
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0004'
branch_labels = None
depends_on = None

PORTION = 5000
PERSONS = sa.table('persons', sa.column('id', sa.Integer), sa.column('printed_name', sa.String), sa.column('name_key', sa.String))

_LETTERS = str.maketrans(
    {
        "đ": "d",
        "ð": "d",
        "ı": "i",
        "ø": "o",
        "ł": "l",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ё": "е",
        "ى": "ي",  # the same letter, as different keyboards write it
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ـ": "",
    }
)
# Marks that a name is often written without. Elsewhere (Thai, Khmer, Tamil, Devanagari) marks are its vowels.
_BASES_OF_MARKS = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW")
_JOINING = frozenset("'`´‘’‛′ʹʺʻʼʽʾʿˈ＇\u200b\u200c\u200d\u2060\ufeff\u00ad")


def upgrade():
    op.add_column('persons', sa.Column('name_key', sa.String(length=200), nullable=True))
    _fill_in_keys()
    with op.batch_alter_table('persons', schema=None) as batch_op:
        batch_op.alter_column('name_key', existing_type=sa.String(length=200), nullable=False)
        batch_op.create_index(batch_op.f('ix_persons_name_key'), ['name_key'], unique=False)


def downgrade():
    with op.batch_alter_table('persons', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_persons_name_key'))
        batch_op.drop_column('name_key')


def _fill_in_keys():
    """In portions: a register of millions is never held in memory whole."""
    connection = op.get_bind()
    names = sa.select(PERSONS.c.id, PERSONS.c.printed_name).order_by(PERSONS.c.id).limit(PORTION)
    keep = sa.update(PERSONS).where(PERSONS.c.id == sa.bindparam('of')).values(name_key=sa.bindparam('key'))
    last = 0
    while rows := connection.execute(names.where(PERSONS.c.id > last)).all():
        connection.execute(keep, [{'of': row.id, 'key': _key(row.printed_name)} for row in rows])
        last = rows[-1].id


def _key(text):
    """The key of a name on the day this migration was written."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    words = "".join(_without_marks(unicodedata.normalize("NFKD", plain))).split()
    return unicodedata.normalize("NFC", " ".join(sorted(words)))[:200].rstrip()


def _without_marks(text):
    """The letters of a decomposed text, with blanks for what parts its words."""
    letters = []
    loses_marks = True
    for letter in text:
        kind = unicodedata.category(letter)
        if kind[0] == "M":
            if not loses_marks:
                letters.append(letter)
        elif kind[0] in "LN" and letter not in _JOINING:
            loses_marks = unicodedata.name(letter, "").startswith(_BASES_OF_MARKS)
            letters.append(letter)
        elif letter not in _JOINING:
            loses_marks = True
            letters.append(" ")
    return letters
