"""Forms: joined, filled in by half, filled in whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mail.messages.merge_templates import MergeTemplate

NAMES = ["a", "b", "c"]


@st.composite
def forms(draw: st.DrawFn) -> MergeTemplate:
    """Any form with holes of these names."""
    names = draw(st.lists(st.sampled_from(NAMES), max_size=4))
    texts = draw(st.lists(st.binary(max_size=3), min_size=len(names) + 1, max_size=len(names) + 1))
    return MergeTemplate(tuple(texts), tuple(names))


words = st.fixed_dictionaries({name: st.binary(max_size=3) for name in NAMES})


@given(some=st.lists(forms(), max_size=4), values=words)
def test_joined_forms_say_one_after_another_what_each_says(
    some: list[MergeTemplate], values: dict[str, bytes]
) -> None:
    said = b"".join(b"".join(form.merge(values)) for form in some)
    assert b"".join(MergeTemplate.joined(some).merge(values)) == said


@given(some=st.lists(forms(), max_size=4), known=forms(), values=words)
def test_a_hole_that_is_filled_in_earlier_says_the_same(
    some: list[MergeTemplate], known: MergeTemplate, values: dict[str, bytes]
) -> None:
    early = MergeTemplate.joined(some, {"a": known}).merge(values)
    late = values | {"a": b"".join(known.merge(values))}
    assert b"".join(early) == b"".join(MergeTemplate.joined(some).merge(late))


@given(form=forms(), values=words)
def test_the_pieces_are_the_texts_themselves(form: MergeTemplate, values: dict[str, bytes]) -> None:
    pieces = form.merge(values)
    assert all(piece is text for piece, text in zip(pieces[::2], form.texts, strict=True))
