"""`python -m bench [names]`; SALA_BENCH_DATABASE_URL chooses an empty database other than a fresh SQLite file."""

from __future__ import annotations

import logging
import os
import sys

from bench import core
from bench.runner import run

# Imported for the benchmarks that they register.
PARTS = (core,)

if __name__ == "__main__":
    logging.disable(logging.INFO)
    run(sys.argv[1:], os.environ.get("SALA_BENCH_DATABASE_URL", ""))
