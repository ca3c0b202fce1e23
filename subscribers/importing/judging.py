"""A row of a list: who is to become a reader by it, and what of it cannot be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from publications.models.topic import key_of
from subscribers import addresses
from subscribers.addresses import Address
from subscribers.importing.values import (
    TOPIC_PREFIX,
    Bad,
    Cells,
    Column,
    Layout,
    Names,
    RowProblem,
    RowReading,
    Wanted,
)

FAMILY_NAME = {"姓", "姓氏"}  # of Chinese it stands first, also where its column does not
MAX_NAME = 120
MAX_WORDS = 200  # characters of what is bad that are kept
NOT_WANTED = {"", "0", "n", "no", "false", "否", "无", "✗", "×", "-", "不订阅"}
EVERY_TOPIC = {"全部", "所有", "全部主题", "所有主题", "all", "alltopics"}

LANGUAGES = {
    "zh-hans": """
        中文 汉语 简体中文 简体 简体字 中文简体 中文(简体) 简体中文(中国) 中文(中国) 中文版 简体版
        简体中文版 中 国语 普通话 华语 漢語 中文(简) 简中
        chinese simplifiedchinese chinese(simplified) chinesesimplified mandarin
        zh cn zh-cn zh_cn zh-hans zh_hans zh-hans-cn
    """,
    "en": """
        英文 英语 英 英文版 英语版 英文(美国) 英语(美国) 英语(英国) 英语(美式) 英语(英式) 英語
        english english(us) english(uk) english(unitedstates) english(unitedkingdom)
        usenglish ukenglish britishenglish americanenglish
        en eng en-gb en-us en_us en_gb
    """,
}
_LANGUAGES = {key_of(word): code for code, words in LANGUAGES.items() for word in words.split()}

_SEPARATOR = re.compile(r"[;,，；、|\n\r\t]+|\s/\s|(?<=\w)/(?=\S+@)")
_TOPIC_SEPARATOR = re.compile(r"[;,，；、|/\n\r\t]+")
# A name beside its address; "Lee, Ann" is one, "ann@office.example, Bob" is not.
_NAMED = re.compile(r"(?:^|(?<=[>;,，；、]))([^<>;；、@]*|[^<>;,，；、]*)<\s*([^<>]*)>")
_MARKED_UP = re.compile(r"^(?:mailto:|邮箱[:：]|e-?mail[:：])\s*", re.IGNORECASE)


def judge(row: Cells, layout: Layout, names: Names) -> RowReading:
    """Return what a row is worth. One whose language or topics are not known is not taken, so that
    nobody gets what they did not ask for."""
    if not any(row):
        return RowReading()
    cells = _by_column(row, layout)
    problems = [*_shared_problems(cells, names)]
    if problems:
        return RowReading(bad=tuple(problems[:1]))
    name, unit = _joined(cells[Column.NAME]), _joined(cells[Column.UNIT])
    language = next((_LANGUAGES[key_of(cell)] for cell in cells[Column.LANGUAGE]), "")
    topics = tuple(dict.fromkeys([*_named_topics(cells, names), *_marked_topics(row, layout)]))
    wanted: dict[str, Wanted] = {}
    bad: list[Bad] = []
    for own_name, text in _texts(cells[Column.ADDRESS]):
        found = _parsed(text)
        if isinstance(found, Bad):
            bad.append(found)
        else:
            wanted.setdefault(
                found.key, Wanted(found, (name or own_name)[:MAX_NAME], unit, language, topics)
            )
    if not wanted and not bad:
        bad.append(Bad(RowProblem.NO_ADDRESS))
    return RowReading(tuple(wanted.values()), tuple(bad))


def addresses_in(cell: str) -> list[str]:
    """Return what looks like addresses in a cell of addresses; nothing where other words stand
    there, too."""
    texts = [text for _name, text in _texts([cell])]
    return texts if texts and all(_LOOKS_RIGHT.fullmatch(text) for text in texts) else []


_LOOKS_RIGHT = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def _by_column(row: Cells, layout: Layout) -> dict[str, list[str]]:
    """Return the cells in which something stands, by what their columns hold."""
    cells: dict[str, list[str]] = {column.value: [] for column in Column}
    heads = [*layout.heads, *[""] * len(row)]
    for cell, column, head in zip(row, layout.columns, heads, strict=False):
        if cell and column == Column.NAME and head in FAMILY_NAME and not cell.isascii():
            cells[column].insert(0, cell)
        elif cell and column in cells:
            cells[column].append(cell)
    return cells


def _joined(cells: list[str]) -> str:
    """Return cells as one line: a family name and a given name, which Chinese writes as one."""
    parts = [" ".join(cell.replace("\ufffd", "").split()) for cell in cells]
    chinese = all(not part.isascii() for part in parts)
    return ("" if chinese else " ").join(parts)


def _shared_problems(cells: dict[str, list[str]], names: Names) -> Iterator[Bad]:
    for cell in (_joined(cells[Column.NAME]), _joined(cells[Column.UNIT])):
        if len(cell) > MAX_NAME:
            yield Bad(RowProblem.TOO_LONG, cell[:MAX_WORDS])
    for cell in cells[Column.LANGUAGE]:
        if not is_language(cell):
            yield Bad(RowProblem.UNKNOWN_LANGUAGE, cell[:MAX_WORDS])
    for cell in cells[Column.TOPICS]:
        for word in _topic_words(cell, names):
            if key_of(word) not in names.topics and key_of(word) not in EVERY_TOPIC:
                yield Bad(RowProblem.UNKNOWN_TOPIC, word[:MAX_WORDS])


def _topic_words(cell: str, names: Names) -> list[str]:
    """Return the names of topics in a cell; one may have a comma itself."""
    if key_of(cell) in names.topics:
        return [cell]
    words = [word.strip() for word in _TOPIC_SEPARATOR.split(cell) if word.strip()]
    if all(key_of(part) in names.topics for word in words for part in word.split()):
        return [part for word in words for part in _known_words(word, names)]
    return words


def _known_words(word: str, names: Names) -> list[str]:
    return [word] if key_of(word) in names.topics else word.split()


def is_language(cell: str) -> bool:
    """Return whether a cell names a language of ours."""
    return key_of(cell) in _LANGUAGES


def are_topics(cell: str, names: Names) -> bool:
    """Return whether a cell names topics of the bulletin, and nothing else."""
    words = _topic_words(cell, names)
    return bool(words) and all(key_of(word) in names.topics for word in words)


def _named_topics(cells: dict[str, list[str]], names: Names) -> Iterator[int]:
    for cell in cells[Column.TOPICS]:
        for word in _topic_words(cell, names):
            key = key_of(word)
            if key in names.topics:
                yield names.topics[key]
            else:
                yield from dict.fromkeys(names.topics.values())


def _marked_topics(row: Cells, layout: Layout) -> Iterator[int]:
    for cell, column in zip(row, layout.columns, strict=False):
        if column.startswith(TOPIC_PREFIX) and cell.casefold() not in NOT_WANTED:
            yield int(column.removeprefix(TOPIC_PREFIX))


def _texts(cells: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what stands for an address in cells of them, each with the name beside it."""
    for cell in cells:
        text = unicodedata.normalize("NFKC", cell)
        named = _NAMED.findall(text)
        for name, address in named:
            yield name.strip(" \"',，"), _bare(address)
        rest = _NAMED.sub("", text) if named else text
        parts = [part for part in _SEPARATOR.split(rest) if part.strip()]
        for part in parts:
            words = part.split()
            several = len(words) > 1 and all("@" in word for word in words)
            for one in words if several else [part]:
                yield "", _bare(one)


def _bare(text: str) -> str:
    return _MARKED_UP.sub("", text.strip().strip("\"'<>()[]").strip())


def _parsed(text: str) -> Address | Bad:
    if "\ufffd" in text:  # what it was cannot be known
        return Bad(RowProblem.NOT_AN_ADDRESS, text[:MAX_WORDS])
    try:
        return addresses.parse(text)
    except addresses.NotSupported:
        return Bad(RowProblem.NOT_SUPPORTED, text[:MAX_WORDS])
    except addresses.NotAnAddress:
        return Bad(RowProblem.NOT_AN_ADDRESS, text[:MAX_WORDS])
