"""Proposals by the million, of years gone by: rows made in the database itself, every constraint kept.

They are ended (approved, returned, not considered), have their number, revision, results and one step each; the
counters of their years are set, so that numbers go on behind them. The history holds one entry for all of them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import cycle, islice
from typing import Any

import click
from sqlalchemy import Column, Connection, Index, MetaData, Table, func, insert, select, text

from models.core import audit
from models.core.counter import Counter
from models.core.db import canonical, db, now
from models.core.identity import Account, Identity
from models.core.reference.provinces import PROVINCES
from models.core.thai.dates import day_bounds, fiscal_year, fiscal_year_range
from models.core.thai.text import search_text, sort_key
from models.fund.codes import MANAGER
from models.fund.membership import Membership
from models.fund.organization import Organization
from models.fund.proposal import NUMBER_ROOM, Proposal
from models.fund.proposal_moves import NUMBER_COUNTER
from models.fund.revision import Activity, Disability, Revision, Step
from models.fund.statistics import keeping
from services.migrations import BEGINNING, TRIGRAM, ensure_trigrams
from views.fund.demo.people import DOMAIN, LAST, MEN, WOMEN
from views.fund.demo.themes import THEMES

YEARS = 12
A_YEAR = 900_000  # most numbers of one year; a year has room for a million
CHUNK = 100_000
TITLES = 20_000
ORGANIZATIONS = 5_000
PLACES = ("บ้านดอนแก้ว", "บ้านหนองไผ่", "บ้านทุ่งรวงทอง", "วัดโพธิ์งาม", "บ้านห้วยทราย", "บ้านโนนสะอาด", "วัดสระบัว", "บ้านคลองใส")
PREFIXES = ("โรงเรียน", "ศูนย์การเรียนรู้", "มูลนิธิ", "สมาคมผู้ปกครอง", "ชมรมคนพิการ")

# Of a hundred: how many end how. `r` is a number's lot from 0 to 99.
LOT = "((n.i * 7919 + n.i / 100) % 100)"
APPROVED, FAILED, DOCUMENTS = f"{LOT} < 62", f"{LOT} < 80", f"{LOT} < 92"

WAITED_FOR = ("current_revision_id", "submitted_revision_id")


def fill(count: int, before: date) -> None:
    """Make so many proposals of the fiscal years that ended before a day; commits."""
    years = max(YEARS, -(-count // A_YEAR))
    last = fiscal_year(before) - 1
    connection = db.session.connection()
    _make_pools(connection, _owners(count))
    slow = count > CHUNK
    if slow:
        _drop_indexes(connection)
    helping = _helping_indexes(connection)
    for index in helping:
        index.create(connection)
    done = 0
    for number, year in enumerate(range(last - years + 1, last + 1)):
        of_year = count // years + (number < count % years)
        _make_year(connection, year, of_year)
        done += of_year
        click.echo(f"{done:,} proposals", err=True)
    _go_on_counting(connection)
    for index in helping:
        index.drop(connection)
    if slow:
        _make_indexes(connection)
    for name in ("demo_title", "demo_owner"):
        connection.execute(text(f"DROP TABLE {name}"))
    keeping.rebuild()  # These rows were written past the moves that keep the sums.
    audit.note("system.demo", entity="system", proposals=count)
    db.session.commit()
    if slow:
        ensure_trigrams(db.engine)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as alone:
        alone.exec_driver_sql("ANALYZE")


# --- whose and about what --------------------------------------------------------------------------------------------


def _owners(count: int) -> list[tuple[Organization, int]]:
    """Organizations with their managers' ids: those that are there, and one more for every 200 proposals."""
    there = db.session.execute(
        select(Organization, Membership.user_id)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(Membership.role == MANAGER)
        .order_by(Organization.id)
    )
    found = [(row[0], int(row[1])) for row in there]
    wanted = min(count // 200, ORGANIZATIONS)
    provinces = list(PROVINCES.values())
    for number in range(wanted):
        province, place = provinces[number % len(provinces)], PLACES[number % len(PLACES)]
        name = f"{PREFIXES[number % len(PREFIXES)]}{place} {number // len(PLACES) + 1} จังหวัด{province.name_th}"
        organization = Organization(
            name=name,
            sector="public" if number % len(PREFIXES) < 2 else "private",
            registered_year=2480 + number % 80,
            province_code=province.code,
            latitude=float(province.latitude),
            longitude=float(province.longitude),
            chair_title="นาย",
            chair_first_name=MEN[number % len(MEN)],
            chair_last_name=LAST[number % len(LAST)],
        )
        email = f"manager{number}@bulk.{DOMAIN}"
        first, last = WOMEN[number % len(WOMEN)], LAST[number // len(WOMEN) % len(LAST)]
        account = Account(
            username=email,
            email=email,
            title="นาง",
            first_name=first,
            last_name=last,
            active=True,
            password="!",  # noqa: S106 - nobody signs in with it
            confirmed_at=now(),
            sort_key=sort_key(f"{first} {last}"),
            search_text=search_text(f"{first} {last} {email}"),
        )
        db.session.add_all([organization, account])
        found.append((organization, 0))
        if number % 500 == 499 or number == wanted - 1:
            db.session.flush()
        found[-1] = (organization, account)  # type: ignore[assignment]
    db.session.flush()
    owners = []
    for organization, user in found:
        if isinstance(user, Account):
            db.session.add(Identity(user_id=user.id, type="email", value=user.email))
            db.session.add(Membership(organization_id=organization.id, user_id=user.id, role=MANAGER))
            user = user.id
        owners.append((organization, user))
    db.session.flush()
    return owners


def _make_pools(connection: Connection, owners: list[tuple[Organization, int]]) -> None:
    """Temporary tables of titles and owners, computed here because Thai sorting is Python's."""
    connection.execute(
        text(
            "CREATE TEMPORARY TABLE demo_title"
            " (i INTEGER PRIMARY KEY, title TEXT, title_sort TEXT, title_search TEXT, kind TEXT)"
        )
    )
    provinces = [province.name_th for province in PROVINCES.values()]
    rows = []
    for number, theme in enumerate(islice(cycle(THEMES), TITLES)):
        turn = number // len(THEMES)
        title = f"{theme.title} จังหวัด{provinces[turn % len(provinces)]} รุ่นที่ {turn // len(provinces) + 1}"
        found = {"title": title, "title_sort": sort_key(title), "title_search": search_text(title)}
        rows.append({"i": number, **found, "kind": theme.disabilities[0]})
    connection.execute(text("INSERT INTO demo_title VALUES (:i, :title, :title_sort, :title_search, :kind)"), rows)
    connection.execute(
        text(
            "CREATE TEMPORARY TABLE demo_owner (i INTEGER PRIMARY KEY, organization_id INTEGER, user_id INTEGER,"
            " name TEXT, name_sort TEXT, snapshot TEXT)"
        )
    )
    connection.execute(
        text("INSERT INTO demo_owner VALUES (:i, :organization_id, :user_id, :name, :name_sort, :snapshot)"),
        [
            {
                "i": number,
                "organization_id": organization.id,
                "user_id": user_id,
                "name": organization.name,
                "name_sort": organization.name_sort,
                "snapshot": canonical(organization.snapshot()),
            }
            for number, (organization, user_id) in enumerate(owners)
        ],
    )


# --- rows ------------------------------------------------------------------------------------------------------------


def _make_year(connection: Connection, year: int, count: int) -> None:
    begins, ends = fiscal_year_range(year)
    moment = day_bounds(begins)[0] + timedelta(hours=9)
    pace = ((ends - begins).days - 1) * 86_400 / max(count, 1)
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        _make_chunk(connection, year, start, size, moment, pace)
    if count:
        connection.execute(insert(Counter).values(name=NUMBER_COUNTER, period=str(year), value=count))


def _make_chunk(connection: Connection, year: int, start: int, size: int, moment: datetime, pace: float) -> None:
    """Numbers `start` + 1 to `start` + `size` of a year."""
    is_postgres = connection.dialect.name == "postgresql"
    first = {
        model.__tablename__: int(connection.scalar(select(func.max(model.id))) or 0)
        for model in (Proposal, Revision, Step)
    }
    if not is_postgres:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))  # Proposal and revision name each other.

    def at(days: int) -> str:
        seconds = f"({pace} * n.i + {days * 86_400})"
        if is_postgres:
            return f"CAST('{moment.isoformat()}' AS timestamptz) + {seconds} * interval '1 second'"
        plain = f"{moment:%Y-%m-%d %H:%M:%S}"
        return f"(strftime('%Y-%m-%d %H:%M:%f', '{plain}', {seconds} || ' seconds') || '000')"

    def day(days: int) -> str:
        return f"CAST({at(days)} AS date)" if is_postgres else f"date({at(days)})"

    proposal, revision, step = (f"{first[name]} + n.i - {start} + 1" for name in first)
    sent, judged = at(0), {"screening": at(6), "group": at(27), "sub": at(55), "board": at(83)}
    amount = "(98000 + (n.i * 37 % 900) * 1000) * 100"
    ends: dict[str, tuple[str, ...]] = {
        "state": ("'approved'", "'returned'", "'returned'", "'not_considered'"),
        "screening": ("pass", "pass", "documents", "not_considered"),
        "group": ("pass", "fail", "", ""),
        "sub": ("pass", "", "", ""),
        "board": ("approved", "", "", ""),
    }
    shown = {"pass": "passed", "fail": "failed", "": "none"}
    passing, failing = "80 + n.i % 21", "40 + n.i % 38"

    def points(level: str) -> str:
        return _case(passing, failing if level == "group" else "NULL", "NULL", "NULL")

    proposals = {
        "id": proposal,
        "fiscal_year": str(year),
        "sequence": "n.i + 1",
        "number_sort": f"CAST({year} AS BIGINT) * {NUMBER_ROOM} + n.i + 1",
        "organization_id": "o.organization_id",
        "author_id": "o.user_id",
        "state": _case(*ends["state"]),
        "current_revision_id": revision,
        "submitted_revision_id": revision,
        **dict.fromkeys(("created_at", "saved_at", "first_submitted_at", "submitted_at", "listed_at"), sent),
        "decided_at": _case(judged["board"], "NULL", "NULL", judged["screening"]),
        "closing_reason": _case("''", "''", "''", "'อยู่นอกภารกิจของกองทุน'"),
        "title": "t.title",
        "title_sort": "t.title_sort",
        "title_search": "t.title_search",
        "organization_sort": "o.name_sort",
        "amount_asked": amount,
        "revision_number": "1",
        **{
            f"{level}_status": _case(*(f"'{shown.get(end, end)}'" for end in ends[level]))
            for level in ("screening", "group", "sub", "board")
        },
        "group_points": points("group"),
        "sub_points": points("sub"),
    }
    revisions = {
        "id": revision,
        "proposal_id": proposal,
        "number": "1",
        **dict.fromkeys(("created_at", "saved_at", "submitted_at"), sent),
        "submitted_by_id": "o.user_id",
        "organization_snapshot": "o.snapshot",
        "asked_before": "false",
        "title": "t.title",
        "unit_name": "o.name",
        "unit_phone": "'02-1234567'",
        "unit_email": f"'project@bulk.{DOMAIN}'",
        "coordinator_name": "'ผู้ประสานงานโครงการ'",
        "coordinator_phone": "'081-2345678'",
        "coordinator_email": f"'project@bulk.{DOMAIN}'",
        "rationale": "'ผู้เรียนยังเข้าไม่ถึงการจัดการเรียนรู้ที่เหมาะสม จึงเสนอโครงการนี้'",
        "method": "'วางแผน ดำเนินการ ติดตาม และประเมินผล'",
        "starts_on": day(150),
        "ends_on": day(299),
        "amount_asked": amount,
        "budget": amount,
        "duration_days": "150",
        "span_starts_on": day(150),
        "span_ends_on": day(299),
        **{f"{level}_result": _case(*(f"'{end}'" if end else "NULL" for end in ends[level])) for level in judged},
        **{f"{level}_at": _case(*(at_ if end else "NULL" for end in ends[level])) for level, at_ in judged.items()},
        "group_points": points("group"),
        "sub_points": points("sub"),
    }
    line = "lpad(to_hex(n.i), 32, '0')" if is_postgres else "printf('%032x', n.i)"
    steps = {"id": step, "revision_id": revision, "line_id": line, "name": "'ดำเนินการ'"}
    activities = {
        "revision_id": revision,
        "step_id": step,
        "line_id": line,
        "name": "'จัดกิจกรรมตามแผน'",
        "starts_on": day(150),
        "ends_on": day(299),
        "budget": amount,
    }
    end = start + size - 1
    counted = f"WITH RECURSIVE c(i) AS (VALUES ({start}) UNION ALL SELECT i + 1 FROM c WHERE i < {end})"  # noqa: S608
    numbers = f"(SELECT generate_series({start}, {end}) AS i)" if is_postgres else f"({counted} SELECT i FROM c)"  # noqa: S608
    count_owners = int(connection.scalar(text("SELECT count(*) FROM demo_owner")) or 1)
    source = (
        f"FROM {numbers} AS n JOIN demo_title t ON t.i = (n.i * 101 + {year}) % {TITLES}"
        f" JOIN demo_owner o ON o.i = (n.i * 17 + {year}) % {count_owners}"
    )
    both = [_insert(Proposal.__table__, proposals, source), _insert(Revision.__table__, revisions, source)]
    if is_postgres:
        # In one statement: the keys of each other are looked at when it ends.
        both = [f"WITH p AS ({both[0]}) {both[1]}"]
    for statement in both:
        _run(connection, statement)
    for table, columns in (
        (Step.__table__, steps),
        (Activity.__table__, activities),
        (Disability.__table__, {"revision_id": revision, "kind": "t.kind"}),
    ):
        _run(connection, _insert(table, columns, source))


def _run(connection: Connection, statement: str) -> None:
    # psycopg reads % as a parameter's mark.
    is_postgres = connection.dialect.name == "postgresql"
    connection.exec_driver_sql(statement.replace("%", "%%") if is_postgres else statement)


def _case(*values: str) -> str:
    """SQL for one of four values by a number's lot: approved, failed, documents, not considered."""
    approved, failed, documents, closed = values
    if approved == failed == documents == closed:
        return approved
    lots = zip((APPROVED, FAILED, DOCUMENTS), (approved, failed, documents), strict=True)
    return " ".join(["CASE", *(f"WHEN {lot} THEN {value}" for lot, value in lots), f"ELSE {closed} END"])


def _insert(table: Table, given: dict[str, str], source: str) -> str:
    """INSERT … SELECT; columns that may not be NULL and are not given get their plain default."""
    columns = dict(given)
    for column in table.columns:
        if column.name not in columns and not column.nullable and not column.primary_key:
            default: Any = column.default.arg if column.default is not None else None
            if column.name == "version":
                default = 1
            columns[column.name] = f"'{default}'" if isinstance(default, str) else str(default).lower()
    return f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {', '.join(columns.values())} {source}"


def _go_on_counting(connection: Connection) -> None:
    """Keys were given by hand: let PostgreSQL's sequences go on behind them (SQLite does by itself)."""
    if connection.dialect.name != "postgresql":
        return
    for model in (Proposal, Revision, Step):
        last = select(func.max(model.id)).scalar_subquery()
        connection.execute(select(func.setval(func.pg_get_serial_sequence(model.__tablename__, "id"), last)))


# --- indexes ---------------------------------------------------------------------------------------------------------

TABLES = tuple(model.__table__ for model in (Proposal, Revision, Step, Activity, Disability))


def _plain_indexes() -> list[Any]:
    return [index for table in TABLES for index in table.indexes if not index.unique]


def _drop_indexes(connection: Connection) -> None:
    """What only makes reading quick is made again at the end: many times quicker than row by row."""
    for index in _plain_indexes():
        index.drop(connection)
    if connection.dialect.name == "postgresql":
        for kind in (TRIGRAM, BEGINNING):
            connection.execute(text(f'DROP INDEX IF EXISTS "{kind}{Proposal.__tablename__}_title_search"'))


def _helping_indexes(connection: Connection) -> list[Index]:
    """What SQLite needs meanwhile: with every revision it looks which proposals have been waiting for it."""
    if connection.dialect.name == "postgresql":
        return []
    known = MetaData()
    table = Table(Proposal.__tablename__, known, *(Column(name) for name in WAITED_FOR))
    return [Index(f"demo_{name}", table.c[name]) for name in WAITED_FOR]


def _make_indexes(connection: Connection) -> None:
    for index in _plain_indexes():
        index.create(connection)
