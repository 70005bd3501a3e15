"""Doing what a form or a button asks, and saying what came of it, in one way for all pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from forms.core.sentences import value_sentence
from models.core.db import StaleVersion, db
from models.core.entity.values import WrongValues
from models.core.workflow import Refused
from views.core.base import tell_refused
from views.core.sentences import sentence

SAVED, REFUSED, STALE = 302, 422, 409


def saved(form: Any, deed: Callable[[], Any]) -> int:
    """Do what a form asks and commit: SAVED; REFUSED with the reason on the form; or STALE. Nothing else is changed."""
    try:
        deed()
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        form.form_errors.append(sentence(refused))
        return REFUSED
    except WrongValues as wrong:
        db.session.rollback()
        for name, error in wrong.errors.items():
            form[name].errors = [value_sentence(error)]
        return REFUSED
    except StaleVersion:
        db.session.rollback()
        return STALE
    return SAVED


def done(deed: Callable[[], Any], stale: Callable[[], None]) -> bool:
    """Do what a button asks and commit; a refusal is told, `stale` tells that somebody was there first."""
    try:
        deed()
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        tell_refused(refused)
        return False
    except StaleVersion:
        db.session.rollback()
        stale()
        return False
    return True
