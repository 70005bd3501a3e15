"""`python -m bench [names]`; each makes and drops its own databases, unless SALA_BENCH_DATABASE_URL names one."""

from __future__ import annotations

import logging
import os
import sys

from bench import core, listing, printing, rush, saving, statistics
from bench.runner import run

# Imported for the benchmarks that they register.
PARTS = (core, printing, saving, rush, listing, statistics)

if __name__ == "__main__":
    logging.disable(logging.INFO)
    run(sys.argv[1:], os.environ.get("SALA_BENCH_DATABASE_URL", ""))
