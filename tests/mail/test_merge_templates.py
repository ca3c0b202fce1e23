"""Merge templates: joined, merged in part, merged whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mail.messages.merge_templates import MergeTemplate

NAMES = ["a", "b", "c"]


@st.composite
def templates(draw: st.DrawFn) -> MergeTemplate:
    """Draw a template with placeholders of these names."""
    names = draw(st.lists(st.sampled_from(NAMES), max_size=4))
    texts = draw(st.lists(st.binary(max_size=3), min_size=len(names) + 1, max_size=len(names) + 1))
    return MergeTemplate(tuple(texts), tuple(names))


words = st.fixed_dictionaries({name: st.binary(max_size=3) for name in NAMES})


@given(some=st.lists(templates(), max_size=4), values=words)
def test_joined_templates_merge_to_what_each_merges_to_one_after_another(
    some: list[MergeTemplate], values: dict[str, bytes]
) -> None:
    expected = b"".join(b"".join(template.merge(values)) for template in some)
    assert b"".join(MergeTemplate.joined(some).merge(values)) == expected


@given(some=st.lists(templates(), max_size=4), known=templates(), values=words)
def test_a_placeholder_that_is_replaced_earlier_merges_to_the_same(
    some: list[MergeTemplate], known: MergeTemplate, values: dict[str, bytes]
) -> None:
    early = MergeTemplate.joined(some, {"a": known}).merge(values)
    late = values | {"a": b"".join(known.merge(values))}
    assert b"".join(early) == b"".join(MergeTemplate.joined(some).merge(late))


@given(template=templates(), values=words)
def test_the_pieces_are_the_texts_themselves(
    template: MergeTemplate, values: dict[str, bytes]
) -> None:
    pieces = template.merge(values)
    assert all(piece is text for piece, text in zip(pieces[::2], template.texts, strict=True))
