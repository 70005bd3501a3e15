"""A sealed value is read only with the key."""

from __future__ import annotations

import pytest

from services import seal


def test_a_sealed_token_comes_back_and_does_not_show(plain):
    sealed = seal.seal("the-token")

    assert "the-token" not in sealed
    assert seal.is_sealed(sealed)
    assert seal.unseal(sealed) == "the-token"


def test_another_key_does_not_open_it(plain, make_app):
    sealed = seal.seal("the-token")

    with make_app(SALA_SECRET_KEY="t" * 64).app_context(), pytest.raises(seal.BadSeal):
        seal.unseal(sealed)


def test_a_changed_seal_does_not_open(plain):
    sealed = seal.seal("the-token")

    with pytest.raises(seal.BadSeal):
        seal.unseal(sealed[:-4] + "AAAA")


def test_a_plain_value_is_not_sealed():
    assert not seal.is_sealed("plain")
    assert not seal.is_sealed(5)
