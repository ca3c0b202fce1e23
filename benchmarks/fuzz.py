"""Read damaged files, guided by the coverage of our code: `python -m benchmarks.fuzz [SECONDS]`.

Needs atheris (`pip install atheris`), and prints that it is left out where that is not installed.
Anything but a reading or `UnreadablePdf` ends the run with the file that caused it.
"""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from pathlib import Path


def main(seconds: int) -> None:
    """Fuzz for so many seconds, starting from the nasty files of the tests."""
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        print("left out: atheris is not installed")
        return
    with atheris.instrument_imports(include=["pdf_reading"]):
        limits = importlib.import_module("pdf_reading.limits")
        reading = importlib.import_module("pdf_reading.pipeline")
    from tests.pdf_reading.nasty import FILES, plain  # noqa: PLC0415 - not to be instrumented

    folder = Path(tempfile.mkdtemp())
    for name in ("hostile links", "odd characters", "a scan", "lookalikes"):
        (folder / name.replace(" ", "-")).write_bytes(FILES[name]())
    (folder / "plain").write_bytes(plain())
    pdf = Path(tempfile.mkdtemp(), "issue.pdf")

    def read(content: bytes) -> None:
        pdf.write_bytes(content)
        try:
            reading.read(pdf, limits=limits.Limits())
        except limits.UnreadablePdf:
            return

    bounds = [f"-max_total_time={seconds}", "-max_len=8192"]
    if os.environ.get("CI"):  # what lands is decided by the same files each time
        bounds += ["-seed=1", "-runs=1500"]
    atheris.Setup([sys.argv[0], *bounds, str(folder)], read)
    atheris.Fuzz()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
