"""What is kept between requests, menu and drawn parts, is nobody's own and outlives no change of what one may do."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup

from models.core import matrix
from models.core.grants import Grant, grant
from tests.factories.core import make_account
from tests.factories.fund import make_organization
from views.core import drawing, menu


def entries(page):
    """The addresses in the side navigation, in their order."""
    side = page.partition('id="side"')[2].partition("</nav>")[0]
    return re.findall(r'href="([^"]*)"', side)


@pytest.fixture
def see(new_client, sign_in, session):
    """The main page as somebody sees it, in a browser of their own."""

    def do(account, address="/", language="th"):
        session.commit()
        page = sign_in(new_client(), account).get(address, headers={"Accept-Language": language})
        assert page.status_code == 200
        return page.text

    return do


def test_each_sees_the_menu_of_what_they_are_whoever_came_before(see):
    staff, applicant, other = make_account("staff"), make_account("project_manager"), make_account("staff")

    first, second, third = entries(see(staff)), entries(see(applicant)), entries(see(other))

    assert "/screening/" in first
    assert "/screening/" not in second
    assert third == first


def test_a_change_of_the_matrix_shows_in_the_menu_at_the_next_request(see, session):
    staff = make_account("staff")
    before = entries(see(staff))

    matrix.set_cells({("proposal.screen", "staff"): False, ("proposal.decide", "staff"): False})
    after = entries(see(staff))
    matrix.set_cells({("proposal.screen", "staff"): True, ("proposal.decide", "staff"): True})

    assert "/screening/" in before
    assert "/screening/" not in after
    assert entries(see(staff)) == before


def test_who_becomes_or_stops_being_something_sees_it_at_the_next_request(see, session):
    somebody = make_account("project_manager")
    before = entries(see(somebody))

    given = grant(somebody.id, "staff")
    during = entries(see(somebody))
    session.delete(session.get(Grant, given.id))
    after = entries(see(somebody))

    assert "/screening/" in during
    assert "/screening/" not in before
    assert after == before


def test_the_menu_is_kept_in_each_language_and_marks_the_page_one_is_on(see):
    staff = make_account("staff")

    thai, english, list_page = see(staff), see(staff, language="en"), see(staff, "/proposals/")

    assert "หน้าหลัก" in thai.partition('id="side"')[2].partition("</nav>")[0]
    assert "Main page" in english.partition('id="side"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]*)" aria-current=page', thai.partition('id="side"')[2]) == ["/"]
    assert re.findall(r'href="([^"]*)" aria-current=page', list_page.partition('id="side"')[2]) == ["/proposals/"]


def test_nothing_of_a_person_stands_in_what_is_kept(app, see):
    somebody = make_account("staff", first_name="ชื่อเฉพาะ", last_name="นามสกุลเฉพาะ")

    page = see(somebody)

    assert "ชื่อเฉพาะ" in page
    kept = [str(one) for name in ("sala.menu", "sala.drawn") for one in app.extensions[name].values()]
    assert kept
    assert not [one for one in kept if "เฉพาะ" in one or "csrf" in one or "nonce" in one]


def test_a_menu_without_a_version_of_the_matrix_is_asked_each_time(app, monkeypatch):
    made = []
    monkeypatch.setattr(matrix, "stamp", lambda: None)

    with app.test_request_context("/"):
        for _ in range(2):
            menu.kept("key", lambda: made.append(1), app.extensions["appbuilder"])

    assert len(made) == 2


def test_what_is_kept_has_a_limit(app, monkeypatch):
    monkeypatch.setattr(drawing, "_MOST", 3)

    with app.test_request_context("/"):
        for number in range(9):
            drawing.drawn("core/_ui.html", "chip", "pass", f"ผ่าน {number}")

    assert len(app.extensions["sala.drawn"]) <= 3


def test_a_drawn_part_is_the_macros_and_escapes_what_it_is_given(app):
    with app.test_request_context("/"):
        drawn = drawing.drawn("core/_ui.html", "chip", "pass", "<b>ผ่าน")

        assert 's-chip--pass"' in drawn
        assert "&lt;b&gt;ผ่าน" in drawn
        with pytest.raises(TypeError):
            drawing.drawn("core/_ui.html", "chip", "pass", Markup("<b>"))


def test_every_page_of_records_is_marked_in_the_menu_where_its_kinds_are_entered(see, session):
    staff, organization = make_account("super_user"), make_organization()
    session.commit()
    pages = ("", f"show/{organization.id}", "add", f"history/{organization.id}", "import")

    marked = {
        page: re.findall(
            r'href="([^"]*)" aria-current=page', see(staff, f"/records/organization/{page}").partition('id="side"')[2]
        )
        for page in pages
    }

    assert marked == {page: ["/records/"] for page in pages}
