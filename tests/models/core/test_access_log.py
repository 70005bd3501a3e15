"""The log is filtered as asked, page by page and whole, and a page costs little however much there is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from models.core import access_log, audit
from models.core.access_log import GROUPS, Wanted, group_of
from models.core.audit import AuditEntry
from tests.factories.core import make_account

ACTIONS = (
    "sign_in",
    "sign_in_failed",
    "sign_out",
    "account.view",
    "fund_proposal.save",
    "permission.change",
    "x.export",
)
BEGUN = datetime(2041, 1, 1, tzinfo=UTC)


def fill(session, rows):
    """Entries as they lie in the table; their seals are no matter here."""
    session.flush()
    first = 5_000_000
    made = []
    for number, (action, entity, key, actor, address) in enumerate(rows):
        made.append(
            {
                "seq": first + number,
                "at": BEGUN + timedelta(hours=number),
                "actor_id": actor,
                "action": action,
                "entity": entity,
                "entity_id": key,
                "address": address,
                "request_id": "",
                "payload": {},
                "salt": "",
                "digest": "",
                "mac": "",
            }
        )
    session.execute(insert(AuditEntry), made)
    return made


@pytest.mark.parametrize(
    ("action", "group"),
    [
        ("sign_in", "sign_in"),
        ("sign_in_failed", "sign_in_failed"),
        ("sign_out", "sign_out"),
        ("session.end", "sign_out"),
        ("account.view", "view"),
        ("file.view", "view"),
        ("fund_proposal.view", "view"),
        ("permission.change", "permission"),
        ("account.appoint", "permission"),
        ("core_matrix_cell.create", "permission"),
        ("fund_proposal.print", "export"),
        ("core_audit_entry.export", "export"),
        ("fund_proposal.save", "change"),
        ("account.close", "change"),
        ("something.new", "change"),
    ],
)
def test_every_action_is_of_one_kind_of_event(action, group):
    assert group_of(action) == group
    assert group in GROUPS


def test_what_the_log_has_to_filter_by_is_known_without_reading_it_all(session, count_queries):
    session.execute(AuditEntry.__table__.delete())
    fill(session, [(action, "ab_user", "1", 1, "") for action in ACTIONS * 3] + [("sign_in", "", "", None, "")])
    count_queries.clear()

    known = access_log.known()

    assert known.actions == tuple(sorted(ACTIONS))
    assert known.entities == ("ab_user",)
    assert len(count_queries) == 1


ROWS = st.lists(
    st.tuples(
        st.sampled_from(ACTIONS),
        st.sampled_from(["ab_user", "fund_proposal", ""]),
        st.sampled_from(["1", "2", ""]),
        st.sampled_from([1, 2, None]),
        st.sampled_from(["10.0.0.7", "10.0.0.8"]),
    ),
    max_size=40,
)
DAYS = st.one_of(st.none(), st.dates(date(2040, 12, 30), date(2041, 1, 5)))
WANTED = st.builds(
    Wanted,
    since=DAYS,
    until=DAYS,
    person=st.sampled_from([None, 1, 2, 3]),
    group=st.sampled_from(["", *GROUPS]),
    action=st.sampled_from(["", *ACTIONS, "unheard.of"]),
    entity=st.sampled_from(["", "ab_user", "fund_proposal"]),
    entity_id=st.sampled_from(["", "1"]),
    address=st.sampled_from(["", "10.0.0.7"]),
)


def fits(row, wanted):
    day = (row["at"] + timedelta(hours=7)).date()
    return all(
        (
            wanted.since is None or day >= wanted.since,
            wanted.until is None or day <= wanted.until,
            wanted.person is None or row["actor_id"] == wanted.person,
            not wanted.group or group_of(row["action"]) == wanted.group,
            *(
                not value or row[name] == value
                for name, value in (
                    ("action", wanted.action),
                    ("entity", wanted.entity),
                    ("entity_id", wanted.entity_id),
                    ("address", wanted.address),
                )
            ),
        )
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ROWS, WANTED, st.integers(1, 7))
def test_pages_forth_and_back_and_the_whole_give_exactly_what_fits(session, rows, wanted, size):
    point = session.begin_nested()
    session.execute(AuditEntry.__table__.delete())
    made = fill(session, rows) if rows else []
    expected = [row["seq"] for row in reversed(made) if fits(row, wanted)]

    forth, page, pages = [], access_log.page_of(wanted, size), []
    while True:
        forth += [entry.seq for entry in page.rows]
        pages.append([entry.seq for entry in page.rows])
        if page.after is None:
            break
        page = access_log.page_of(wanted, size, after=int(page.after))
    back = [pages[-1]]
    while page.before is not None:
        page = access_log.page_of(wanted, size, before=int(page.before))
        back.insert(0, [entry.seq for entry in page.rows])

    assert forth == expected
    assert back == pages
    assert [entry.seq for part in access_log.entries(wanted, 3) for entry in part] == expected
    assert access_log.count_up_to(wanted, 3) == min(len(expected), 4)
    point.rollback()


def test_a_page_asks_the_same_however_many_actions_a_kind_of_event_has(session, count_queries):
    fill(session, [(f"thing{number}.change", "thing", "1", 1, "") for number in range(120)])
    count_queries.clear()

    page = access_log.page_of(Wanted(group="change"), 50)

    assert len(page.rows) == 50
    assert len(count_queries) == 3


def test_the_details_gate_is_asked_once_for_many_entries(session):
    person = make_account()
    session.commit()
    entry = audit.history_of(person)[0]
    asked = []

    def gate(_user, entries):
        asked.append([one.seq for one in entries])
        return set()

    before = audit._gates.copy()
    audit.register_details_gate("ab_user", gate)
    try:
        assert audit.readable_details(person, [entry, entry]) == set()
        assert not audit.may_read_details(person, entry)
    finally:
        audit._gates.clear()
        audit._gates.update(before)
    assert asked == [[entry.seq, entry.seq], [entry.seq]]
    assert audit.may_read_details(person, entry)
