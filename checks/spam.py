"""SpamAssassin's local rules, and why a mail of ours hits one."""

from __future__ import annotations

import re
import shutil
import subprocess

MAX_POINTS = 0.5  # points of a mail; 5 is spam

EXPLAINED = {
    "NO_RECEIVED": "the mail did not travel: it is checked as it leaves",
    "NO_RELAYS": "the mail did not travel: it is checked as it leaves",
    "HTML_IMAGE_RATIO_06": "figures beside the text; worth nothing",
    "HTML_IMAGE_RATIO_08": "figures beside the text; worth nothing",
    "HTML_MESSAGE": "it has HTML, as it should; worth nothing",
    "WEIRD_QUOTING": "bytes of Chinese characters, taken for quotation marks; worth nothing",
    "MAILING_LIST_MULTI": "it says that it is a mailing list, by several fields; in its favour",
}


def missing() -> str:
    """Return why it cannot be asked, "" where it can."""
    return "" if shutil.which("spamassassin") else "SpamAssassin (Debian: spamassassin)"


def faults(data: bytes) -> list[str]:
    """Return what is wrong with the message: too many points, or a rule that nobody has
    explained."""
    said = subprocess.run(
        ["spamassassin", "-L", "-t"], input=data, capture_output=True, check=True
    ).stdout.decode("utf-8", "replace")
    report = said.rpartition("Content analysis details:")[2]
    points = float(re.findall(r"\((-?[\d.]+) points", report)[0])
    hits = re.findall(r"^ *(-?[\d.]+) ([A-Z0-9_]+)  ", report, re.MULTILINE)
    print(f"  SpamAssassin {points}: {', '.join(f'{name} {worth}' for worth, name in hits)}")
    for _worth, name in hits:
        print(f"    {name}: {EXPLAINED.get(name, '?')}")
    strange = [
        f"SpamAssassin: {name} is not explained" for _, name in hits if name not in EXPLAINED
    ]
    return strange + ([f"SpamAssassin: {points} points"] if points > MAX_POINTS else [])
