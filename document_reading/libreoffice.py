"""LibreOffice as a converter: a document to a tagged PDF, whose pages look as the document does,
or to a DOCX.

Each conversion has a profile of its own, which is thrown away. In it macros never run, and nothing
that a document links to is fetched: neither pictures and texts of the web, nor files of this
machine, which would stand in the PDF for everybody to read. Where the system allows it, there is no
network at all.
"""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from document_reading.failures import DocumentFailure, UnreadableDocument
from document_reading.formats import Format

PACKAGE = "libreoffice-writer-nogui"  # Debian's
NOWHERE = "http://127.0.0.1:9"  # the port at which everything is discarded, and nobody listens
COMMON, SCRIPTING = "/org.openoffice.Office.Common", "Security/Scripting"
EXPORT_FILTERS = {".pdf": "pdf:writer_pdf_Export", ".docx": "docx:MS Word 2007 XML"}
SETTINGS = (
    (f"{COMMON}/{SCRIPTING}", "MacroSecurityLevel", "3"),  # very high
    (f"{COMMON}/{SCRIPTING}", "DisableMacrosExecution", "true"),
    (f"{COMMON}/{SCRIPTING}", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),  # never
    (f"{COMMON}/Filter/PDF/Export", "UseTaggedPDF", "true"),
    (f"{COMMON}/Filter/PDF/Export", "ExportBookmarks", "true"),
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def program() -> str | None:
    """Return the path of LibreOffice; None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def is_installed() -> bool:
    """Return whether documents can be converted on this machine."""
    return program() is not None


@cache
def without_network() -> tuple[str, ...]:
    """Return the command that runs another one without a network; none where this system does not
    let us, as in most containers."""
    for options in (("--net", "--map-current-user"), ("--net",)):
        command = ("unshare", *options, "--")
        try:
            done = subprocess.run([*command, "true"], capture_output=True, check=False, timeout=10)
        except (OSError, subprocess.TimeoutExpired):
            return ()
        if done.returncode == 0:
            return command
    return ()


def convert(
    source: Path, format_: Format, *, folder: Path, soffice: str, into: str = ".pdf"
) -> Path:
    """Convert a document within the limits of this process; `folder` is empty and thrown away by
    the caller. Raises UnreadableDocument."""
    document = folder / f"source.{format_.suffix}"
    document.symlink_to(source)
    _write_profile(folder / "profile" / "user")
    done = subprocess.run(
        [
            soffice,
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            "--nologo",
            "--nofirststartwizard",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            f"--infilter={format_.import_filter}",
            "--convert-to",
            EXPORT_FILTERS[into],
            "--outdir",
            str(folder),
            str(document),
        ],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,  # it ends with 0 also where it could not open the file
    )
    made = document.with_suffix(into)
    if made.is_file():
        return made
    # Its starter answers for it: what a signal ended is 128 and the number of the signal.
    ended = done.returncode < 0 or done.returncode > 128
    failure = DocumentFailure.TOO_COSTLY if ended else DocumentFailure.NOT_OPENED
    raise UnreadableDocument(failure)


def _environment(folder: Path) -> dict[str, str]:
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), NOWHERE)
    return {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        **proxies,
    }


def _write_profile(user: Path) -> None:
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{escape(path)}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in SETTINGS
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>"
    )
