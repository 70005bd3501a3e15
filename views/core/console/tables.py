"""The core's tables in the console, by the name that stands in their address, in the order of its first page."""

from __future__ import annotations

from views.core.console.limits import ThrottleView
from views.core.console.people import ConsentView, GrantView, SessionView
from views.core.console.work import BackupView, CounterView, JobView, MatrixRowView

VIEWS = {
    "grants": GrantView,
    "devices": SessionView,
    "consents": ConsentView,
    "limits": ThrottleView,
    "jobs": JobView,
    "backups": BackupView,
    "numbers": CounterView,
    "permissions": MatrixRowView,
}
