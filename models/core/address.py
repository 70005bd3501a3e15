"""Another e-mail as one's user name: asked with the password, confirmed by a link to the new address (spec: fund.md 2).

The answer is the same whether or not somebody has the new address already; what differs goes into the mail.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.core import audit, outbox
from models.core.db import db
from models.core.identity import (
    Account,
    Identity,
    account_by_identity,
    end_sessions,
    kill_links,
    live_link,
    make_link,
    use_link,
)
from models.core.registration import Seal, name, username_of

ADDRESS = "email"
ADDRESS_LASTS = timedelta(hours=24)


def ask_address(account: Account, email: str, seal: Seal) -> None:
    """Send the link to the new address, and word of it to the present one; the caller commits.

    Whose address it is already gets a note instead of the link. A newer asking ends the older link.
    """
    owner = account_by_identity("email", email)
    audit.note("email.asked", account)
    if account.has_mail:
        outbox.post(account.email, "email_change_asked", user=account)
    if owner is not None:
        kill_links(account.id, ADDRESS)
        outbox.post(email, "email_in_use", user=owner)
        return
    token = make_link(account.id, ADDRESS, ADDRESS_LASTS, value=email)
    outbox.post(email, "confirm_email", user=account, token=seal(token))


def new_address(token: str) -> str | None:
    """The address that a link would confirm; looking does not use it up. None when the link is not good."""
    link = live_link(token, ADDRESS)
    return link.value if link is not None else None


def change_address(token: str, *, keep: str | None = None) -> Account | None:
    """Use the link up: the account signs in by the new address from here on; the caller commits.

    Every session ends but the one of the cookie token `keep`, every other link dies, and the former address is told.
    None when the link is not good, the account is closed, or somebody else took the address in the meantime.
    """
    email = new_address(token)
    account = use_link(token, ADDRESS)
    if email is None or account is None or not account.active or account_by_identity("email", email) is not None:
        return None
    former = account.email
    try:
        with db.session.begin_nested():
            account.email, account.username = email, username_of(email)
            name(account, account.title, account.first_name, account.last_name)
            identity = db.session.scalar(
                select(Identity).where(Identity.user_id == account.id, Identity.type == "email")
            )
            if identity is None:
                db.session.add(Identity(user_id=account.id, type="email", value=email.casefold()))
            else:
                identity.value = email.casefold()
            db.session.flush()
    except IntegrityError:  # Somebody registered with it in this very moment.
        return None
    kill_links(account.id)
    end_sessions(account.id, but=keep)
    audit.note("email.change", account)
    if not former.endswith(".invalid"):
        outbox.post(former, "email_left", user=account)
    outbox.tell([account], "email_changed", account)
    return account
