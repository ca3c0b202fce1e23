"""Fits the confidence of readings: `python -m benchmarks.calibrate [--folder FOLDER] [--write]`.

Issues are drawn by lot (`tests.pdfs.designed`, `tests.pdfs.wild`) into the folder, where they are
kept, and read beside the zoo and the issues of `public.json`, of which `--public FOLDER` has the
files. Prints how often a confidence was right on these, and, not fitted on, on others drawn with
seeds from `--fresh SEED` up and on a corpus given with `--corpus FILE FOLDER`. `--write` puts the
weights into `pdf_reading/content/confidence.json`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pdf_reading
from benchmarks.calibrate.examples import Example, corpus_examples, draw, examples_of
from benchmarks.calibrate.logistic import Weights, crossed, fitted
from pdf_reading.content.confidence import probability, with_articles, with_issue

WEIGHTS = Path(pdf_reading.__file__).parent / "content" / "confidence.json"
LOTS = {"designed": range(10_000, 10_300), "wild": range(10_000, 10_060)}
FRESH = {"designed": 80, "wild": 16}
PUBLIC = Path(__file__).with_name("public.json")
PUBLIC_TIMES = 2  # that each real issue counts
ZOO_TIMES = 10  # that each of the zoo counts: other programs set it
ZOO = ("samples", "tests/pdfs")
BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)
RIDGE = 10.0
MIN_CAUGHT = 0.9  # of bad readings
Models = dict[str, Weights]


def fit(examples: Sequence[Example]) -> tuple[Models, float]:
    """The weights, and the confidence below which an issue is to be reviewed as a whole."""
    articles = [features for one in examples for features in one.evidence.articles]
    right = [right for one in examples for right in one.right]
    of_article = fitted(articles, right, ridge=RIDGE)
    alone = [_alone(one, of_article) for one in examples]
    issues = [
        with_articles(one.evidence.issue, own) for one, own in zip(examples, alone, strict=True)
    ]
    good = [not one.bad for one in examples]
    unseen = crossed(issues, good, ridge=RIDGE)
    both = [with_issue(one, sure) for own, sure in zip(alone, unseen, strict=True) for one in own]
    models = {
        "article": of_article,
        "issue": fitted(issues, good, ridge=RIDGE),
        "both": fitted(both, right, ridge=RIDGE),
    }
    bad = sorted(sure for sure, one in zip(unseen, examples, strict=True) if one.bad)
    return models, round(bad[min(int(MIN_CAUGHT * len(bad)), len(bad) - 1)] + 0.005, 2)


def _alone(one: Example, of_article: Weights) -> list[float]:
    return [probability(features, of_article) for features in one.evidence.articles]


def report(name: str, examples: Sequence[Example], models: Models, review_below: float) -> None:
    """Print how often each confidence was right, and how many are to be reviewed."""
    issues: list[tuple[float, bool]] = []
    articles: list[tuple[float, bool]] = []
    for one in examples:
        alone = _alone(one, models["article"])
        sure = probability(with_articles(one.evidence.issue, alone), models["issue"])
        issues.append((sure, not one.bad))
        articles += [
            (probability(with_issue(own, sure), models["both"]), right)
            for own, right in zip(alone, one.right, strict=True)
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
    arguments.add_argument("--public", type=Path, metavar="FOLDER")
    arguments.add_argument("--fresh", type=int, metavar="SEED")
    arguments.add_argument("--corpus", nargs=2, metavar=("FILE", "FOLDER"))
    arguments.add_argument("--write", action="store_true")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as kept:
        folder = given.folder or Path(kept)
        folder.mkdir(exist_ok=True)
        lots = _drawn(LOTS, folder)
        others = [one for lot in _drawn(_fresh(given.fresh), folder) for one in lot]
    real = corpus_examples(PUBLIC, given.public) if given.public else []
    drawn = [one for lot in lots for one in lot]
    zoo = examples_of(
        path.with_name(path.name.replace(".expected.json", ".pdf"))
        for part in ZOO
        for path in sorted(Path(part).glob("*.expected.json"))
    )
    models, review_below = fit([*drawn, *real * PUBLIC_TIMES, *zoo * ZOO_TIMES])
    report("fitted on, by lot", drawn, models, review_below)
    report("fitted on, real", real, models, review_below)
    report("zoo", zoo, models, review_below)
    report("fresh seeds", others, models, review_below)
    if given.corpus:
        report("corpus", corpus_examples(*given.corpus), models, review_below)
    if given.write:
        content = {**models, "review_below": review_below}
        WEIGHTS.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


def _fresh(start: int | None) -> dict[str, range]:
    return {kind: range(start, start + count) for kind, count in FRESH.items()} if start else {}


def _drawn(seeds: Mapping[str, range], folder: Path) -> list[list[Example]]:
    return [examples_of(draw(kind, numbers, folder)) for kind, numbers in seeds.items()]


if __name__ == "__main__":
    main()
