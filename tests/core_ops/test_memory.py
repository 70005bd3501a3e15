"""Memory is given back where the C library can; anywhere else asking for it does nothing."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from services import memory

ROOT = Path(__file__).parents[2]


@pytest.fixture
def elsewhere(monkeypatch):
    """A system that is not glibc's."""
    memory._glibc.cache_clear()
    monkeypatch.setattr(platform, "libc_ver", lambda *_given: ("", ""))
    yield
    memory._glibc.cache_clear()


def test_elsewhere_asking_does_nothing(elsewhere):
    assert memory._glibc() is None

    memory.be_frugal()
    memory.give_back()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what is freed this way")
def test_what_was_freed_below_something_kept_is_given_back():
    program = """
from pathlib import Path
from services import memory
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1])
kept = []
for number in range(20_000):
    piece = bytearray(4_000)
    if number % 20 == 0:
        kept.append(piece)
    else:
        kept.append(None)
        globals().setdefault("freed", []).append(piece)
del freed[:], piece
before = resident()
memory.give_back()
print(before - resident())
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 5_000  # pages
