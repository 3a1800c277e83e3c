"""The tasks of a batch, of which recognising crashes on files called so."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from omr.batch import tasks
from omr.batch.tasks import finish as finish
from omr.plan import SourcePage


def recognise(page: SourcePage, *arguments: Any) -> object:
    if Path(page.source).stem == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    return tasks.recognise(page, *arguments)
