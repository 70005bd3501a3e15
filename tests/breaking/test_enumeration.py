"""What a stranger can learn, or an unlucky person lose, at the doors before signing in."""

from __future__ import annotations

import pytest

from models.core.identity import account_by_identity
from tests.factories.core import make_account
from views.core import limits

PASSWORD = "ริมฝั่งน้ำยามเย็น2569"


def test_a_mistyped_address_can_be_corrected_on_the_page_that_the_browser_kept(client, session):
    form = {"password": PASSWORD, "again": PASSWORD, "terms": "y", "privacy": "y", "form_token": "kept-by-the-browser"}

    for email in ("somsri@sala.exmaple.com", "somsri@sala.example.com"):
        assert client.post("/register/", data={**form, "email": email}).status_code == 302

    assert account_by_identity("email", "somsri@sala.example.com") is not None


class Clock:
    """Stands for `time`: every look takes three hundredths more of a second than the one before."""

    def __init__(self) -> None:
        self.at, self.looks, self.slept = 0.0, 0, []

    def perf_counter(self) -> float:
        self.looks += 1
        self.at += 0.03 * self.looks
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/register/", {"password": PASSWORD, "again": PASSWORD, "terms": "y", "privacy": "y"}),
        ("/register/resend", {}),
        ("/forgotten/", {}),
    ],
)
def test_the_doors_answer_at_whole_steps_whoever_is_known(path, more, client, session, monkeypatch):
    make_account("project_manager", email="known@sala.example.com")
    clock = Clock()
    monkeypatch.setattr(limits, "time", clock)
    monkeypatch.setitem(client.application.config, "EVEN_SECONDS", 0.5)

    for email in ("known@sala.example.com", "nobody@sala.example.com"):
        assert client.post(path, data={**more, "email": email}).status_code == 302

    # The blocks took 0.06 and 0.12 seconds.
    assert clock.slept == [pytest.approx(0.44), pytest.approx(0.38)]
