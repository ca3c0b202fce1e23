"""The content of a designed issue, put together by lot, and the reading that is expected of it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from tests.pdfs.designed import words

Issue = dict[str, Any]
Article = dict[str, Any]
Passage = dict[str, Any]
MAX_SECTIONS = 4
TRAITS = (
    *("", "", "", ""),
    *("points", "team", "quote", "picture", "picture", "table", "slogan", "dates"),
)


@dataclass(frozen=True, slots=True)
class Customs:
    """How often the articles of an issue have sub-headings and bylines, and their `most`
    paragraphs."""

    inner: float
    byline: float
    most: int


def issue_of(draw: random.Random, *, kind: str) -> Issue:
    """An issue for a kind of design; what people do in it beside articles is in the passages."""
    language = draw.choice(words.LANGUAGES)
    number, (printed, date) = words.number(draw, language), words.date(draw, language)
    issue: Issue = {
        "language": language,
        "kind": kind,
        "title": draw.choice(words.TITLES[language]) if draw.random() < 0.93 else "",
        "motto": draw.choice(words.MOTTOES[language]) if draw.random() < 0.4 else "",
        "number": number,
        "date": date,
        "printed_date": printed,
        "sections": [],
    }
    heads = words.headlines(draw, language)
    customs = Customs(
        inner=draw.choice([0.0, 0.1, 0.2, 0.2, 0.6]),
        byline=draw.choice([0.0, 0.0, 0.0, 0.7]),
        most=draw.choice([3, 4, 6, 6, 12]),
    )
    names = _section_names(draw, language)
    short = kind in {"slides", "boxes", "cards"}
    for name in names:
        count = draw.randint(1, 4) if len(names) > 1 else draw.randint(3, 12)
        if kind == "report":
            articles = [_chart(draw, heads.pop(), language) for _ in range(count + 2)]
        else:
            few = Customs(customs.inner, customs.byline, most=2) if short else customs
            articles = [_article(draw, heads.pop(), language, few) for _ in range(count)]
        issue["sections"].append({"title": name, "articles": articles})
    if kind != "slides":
        _open(draw, issue)
    return issue


def _section_names(draw: random.Random, language: str) -> list[str]:
    if draw.random() < 0.45:
        return [""]
    return draw.sample(words.SECTIONS[language], k=draw.randint(2, MAX_SECTIONS))


def _open(draw: random.Random, issue: Issue) -> None:
    """A letter without a headline at times, a note below the name of a section, a last section
    with a picture alone."""
    language, sections = issue["language"], issue["sections"]
    if draw.random() < 0.3:
        letter = _untitled(draw, language, paragraphs=draw.randint(1, 3), signed=True)
        if sections[0]["title"]:
            sections.insert(0, {"title": "", "articles": [letter]})
        else:
            sections[0]["articles"].insert(0, letter)
    for section in sections:
        if section["title"] and draw.random() < 0.15:
            section["articles"].insert(0, _untitled(draw, language, paragraphs=1, signed=False))
    if sections[-1]["title"] and draw.random() < 0.15:
        name = next(n for n in words.SECTIONS[language] if all(n != s["title"] for s in sections))
        sections.append({"title": name, "articles": [], "picture": True})


def _untitled(draw: random.Random, language: str, *, paragraphs: int, signed: bool) -> Article:
    texts = [_text(words.paragraph(draw, language)) for _ in range(paragraphs)]
    if signed:
        texts = [
            _text(draw.choice(words.NOTES[language])),
            *texts,
            _text(words.SIGNED[language]) | {"kind": "signed"},
        ]
    return {"title": "", "passages": texts}


def _text(text: str, **more: Any) -> Passage:
    return {"kind": "paragraph", "text": text, **more}


def _article(draw: random.Random, title: str, language: str, customs: Customs) -> Article:
    count = min(draw.choice([1, 1, 2, 2, 3, 4, 6, 12]), customs.most)
    passages: list[Passage] = []
    if draw.random() < customs.byline:
        passages.append({"kind": "byline", "text": words.byline(draw, language)})
    for at in range(count):
        if at and draw.random() < customs.inner:
            heading = draw.choice(words.SUB_HEADINGS[language])
            passages.append({"kind": "heading", "text": heading})
        lead = draw.choice(["", "", "", "", "bold", "colour"])
        passages.append(_text(words.paragraph(draw, language), lead=lead))
    trait = draw.choice(TRAITS)
    if trait:
        _add(draw, passages, trait, language)
    return {"title": title, "passages": passages}


def _chart(draw: random.Random, title: str, language: str) -> Article:
    """A headline with a chart or a table, and a sentence, a note without a stop, or no word."""
    sentence = draw.choice(words.sentences(language))
    texts = draw.choice([[sentence], [sentence], [sentence.rstrip(".。")], []])
    caption = draw.choice([*words.CAPTIONS[language], ""])
    chart: Passage = {"kind": "picture", "text": caption}
    if draw.random() < 0.3:
        row = ["A", "12", "7", "3.1"]
        chart = {"kind": "table", "rows": [row, ["B", "9", "31", "0.4"], ["C", "2", "8", "1.5"]]}
    return {"title": title, "passages": [*map(_text, texts), chart]}


def _add(draw: random.Random, passages: list[Passage], trait: str, language: str) -> None:
    """What is no headline though it looks like one, or stands between the paragraphs."""
    match trait:
        case "points":
            texts = draw.sample(words.sentences(language), k=3)
            passages += [_text(f"{n}. {t}", bold=True) for n, t in enumerate(texts, start=1)]
        case "team":
            passages += [_text(t, bold=draw.random() < 0.5) for t in words.TEAMS[language]]
        case "quote":
            last = passages[-1]["text"]
            first = next(s for s in words.sentences(language) if s in last)
            passages.insert(len(passages) - 1, {"kind": "quote", "text": first})
        case "picture":
            caption = draw.choice([*words.CAPTIONS[language], ""])
            passages.insert(draw.randint(0, 1), {"kind": "picture", "text": caption})
        case "slogan":
            passages.append({"kind": "slogan", "text": draw.choice(words.SLOGANS[language])})
        case "dates":
            dates = draw.sample(words.DATES[language], k=3)
            texts = draw.sample(words.sentences(language), k=3)
            passages += [
                _text(f"{date} {text}", mark=len(date))
                for date, text in zip(dates, texts, strict=True)
            ]
        case "table":
            passages.append({"kind": "table", "rows": [["A", "12", "7"], ["B", "9", "31"]]})


def expected(issue: Issue) -> Issue:
    """What a careful person finds in it."""
    return {key: issue[key] for key in ("title", "number", "date", "kind")} | {
        "sections": [
            {"title": section["title"], "articles": [_reading(a) for a in section["articles"]]}
            for section in issue["sections"]
        ]
    }


def _reading(article: Article) -> Article:
    def texts(*kinds: str) -> list[str]:
        return [p["text"] for p in article["passages"] if p["kind"] in kinds]

    return {
        "title": article["title"],
        "source": "",
        "subheadings": texts("heading"),
        "paragraphs": texts("paragraph", "signed"),
        "links": [],
    }
