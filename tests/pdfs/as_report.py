"""A manuscript set by ReportLab, as programs print their reports: no tags, any outline."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

WQY = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"
UMING = "/usr/share/fonts/truetype/arphic/uming.ttc"


class Mark(Flowable):
    """An entry of the outline, here or, by mistake, one page further on."""

    def __init__(self, words: str, level: int) -> None:
        super().__init__()
        self.words, self.level = words, level

    def wrap(self, *_size: float) -> tuple[float, float]:
        return 0, 0

    def draw(self) -> None:
        key = f"{id(self)}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(self.words, key, self.level)


def set_pdf(
    issue: dict[str, Any],
    pdf: Path,
    *,
    columns: int,
    outline: bool,
    key: Any = None,
    astray: str = "",
) -> None:
    """`outline` breaks long headlines in two entries and forgets every third; it leads to the
    first page for a headline that goes `astray`."""
    chinese = issue["language"].startswith("zh")
    if chinese:
        pdfmetrics.registerFont(TTFont("Song", UMING, subfontIndex=0))
        pdfmetrics.registerFont(TTFont("Hei", WQY, subfontIndex=0))
    body, bold = ("Song", "Hei") if chinese else ("Times-Roman", "Times-Bold")
    style = _styles(body, bold, wrap="CJK" if chinese else None)
    story: list[Flowable] = [
        Paragraph(issue["title"], style["title"]),
        Paragraph(
            f"{issue['number']} | {issue['printed_date']} | {issue['publisher']}", style["plain"]
        ),
        Spacer(0, 6 * mm),
    ]
    if astray:
        story.append(Mark(astray, 0))
    count = 0
    for section in issue["sections"]:
        story.append(Paragraph(section["title"], style["section"]))
        if outline:
            story.append(Mark(section["title"], 0))
        for article in section["articles"]:
            count += 1
            if outline and count % 3:
                story += [Mark(part, 1) for part in article["title_lines"]]
            story += _article(article, style)
    width = (A4[0] - 40 * mm - (columns - 1) * 8 * mm) / columns
    frames = [
        Frame(20 * mm + n * (width + 8 * mm), 20 * mm, width, A4[1] - 40 * mm, 0, 0, 0, 0)
        for n in range(columns)
    ]
    document = BaseDocTemplate(
        str(pdf), pagesize=A4, title=issue["title"], invariant=1, encrypt=key
    )
    document.addPageTemplates(PageTemplate(frames=frames, onPage=_folio))
    document.build(story)


def _folio(canvas: Any, _document: Any) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawCentredString(A4[0] / 2, 10 * mm, f"- {canvas.getPageNumber()} -")


def _styles(body: str, bold: str, *, wrap: str | None) -> dict[str, ParagraphStyle]:
    def style(name: str, font: str, size: float, **more: Any) -> ParagraphStyle:
        return ParagraphStyle(
            name, fontName=font, fontSize=size, leading=1.4 * size, wordWrap=wrap, **more
        )

    indent = 2 * 10.5 if wrap else 0
    gap = 0 if wrap else 5
    return {
        "title": style("title", bold, 24, spaceAfter=4),
        "plain": style("plain", body, 10.5, spaceAfter=gap),
        "section": style("section", bold, 16, spaceBefore=10, spaceAfter=4, keepWithNext=1),
        "headline": style("headline", bold, 12, spaceBefore=8, spaceAfter=3, keepWithNext=1),
        "heading": style("heading", bold, 10.5, spaceBefore=4, keepWithNext=1),
        "body": style("body", body, 10.5, firstLineIndent=indent, spaceAfter=gap, alignment=TA_JUSTIFY),
        "entry": style("entry", body, 10.5, leftIndent=18, firstLineIndent=-12, spaceAfter=2),
    }  # fmt: skip


def _article(article: dict[str, Any], style: dict[str, ParagraphStyle]) -> list[Flowable]:
    story: list[Flowable] = [Paragraph("<br/>".join(article["title_lines"]), style["headline"])]
    if article["subtitle"]:
        story.append(Paragraph(article["subtitle"], style["plain"]))
    story += [Paragraph(line, style["plain"]) for line in article["credits"]]
    for passage in article["passages"]:
        match passage["kind"]:
            case "heading":
                story.append(Paragraph(passage["text"], style["heading"]))
            case "list":
                story += [Paragraph(entry, style["entry"]) for entry in passage["entries"]]
            case "table":
                story += _table(passage, style)
            case "paragraph":
                story.append(Paragraph("".join(map(_span, passage["spans"])), style["body"]))
    return [*story, Paragraph(article["source_line"], style["plain"])]


def _span(span: dict[str, str]) -> str:
    text = escape(span["text"])
    return f'<a href="{span["url"]}" color="blue">{text}</a>' if "url" in span else text


def _table(passage: dict[str, Any], style: dict[str, ParagraphStyle]) -> list[Flowable]:
    font = style["body"].fontName
    looks = [("FONT", (0, 0), (-1, -1), font, 9), ("LINEABOVE", (0, 0), (-1, 0), 1, "black")]
    looks += [("LINEBELOW", (0, row), (-1, row), 1, "black") for row in (0, -1)]
    rows = Table(passage["rows"], style=looks, hAlign="LEFT")
    caption = Paragraph(passage["caption"], style["plain"])
    return [KeepTogether([Spacer(0, 6), rows, caption, Spacer(0, 6)])]
