"""What it costs to find the phrases of many readers in an issue: by distinct phrases, not readers.

    python -m benchmarks.keywords [PHRASES]

Draws phrases from the words of the shipped sample and made-up ones, half Chinese, and looks for
each in its articles; beside it the same with `in` for each phrase and text, which knows no words.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pdf_reading import Limits
from pdf_reading.issue_text import ArticleText
from pdf_reading.pipeline import read
from subscribers.keywords.query import phrase_of
from subscribers.keywords.texts import SearchedTexts
from subscribers.keywords.words import RUN, WORD

SAMPLE = Path(__file__).resolve().parents[1] / "samples"
SEED = 16


def texts_of(folder: Path) -> list[str]:
    """The texts of all articles of the samples."""
    issues = [read(pdf, limits=Limits()) for pdf in sorted(folder.glob("*.pdf"))]
    return [_text(article) for one in issues for part in one.sections for article in part.articles]


def _text(article: ArticleText) -> str:
    return "\n".join([article.title, *(text for one in article.passages for text in one.texts)])


def drawn_from(texts: Sequence[str], count: int) -> list[str]:
    """Distinct words: some that stand in the texts, and others that do not."""
    draw = random.Random(SEED)
    words = [match[0] for text in texts for match in WORD.finditer(text)]
    runs = [match[0] for text in texts for match in RUN.finditer(text) if len(match[0]) > 4]
    found: dict[str, None] = {}
    while len(found) < count:
        if draw.random() < 0.5 and runs:
            run = draw.choice(runs)
            at = draw.randrange(len(run) - 3)
            found[
                run[at : at + draw.randint(2, 4)]
                + draw.choice(["", chr(draw.randint(0x4E00, 0x9FA5))])
            ] = None
        else:
            made = "".join(draw.choices("abcdefghilmnoprstu", k=draw.randint(3, 9)))
            found[f"{draw.choice(words)} {draw.choice([made, draw.choice(words)])}"] = None
    return list(found)


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of some work."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    texts = texts_of(SAMPLE)
    wanted = drawn_from(texts, count)
    searched: list[SearchedTexts] = []
    made = seconds(lambda: searched.append(SearchedTexts(texts)))
    first = seconds(lambda: searched[0].spans(phrase_of("first")))
    found = seconds(lambda: [searched[0].spans(phrase_of(one)) for one in wanted])
    plain = seconds(lambda: [one in text for one in wanted for text in texts])
    hits = sum(len(searched[0].spans(phrase_of(one))) for one in wanted[:1000])
    print(f"{len(texts)} articles, {sum(map(len, texts)):,} characters, {count:,} distinct phrases")
    print(f"texts made ready   {made + first:8.2f} s")
    print(f"phrases looked for {found:8.2f} s   {found / count * 1e6:6.1f} µs each")
    print(f"`in`, no words     {plain:8.2f} s   ratio {found / plain:.1f}")
    print(f"of the first thousand phrases and the articles {hits:,} pairs match")


if __name__ == "__main__":
    main()
