"""Memory of the process given back to the system, where the C library keeps it: on Linux with glibc; elsewhere nothing.

What is freed stays with glibc, in an arena per thread and above whatever was allocated after it. A worker that once
made a large document would keep its peak for ever.
"""

from __future__ import annotations

import ctypes
import platform
from functools import lru_cache
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # malloc.h
_LARGE = 128 * 1024  # bytes


@lru_cache(maxsize=1)
def _glibc() -> Any:
    if platform.libc_ver()[0] != "glibc":
        return None
    try:
        library = ctypes.CDLL(None)
        return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None
    except OSError:
        return None


def be_frugal() -> None:
    """Have all threads of this process and its later children use one arena, and large pieces given back when freed.

    glibc would raise the size of what it calls large with every such piece. Threads wait for Python's own lock anyway.
    """
    if library := _glibc():
        library.mallopt(_ARENA_MAX, 1)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_TRIM_THRESHOLD, _LARGE)


def give_back() -> None:
    """Give back what was freed: a few milliseconds, worth it after something large, not after every page."""
    if library := _glibc():
        library.malloc_trim(0)
