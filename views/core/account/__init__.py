"""One's own account: opening it, getting back in, profile, password, devices (spec: fund.md 2)."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from models.core.registration import CARD_PURPOSE, CARD_TYPES, must_fill_profile
from models.core.thai.citizen import format_citizen_id
from models.core.thai.phone import format_phone
from views.core import digest as digest
from views.core.access import register_duty
from views.core.account import letters as letters
from views.core.account import words as words
from views.core.account.address import AddressView, TextsView, texts_duty
from views.core.account.forgotten import ForgottenView
from views.core.account.messages import OwnMessagesView
from views.core.account.profile import AccountView
from views.core.account.public import PublicView
from views.core.account.registration import RegisterView
from views.core.files import Upload, register_upload
from views.core.look import lang
from views.core.own_files import OwnFilesView


def _new_password(user: Any) -> str | None:
    """A password that somebody else chose is changed before anything else."""
    return url_for("AccountView.password") if user.must_change_password else None


def _own_password(user: Any) -> str | None:
    """Who came in by what stands for a password chooses one before anything else."""
    return None if user.password else url_for("AccountView.password")


def _first_profile(user: Any) -> str | None:
    """Applicants fill in their profile before anything else."""
    return url_for("AccountView.profile") if must_fill_profile(user) else None


def register(builder: Any) -> None:
    """Add the views, two filters, the duties of a sign-in, and the place where ID cards come in."""
    own = (AccountView, AddressView, TextsView, OwnMessagesView, OwnFilesView)
    for view in (RegisterView, ForgottenView, *own, PublicView):
        builder.add_view_no_menu(view)
    current_app.jinja_env.filters.update(
        phone=lambda value: format_phone(value, lang()) if value else "",
        citizen=lambda value: format_citizen_id(value) if value else "",
    )
    register_duty(_own_password, at_entry=True)
    register_duty(_new_password)
    register_duty(texts_duty)
    register_duty(_first_profile)
    register_upload(Upload(CARD_PURPOSE, CARD_TYPES, is_personal=True))
