"""An issue that is read again keeps what was done to it, where the words are still there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from issues.editing import acts
from issues.editing.applying import applied
from issues.editing.document import Block, Draft, Gone
from issues.editing.refusals import ActRefused
from issues.editing.rereading import Step, aligned, replayed
from pdf_reading.issue_text import Heading, Paragraph, StoredFigure
from tests.issues.drafts import a_document, article, block
from tests.issues.test_acts import an_act, titles


def read_again(draft: Draft) -> Draft:
    """The same words as a new reading has them: under other keys and handles."""
    numbers = iter(range(1, 1000))
    return replace(
        draft,
        sections=tuple(
            replace(
                section,
                key=-next(numbers),
                articles=tuple(
                    replace(
                        one,
                        key=-next(numbers),
                        blocks=tuple(
                            Block(f"n{next(numbers)}", block.passage) for block in one.blocks
                        ),
                    )
                    for one in section.articles
                ),
            )
            for section in draft.sections
        ),
        remnants=tuple(replace(one, key=-next(numbers)) for one in draft.remnants),
    )


def steps_of(base: Draft, *done: acts.Act) -> list[Step]:
    steps = []
    for act in done:
        after = applied(base, act)
        steps.append(Step(act, base, after))
        base = after
    return steps


@given(st.data())
def test_the_same_words_read_again_give_the_same_draft(data: st.DataObject) -> None:
    base = draft = a_document()
    steps = []
    for _ in range(data.draw(st.integers(0, 8))):
        act = an_act(draft, data)
        try:
            after = applied(draft, act)
        except (Gone, ActRefused):
            continue
        steps.append(Step(act, draft, after))
        draft = after
    again = replayed(steps, aligned(read_again(base), base))
    assert again.lost == ()
    assert replace(again.draft, version=0) == replace(draft, version=0)


def test_a_better_reading_keeps_what_was_corrected_by_hand() -> None:
    base = a_document()
    steps = steps_of(
        base,
        acts.EditBlock("a1", (Paragraph("The gauge stands at the mill.", 1),)),
        acts.BeginArticle("a5"),
        acts.EditArticle(12, title="At last a headline"),
        acts.DropBlock("c2"),
    )
    # The new reading finds the headline at the bench, and a section more.
    fresh = applied(read_again(base), acts.BeginArticle("n4"))
    fresh = applied(fresh, acts.DivideSection(fresh.sections[1].articles[0].key, "Races"))
    again = replayed(steps, aligned(fresh, base))
    assert again.lost == ()
    assert titles(again.draft) == [
        (
            "News",
            ["Pupils read the gauge", "A bench at the weir", "The mill", "At last a headline"],
        ),
        ("Sport", []),
        ("Races", ["A race"]),
    ]
    (first, *_rest) = again.draft.articles
    assert first.blocks[0].passage == Paragraph("The gauge stands at the mill.", 1)
    assert [one.thing for one in again.draft.bin] == [block("c2", Heading("The end", 3))]


def test_what_is_about_words_that_are_gone_is_named() -> None:
    base = a_document()
    act = acts.EditBlock("c1", (Paragraph("They walked.", 1),))
    fresh = read_again(base)
    races = replace(fresh.sections[1], articles=(article(-90, "A race", block("n99", "New.")),))
    fresh = replace(fresh, sections=(fresh.sections[0], races))
    again = replayed(steps_of(base, act), aligned(fresh, base))
    assert again.lost == (act,)
    assert titles(again.draft)[1] == ("Sport", ["A race"])


def test_what_cannot_be_done_on_the_new_reading_is_named() -> None:
    base = a_document()
    fresh = read_again(base)
    first = fresh.sections[0].articles[0]
    cloud = block("n99", StoredFigure("A cloud", 1, "cloud.png"))
    parted = replace(first, blocks=(first.blocks[0], cloud, *first.blocks[1:]))
    news = replace(fresh.sections[0], articles=(parted, *fresh.sections[0].articles[1:]))
    fresh = replace(fresh, sections=(news, *fresh.sections[1:]))
    join = acts.Join("a2")  # now there is a picture between the two
    assert replayed(steps_of(base, join), aligned(fresh, base)).lost == (join,)


def test_what_the_new_reading_has_by_itself_is_no_loss() -> None:
    base = a_document()
    fresh = applied(read_again(base), acts.EditArticle(-10, title="Found"))
    steps = steps_of(base, acts.EditArticle(12, title="Found"))
    again = replayed(steps, aligned(fresh, base))
    assert again.lost == ()


def test_an_article_that_an_act_made_is_found_again_by_later_acts() -> None:
    base = a_document()
    made = applied(base, acts.BeginArticle("a2"))
    new = next(one for one in made.articles if one.title == "A bench at the weir")
    stored = replace(  # the table gives it another number
        made,
        sections=tuple(
            replace(
                one,
                articles=tuple(
                    replace(of, key=77) if of.key == new.key else of for of in one.articles
                ),
            )
            for one in made.sections
        ),
    )
    edit = acts.EditArticle(77, source="The mill")
    steps = [
        Step(acts.BeginArticle("a2"), base, stored),
        Step(edit, stored, applied(stored, edit)),
    ]
    again = replayed(steps, aligned(read_again(base), base))
    assert again.lost == ()
    assert [one.source for one in again.draft.articles][1] == "The mill"
