"""schemathesis against the API in this process: it makes calls out of the document and holds every answer to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.specs.openapi.checks import ignored_auth
from schemathesis.transport.wsgi import WSGITransport

# What no schema can say of a value, and so what may still be wrong with one that fits it.
UNSAYABLE = {
    "taken",  # another record has it
    "no_such_record",
    "wrong_check_digit",
    "bad_position",
    "not_an_email",  # a domain that is reserved
    # What fields may not say together (models.fund.rules).
    "parent_agency_needed",
    "half_a_place",
    "year_unlikely",
    "ends_before_it_starts",
    "ends_another_day",
    # The same of schools (models.assessment.committees).
    "committee_elsewhere",
    "lies_under_none",
    "not_a_committee",
}


@dataclass
class Found:
    """How many calls were made, by status; and what is wrong, each with a call that shows it."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    operations: set[str] = field(default_factory=set)

    @property
    def calls(self) -> int:
        """Every call that was made."""
        return sum(self.statuses.values())


PHASES = ("examples", "coverage", "fuzzing", "stateful")


def explore(
    app: Any, token: str, *, examples: int, seed: int = 2569, only: str = "", phases: tuple[str, ...] = PHASES
) -> Found:
    """Call every operation of the document (or those whose path has `only` in it) in the ways that schemathesis knows.

    `examples`: so many calls of each kind at most for one operation.
    """
    generation = {"max-examples": examples, "database": "none", "no-shrink": True}
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "workers": 1,
            "generation": generation,
            "headers": {"Authorization": f"Bearer {token}"},
            "phases": {
                **{name: {"enabled": name in phases} for name in PHASES},
                "coverage": {"enabled": "coverage" in phases, "generate-duplicate-query-parameters": True},
            },
            "checks": {
                # A change without If-Match is told by the status that is made for it.
                "missing_required_header": {"expected-statuses": ["400", "401", "403", "415", "422", "428"]},
                # 412 for an ETag of another time; what else may be refused is looked at below.
                "positive_data_acceptance": {
                    "expected-statuses": ["2xx", "400", "401", "403", "404", "409", "412", "422"]
                },
            },
        }
    )
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/_openapi", app, config=config, headers={"Authorization": f"Bearer {token}"}
    )
    if only:
        schema = schema.include(path_regex=only)
    found = Found()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGITransport, "send", _without_sockets(WSGITransport.send))
        for event in from_schema(schema).execute():
            if isinstance(event, events.NonFatalError | events.FatalError):
                said = event.value if isinstance(event, events.NonFatalError) else event.exception
                found.wrong.append(f"{type(event).__name__}: {said!r}")
            elif isinstance(event, events.ScenarioFinished):
                _read(event.recorder, found)
    return found


def live(app: Any, token: str, path: str, new: dict[str, Any], change: dict[str, Any]) -> list[tuple[str, int]]:
    """Make a record, read, change and delete it, then ask for what is gone: method and status of each call.

    No call is left to chance, and every answer is held to the document. Raises what schemathesis finds wrong.
    """
    headers = {"Authorization": f"Bearer {token}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/_openapi", app, headers=headers)
    seen: list[tuple[str, int]] = []

    def call(method: str, **given: Any) -> Any:
        place = path + "{id}" if "path_parameters" in given else path
        case = schema[place][method].Case(**given)
        response = case.call(headers=headers)
        # That a wrong key is refused is explored above; here a second call would do the deed twice.
        case.validate_response(response, excluded_checks=[ignored_auth])
        seen.append((method, response.status_code))
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGITransport, "send", _without_sockets(WSGITransport.send))
        made = call("POST", body=new, media_type="application/json")
        its = {"path_parameters": {"id": made.json()["id"]}}
        changing = its | {"body": change, "media_type": "application/json"}
        first = {"If-Match": call("GET", **its).headers["etag"][0]}
        second = {"If-Match": call("PATCH", **changing, headers=first).headers["etag"][0]}
        call("PATCH", **changing, headers=first)
        call("DELETE", **its)
        call("DELETE", **its, headers=second)
        call("GET", **its)
        call("PATCH", **changing, headers=second)
        call("DELETE", **its, headers=second)
    return seen


def _without_sockets(send: Any) -> Any:
    """4.32 hands settings of sockets to an application in this process, where its probes carry no session."""

    def do(self: Any, case: Any, **more: Any) -> Any:
        return send(self, case, **{name: value for name, value in more.items() if name not in _OF_SOCKETS})

    return do


_OF_SOCKETS = ("max_redirects", "verify", "cert", "proxies")


def _read(recorder: Any, found: Found) -> None:
    for key, interaction in recorder.interactions.items():
        response = interaction.response
        if response is None:
            continue
        found.statuses[response.status_code] += 1
        case = recorder.cases[key].value if key in recorder.cases else None
        if case is not None:
            found.operations.add(case.operation.label)
            if response.status_code in (400, 422) and case.meta and not _is_negative(case):
                found.wrong += _refused_though_it_fits(case, response)
    for key, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                label = recorder.cases[key].value.operation.label
                found.wrong.append(
                    f"{label}: {check.name}: {check.failure_info.failure.title} {check.failure_info.failure.message}"
                    f"\n{check.failure_info.code_sample}"
                )


def _is_negative(case: Any) -> bool:
    return case.meta.generation.mode.value != "positive"


def _refused_though_it_fits(case: Any, response: Any) -> list[str]:
    """A value that fits the schema may be refused only for what no schema can say."""
    said = response.json()
    codes = {wrong["code"] for wrong in said.get("errors", {}).values()} or {said["code"]}
    if codes <= UNSAYABLE:
        return []
    return [f"{case.operation.label}: fits the schema and is refused: {said}\n{case.as_curl_command()}"]
