"""The only sentence of an article is its text, and not its subtitle."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdf_reading import Limits
from pdf_reading.issue_text import ArticleText, Heading, Paragraph
from pdf_reading.pipeline import read
from tests.pdf_reading.nasty import HEAD, TEXT, plain, stream
from tests.pdf_reading.printed import printed

FIRSTS = (
    "沿湖三县恢复得最快（98.2%），山区两县最慢。",
    "城区的夜间消费恢复得最好，北部三镇还差一半。",
    "码头一带的客运升幅在三个百分点以内，旧城最低。",
)
NOTE = (
    "供水站的新水表每十五分钟上传一次流量，夜间最小流量高于设定值时提醒管护员查漏，"
    "全程不需人工抄表。"
)
LONG = NOTE.replace("，全程", "，漏点在田埂下面也能当天找到，管护员带着听漏棒去核对，全程")
CSS = """
body { font: 9pt/1.4 'Noto Serif CJK SC', serif; margin: 0 } p { margin: 0 0 4pt }
h2 { font-size: 15pt } h3 { font-size: 14pt; margin: 8pt 0 3pt }
.lead { font-size: 14pt; text-indent: 2em } .picture { height: 60pt }
"""


def articles_of(html: str, folder: Path) -> list[ArticleText]:
    front = "<h1>湖区统计周报</h1><p style='break-after:page'>2026年第9期</p>"
    issue = read(printed(front + html, folder / "issue.pdf", css=CSS), limits=Limits())
    return [article for section in issue.sections for article in section.articles]


def articles(*below: str) -> str:
    heads = ("商户恢复情况", "夜间消费恢复情况", "水上客运恢复情况")
    return "<h2>服务业恢复情况</h2>" + "".join(
        f"<h3>1.{n} {head}</h3><p class=lead>{first}</p><div class=picture></div>{text}"
        for n, (head, first, text) in enumerate(zip(heads, FIRSTS, below, strict=True), start=1)
    )


def test_a_sentence_in_the_type_of_headlines_is_text(tmp_path: Path) -> None:
    notes = f"<p>{NOTE}</p>" * 3 + f"<p>{LONG}</p>" + f"<p>{NOTE}</p>" * 3
    found = articles_of(articles("", "", notes), tmp_path)
    assert [article.subtitle for article in found] == ["", "", ""]
    assert [article.passages[0] for article in found] == [Paragraph(one, 2) for one in FIRSTS]


def test_paragraphs_of_one_line_with_space_between_them_are_paragraphs(tmp_path: Path) -> None:
    notes = f"<p>{NOTE}</p>" * 3 + f"<p>{LONG}</p>" + f"<p>{NOTE}</p>" * 3
    *_, last = articles_of(articles("", "", notes), tmp_path)
    texts = [one.text for one in last.passages if isinstance(one, Paragraph)]
    assert texts == [FIRSTS[2], NOTE, NOTE, NOTE, LONG, NOTE, NOTE, NOTE]


@pytest.mark.parametrize(
    ("below", "subtitle"),
    [("", ""), ("<p>" + "The gauge was read each morning of the winter. " * 4 + "</p>", "kept")],
    ids=["alone", "above a text"],
)
def test_an_english_sentence_is_a_subtitle_above_a_text_alone(
    below: str, subtitle: str, tmp_path: Path
) -> None:
    deck = "The mill is open again from May."
    story = "<p>" + "Boats were counted at the weir by two pupils. " * 5 + "</p>"
    html = (
        f"<h3>The mill opens</h3><h4>{deck}</h4>{below}<h3>Boats</h3>{story}<h3>Bread</h3>{story}"
    )
    css = "body { font: 11pt/1.5 'DejaVu Serif' } h3 { font-size: 18pt } h4 { font-size: 13pt }"
    issue = read(
        printed(f"<h1>The Weir Post</h1><p>No. 7</p>{html}", tmp_path / "issue.pdf", css=css),
        limits=Limits(),
    )
    first = issue.sections[0].articles[0]
    assert first.subtitle == (deck if subtitle else "")
    assert not any(isinstance(one, Heading) for one in first.passages)
    assert isinstance(first.passages[0], Paragraph)


def test_a_raised_initial_makes_no_subtitle_of_the_first_line(tmp_path: Path) -> None:
    raised = TEXT.replace(
        b"/F1 11 Tf 72 700 Td (Line", b"/F1 16 Tf 72 700 Td (L) Tj /F1 11 Tf (ine"
    )
    pdf = tmp_path / "issue.pdf"
    pdf.write_bytes(plain(content=stream(HEAD + raised)))
    [article] = read(pdf, limits=Limits()).sections[0].articles
    assert article.subtitle == ""
    assert article.passages[0].texts[0].startswith("Line 0 of an article")
