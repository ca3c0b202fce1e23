"""LibreOffice converts documents to PDFs that are read, and fetches and runs nothing."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pypdfium2
import pytest

import pdf_reading
from document_reading import DocumentFailure, Format, UnreadableDocument, is_installed, to_pdf
from document_reading.libreoffice import convert, program, without_network
from pdf_reading.issue_text import ParseWarning
from pdf_reading.limits import Limits
from tests.support.documents import docx, odt, p, picture, png, r, relation, table

pytestmark = pytest.mark.skipif(
    not is_installed(), reason="LibreOffice is not installed (Debian: libreoffice-writer-nogui)"
)
TEXT = "The council will stop asking for long reports; each project ends with two pages instead."


@pytest.fixture
def requests() -> Iterator[list[str]]:
    """The requests that reach a server on this machine; the first one is its address."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(png())

        do_HEAD = do_OPTIONS = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    seen.append(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield seen
    server.shutdown()
    thread.join()
    server.server_close()


def converted(content: bytes, format_: Format, folder: Path) -> Path:
    file, pdf = folder / "document", folder / "pages.pdf"
    file.write_bytes(content)
    to_pdf(file, format_, pdf, limits=Limits())
    return pdf


def refusal(content: bytes, format_: Format, folder: Path) -> DocumentFailure:
    with pytest.raises(UnreadableDocument) as refused:
        converted(content, format_, folder)
    assert not (folder / "pages.pdf").exists()
    return refused.value.reason


def colours(pdf: Path) -> set[tuple[int, ...]]:
    document = pypdfium2.PdfDocument(pdf)
    image = document[0].render(scale=1).to_pil().convert("RGB")
    document.close()
    return {colour for _, colour in image.getcolors(1 << 24)}


def test_the_headings_of_a_document_are_those_of_its_pdf(tmp_path: Path) -> None:
    pdf = converted(
        docx(
            p("Rain", style="1"),
            *(p("Much rain", style="2"), p(TEXT), table(["City", "mm"], ["Here", "12"])),
            *(p("Little rain", style="2"), p(TEXT), p(TEXT)),
            p("Wind", style="1"),
            *(p("No wind", style="2"), p(TEXT), p(TEXT)),
        ),
        Format.DOCX,
        tmp_path,
    )
    issue = pdf_reading.parse(pdf)
    titles = [article.title for section in issue.sections for article in section.articles]
    assert titles == ["Much rain", "Little rain", "No wind"]
    assert b"/StructTreeRoot" in pdf.read_bytes()  # it is tagged
    assert issue.account.adds_up


@pytest.mark.parametrize("format_", [Format.ODT, Format.RTF, Format.DOC])
def test_other_formats_are_converted_too(tmp_path: Path, format_: Format) -> None:
    made = {
        Format.ODT: odt(f"<text:p>{TEXT}</text:p>"),
        Format.RTF: f"{{\\rtf1\\ansi {TEXT}\\par}}".encode(),
        Format.DOC: (Path(__file__).parent / "word97.doc").read_bytes(),
    }
    issue = pdf_reading.parse(converted(made[format_], format_, tmp_path))
    texts = [text for part in issue.sections[0].articles[0].passages for text in part.texts]
    assert "asking for long reports" in " ".join(texts)


RUN = "<w:r><w:{0} xml:space='preserve'>{1}</w:{0}></w:r>"
BY = "w:id='1' w:author='A' w:date='2026-11-30T08:00:00Z'"
TRACKED = {
    Format.DOCX: docx(
        p(
            f"<w:ins {BY}>{r('It rains, ')}</w:ins>",
            f"<w:del {BY}>{RUN.format('delText', 'and nobody must know why, ')}</w:del>",
            r("they say"),
            properties=f"<w:rPr><w:del {BY}/></w:rPr>",
        ),
        p(r(", and it will go on for days.")),
        f"<w:tbl><w:tr><w:trPr><w:del {BY}/></w:trPr><w:tc>{p('Secret row')}</w:tc></w:tr></w:tbl>",
    ),
    Format.ODT: odt(
        "<text:tracked-changes><text:changed-region text:id='c1'><text:deletion>"
        "<office:change-info/><text:p>and nobody must know why, </text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:p>It rains, <text:change text:change-id='c1'/>they say, and it will go on for days."
        "</text:p>"
    ),
    Format.RTF: rb"{\rtf1\ansi{\*\revtbl{Unknown;}{A;}}It rains, {\deleted\revauthdel1 and nobody "
    rb"must know why, }they say, and it will go on for days.\par}",
}


@pytest.mark.parametrize("format_", TRACKED)
def test_what_was_struck_out_is_not_in_the_pages(tmp_path: Path, format_: Format) -> None:
    """LibreOffice prints it with a line through it."""
    issue = pdf_reading.parse(converted(TRACKED[format_], format_, tmp_path))
    texts = [text for one in issue.sections[0].articles[0].passages for text in one.texts]
    assert texts == ["It rains, they say, and it will go on for days."]


@pytest.mark.parametrize("isolated", [True, False])
def test_what_a_document_links_to_is_not_fetched(
    tmp_path: Path, requests: list[str], monkeypatch: pytest.MonkeyPatch, isolated: bool
) -> None:
    """Neither from the web nor from this machine, also where the network cannot be taken away."""
    (tmp_path / "secret.png").write_bytes(png(colour="blue"))
    here, web = (tmp_path / "secret.png").as_uri(), f"{requests[0]}/picture.png"
    linked = docx(
        p(TEXT),
        *(p(picture(name, linked=True)) for name in ("web", "file")),
        relations=[
            relation("image", web, name="web", external=True),
            relation("image", here, name="file", external=True),
        ],
    )
    frame = (
        '<draw:frame svg:width="2cm" svg:height="2cm" text:anchor-type="as-char">'
        '<draw:image xlink:href="{}"/></draw:frame>'
    )
    open_document = odt(f"<text:p>x{frame.format(web)}{frame.format(here)}</text:p>")
    for content, format_ in ((linked, Format.DOCX), (open_document, Format.ODT)):
        if isolated:
            pdf = converted(content, format_, tmp_path)
        else:
            folder = tmp_path / format_.suffix
            folder.mkdir()
            (folder / "source").write_bytes(content)
            soffice = program()
            assert soffice
            pdf = convert(folder / "source", format_, folder=folder, soffice=soffice)
        assert not colours(pdf) & {(255, 0, 0), (0, 0, 255)}
    assert requests[1:] == []


def test_a_picture_of_the_document_itself_is_shown(tmp_path: Path) -> None:
    pdf = converted(
        docx(
            p(TEXT),
            p(picture("red")),
            relations=[relation("image", "media/red.png", name="red")],
            more={"word/media/red.png": png()},
        ),
        Format.DOCX,
        tmp_path,
    )
    assert (255, 0, 0) in colours(pdf)


def test_macros_are_left_out_with_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "document"
    file.write_bytes(docx(p(TEXT), more={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}))
    warnings = to_pdf(file, Format.DOCX, tmp_path / "pages.pdf", limits=Limits())
    assert warnings == (ParseWarning("macros_left_out", 0),)


def test_what_libreoffice_cannot_open_is_refused(tmp_path: Path) -> None:
    damaged = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") * 200
    assert refusal(damaged, Format.DOC, tmp_path) == DocumentFailure.NOT_OPENED


def test_a_package_is_looked_at_before_libreoffice_opens_it(tmp_path: Path) -> None:
    bomb = docx(p(TEXT), more={"word/media/zeros.bin": bytes(300 << 20)})
    assert refusal(bomb, Format.DOCX, tmp_path) == DocumentFailure.TOO_LARGE_INSIDE


def test_a_conversion_that_takes_too_long_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file = tmp_path / "document"
    file.write_bytes(docx(*(p(TEXT * 20) for _ in range(20_000))))
    with pytest.raises(UnreadableDocument) as refused:
        to_pdf(file, Format.DOCX, tmp_path / "pages.pdf", limits=Limits(wall_seconds=3))
    assert refused.value.reason == DocumentFailure.TOO_COSTLY
    left = [
        process
        for process in Path("/proc").glob("[0-9]*/cmdline")
        if str(tmp_path).encode() in io_of(process)
    ]
    assert left == []


def io_of(process: Path) -> bytes:
    try:
        return process.read_bytes()
    except OSError:
        return b""


def test_where_the_system_allows_it_there_is_no_network(requests: list[str]) -> None:
    """What runs behind the command reaches nobody, not even this machine."""
    if not without_network():
        pytest.skip("this system takes the network away from nobody")
    asks = f"import urllib.request; urllib.request.urlopen({requests[0]!r})"
    done = subprocess.run(
        [*without_network(), sys.executable, "-c", asks], capture_output=True, check=False
    )
    assert done.returncode != 0
    assert requests[1:] == []
