"""Why somebody may or may not: the chain of reasons, asked of the very functions that decide (spec: fund.md 1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from models.core import audit, staffing, why
from models.core.db import db
from models.core.identity import Account
from models.core.matrix import changing, current_matrix
from models.core.matrix.changing import EDIT
from models.core.why import ENDED, NOW, Origin
from models.core.workflow import Refusal
from views.core.access import Policy, duty_before, needs, policy_of
from views.core.base import PageView, can_be_key, record_or_404
from views.core.context import kind_labels
from views.core.log_words import action_label
from views.core.look import moment
from views.core.permission.editor import permission_titles
from views.core.permission.pages import page_label, pages
from views.core.permission.subjects import Subject, scope_names, subjects
from views.core.permission.words import domain_label, title_of
from views.core.sentences import sentence

FOUND_AT_MOST = 20
YES, NO, NOTE = "yes", "no", "note"


@dataclass(frozen=True)
class Step:
    """A link of the chain: whether it holds, what was asked, and what was found."""

    state: str
    title: str
    lines: tuple[str, ...] = ()


@dataclass
class Question:
    """What was asked: a permission or a page, and a record."""

    policy: Policy
    label: str
    noted: dict[str, str] = field(default_factory=dict)
    """How the log keeps it, for readers of either language: {"permission": code} or {"page": endpoint}."""
    subject: Subject | None = None
    key: int | None = None
    problem: str = ""


@dataclass
class Answer:
    """What is said: yes or no, why, and what the record answers to each of its moves."""

    may: bool
    steps: list[Step] = field(default_factory=list)
    moves: list[tuple[str, bool | None, str]] = field(default_factory=list)  # None: not told to this reader
    record: str = ""


class WhyView(PageView):
    """ทำไมใครทำได้หรือไม่ได้."""

    route_base = "/permissions/why"
    default_view = "ask"

    @expose("/")
    @needs(EDIT)
    def ask(self) -> ResponseReturnValue:
        """The question and, once it is whole, its answer; looking is written down."""
        given = {key: request.args.get(key, "").strip()[:500] for key in ("permission", "page", "address", "record")}
        account = None
        if person := request.args.get("person"):
            account = record_or_404(staffing.visible_accounts(g.user, EDIT), Account, person)
        question = _question(given) if account is not None and any(given.values()) else None
        answer = None
        if account is not None and question is not None and not question.problem:
            answer = answer_of(account, question)
            entity = question.subject.entity if question.subject is not None else ""
            audit.note("permission.why", account, **question.noted, about=f"{entity} {question.key or ''}".strip())
        return self.page(
            "core/permission/why.html",
            account=account,
            given=given,
            question=question,
            answer=answer,
            permissions=[
                (
                    domain_label(domain),
                    [(row.code, f"{row.number} {title_of(row)}") for row in changing.rows_of(domain)],
                )
                for domain in changing.domains()
            ],
            pages=[page for page in pages() if page.policy.kind != "closed"],
        )

    @expose("/people")
    @needs(EDIT)
    def people(self) -> ResponseReturnValue:
        """Accounts by name or e-mail, for the picker."""
        rows = staffing.filtered(staffing.visible_accounts(g.user, EDIT), {"q": request.args.get("q", "")})
        found = db.session.scalars(rows.order_by(Account.sort_key, Account.id).limit(FOUND_AT_MOST))
        return jsonify(results=[_found(account) for account in found])


def _found(account: Account) -> dict[str, Any]:
    note = account.email if account.has_mail else ""
    if not account.active:
        closed = _("Account closed")
        note = f"{note} · {closed}"
    return {"value": account.id, "text": account.full_name or account.email, "note": note}


# --- what is asked ---------------------------------------------------------------------------------------------------


def _question(given: dict[str, str]) -> Question:
    question = _asked(given)
    if question.problem or not given["record"]:
        return question
    for subject in subjects():
        if (key := subject.find(given["record"])) is not None:
            question.subject, question.key = subject, key
            return question
    question.problem = _("No record has the number %(number)s.", number=given["record"])
    return question


def _asked(given: dict[str, str]) -> Question:
    if given["address"]:
        return _of_address(given["address"])
    if given["page"]:
        if given["page"] not in current_app.view_functions:
            return Question(Policy("closed"), "", problem=_("This system has no such page."))
        return _of_page(given["page"])
    if given["permission"]:
        titles = permission_titles({given["permission"]})
        if given["permission"] not in titles:
            return Question(Policy("closed"), "", problem=_("There is no such permission."))
        code = given["permission"]
        return Question(Policy("needs", (code,)), titles[code], {"permission": code})
    return Question(Policy("closed"), "", problem=_("Choose a permission or a page too."))


def _of_page(endpoint: str) -> Question:
    return Question(policy_of(endpoint), page_label(endpoint), {"page": endpoint})


def _of_address(typed: str) -> Question:
    """A pasted address of this site: its page, and the record that it is about."""
    wrong = Question(Policy("closed"), "", problem=_("This is no address of a page of this system."))
    try:
        parts = urlsplit(typed if "//" in typed or typed.startswith("/") else f"/{typed}")
    except ValueError:
        return wrong
    if parts.netloc and parts.netloc != request.host:
        return wrong
    match = _matched(parts.path or ("/" if parts.netloc else ""))
    if match is None:
        return wrong
    endpoint, arguments = match
    question = _of_page(endpoint)
    for subject in subjects():
        if (key := subject.key_in(endpoint, arguments)) is not None:
            if not can_be_key(key, subject.model.id):
                return wrong
            question.subject, question.key = subject, key
    return question


def _matched(path: str) -> tuple[str, dict[str, Any]] | None:
    if not path:
        return None
    router = current_app.url_map.bind(request.host)
    for method in ("GET", "POST"):
        try:
            endpoint, arguments = router.match(path, method=method)
        except RequestRedirect as redirect:
            return _matched(urlsplit(redirect.new_url).path) if not path.endswith("/") else None
        except MethodNotAllowed:
            continue
        except HTTPException:
            return None
        return str(endpoint), dict(arguments)
    return None


# --- what is answered ------------------------------------------------------------------------------------------------


def answer_of(account: Account, question: Question) -> Answer:
    """Whether the account may, and every link of the chain that says so."""
    policy = question.policy
    door, opens = why.door_of(account), policy.admits(account)
    steps = [_door_step(door), *_duty_steps(account, policy), _kinds_step(account), *_policy_steps(account, policy)]
    answer = Answer(door.lets_in and opens, steps)
    if question.subject is not None and question.key is not None:
        _add_record(answer, account, question.subject, question.key, policy)
    return answer


def _door_step(door: why.Door) -> Step:
    if not door.is_open:
        return Step(NO, _("The account is closed"), (_("A closed account cannot sign in, whatever its kinds hold."),))
    if not door.is_confirmed:
        return Step(NO, _("The e-mail is not confirmed"), (_("Until it is, the account cannot sign in."),))
    return Step(YES, _("The account is open and can sign in"))


def _duty_steps(account: Account, policy: Policy) -> list[Step]:
    """What the account must do before it sees pages that want it ready."""
    if duty_before(policy, account) is None:
        return []
    text = _("A new password, or the form of the first sign-in, comes before every other page.")
    return [Step(NOTE, _("Something must be done first"), (text,))]


def _kinds_step(account: Account) -> Step:
    origins = why.origins_of(account)
    labels, places = kind_labels(), scope_names(origins)
    lines = tuple(_origin_line(origin, labels, places) for origin in origins)
    if any(origin.state == NOW for origin in origins):
        return Step(YES, _("The kinds of this account"), lines)
    return Step(NO, _("The account is of no kind now"), lines)


def _origin_line(origin: Origin, labels: dict[str, str], places: dict[tuple[str, int], str]) -> str:
    name = labels.get(origin.kind, origin.kind)
    place = places.get((origin.scope_type, origin.scope_id or 0), "")
    if origin.follows:
        if not place:
            return _("%(kind)s: follows from a membership", kind=name)
        return _("%(kind)s: follows from the membership of %(place)s", kind=name, place=place)
    values = {"kind": name, "since": moment(origin.begins_at), "until": moment(origin.ends_at)}
    if origin.state == ENDED:
        line = _("%(kind)s: ended %(until)s (given %(since)s)", **values)
    elif origin.state != NOW:
        line = _("%(kind)s: begins %(since)s", **values)
    elif origin.ends_at is not None:
        line = _("%(kind)s: given %(since)s, ends %(until)s", **values)
    else:
        line = _("%(kind)s: given %(since)s", **values)
    if origin.giver:
        line += " " + _("by %(giver)s", giver=origin.giver)
    return line


def _policy_steps(account: Account, policy: Policy) -> list[Step]:
    if policy.kind == "open":
        return [Step(YES, _("The page is open to everybody"))]
    if policy.kind == "signed_in":
        text = _("It shows each person only what is their own.")
        return [Step(YES, _("The page is open to whoever is signed in"), (text,))]
    if policy.kind == "closed":
        return [Step(NO, _("The page is closed to everybody"))]
    titles, labels, matrix = permission_titles(set(policy.permissions)), kind_labels(), current_matrix()
    steps = []
    for permission in policy.permissions:
        theirs = why.kinds_holding(account, permission)
        holders = matrix.get(permission, frozenset())
        name = titles.get(permission, permission)
        held = _names(holders, labels) or _("nobody")
        lines = [_("Kinds that hold it: %(kinds)s", kinds=held)]
        if theirs:
            lines.append(_("Held here as: %(kinds)s", kinds=_names(theirs, labels)))
        else:
            lines.append(_("This account is of none of them."))
        # One of several permissions is enough, so that one that is missing is no reason by itself.
        missing = NO if len(policy.permissions) == 1 or not policy.admits(account) else NOTE
        steps.append(Step(YES if theirs else missing, _("Permission: %(name)s", name=name), tuple(lines)))
    return steps


def _names(kinds: Iterable[str], labels: dict[str, str]) -> str:
    return ", ".join(label for code, label in labels.items() if code in kinds)


def _add_record(answer: Answer, account: Account, subject: Subject, key: int, policy: Policy) -> None:
    """The record's part: in reach or not, by which grants, and what it answers to its moves."""
    is_seen = why.is_within(subject.model, key, g.user, subject.view)
    record = db.session.get(subject.model, key)
    answer.record = subject.name(record) if is_seen and record is not None else _("a record that you do not see")
    permissions = policy.permissions or (subject.view,)
    titles = permission_titles(set(permissions))
    reached = False
    for permission in permissions:
        if not why.kinds_holding(account, permission):
            continue
        reach = why.reach_of(subject.model, key, account, permission)
        reached = reached or reach.is_within
        answer.steps.append(_reach_step(reach, titles.get(permission, permission)))
    if not reached:
        answer.may = False
        if not any(why.kinds_holding(account, permission) for permission in permissions):
            answer.steps.append(Step(NO, _("The record"), (_("Without the permission no record is in reach."),)))
    if record is not None and subject.moves and why.door_of(account).lets_in:
        refused = why.refusals(record, account)
        titles = permission_titles({row.permission for row in subject.moves.values()})
        for name, refusal in sorted(refused.items(), key=lambda item: item[1] is not None):
            may, text = _move_answer(refusal, is_seen, titles)
            answer.moves.append((action_label(f"{subject.entity}.{name}"), may, text))
        if not is_seen:  # An order by what may be done would tell it too.
            answer.moves.sort(key=lambda move: move[0])


def _reach_step(reach: why.Reach, name: str) -> Step:
    if not reach.is_within:
        text = _("None of the account’s kinds reaches it for “%(name)s”: to this person it is “not found”.", name=name)
        return Step(NO, _("The record is out of reach"), (text,))
    labels = kind_labels()
    places = scope_names(reach.by)
    lines = []
    for held in reach.by:
        place = places.get((held.scope_type, held.scope_id or 0), "")
        lines.append(f"{labels.get(held.kind, held.kind)}{f' ({place})' if place else ''}")
    title = _("The record is in reach for “%(name)s”", name=name)
    return Step(YES, title, (_("As: %(kinds)s", kinds=", ".join(lines)),) if lines else ())


def _move_answer(refusal: Refusal | None, is_seen: bool, titles: dict[str, str]) -> tuple[bool | None, str]:
    """What the record answers, said about somebody else than the reader."""
    if refusal is not None and refusal.code == "not_permitted":
        permission = str(refusal.values.get("permission", ""))
        return False, _("does not hold “%(name)s” on this record", name=titles.get(permission, permission))
    if not is_seen:
        # What may be done now tells the stage, and so a result, to one who stepped out.
        return None, _("permitted; whether the record’s stage allows it now is told only to those who see the record")
    if refusal is None:
        return True, _("may do this now")
    if refusal.code == "wrong_stage":
        return False, _("The record stands at a stage at which this is not done.")
    return False, sentence(refusal)
