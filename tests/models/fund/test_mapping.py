"""Every table of the fund is known, whichever module a program asks for first."""

from __future__ import annotations

import subprocess
import sys

import pytest

from models.core.db import Model

PROGRAM = """
import {module}
from sqlalchemy.orm import configure_mappers
from models.core.db import Model
configure_mappers()
print(*sorted(name for name in Model.metadata.tables if name.startswith("fund_")))
"""


@pytest.mark.parametrize("module", ["models.fund", "models.fund.session", "models.fund.scoring.form"])
def test_a_module_of_the_fund_maps_every_table(module):
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(module=module)], capture_output=True, text=True, check=True
    )

    tables = sorted(name for name in Model.metadata.tables if name.startswith("fund_"))
    assert said.stdout.split() == tables
    assert {"fund_proposal", "fund_agenda_item", "fund_answer", "fund_screening"} <= set(tables)
