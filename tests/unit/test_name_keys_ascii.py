"""The short way to the key of a plain name says what the long way says."""

from hypothesis import given
from hypothesis import strategies as st

from gdt.people import name_keys


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_a_name_of_plain_letters_has_the_key_the_long_way_gives(text):
    words = "".join(name_keys._without_marks(text.casefold())).split()
    assert name_keys.name_key(text) == " ".join(sorted(words))[: name_keys.KEY_LENGTH].rstrip()
