"""What comes to the door under a false name, or with a key that is not its own."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example", ""])
def test_a_host_that_is_not_ours_is_refused_without_an_error_of_ours(host, method, client):
    answer = client.open("/sign/in", method=method, headers={"Host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.text


def test_a_part_of_a_form_without_a_name_is_left_out(client):
    body = b"--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--\r\n"

    answer = client.post("/sign/in", data=body, content_type="multipart/form-data; boundary=B")

    assert answer.status_code == 400
