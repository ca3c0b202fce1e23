"""`make check-email`: the samples' mails under the eyes of others; ends with 1 for a fault.

What cannot be asked on this machine is said, and fails nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

from checks import browser, mail_html, spam
from checks.mails import Mail, mails
from digests.rendering.html_weight import MAX_HTML_BYTES

FOLDER = Path("var", "check-email")  # what was checked, to be opened in a mail program


def main() -> None:
    """Check every mail, and print what was found."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for missing in (spam.missing(), mail_html.missing(), browser.missing()):
        if missing:
            print(f"NOT CHECKED, because it is not on this machine: {missing}")
    found = [fault for mail in mails() for fault in _faults(mail)]
    print(f"{len(found)} faults")
    sys.exit(bool(found))


def _faults(mail: Mail) -> list[str]:
    print(mail.name)
    (FOLDER / f"{mail.name}.eml").write_bytes(mail.data)
    (FOLDER / f"{mail.name}.html").write_text(mail.html, encoding="utf-8")
    weight = len(mail.html.encode())
    found = [f"{weight} bytes, which Gmail cuts"] if weight > MAX_HTML_BYTES else []
    found += [] if spam.missing() else spam.faults(mail.data)
    found += [] if mail_html.missing() else mail_html.faults(mail.html)
    found += [] if browser.missing() else browser.faults(mail.html)
    for fault in found:
        print(f"  FAULT {fault}")
    return found


if __name__ == "__main__":
    main()
