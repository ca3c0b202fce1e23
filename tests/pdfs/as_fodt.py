"""A manuscript as a flat OpenDocument text, as a word processor would hold it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{rest}:1.0"'
    for name, rest in {
        "office": "office", "style": "style", "text": "text", "table": "table",
        "fo": "xsl-fo-compatible", "draw": "drawing", "svg": "svg-compatible",
    }.items()
)  # fmt: skip
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


@dataclass(frozen=True, slots=True)
class Look:
    """Fonts and sizes (points). `outlined`: headings are headings, not just paragraphs."""

    body: str
    section: str
    headline: str
    heading: str
    size: float
    section_size: float
    headline_size: float
    outlined: bool = True
    indent: str = "0cm"
    gap: str = "0.25cm"
    bold: str = "bold"
    align: str = "justify"


def document(issue: dict[str, Any], look: Look) -> str:
    """The whole issue: a masthead, then its sections, a folio in the foot."""
    parts = [
        _p("Title", issue["title"]),
        _p("Facts", f"{issue['number']}　　{issue['printed_date']}"),
        _p("Facts", issue["publisher"]),
    ]
    for section in issue["sections"]:
        parts.append(_head(1, section["title"], outlined=look.outlined))
        for article in section["articles"]:
            parts += _article(article, look)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {SPACES} {XLINK} '
        'office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">'
        f"{_styles(issue, look)}<office:body><office:text>{''.join(parts)}"
        "</office:text></office:body></office:document>"
    )


def _article(article: dict[str, Any], look: Look) -> list[str]:
    parts = [_head(2, article["title"], outlined=look.outlined)]
    if article["subtitle"]:
        parts.append(_p("Subtitle", article["subtitle"]))
    parts += [_p("Credit", line) for line in article["credits"]]
    for passage in article["passages"]:
        match passage["kind"]:
            case "heading":
                parts.append(_head(3, passage["text"], outlined=look.outlined))
            case "list":
                parts += [_p("Entry", entry) for entry in passage["entries"]]
            case "table":
                parts += [_p("Caption", passage["caption"]), _table(passage["rows"])]
            case "paragraph":
                parts.append(_p("Body", "".join(map(_span, passage["spans"])), ready=True))
    return [*parts, _p("Credit", article["source_line"])]


def _span(span: dict[str, str]) -> str:
    text = escape(span["text"])
    return (
        f'<text:a xlink:type="simple" xlink:href="{span["url"]}">{text}</text:a>'
        if "url" in span
        else text
    )


def _p(style: str, text: str, *, ready: bool = False) -> str:
    return f'<text:p text:style-name="{style}">{text if ready else escape(text)}</text:p>'


def _head(level: int, text: str, *, outlined: bool) -> str:
    if not outlined:
        return _p(f"Head{level}", text)
    return f'<text:h text:style-name="Head{level}" text:outline-level="{level}">{escape(text)}</text:h>'


def _table(rows: list[list[str]]) -> str:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell table:style-name="Cell">{_p("CellText", cell)}</table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    columns = f'<table:table-column table:number-columns-repeated="{len(rows[0])}"/>'
    return f'<table:table table:name="T">{columns}{cells}</table:table>'


def _style(name: str, font: str, size: float, *, paragraph: str = "", text: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:family="paragraph">'
        f"<style:paragraph-properties {paragraph}/>"
        f'<style:text-properties style:font-name="{font}" style:font-name-asian="{font}" '
        f'fo:font-size="{size}pt" style:font-size-asian="{size}pt" {text}/></style:style>'
    )


def _styles(issue: dict[str, Any], look: Look) -> str:
    fonts = {look.body, look.section, look.headline, look.heading}
    faces = "".join(f'<style:font-face style:name="{f}" svg:font-family="{f}"/>' for f in fonts)
    weight = f'fo:font-weight="{look.bold}" style:font-weight-asian="{look.bold}"'
    above = 'fo:margin-top="0.5cm" fo:margin-bottom="0.2cm" fo:keep-with-next="always"'
    gap = f'fo:margin-bottom="{look.gap}" fo:text-align="{look.align}"'
    indented = f'{gap} fo:text-indent="{look.indent}"'
    styles = [
        _style("Title", look.section, 2.2 * look.size, paragraph='fo:text-align="center"', text=weight),
        _style("Facts", look.body, look.size, paragraph='fo:text-align="center" fo:margin-bottom="0.3cm"'),
        _style("Head1", look.section, look.section_size, paragraph=above, text=weight),
        _style("Head2", look.headline, look.headline_size, paragraph=above, text=weight),
        _style("Head3", look.heading, look.size, paragraph=above, text=weight),
        _style("Subtitle", look.headline, look.size, paragraph=gap),
        _style("Body", look.body, look.size, paragraph=indented),
        _style("Credit", look.body, look.size, paragraph=gap, text='fo:font-style="italic"'),
        _style("Entry", look.body, look.size, paragraph=f'{gap} fo:margin-left="0.8cm" fo:text-indent="-0.5cm"'),
        _style("Caption", look.body, 0.85 * look.size, paragraph='fo:margin-top="0.3cm"'),
        _style("CellText", look.body, 0.9 * look.size),
        _style("Foot", look.body, 0.8 * look.size, paragraph='fo:text-align="center"'),
    ]  # fmt: skip
    cell = (
        '<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties '
        'fo:border="0.5pt solid #000000" fo:padding="0.1cm"/></style:style>'
    )
    page = (
        '<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" '
        'fo:page-height="29.7cm" fo:margin-top="2.5cm" fo:margin-bottom="2cm" '
        'fo:margin-left="2.6cm" fo:margin-right="2.6cm"/><style:footer-style/></style:page-layout>'
    )
    foot = '<style:footer><text:p text:style-name="Foot">– <text:page-number/> –</text:p></style:footer>'
    return (
        f"<office:font-face-decls>{faces}</office:font-face-decls>"
        f"<office:styles>{''.join(styles)}</office:styles>"
        f"<office:automatic-styles>{cell}{page}</office:automatic-styles>"
        '<office:master-styles><style:master-page style:name="Standard" '
        f'style:page-layout-name="A4">{foot}</style:master-page></office:master-styles>'
    )
