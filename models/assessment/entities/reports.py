"""What schools and provinces reported, said and noted, round by round (spec: assessment.md 4, 6)."""

from __future__ import annotations

from models.assessment.codes import SECTORS
from models.assessment.entities.schools import GROUP, OFFICE
from models.assessment.note import NOTE_STATES, Note
from models.assessment.outside import NoneOutside, OutsideAgency
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.registration import Registration
from models.assessment.reminder import Reminder
from models.assessment.status import STATUSES, SchoolStatus
from models.core.entity import Entity, Gates, declare
from models.core.listing import Order
from models.core.reference.provinces import PROVINCES

_CURRICULA = tuple(CURRICULA)

REGISTRATION_RECORD = declare(
    Entity(
        "registration",
        Registration,
        Gates("registration.view"),
        users=OFFICE,
        group=GROUP,
        listed=("school_id", "round_id", "curriculum", "students", "saved_at"),
        shown=("school_id", "round_id", "curriculum", "students", "saved_at", "saved_by"),
        filtered=("round_id", "curriculum", "school_id", "students", "saved_at"),
        choices={"curriculum": _CURRICULA},
    )
)

NOTE_RECORD = declare(
    Entity(
        "registration_note",
        Note,
        Gates("registration.view"),
        users=OFFICE,
        group=GROUP,
        listed=("school_id", "round_id", "curriculum", "state", "written_at"),
        shown=(
            *("school_id", "round_id", "curriculum", "state", "text", "written_by", "written_at"),
            *("answer", "answered_by", "answered_at"),
        ),
        filtered=("round_id", "state", "curriculum", "school_id", "written_at"),
        choices={"state": NOTE_STATES, "curriculum": _CURRICULA},
    )
)

STATUS_RECORD = declare(
    Entity(
        "school_status",
        SchoolStatus,
        Gates("school.view"),
        users=OFFICE,
        group=GROUP,
        listed=("school_id", "round_id", "status", "set_at"),
        shown=("school_id", "round_id", "status", "set_by", "set_at"),
        filtered=("round_id", "status", "school_id"),
        choices={"status": STATUSES},
    )
)

REMINDER_RECORD = declare(
    Entity(
        "reminder",
        Reminder,
        Gates("school.remind"),
        users=OFFICE,
        group=GROUP,
        listed=("school_id", "round_id", "day", "sent_by"),
        shown=("school_id", "round_id", "day", "sent_by", "sent_at"),
        filtered=("round_id", "school_id", "day"),
        parent="school_id",
    )
)

OUTSIDE_RECORD = declare(
    Entity(
        "outside_agency",
        OutsideAgency,
        Gates("outside.view"),
        users=OFFICE,
        group=GROUP,
        listed=("name", "committee_id", "round_id", "curriculum", "students"),
        shown=(
            *("name", "sector", "parent", "province_code", "committee_id", "round_id", "curriculum", "students"),
            *("saved_at", "saved_by"),
        ),
        filtered=("round_id", "curriculum", "sector", "province_code", "committee_id"),
        orders=(
            Order("name", (OutsideAgency.name_sort,), OutsideAgency.id),
            Order("-name", (OutsideAgency.name_sort,), OutsideAgency.id, descending=True),
        ),
        search=(OutsideAgency.search,),
        choices={"sector": SECTORS, "curriculum": _CURRICULA, "province_code": tuple(PROVINCES)},
    )
)

NONE_OUTSIDE_RECORD = declare(
    Entity(
        "none_outside",
        NoneOutside,
        Gates("outside.view"),
        users=OFFICE,
        group=GROUP,
        listed=("committee_id", "round_id", "confirmed_at"),
        shown=("committee_id", "round_id", "confirmed_at", "confirmed_by"),
        filtered=("round_id", "committee_id", "confirmed_at"),
        parent="committee_id",
    )
)
