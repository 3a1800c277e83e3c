"""Standard output is for results, standard error for people: plain lines, or JSON lines for programs."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

LogFormat = Literal["text", "json"]


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {"level": record.levelname.lower(), "message": record.getMessage()}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line | dict(getattr(record, "fields", {})), ensure_ascii=False)


def accept_any_file_name() -> None:
    """File names need not be valid text: print them as the bytes they are."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="surrogateescape")


def set_up_log(*, verbose: bool, form: LogFormat = "text") -> None:
    """Errors, with `verbose` more, to standard error."""
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, format="omr: %(message)s", force=True)
    if form == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(_Json())


def is_json() -> bool:
    return any(isinstance(handler.formatter, _Json) for handler in logging.getLogger().handlers)


def say(
    text: str, *, level: Literal["info", "error"] = "info", fields: Mapping[str, object] = MappingProxyType({})
) -> None:
    """One line on standard error; `fields` are told to programs only."""
    if is_json():
        line = {"level": level, "message": text, **fields}
        print(json.dumps(line, ensure_ascii=False), file=sys.stderr, flush=True)
    else:
        print(f"omr: {'error: ' if level == 'error' else ''}{text}", file=sys.stderr, flush=True)


def result(text: object) -> None:
    """One line on standard output."""
    print(text, flush=True)


def stop_writing() -> None:
    """After the reader of standard output went away: Python would complain again when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
