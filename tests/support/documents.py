"""Documents of word processors for tests: small packages, made entry by entry."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NAMES = " ".join(
    f'xmlns:{prefix}="{url}"'
    for prefix, url in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": OFFICE,
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    }.items()
)
XML = '<?xml version="1.0" encoding="UTF-8"?>'


def docx(
    *body: str,
    styles: str = "",
    relations: Iterable[str] = (),
    more: Mapping[str, bytes] | None = None,
    main: str = "document.main",
) -> bytes:
    """A DOCX of these paragraphs and tables."""
    relations = [relation("styles", "styles.xml", name="styles"), *relations]
    relations.append(relation("numbering", "numbering.xml", name="numbering"))
    return package(
        {
            "[Content_Types].xml": f'{XML}<Types xmlns="{PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="{PACKAGE}/relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="png" ContentType="image/png"/>'
            f'<Override PartName="/word/document.xml" ContentType="{WORD}.{main}+xml"/>'
            f'<Override PartName="/word/styles.xml" ContentType="{WORD}.styles+xml"/>'
            f'<Override PartName="/word/numbering.xml" ContentType="{WORD}.numbering+xml"/>'
            "</Types>",
            "_rels/.rels": _relations([relation("officeDocument", "word/document.xml")]),
            "word/_rels/document.xml.rels": _relations(relations),
            "word/document.xml": f"{XML}<w:document {NAMES}><w:body>{''.join(body)}"
            "</w:body></w:document>",
            "word/styles.xml": f"{XML}<w:styles {NAMES}>{HEADINGS}{styles}</w:styles>",
            "word/numbering.xml": f"{XML}<w:numbering {NAMES}>{NUMBERING}</w:numbering>",
            **(more or {}),
        }
    )


def package(entries: Mapping[str, str | bytes]) -> bytes:
    """A ZIP file of these entries."""
    whole = io.BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return whole.getvalue()


def p(*runs: str, style: str = "", properties: str = "") -> str:
    """A paragraph; what is no run is text."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{inner}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def style(key: str, name: str, *, based_on: str = "") -> str:
    """A style of paragraphs."""
    base = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    opening = f'<w:style w:type="paragraph" w:styleId="{key}">'
    return f'{opening}<w:name w:val="{name}"/>{base}</w:style>'


def item(text: str, *, numbered: bool = False) -> str:
    """An entry of a list."""
    number = 2 if numbered else 1
    return p(text, properties=f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')


def link(text: str, name: str) -> str:
    """Words that lead to the relation of that name."""
    return f'<w:hyperlink r:id="{name}">{r(text)}</w:hyperlink>'


def table(*rows: Iterable[str]) -> str:
    """A table."""
    cells = ("".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def picture(name: str, *, linked: bool = False) -> str:
    """A run with a picture, which is the relation of that name."""
    how = "link" if linked else "embed"
    size = '"600000" cy="600000"'
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx={size}/><wp:docPr id="1" name="x"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        '<pic:nvPicPr><pic:cNvPr id="1" name="x"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip r:{how}="{name}"/></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx={size}/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def relation(kind: str, target: str, *, name: str = "main", external: bool = False) -> str:
    """A relation to another part, or to an address."""
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target={quoteattr(target)}{mode}/>'


def png(width: int = 40, height: int = 40, colour: str = "red") -> bytes:
    """A picture."""
    output = io.BytesIO()
    Image.new("1" if colour == "white" else "RGB", (width, height), colour).save(output, "PNG")
    return output.getvalue()


def odt(content: str, *, manifest: str = "") -> bytes:
    """An ODT of these paragraphs, in XML."""
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in {
            "office": "office",
            "text": "text",
            "draw": "drawing",
            "svg": "svg-compatible",
        }.items()
    )
    kind = "application/vnd.oasis.opendocument.text"
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}">{}'
    end = "</manifest:file-entry>"
    whole = io.BytesIO()
    with ZipFile(whole, "w") as file:
        file.writestr("mimetype", kind)
        file.writestr(
            "META-INF/manifest.xml",
            f"{XML}<manifest:manifest "
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
            f'manifest:version="1.2">{entry.format("/", kind, "")}{end}'
            f"{entry.format('content.xml', 'text/xml', manifest)}{end}</manifest:manifest>",
        )
        file.writestr(
            "content.xml",
            f'{XML}<office:document-content {names} xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'office:version="1.2"><office:body><office:text>{content}</office:text></office:body>'
            "</office:document-content>",
        )
    return whole.getvalue()


def _relations(relations: Iterable[str]) -> str:
    return (
        f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{"".join(relations)}</Relationships>'
    )


HEADINGS = "".join(
    f'<w:style w:type="paragraph" w:styleId="{number}"><w:name w:val="heading {number}"/><w:pPr>'
    f'<w:outlineLvl w:val="{number - 1}"/></w:pPr><w:rPr><w:b/><w:sz w:val="{48 - 8 * number}"/>'
    "</w:rPr></w:style>"
    for number in range(1, 4)
)
NUMBERING = "".join(
    f'<w:abstractNum w:abstractNumId="{number}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    f'<w:numFmt w:val="{kind}"/><w:lvlText w:val="{mark}"/></w:lvl></w:abstractNum>'
    for number, kind, mark in ((1, "bullet", "•"), (2, "decimal", "%1."))
) + "".join(
    f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>' for number in (1, 2)
)
