"""Fits the confidence of readings: `python -m benchmarks.calibrate [--folder FOLDER] [--write]`.

Issues are drawn by lot (`tests.pdfs.designed`, `tests.pdfs.wild`) into the folder, where they are
kept, and read beside the zoo; every third is left out of the fitting. Prints how often a confidence
was right on these, on others drawn with seeds from `--fresh SEED` up, and on a corpus given with
`--corpus FILE FOLDER`; neither is fitted on. `--write` puts the weights into
`pdf_reading/content/confidence.json`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pdf_reading
from benchmarks.calibrate.examples import Example, draw, example_of, examples_of
from benchmarks.calibrate.logistic import Weights, crossed, fitted
from benchmarks.reading.__main__ import of_corpus
from pdf_reading.content.confidence import probability, with_issue
from pdf_reading.content.evidence import Features

WEIGHTS = Path(pdf_reading.__file__).parent / "content" / "confidence.json"
LOTS = {"designed": range(10_000, 10_300), "wild": range(10_000, 10_060)}
FRESH = {"designed": 90, "wild": 18}
ZOO_TIMES = 10  # that each of the zoo counts: other programs set it
ZOO = ("samples", "tests/pdfs")
BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)
RIDGE = 10.0
# Fewer for an article: with all of them issues of a kind that was not drawn are believed too much.
OF_ARTICLE = {
    "listed", "tagged", "plain", "boxed", "headless", "untitled", "closed", "alone", "long",
    "ended", "inner", "inner_large", "share", "textless", "unended", "bare", "tabled", "issue",
}  # fmt: skip
MIN_CAUGHT = 0.9  # of bad readings
Models = dict[str, Weights]


def fit(examples: Sequence[Example]) -> tuple[Models, float]:
    """The weights, and the confidence below which an issue is to be reviewed as a whole."""
    issues = [one.evidence.issue for one in examples]
    good = [not one.bad for one in examples]
    unseen = crossed(issues, good, ridge=RIDGE)
    pairs = [
        (_of_article(features, sure), right)
        for one, sure in zip(examples, unseen, strict=True)
        for features, right in zip(one.evidence.articles, one.right, strict=True)
    ]
    articles, right = [features for features, _ in pairs], [right for _, right in pairs]
    models = {
        "article": fitted(articles, right, ridge=RIDGE),
        "issue": fitted(issues, good, ridge=RIDGE),
    }
    bad = sorted(sure for sure, one in zip(unseen, examples, strict=True) if one.bad)
    return models, round(bad[min(int(MIN_CAUGHT * len(bad)), len(bad) - 1)] + 0.005, 2)


def _of_article(features: Features, sure: float) -> Features:
    return {name: value for name, value in with_issue(features, sure).items() if name in OF_ARTICLE}


def report(name: str, examples: Sequence[Example], models: Models, review_below: float) -> None:
    """Print how often each confidence was right, and how many are to be reviewed."""
    issues: list[tuple[float, bool]] = []
    articles: list[tuple[float, bool]] = []
    for one in examples:
        sure = probability(one.evidence.issue, models["issue"])
        issues.append((sure, not one.bad))
        articles += [
            (probability(with_issue(features, sure), models["article"]), right)
            for features, right in zip(one.evidence.articles, one.right, strict=True)
        ]
    flagged = [sure < review_below for sure, _ in issues]
    bad = [flag for flag, one in zip(flagged, examples, strict=True) if one.bad]
    exact = [flag for flag, one in zip(flagged, examples, strict=True) if one.exact]
    print(f"\n{name}: {len(examples)} issues, {len(articles)} articles")
    print(f"  to be reviewed: {sum(bad)} of {len(bad)} bad, {sum(exact)} of {len(exact)} exact,")
    print(f"  {sum(flagged)} of {len(flagged)} in all")
    _print_bins("issues", issues)
    _print_bins("articles", articles)


def _print_bins(name: str, estimates: Sequence[tuple[float, bool]]) -> None:
    for low, high in itertools.pairwise(BINS):
        inside = [(sure, right) for sure, right in estimates if low <= sure < high]
        if inside:
            mean = sum(sure for sure, _ in inside) / len(inside)
            share = sum(right for _, right in inside) / len(inside)
            print(f"  {name}: {low:.2f} up, {len(inside):5}, mean {mean:.2f}, right {share:.2f}")


def main() -> None:
    """Draw, read, fit, report."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--folder", type=Path)
    arguments.add_argument("--fresh", type=int, metavar="SEED")
    arguments.add_argument("--corpus", nargs=2, metavar=("FILE", "FOLDER"))
    arguments.add_argument("--write", action="store_true")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as kept:
        folder = given.folder or Path(kept)
        folder.mkdir(exist_ok=True)
        lots = _drawn(LOTS, folder)
        others = [one for lot in _drawn(_fresh(given.fresh), folder) for one in lot]
    fitting = [one for lot in lots for at, one in enumerate(lot) if at % 3]
    unseen = [one for lot in lots for one in lot[::3]]
    zoo = examples_of(
        path.with_name(path.name.replace(".expected.json", ".pdf"))
        for part in ZOO
        for path in sorted(Path(part).glob("*.expected.json"))
    )
    models, review_below = fit([*fitting, *zoo * ZOO_TIMES])
    report("fitted on", [*fitting, *zoo], models, review_below)
    report("not fitted on", unseen, models, review_below)
    report("zoo", zoo, models, review_below)
    report("fresh seeds", others, models, review_below)
    if given.corpus:
        found = [example_of(*pair) for pair in of_corpus(*given.corpus)]
        report("corpus", [one for one in found if one], models, review_below)
    if given.write:
        content = {**models, "review_below": review_below}
        WEIGHTS.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


def _fresh(start: int | None) -> dict[str, range]:
    return {kind: range(start, start + count) for kind, count in FRESH.items()} if start else {}


def _drawn(seeds: Mapping[str, range], folder: Path) -> list[list[Example]]:
    return [examples_of(draw(kind, numbers, folder)) for kind, numbers in seeds.items()]


if __name__ == "__main__":
    main()
