"""What comes to the door under a false name, or with a key that is not its own."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example", ""])
def test_a_host_that_is_not_ours_is_refused_without_an_error_of_ours(host, method, client):
    answer = client.open("/sign/in", method=method, headers={"Host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.text
