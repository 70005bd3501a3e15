"""What the tests of the wizard's pages share: a signed-in applicant's browser and the forms as it posts them."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import sqlalchemy as sa

from models.core.db import db
from models.core.draft import Draft
from models.fund.proposal import Proposal, create_proposal
from tests.factories.fund import make_member, make_organization, save_at_once

AS_SCRIPT = {"X-Requested-With": "fetch", "Accept": "application/json"}


@pytest.fixture
def author(session):
    return member()


@pytest.fixture
def browser(client, author, sign_in):
    return sign_in(client, author)


def draft_of(author: Any, organization: Any = None, content: dict[str, Any] | None = None) -> Proposal:
    """A draft of `author`, with whatever parts are given."""
    from tests.factories.fund import organization_of

    proposal = create_proposal(author, organization or organization_of(author))
    save_at_once(proposal, content or {}, author)
    db.session.commit()
    return proposal


def member(role: str = "member", organization: Any = None) -> Any:
    """A member of an organization of their own, unless one is given."""
    account = make_member(organization or make_organization(), role)
    db.session.commit()
    return account


def fields_of(page: str) -> dict[str, Any]:
    """Name and value of every control of the wizard's form, as a browser would post them unchanged."""
    start = page.index('<form class="s-wizard-body"')
    form = page[start : page.index("</form>", start)]
    form = re.sub(r"<template.*?</template>", "", form, flags=re.S)
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name, kind = _attribute(tag, "name"), _attribute(tag, "type")
        if not name or kind == "file" or (kind in ("checkbox", "radio") and " checked" not in tag):
            continue
        value = _attribute(tag, "value") or ""
        if kind == "checkbox":
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    for tag, text in re.findall(r"(<textarea\b[^>]*>)(.*?)</textarea>", form, flags=re.S):
        found[_attribute(tag, "name") or ""] = html.unescape(re.sub(r"\A\r?\n", "", text))
    return found


def _attribute(tag: str, name: str) -> str | None:
    match = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(match[1]) if match else None


def open_part(client: Any, proposal: Proposal, part: str) -> dict[str, Any]:
    """Open a part's page; the controls of its form."""
    answer = client.get(f"/wizard/{proposal.id}/{part}")
    assert answer.status_code == 200
    return fields_of(answer.text)


def post_part(client: Any, proposal: Proposal, part: str, fields: dict[str, Any], **more: Any) -> Any:
    """Press บันทึก (or another button given as `go`) on a part's page."""
    return client.post(f"/wizard/{proposal.id}/{part}", data={"go": "save", **fields, **more})


def fresh(proposal: Proposal) -> Proposal:
    """The proposal as the database has it now."""
    db.session.expire_all()
    found = db.session.get(Proposal, proposal.id)
    assert found is not None
    return found


def keep(client, account, proposal, part, fields, **more):
    """What the page's script sends while somebody types."""
    base = {name: fields.get(name) for name in ("version", "base", "revision")}
    typed = [
        [name, value] for name, value in fields.items() if name not in (*base, "csrf_token") and isinstance(value, str)
    ]
    body = {**base, "user": account.id, "fields": typed, **more}
    return client.post(f"/wizard/{proposal.id}/{part}/typing", json=body, headers=AS_SCRIPT)


def typings():
    return db.session.scalar(sa.select(sa.func.count()).select_from(Draft))
