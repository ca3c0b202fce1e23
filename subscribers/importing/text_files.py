"""The encoding and the separator of a text file with columns."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from pathlib import Path

from charset_normalizer import from_bytes

from document_reading.encodings import LIKELY, MARKS
from subscribers.importing.values import FileFailure, UnreadableFile

PIECE = 1 << 20
SAMPLE = 64 << 10  # bytes, from the first that is not ASCII, by which an encoding is told
SEPARATORS = (",", ";", "\t", "|", "，", "；")
SAMPLE_LINES = 50

_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def encoding_of(path: Path) -> str:
    """Return the encoding of a file: by its mark; UTF-8 or UTF-16 where all of it can be that;
    else by the bytes that are not ASCII. Raises UnreadableFile."""
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, encoding in MARKS.items():
        if start.startswith(mark):
            return _checked(path, encoding)
    if utf_16 := _utf_16(start):
        return _checked(path, utf_16)
    if _decodes(path, "utf-8"):
        return "utf-8"
    sample = _sample(path)
    guess = None if _looks_like_gbk(sample) else from_bytes(sample, cp_isolation=LIKELY).best()
    for encoding in (guess.encoding if guess else "gb18030", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise UnreadableFile(FileFailure.UNKNOWN_ENCODING)


def separator_of(start: str) -> str:
    """Return what stands between the columns of a text that begins with `start`: whatever stands
    in most lines, and as often in each. In few lines it stands between two addresses."""
    lines = [_QUOTED.sub("x", line) for line in start.splitlines()[:SAMPLE_LINES]]
    lines = [line for line in lines if line.strip()]
    best, most = ",", (len(lines) // 2, 0)
    for separator in SEPARATORS:
        counts = Counter(line.count(separator) for line in lines)
        counts.pop(0, None)
        score = (counts.total(), max(counts.values(), default=0))
        if score[0] > len(lines) // 2 and score > most:
            best, most = separator, score
    return best


def _checked(path: Path, encoding: str) -> str:
    if not _decodes(path, encoding):
        raise UnreadableFile(FileFailure.UNKNOWN_ENCODING)
    return encoding


def _utf_16(start: bytes) -> str:
    """Return UTF-16 in the order of its bytes, if every other byte of many letters is none; ""."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) <= len(start) // 2 * 0.2 or min(even, odd) * 4 > max(even, odd):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _sample(path: Path) -> bytes:
    """Return the bytes of some lines with other letters than ASCII."""
    found = b""
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                found += line[:PIECE]
            if len(found) > SAMPLE:
                break
    return found


def _looks_like_gbk(sample: bytes) -> bool:
    """Return whether the letters are pairs of bytes as common Chinese characters are in GBK: both
    high, while few words are not enough for statistics."""
    pairs = re.findall(rb"[\x81-\xfe][\x40-\xfe]", sample)
    high = sum(pair[1] >= 0xA1 for pair in pairs)
    return bool(pairs) and high >= 0.9 * len(pairs)
