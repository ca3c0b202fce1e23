"""How well and how fast PDFs are read: `python -m benchmarks.reading`."""
