"""What a reading costs, in a process of its own, beside pdfplumber's words of the same pages."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pdf_reading import Limits, UnreadablePdf
from pdf_reading.pipeline import read

Cost = dict[str, float]
_PDFPLUMBER = """
import sys, time, pdfplumber
start = time.process_time()
with pdfplumber.open(sys.argv[1]) as pdf:
    for page in pdf.pages:
        page.extract_words()
        page.close()
print(time.process_time() - start)
"""


def measured(pdf: Path) -> Cost:
    """CPU seconds and peak memory of reading a file, and of pdfplumber's words."""
    own = json.loads(_output([sys.executable, "-m", "benchmarks.reading", "--one", str(pdf)]))
    words = float(_output([sys.executable, "-c", _PDFPLUMBER, str(pdf)]))
    return {**own, "words": words}


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def print_cost(pdf: Path) -> None:
    """Print the cost of one reading as JSON; a refusal has no pages."""
    start = time.process_time()
    try:
        pages = read(pdf, limits=Limits()).page_count
    except UnreadablePdf:
        pages = 0
    cpu = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": cpu, "pages": pages, "peak": peak}))


def together(costs: Sequence[Cost]) -> Cost:
    """The cost of all files: seconds and pages added, the highest peak."""
    added = {key: sum(cost[key] for cost in costs) for key in ("cpu", "words", "pages")}
    return {**added, "peak": max(cost["peak"] for cost in costs)}
