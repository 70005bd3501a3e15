"""Addresses that nobody means, against the lists of every kind of record: how many answer what; none may be a fault."""

from __future__ import annotations

import os
import random
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from bench.runner import POSTGRESQL, SQLITE, Meter, bench
from models.core.db import db
from models.core.entity import Entity, entities
from models.core.entity.rows import filters_of
from models.core.identity import open_session
from models.fund.codes import State

REQUESTS = int(os.environ.get("SALA_BENCH_FUZZ", "5000"))
NAMES = ("page", "size", "sort", "tab", "after", "before", "at", "q", "f-password", "f-", "from-id", "to-", "f-id")
TYPED = (
    *("", "x", "0", "-1", "1", "9" * 40, "๑๒๓", "1e9", "1.5", "-0", "true", "ใช่", "NaN", "null", "~", "a~1", "1~" * 9),
    *(
        "11/03/2569",
        "31/02/2569",
        "11/03/2026",
        "2569-03-11",
        "1/1/1",
        "%",
        "_",
        "\\",
        "'",
        '"',
        "\0",
        "\x1f",
        "\u202e",
    ),
    *(
        "ก" * 250,
        "ก" * 3000,
        "\u200b",
        "é",
        "\ud800",
        "🙂",
        "<b>",
        "{{7*7}}",
        "%00",
        "../../etc/passwd",
        " ",
        "\r\nX: y",
    ),
)


def _query(entity: Entity, dice: random.Random) -> str:
    """A query string of one to four arguments, most of them of names that the list knows."""
    ways = {"equal": ("f",), "range": ("from", "to")}
    own = [f"{start}-{name}" for name, way in filters_of(entity).items() for start in ways[way]]
    own += ["sort", "after", "before", "at", "q", "size"]
    given = []
    for _number in range(dice.randint(1, 4)):
        name = dice.choice(own if dice.random() < 0.9 else list(NAMES))
        orders: list[Any] = [*entity.all_orders]
        typed = dice.choice(TYPED)
        if name == "sort" and dice.random() < 0.8:
            typed = dice.choice(orders)
        elif name == "size" and dice.random() < 0.8:
            typed = "10"
        elif name.startswith("f-") and (codes := entity.fields.get(name[2:])) is not None and codes.codes:
            typed = dice.choice([*TYPED, *(str(code) for code in codes.codes)])
        given.append((name, typed))
    return urlencode(given, errors="surrogatepass")


@bench("fuzz", on=(SQLITE, POSTGRESQL))
def fuzz(meter: Meter) -> None:
    """Ask the lists, counts, pages and histories of every entity; a fault is printed with its address."""
    from tests.factories.core import make_account
    from tests.factories.fund import Cast, make_proposal, put_on, screen

    app, dice = meter.app, random.Random(2569)
    with app.app_context():
        cast = Cast()
        proposal = make_proposal(State.SCREENING, cast=cast)
        screen(proposal, cast.staff)
        put_on(proposal, cast)
        account = make_account("super_user")
        token = open_session(account, "fuzz", "127.0.0.1")
        db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    said: Counter[int] = Counter()
    every = entities()
    for _number in range(REQUESTS):
        entity = dice.choice(every)
        way = dice.choice(("", "", "", "", "counts", "show/", "history/"))
        path = f"/records/{entity.name}/{way}"
        if way in ("show/", "history/"):
            path += urlencode({"": dice.choice(TYPED)}, errors="surrogatepass").removeprefix("=") or "x"
        with app.app_context():
            address = f"{path}?{_query(entity, dice)}"
        status = client.get(address).status_code
        said[status] += 1
        if status >= 500:
            meter.say(f"a fault ({status})", address)
    for status, count in sorted(said.items()):
        meter.say(f"answers {status}", f"{count:9,} of {REQUESTS:,}")
