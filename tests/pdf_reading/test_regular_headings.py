"""How many lines like headlines, in the type of the text, are headlines."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pdf_reading.layout.lines import Line
from pdf_reading.layout.paragraph_style import ParagraphStyle
from pdf_reading.structure.contents import Contents
from pdf_reading.structure.regular import with_plain
from tests.pdf_reading.test_thresholds import BODY, LEFT, RIGHT, SIZE, entry, line

STYLE = ParagraphStyle(indents=True, justified=True, leading=1.4)
HEADS = ("供水站换上新水表", "农业大学签约", "科学站走遍三十六岛")
UNCOUNTED = ("二、换水表", "五、学校签约", "四、走遍各岛", "九、旧渡口", "七、雁子来了")


def found(heads: Sequence[str], *, apart: bool = False, listed: Sequence[str] = ()) -> list[str]:
    """Those of `heads` that are read as headlines, each above an indented paragraph; with more
    space above where they stand `apart`."""
    lines: list[Line] = [line("湖区的水位上周没有变化。", x1=RIGHT - 80, y=100)]
    for head in heads:
        y = lines[-1].baseline + (2.0 if apart else 1.4) * SIZE
        lines += [
            line(head, x1=RIGHT - 100, y=y),
            line("沿湖三县的供水站今夏完成了计量改造新", x0=LEFT + 2 * SIZE, y=y + 14),
            line("水表每天上传流量。", x1=RIGHT - 80, y=y + 28),
        ]
    contents = Contents(tuple(entry(title) for title in listed))
    heads_found = with_plain(lines, [], body=BODY, paragraph_style=STYLE, contents=contents)
    return [head.text for head in heads_found]


@pytest.mark.parametrize(
    ("number", "apart", "read"), [(3, False, 3), (2, False, 0), (2, True, 2), (1, True, 0)]
)
def test_three_of_a_style_are_headlines_and_two_where_both_stand_apart(
    number: int, apart: bool, read: int
) -> None:
    assert found(HEADS[:number], apart=apart) == [*HEADS[:read]]


@pytest.mark.parametrize(("listed", "read"), [(3, 5), (2, 0)])
def test_a_style_is_one_of_headlines_where_the_contents_list_more_than_two_fifths(
    listed: int, read: int
) -> None:
    """Their numbers do not count on, which else speaks against them."""
    assert found(UNCOUNTED, listed=UNCOUNTED[:listed]) == [*UNCOUNTED[:read]]
