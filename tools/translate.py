"""Collect what the sources and the installed libraries say into the catalogues, and compile them.

English says a string by itself; Thai is written into the .po by hand where this leaves it empty.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from views.core.cli.translations import SOURCES, collect, languages

for source in SOURCES:
    said = source.said()
    for language in languages():
        collect(source, language, said)
