"""Threads for a kernel that is compiled as one plain loop and lets go of the interpreter's lock.

Numba compiles a parallel loop three times over: for its threads, for what calls those, and for the function around it.
For the largest kernels that is most of the wait at a first plan; and threads that wait for the next loop in vain take
the processor from others.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numba

CHUNK = 64
"""Series that one thread takes at a time, where nobody says."""


def in_chunks(work: Callable[[tuple[int, int]], None], count: int, size: int = CHUNK) -> None:
    """Call `work((begin, end))` for all of `count` series, `size` at a time, on as many threads as numba would use."""
    begins = range(0, count, size)
    threads = min(numba.get_num_threads(), len(begins))
    if threads <= 1:
        work((0, count))
        return
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, (begin, min(begin + size, count))) for begin in begins]:
            done.result()
