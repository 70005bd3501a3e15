"""The database goes away in the middle of a request: the page that says so asks it nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from models.core import audit
from models.core.db import db
from models.core.kinds import STAFF
from tests.factories.core import make_account


@pytest.fixture
def gone_after_the_account_was_read(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Every statement fails from the moment on at which a request knows who asks; empty the list to mend it."""
    gone: list[bool] = []
    act_as = audit.act_as

    def know(*who: Any) -> None:
        act_as(*who)
        gone.append(True)

    def fail(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if gone and not statement.startswith(("SAVEPOINT", "ROLLBACK", "RELEASE")):
            raise sa.exc.OperationalError("statement", {}, Exception("gone"))

    monkeypatch.setattr(audit, "act_as", know)
    target = db._app_engines[app][None]
    sa.event.listen(target, "before_cursor_execute", fail)
    yield gone
    sa.event.remove(target, "before_cursor_execute", fail)


@pytest.mark.parametrize(("method", "path"), [("POST", "/notifications/read"), ("GET", "/proposals/")])
def test_the_page_that_says_so_comes_though_the_account_was_read_before(
    method, path, client, session, sign_in, gone_after_the_account_was_read
):
    sign_in(client, make_account(STAFF, locale="th"))
    token = client.csrf_token()

    session.commit()
    session.remove()
    gone_after_the_account_was_read.clear()
    # Not by the browser of the other tests, which reads the database again for them afterwards.
    answer = FlaskClient.open(client, path, method=method, headers={"X-CSRFToken": token})
    gone_after_the_account_was_read.clear()

    assert answer.status_code == 503
    assert 'lang="th"' in answer.text
