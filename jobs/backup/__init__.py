"""Backups: database and files as one snapshot while in use, and the way back, proved (spec: fund.md 12).

A backup is a folder: the database, the files that its rows name, the exported heads of the audit chain, and last of
all a manifest with the digest of everything. Without a manifest that fits it is none.
"""

from __future__ import annotations

from jobs.backup.manifest import Trouble
from jobs.backup.restoring import Proof, choose, restore
from jobs.backup.taking import Taken, take

__all__ = ["Proof", "Taken", "Trouble", "choose", "restore", "take"]
