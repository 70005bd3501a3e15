"""A request that only reads leaves no trace in the thread that served it."""

from models.core.db import _writing


def test_after_a_reading_request_the_thread_writes_again(client):
    assert client.get("/sign/in").status_code == 200

    assert _writing.get()
