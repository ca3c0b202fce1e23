"""Forms: joined, filled in by half, filled in whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bulletin_site.mail.forms import Form

NAMES = ["a", "b", "c"]


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Any form with holes of these names."""
    names = draw(st.lists(st.sampled_from(NAMES), max_size=4))
    texts = draw(st.lists(st.binary(max_size=3), min_size=len(names) + 1, max_size=len(names) + 1))
    return Form(tuple(texts), tuple(names))


words = st.fixed_dictionaries({name: st.binary(max_size=3) for name in NAMES})


@given(some=st.lists(forms(), max_size=4), values=words)
def test_joined_forms_say_one_after_another_what_each_says(
    some: list[Form], values: dict[str, bytes]
) -> None:
    said = b"".join(b"".join(form.filled(values)) for form in some)
    assert b"".join(Form.joined(some).filled(values)) == said


@given(some=st.lists(forms(), max_size=4), known=forms(), values=words)
def test_a_hole_that_is_filled_in_earlier_says_the_same(
    some: list[Form], known: Form, values: dict[str, bytes]
) -> None:
    early = Form.joined(some, {"a": known}).filled(values)
    late = values | {"a": b"".join(known.filled(values))}
    assert b"".join(early) == b"".join(Form.joined(some).filled(late))


@given(form=forms(), values=words)
def test_the_pieces_are_the_texts_themselves(form: Form, values: dict[str, bytes]) -> None:
    pieces = form.filled(values)
    assert all(piece is text for piece, text in zip(pieces[::2], form.texts, strict=True))
