"""The JSON of what is read: the same values come back, and what is none of them is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdf_reading.issue_text import (
    ArticleText,
    Emphasis,
    Figure,
    Heading,
    InvalidContent,
    IssueText,
    Link,
    Listing,
    Mark,
    Paragraph,
    ParseWarning,
    Place,
    Quotation,
    SectionText,
    StoredFigure,
    StoredPassage,
    Table,
    from_json,
    to_json,
)
from pdf_reading.limits import ParseFailure
from pdf_reading.process.answer import Answer, decoded, encoded

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
counts = st.integers(0, 2**31)
sides = st.floats(-1e6, 1e6)
places = st.builds(Place, counts, sides, sides, sides, sides)


def some(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, max_size=3).map(tuple)


links = some(st.builds(Link, counts, counts, counts, words))
marks = some(st.builds(Mark, counts, counts, counts, st.sampled_from(Emphasis)))
shared = (
    st.builds(Paragraph, words, counts, links, marks),
    st.builds(Heading, words, counts, links, marks),
    st.builds(Quotation, words, counts, links, marks),
    st.builds(Listing, counts, some(words), links, marks),
    st.builds(Table, words, counts, some(some(words)), st.booleans(), links, marks),
)
passages = st.one_of(*shared, st.builds(Figure, words, counts, places, st.binary(), links, marks))
stored = st.one_of(*shared, st.builds(StoredFigure, words, counts, words, links, marks, words))
articles = st.builds(
    ArticleText, words, words, words, words, words, some(places), sides, some(words), some(passages)
)
issues = st.builds(
    IssueText,
    words,
    words,
    words,
    words,
    counts,
    some(st.builds(SectionText, words, sides, some(articles))),
    some(st.builds(ParseWarning, words, counts, words)),
)


@given(issues)
def test_an_issue_comes_back_from_its_json(issue: IssueText) -> None:
    assert from_json(json.loads(json.dumps(to_json(issue))), IssueText) == issue


@given(some(stored))
def test_stored_passages_come_back_from_their_json(kept: tuple[StoredPassage, ...]) -> None:
    record = json.loads(json.dumps(to_json(kept)))
    assert from_json(record, tuple[StoredPassage, ...]) == kept


def test_passages_that_were_stored_before_there_was_emphasis_are_read() -> None:
    link = {"part": 0, "start": 0, "stop": 1, "url": "https://example.org/"}
    record = [
        {"kind": "paragraph", "text": "A", "page": 1, "links": [link]},
        {"kind": "figure", "text": "B", "page": 2, "image": "b.png", "links": []},
        {"kind": "table", "text": "", "page": 2, "rows": [["a"]], "header": False, "links": []},
    ]
    assert from_json(record, tuple[StoredPassage, ...]) == (
        Paragraph("A", 1, (Link(0, 0, 1, "https://example.org/"),)),
        StoredFigure("B", 2, "b.png"),
        Table("", 2, (("a",),), header=False),
    )


@given(issues)
def test_the_child_and_its_caller_speak_one_dialect(issue: IssueText) -> None:
    assert decoded(encoded(Answer(issue=issue))) == Answer(issue=issue)
    said = json.loads(encoded(Answer(issue=issue)))
    assert said == {"issue": json.loads(json.dumps(to_json(issue)))}


@given(st.sampled_from(ParseFailure))
def test_a_refusal_comes_back_with_its_reason(reason: ParseFailure) -> None:
    assert decoded(encoded(Answer(refused=reason))) == Answer(refused=reason)


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ({"kind": "paragraph"}, "Expected `array`, got `object`"),
        ([{"kind": "poem", "text": "", "page": 1}], "Invalid value 'poem' - at `$[0].kind`"),
        ([{"text": "", "page": 1}], "Object missing required field `kind` - at `$[0]`"),
        ([{"kind": "paragraph", "page": 1}], "required field `text` - at `$[0]`"),
        ([{"kind": "heading", "text": 5, "page": 1}], "Expected `str`, got `int` - at `$[0].text`"),
        ([{"kind": "list", "entries": "ab", "page": 1}], "got `str` - at `$[0].entries`"),
        ([{"kind": "figure", "text": "", "page": 1, "png": ""}], "field `image` - at `$[0]`"),
        (
            [{"kind": "paragraph", "text": "", "page": 1, "links": [{"part": 0}]}],
            "field `start` - at `$[0].links[0]`",
        ),
    ],
)
def test_json_that_is_no_passages_is_refused_with_its_place(record: object, complaint: str) -> None:
    with pytest.raises(InvalidContent) as refusal:
        from_json(record, tuple[StoredPassage, ...])
    assert complaint in str(refusal.value)


@pytest.mark.parametrize(
    "output",
    [
        b"",
        b"[]",
        b"\xff{}",
        b'{"refused": "bored"}',
        b'{"issue": {"title": 5}}',
        b'{"issue": {"title": "',
        b"[" * 100_000,
    ],
)
def test_output_that_is_no_answer_is_none(output: bytes) -> None:
    assert decoded(output) is None
