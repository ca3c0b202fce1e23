"""An issue as LaTeX sets it: two justified columns close together, numbered headlines, contents,
running heads, a mark of a footnote. Needs pdflatex (Debian: texlive-latex-recommended)."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

_HEAD = r"""\documentclass[10pt,a4paper,twocolumn]{article}
\usepackage[margin=2cm]{geometry}
\usepackage{fancyhdr,hyperref}
\hypersetup{hidelinks}
\pagestyle{fancy}\fancyhead[L]{%(title)s}\fancyhead[R]{%(number)s}\fancyfoot[C]{\thepage}
\title{%(title)s}\author{%(publisher)s}\date{%(printed_date)s}
\begin{document}
\maketitle
\noindent %(number)s
\tableofcontents
"""
_SPECIAL = {
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "£": r"\pounds{}",
}


def set_pdf(issue: dict[str, Any], pdf: Path) -> None:
    """Set an issue in English; pictures are left out."""
    words = ("title", "number", "publisher", "printed_date")
    parts = [_HEAD % {word: _escaped(issue[word]) for word in words}]
    for section in issue["sections"]:
        parts.append(rf"\section{{{_escaped(section['title'])}}}")
        for article in section["articles"]:
            parts += _article(article)
    parts.append(r"\end{document}")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "issue.tex")
        source.write_text("\n\n".join(parts), encoding="utf-8")
        for _ in range(2):  # the contents are right the second time
            subprocess.run(
                ["pdflatex", "-interaction=batchmode", source.name],
                cwd=folder, check=True, capture_output=True,
                env={"PATH": "/usr/bin:/bin", "HOME": folder, "SOURCE_DATE_EPOCH": "1788000000",
                     "FORCE_SOURCE_DATE": "1"},
            )  # fmt: skip
        pdf.write_bytes(source.with_suffix(".pdf").read_bytes())


def _article(article: dict[str, Any]) -> list[str]:
    parts = [rf"\subsection{{{_escaped(article['title'])}}}"]
    for passage in article["passages"]:
        match passage["kind"]:
            case "heading":
                parts.append(rf"\paragraph*{{{_escaped(passage['text'])}}}\mbox{{}}\par")
            case "list":
                entries = "\n".join(
                    rf"\item {_escaped(each.removeprefix('• '))}" for each in passage["entries"]
                )
                parts.append(rf"\begin{{itemize}}{entries}\end{{itemize}}")
            case "paragraph":
                parts.append("".join(map(_span, passage["spans"])))
    return [*parts, rf"\noindent {_escaped(article['source_line'])}"]


def _span(span: dict[str, str]) -> str:
    text = _escaped(span["text"])
    return rf"\href{{{span['url']}}}{{{text}}}" if "url" in span else text


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in text)
