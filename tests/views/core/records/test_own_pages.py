"""A record's page leads to the one made for it, and to no page of its reader's own."""

import re

from models.core.job import enqueue


def page_of(browser, entity, key):
    found = re.search(
        r'<a[^>]*href="([^"]*)"[^>]*>(?:(?!</a>).)*เปิดหน้าเฉพาะ', browser.get(f"/records/{entity}/show/{key}").text, re.S
    )
    return found and found.group(1)


def test_an_account_leads_to_its_page_among_the_users(session, office, chief):
    assert page_of(office, "account", chief.id) == f"/users/{chief.id}"


def test_a_job_leads_to_own_files_where_it_makes_one_of_them(session, chair, chief, clerk):
    mine, work, others = (
        enqueue(kind, {}, by=by.id) for kind, by in (("export", chief), ("sweep", chief), ("export", clerk))
    )
    session.commit()

    assert [page_of(chair, "job", job.id) for job in (mine, work, others)] == ["/exports/", None, None]
