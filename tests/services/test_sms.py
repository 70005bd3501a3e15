"""Short messages go out by HTTP POST of JSON."""

from __future__ import annotations

import pytest

from services import sms
from services.sms import SmsDown, SmsRefused
from tests.servers import free_port, http_server


def test_the_gateway_gets_number_text_and_reference(make_app):
    with (
        http_server(lambda *_: (200, {}, b"")) as gateway,
        make_app(SALA_SMS_URL=f"http://127.0.0.1:{gateway.port}/send?key=1").app_context(),
    ):
        sms.send("0812345678", "รหัส 123456", "ref1")

    assert gateway.requests[0][:2] == ("POST", "/send?key=1")
    assert gateway.json() == {"to": "0812345678", "text": "รหัส 123456", "reference": "ref1"}


@pytest.mark.parametrize(
    ("status", "trouble"), [(500, SmsDown), (503, SmsDown), (429, SmsDown), (400, SmsRefused), (404, SmsRefused)]
)
def test_what_may_pass_is_told_from_what_stays(make_app, status, trouble):
    with http_server(lambda *_: (status, {}, b"no")) as gateway:
        app = make_app(SALA_SMS_URL=f"http://127.0.0.1:{gateway.port}/")
        with app.app_context(), pytest.raises(trouble):
            sms.send("0812345678", "x", "r")


def test_nobody_listening_is_down(make_app):
    app = make_app(SALA_SMS_URL=f"http://127.0.0.1:{free_port()}/")
    with app.app_context(), pytest.raises(SmsDown):
        sms.send("0812345678", "x", "r")
