"""Every kind of record has its pages, for those who may see it and for nobody else; nothing typed breaks them."""

import csv
import io
import random
import re

import pytest

from models.core.db import db
from models.core.entity import entities, entity_named
from models.core.entity.rows import opens, seen_by
from models.core.identity import SignInSession
from models.core.matrix import allows
from models.fund.codes import State
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_member, make_organization, make_proposal, put_on, screen
from views.core.records.asked import endpoint_of
from views.core.records.listed import order_words
from views.core.records.policy import is_served

ODD = (
    *("page=abc", "size=abc", "size=1000000", "size=-1", "sort=password", "sort=-", "tab=nothing", "tab=deleted"),
    *("after=x", "after=~~~", "before=%00", "after=" + "9" * 40, "after=a~1", "before=1~" + "8" * 19),
    *("q=" + "ก" * 3000, "q=%00", "q=%25_%5C", "at=" + "9" * 40, "at=abc", "at=%00", "q=%ED%A0%80"),
    *("f-password=1", "f-id=1", "from-id=1", "f-=1", "to-state=x", "f-deleted_at=1"),
)
TYPED = ("", "x", "0", "-1", "1", "9" * 40, "๑๒", "11/03/2569", "31/02/2569", "%00", "ก" * 250, "true", "1e9")


def rows_of(entity, user):
    return seen_by(entity, user).with_only_columns(entity.pk).order_by(None).limit(1)


@pytest.fixture
def lived_in(session):
    """A proposal on an agenda, and whoever brought it there."""
    cast = Cast()
    proposal = make_proposal(State.SCREENING, cast=cast)
    screen(proposal, cast.staff)
    put_on(proposal, cast)
    session.commit()
    return cast


def test_every_kind_of_record_opens_to_those_who_may_see_it(app, lived_in, browser):
    for person in (lived_in.staff, make_account("super_user")):
        asking = browser(person)
        for entity in filter(is_served, entities()):
            may, key = opens(entity, person), db.session.scalar(rows_of(entity, person))

            page = asking.get(f"/records/{entity.name}/")
            assert page.status_code == (200 if may else 403), entity.name
            if not may or key is None:
                continue
            shown = asking.get(f"/records/{entity.name}/show/{key}")
            told = asking.get(f"/records/{entity.name}/history/{key}", follow_redirects=True)
            assert shown.status_code == 200, entity.name
            assert told.status_code == (200 if allows(person, "access_log.view") else 403), entity.name
            assert asking.get(f"/records/{entity.name}/show/999999").status_code == 404
            has_form = f"{endpoint_of(entity)}.add" in app.view_functions
            assert has_form == (entity.gates.add is not None)
            if has_form:
                wanted = 200 if opens(entity, person, "add") else 403
                assert asking.get(f"/records/{entity.name}/add", follow_redirects=True).status_code == wanted, (
                    entity.name
                )


def test_nothing_generated_opens_to_applicants_committee_members_and_visitors(app, lived_in, browser, client):
    applicant = browser(make_member(make_organization()))
    committee = browser(lived_in.chair)

    for entity in filter(is_served, entities()):
        for asking in (applicant, committee):
            assert asking.get(f"/records/{entity.name}/").status_code == 403
            assert asking.get(f"/records/{entity.name}/counts").status_code == 403
    assert applicant.get("/records/").status_code == 403
    assert client.get("/records/organization/").status_code == 302


def test_a_name_of_nothing_is_not_found(office):
    assert office.get("/records/nothing/counts").status_code == 404
    assert office.get("/records/organization/show/abc").status_code == 404
    assert office.get("/records/organization/show/" + "9" * 30).status_code == 404
    assert office.get("/records/organization/pick/nothing").status_code == 404


def test_no_address_of_a_list_breaks_it(lived_in, browser):
    asking, dice = browser(make_account("super_user")), random.Random(2569)
    person = make_account("super_user")

    for entity in (one for one in entities() if is_served(one) and opens(one, person)):
        queries = [*dice.sample(ODD, 5)]
        for name in dice.sample(sorted(entity.filtered), min(2, len(entity.filtered))):
            queries += [f"{dice.choice(('f', 'from', 'to'))}-{name}={typed}" for typed in dice.sample(TYPED, 3)]
        for query in queries:
            answer = asking.get(f"/records/{entity.name}/?{query}")
            assert answer.status_code in (200, 400, 404), (entity.name, query)


def test_a_list_runs_as_many_queries_for_many_rows_as_for_few(session, office, count_queries):
    def queries():
        session.commit()
        count_queries.clear()
        assert office.get("/records/membership/").status_code == 200
        return len(count_queries)

    make_member(make_organization())
    queries()  # The matrix is read once per process.
    few = queries()
    for _number in range(5):
        make_member(make_organization())
    many = queries()

    assert few == many <= 8


def test_a_record_of_a_person_is_written_down_as_looked_at(session, office, organizations):
    from models.core.audit import AuditEntry

    office.get(f"/records/organization/show/{organizations[0].id}")

    last = session.query(AuditEntry).order_by(AuditEntry.seq.desc()).first()
    assert (last.action, last.entity_id) == ("fund_organization.view", str(organizations[0].id))


def test_the_home_page_names_every_kind_that_the_reader_sees(clerk, office):
    page = office.get("/records/").text

    assert '/records/organization/"' in page
    hidden = [one.name for one in entities() if not opens(one, clerk)]
    assert hidden
    assert not any(f'/records/{name}/"' in page for name in hidden)
    assert entity_named("organization") is not None


def test_every_order_of_every_list_has_words(app):
    with app.test_request_context():
        wordless = [
            (entity.name, order.name)
            for entity in entities()
            for order in entity.all_orders.values()
            if re.search("[a-z]+_[a-z]+", order_words(entity, order))
        ]

    assert wordless == []


def test_a_device_is_said_in_few_words_and_its_own_page_says_all(session, browser):
    boss = make_account("super_user")
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
    row = SignInSession(user_id=boss.id, token_hash="0" * 64, device=agent, address="127.0.0.1")
    session.add(row)
    session.commit()
    office = browser(boss)

    listed, page = office.get("/records/sign_in/").text, office.get(f"/records/sign_in/show/{row.id}").text

    assert "Chrome · Windows" in listed
    assert agent not in listed
    assert page.index("Chrome · Windows") < page.index(agent)


def test_a_proposal_s_number_is_one_column_as_people_know_it(session, office):
    numbered = make_proposal(State.SCREENING)
    session.commit()

    listed = office.get("/records/proposal/").text
    page = office.get(f"/records/proposal/show/{numbered.id}").text
    with office.get("/records/proposal/export.csv") as answer:
        heading, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))

    assert numbered.number in listed
    assert numbered.number in page
    assert numbered.number in [row[heading.index("หมายเลขโครงการ")] for row in rows]
    for text in (listed, page):
        assert "ลำดับในปีงบประมาณ" not in text
    assert "วันที่ส่ง" in listed
    assert "วันที่ยื่น" not in listed
