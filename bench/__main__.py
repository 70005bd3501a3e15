"""`python -m bench [options] [names]`: run the benchmarks and print their figures."""

from __future__ import annotations

import argparse
import logging
import os

from bench import core, exporting, fuzz, listing, printing, registry, rush, saving, start, statistics
from bench.runner import Choice, names, run

# Imported for the benchmarks that they register.
PARTS = (core, exporting, printing, saving, registry, rush, listing, start, statistics, fuzz)


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(names())}; all when none is named")
    parser.add_argument("--keep", action="store_true", help="keep the filled databases for the next run")
    parser.add_argument("--fresh", action="store_true", help="throw kept databases away first")
    parser.add_argument("--proposals", type=int, default=0, help="other than the million (SQLite: 100,000) rows")
    parser.add_argument(
        "--database", default=os.environ.get("SALA_BENCH_DATABASE_URL", ""), help="the address of one that is there"
    )
    given = parser.parse_args()
    run(given.names, Choice(given.database, given.keep, given.fresh, given.proposals))


if __name__ == "__main__":
    logging.disable(logging.INFO)
    main()
