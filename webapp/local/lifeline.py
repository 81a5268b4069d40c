"""Ties a process's life to its parent's, where the system can."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(parent_pid: int, with_signal: signal.Signals = signal.SIGKILL) -> None:
    """Have this process end when its parent does, even when the parent is killed.

    Called in the child between fork and its own work. Only Linux can do it; elsewhere what a
    killed copy left is ended when the next one starts.

    Args:
        parent_pid: who the parent was when it forked; it may be gone by now.
        with_signal: what this process gets then.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, with_signal.value)
    if os.getppid() != parent_pid:
        os._exit(1)
