"""The house speaks the field's words: what had a name of our own is found by its standard term.

`docs/architecture.md` lists the words that are used. Here stand those that are not, with what is
said instead, as far as they can be told from ordinary English.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

TOP = Path(settings.BASE_DIR)

# Parts of identifiers and names of modules: "ring" is found in `ring`, `_ring_all` and `RingAll`.
IDENTIFIERS = {
    "bell bells ring rung": "enqueue_*, task",
    "desk": "dashboard",
    "chunk chunks": "batch",
    "selection selections": "topic mask",
    "watched watching": "keyword alert",
    "pile under_way": "queue, transactions",
    "talk talking talks": "SMTP session",
    "fleet": "server group",
    "metered pace paces": "rate limiter, token, rate",
    "closure closures left_alone": "circuit breaker, open",
    "hurry": "graceful shutdown, should_stop",
    "parked put_off": "expired, deferred",
    "hindrance hindrances": "skip reason",
    "doubt doubts doubtful": "uncertain, mark_uncertain; warnings",
    "heard hear hears": "received",
    "told": "context, params, or what it is",
    "patience nonsense unready": "Deadline, ProtocolError, ServerNotReady",
    "bury dial": "close_finished, connect",
    "diagnosing diagnosis": "classify",
    "consequences": "correlation, bounce policy",
    "moody": "flaky SMTP server",
    "sealing seal sealed seals": "signing, Mac, TokenSigner",
    "speaking picturing": "localized command, status display",
    "crew leaned_on": "supervisor, is_dependency",
    "printer": "MessageRenderer",
    "formletter form_letter hole holes letterhead": "MessageTemplate, placeholder, sender headers",
    "foreseeing prospect heaviest": "preview, PublishPreview, LargestMessage",
    "steer steering": "editing, resolve uncertain, lifecycle",
    "addressing addressee addressees": "load due recipients, Recipient",
    "to_ask preferring entrance visitors": "send_due, preferences, sign-up views and limit",
    "phrases phrasing wording notation": "keyword match, excerpts, lexicon, article markup",
    "habits judged": "paragraph style, classification",
}

# Names as they stand: "Pool" is not `ConnectionPool`, "counter" is no `collections.Counter`.
EXACT = {
    "Wire Pool Turns Turn Share": "non-blocking socket, connection pool, rate limiter",
    "Away Unavailable Refused": "ServerUnreachable, Deferred, Rejected",
    "Stamp Press Printing Setting Crew Form": "Mac, MessageRenderer, RenderContext, Supervisor",
    "Reach Prospect Heaviest": "PublishPreview, LargestMessage",
    "GONE SOFT POLICY WRITTEN": "HARD_BOUNCE, SOFT_BOUNCE, BLOCKED, REPLY",
    "way ways whose": "transport, backend; direction; correlation",
    "correcting deciding stopping": "editing, resolve uncertain, lifecycle",
    "CHAOS counter lets": "fault injection, redis_client, is_authorized",
    "MOST LONGEST PATIENCE": "MAX_..., TIMEOUT_SECONDS",
}

# In docstrings, comments and documents.
PROSE = {
    r"bells?|rung|rings? (?:it|them|the|a|again)": "enqueue, task",
    r"desks?": "dashboard",
    r"chunks?": "batch",
    r"paces?|metered": "rate, rate limiter",
    r"left alone|leaves? (?:it|them|him|her) alone": "circuit breaker, or what is done",
    r"hurry|hurries": "graceful shutdown",
    r"parked|puts? (?:\w+ )?off": "expired, deferred",
    r"hindrances?": "skip reason",
    r"in doubt|doubtful": "uncertain",
    r"moody": "flaky",
    r"seal(?:s|ed|ing)?": "sign, Mac",
    r"crew|fleet": "supervisor, server group",
    r"letterheads?|form letters?": "sender headers, message template",
    r"prospects?": "preview",
    r"addressees?": "recipient",
    r"on trial": "preview",
    r"nonsense": "what is invalid about it",
}


@dataclass(frozen=True, slots=True)
class Allowed:
    """A word that is right below a place, and why."""

    word: str
    place: str
    why: str


ALLOWED = (
    Allowed("Form", "", "Django's: a form of a page, named there with what it is of"),
    Allowed("talk", "accounts", "in the name of a product, DingTalk"),
    Allowed("talk", "tests/accounts", "in the same name"),
    Allowed("CHAOS", "bulletin_site/settings.py", "the name of the setting"),
    Allowed("CHAOS", "foundation/fault_injection.py", "the name of the setting"),
    Allowed("seal", "bulletin_site/settings.py", "a method of environs"),
    Allowed("chunks", "issues/intake/upload.py", "a method of Django's files"),
    Allowed("pace", "templates/admin/issues/issue/_preview.html", "stands in translated text"),
    Allowed("steer", "digests/management/commands", "the name of a command"),
    Allowed("under_way", "digests", "a state as `digest_status --format json` has it"),
    Allowed("under_way", "tests/bounces/test_reporting.py", "the same state"),
    Allowed("under_way", "tests/sending/test_standing_still.py", "the same state"),
)


@dataclass(frozen=True, slots=True)
class Use:
    """A word that stands somewhere."""

    path: str
    line: int
    word: str
    instead: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: “{self.word}”: say {self.instead}"


def _parts(table: dict[str, str]) -> dict[str, str]:
    return {word: instead for words, instead in table.items() for word in words.split()}


PARTS = _parts(IDENTIFIERS)
NAMES = _parts(EXACT)
PART = re.compile(rf"(?<=_)(?:{'|'.join(PARTS)})(?=_)")
PHRASE = re.compile(
    rf"\b(?:{'|'.join(f'(?P<p{n}>{one})' for n, one in enumerate(PROSE))})\b", re.IGNORECASE
)
INSTEAD = tuple(PROSE.values())
PHRASES = tuple(word for word in PARTS if "_" in word)
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@cache
def in_a_name(name: str) -> tuple[tuple[str, str], ...]:
    """Return the words in an identifier that have a better one, each with it."""
    humps = f"_{HUMP.sub('_', name).lower().replace('_', '__')}_"
    words = [found[0] for found in PART.finditer(humps)]
    words += [phrase for phrase in PHRASES if phrase in name.lower()]
    exact = ((name, NAMES[name]),) if name in NAMES else ()
    return (*exact, *((word, PARTS[word]) for word in words))


def in_prose(text: str, line: int) -> Iterator[tuple[int, str, str]]:
    """Yield the line of each word in a text that has a better one, and both."""
    for found in PHRASE.finditer(text):
        here = line + text.count("\n", 0, found.start())
        yield here, found[0], INSTEAD[int(str(found.lastgroup)[1:])]


def in_python(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield as `in_prose`: of names, comments and docstrings, and of no other string."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME:
            yield from ((token.start[0], *found) for found in in_a_name(token.string))
        elif token.type == tokenize.COMMENT:
            yield from in_prose(token.string, token.start[0])
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, documented) and ast.get_docstring(node):
            yield from in_prose(ast.get_docstring(node, clean=False) or "", node.body[0].lineno)


@cache
def uses() -> tuple[Use, ...]:
    """All uses in the files of the project, but those of its history, data and test's table."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True
    ).stdout.split()
    return tuple(use for path in listed for use in _in_file(path))


READ = {".md", ".css", ".js", ".conf", ".service", ".target", ".toml", ".yaml", ".html", ".mjml"}
UNREAD = ("CHANGELOG.md", "tests/house/test_the_words.py")


def _in_file(path: str) -> Iterator[Use]:
    file = TOP / path
    if path in UNREAD or "migrations" in file.parts or not file.is_file():
        return
    if file.suffix == ".py":
        found = [(1, *each) for each in in_a_name(file.stem)]
        found += in_python(file.read_text(encoding="utf-8"))
    elif file.suffix in READ or file.name in {"Makefile", "Dockerfile", ".importlinter"}:
        found = list(in_prose(file.read_text(encoding="utf-8"), 1))
    else:
        return
    yield from (Use(path, *each) for each in found)


def _is_allowed(use: Use, exception: Allowed) -> bool:
    return use.word == exception.word and _is_below(use.path, exception.place)


def _is_below(path: str, place: str) -> bool:
    return not place or path == place or path.startswith(f"{place}/")


def test_no_room_speaks_a_private_word() -> None:
    found = [
        str(use) for use in uses() if not any(_is_allowed(use, exception) for exception in ALLOWED)
    ]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize("exception", ALLOWED, ids=lambda one: f"{one.word} in {one.place}")
def test_each_exception_is_needed(exception: Allowed) -> None:
    assert any(_is_allowed(use, exception) for use in uses())


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def _ring(desk): ...", ["ring", "desk"]),
        ("class Pool: ...\nclass ConnectionPool: ...", ["Pool"]),
        ("bring = string = turned = asked = Counter = 1", []),
        ("left_alone = ChunkClaim = 1", ["left_alone", "chunk"]),
        ('def send():\n    """Ring the bell."""\n    # in a hurry', ["hurry", "Ring the", "bell"]),
        ('said = "the bell of a desk"', []),
    ],
)
def test_a_private_word_is_found_and_an_ordinary_one_is_not(source: str, words: list[str]) -> None:
    assert [word for _line, word, _instead in in_python(source)] == words
