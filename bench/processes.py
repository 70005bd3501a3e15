"""What processes cost: processor time and memory, read from /proc."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def _stat(pid: int) -> tuple[int, float] | None:
    """Parent and processor seconds, those of children that are gone included."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]), sum(map(int, fields[11:15])) / TICK


def _all() -> dict[int, tuple[int, float]]:
    pids = (int(name) for name in os.listdir("/proc") if name.isdigit())
    return {pid: found for pid in pids if (found := _stat(pid)) is not None}


def family(pid: int) -> list[int]:
    """The process and everything it started, itself first."""
    parents = {child: parent for child, (parent, _own) in _all().items()}
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def processor_time(pid: int) -> float:
    """Seconds of processor that the process and its family have used."""
    every = _all()
    return sum(every[one][1] for one in family(pid) if one in every)


def database_time(name: str) -> float:
    """Seconds of processor that PostgreSQL's sessions of a database have used; 0 where they are not on this machine."""
    total = 0.0
    for pid, (_parent, own) in _all().items():
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if line.startswith(b"postgres:") and f" {name} ".encode() in line:
            total += own
    return total


def memory(pid: int) -> dict[str, float]:
    """Pss and Rss in MB (1,000,000 bytes); shared pages count by their share in Pss."""
    found = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _colon, rest = line.partition(":")
        if name in ("Pss", "Rss"):
            found[name] = int(rest.split()[0]) * 1024 / 1_000_000
    return found


def wait_for(what: str, is_so: Callable[[], bool], seconds: float = 120.0, pause: float = 0.01) -> float:
    """Wait until something is so; the moment (perf_counter) at which it was. Raises TimeoutError."""
    until = time.perf_counter() + seconds
    while not is_so():
        if time.perf_counter() > until:
            raise TimeoutError(what)
        time.sleep(pause)
    return time.perf_counter()
