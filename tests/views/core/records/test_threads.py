"""Many people at once, in threads of one process: no answer holds what another asked for."""

from __future__ import annotations

import random
import re
import threading
from concurrent.futures import ThreadPoolExecutor

from models.core.db import db
from models.core.saved_list import save_list
from tests.factories.core import make_account
from tests.factories.fund import make_member, make_organization

THREADS, ASKED = 8, 20
SECTORS, YEARS = ("public", "private"), (2541, 2550, 2559)


def test_lists_asked_for_at_once_hold_nobody_elses_rows_tabs_or_rights(own_database, sign_in):
    app = own_database
    with app.app_context():
        for sector in SECTORS:
            for year in YEARS:
                make_organization(f"แห่ง {sector} {year}", sector=sector, registered_year=year)
        kinds = ("staff", "super_user", "staff", "super_user", "staff", "committee", "staff", None)
        people = [make_account(kind) if kind else make_member(make_organization("ของผู้ขอ")) for kind in kinds]
        for number, person in enumerate(people):
            save_list(person.id, "records.organization", f"แท็บของคนที่{number}", {"f-sector": "public"})
        db.session.commit()
        clients = [sign_in(app.test_client(), person) for person in people]
    together = threading.Barrier(THREADS)

    def ask(number: int) -> list[str]:
        dice, wrong = random.Random(number), []
        together.wait(60)
        for _time in range(ASKED):
            sector, year = dice.choice(SECTORS), dice.choice(YEARS)
            url = f"/records/organization/?f-sector={sector}&from-registered_year={year}&to-registered_year={year}"
            answer = clients[number].get(url)
            if kinds[number] in (None, "committee"):
                wrong += [] if answer.status_code == 403 else [f"{number} got {answer.status_code}"]
                continue
            rows = set(re.findall(r"แห่ง \w+ \d+", answer.text))
            tabs = set(re.findall(r"แท็บของคนที่\d", answer.text))
            if answer.status_code != 200 or rows != {f"แห่ง {sector} {year}"} or tabs != {f"แท็บของคนที่{number}"}:
                wrong.append(f"{number} asked {url}: {answer.status_code} {rows} {tabs}")
        return wrong

    with ThreadPoolExecutor(THREADS) as pool:
        wrong = [line for lines in pool.map(ask, range(THREADS)) for line in lines]

    assert wrong == []
