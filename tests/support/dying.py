"""What other processes are asked to do that ends them; they import this, and not all that tests need."""

from __future__ import annotations

import os
import signal
import time

from reference.experiments.benchmark import Record


def murder(task):
    """A task during which the process dies, the first time or always."""
    patience = time.monotonic() + 20
    while task.pair.name == "always" and not task.pair.truth.with_name("once").exists() and time.monotonic() < patience:
        time.sleep(0.01)  # or "once", still being read by a process that starts slowly, would die later, alone
    if task.pair.name == "always" or (task.pair.name == "once" and not task.pair.truth.exists()):
        task.pair.truth.touch()
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)
    return Record(task.pair.name, "m", "", {"q_mi": 1.0})


def break_down():
    raise OSError("no such luck")
