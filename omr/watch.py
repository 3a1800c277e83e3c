"""A watched folder: whatever is put into the inbox is converted into the outbox once it is complete.

A file is complete when its size and time have not changed for a while. What was done is known from a list in the outbox, so a
restart neither repeats nor loses anything; a run cut short goes on where it was. Links are refused: they may point anywhere.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from omr.atomic import make_folder, write_all
from omr.batch.progress import Watcher
from omr.batch.run import run
from omr.batch.settings import Settings
from omr.config import Options
from omr.errors import InputError, UsageError
from omr.inputs import OWN_PICTURES, SUFFIXES, Input, natural_key
from omr.plan import plan

LIST: Final = ".omr-watched.json"
State = tuple[int, int]
"""Size in bytes and time of change in nanoseconds."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The two folders; raises InputError or UsageError where they cannot be watched safely."""

    inbox: Path
    outbox: Path
    settle: float = 2.0
    """Seconds a file must rest before it is taken for complete."""

    def __post_init__(self) -> None:
        if self.inbox.is_symlink() or not self.inbox.is_dir():
            raise InputError(f"{self.inbox}: is not a folder (links are refused); name the folder itself")
        inbox, outbox = self.inbox.resolve(), self.outbox.resolve()
        if outbox == inbox or inbox in outbox.parents:
            raise UsageError(
                f"{self.outbox}: lies in the inbox, so results would be converted again; name another folder"
            )
        if self.outbox.is_symlink():
            raise UsageError(f"{self.outbox}: is a link; name the folder itself")


def watch(
    folders: Watched,
    options: Options,
    settings: Settings,
    watcher: Watcher,
    *,
    interval: float = 1.0,
    rounds: int | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Converts what arrives, until KeyboardInterrupt or, for tests, after so many looks at the inbox."""
    make_folder(folders.outbox)
    done = _read_list(folders.outbox)
    seen: dict[str, tuple[State, float]] = {}
    looks = 0
    while rounds is None or looks < rounds:
        ready = [
            name
            for name, state in _arrivals(folders.inbox)
            if done.get(name) != state and _rests(seen, name, state, folders)
        ]
        if ready:
            _convert(folders, ready, options, settings, watcher)
            done |= {
                name: state
                for name in ready
                if (state := _state(folders.inbox / name)) is not None and seen[name][0] == state
            }
            _write_list(folders.outbox, done)
        looks += 1
        sleep(interval)


def _arrivals(inbox: Path) -> Iterator[tuple[str, State]]:
    """Names, below the inbox, and states of the files that may be pages; links and hidden files are left alone."""
    for path in sorted(inbox.rglob("*"), key=natural_key):
        name = str(path.relative_to(inbox))
        hidden = any(part.startswith(".") for part in Path(name).parts)
        if hidden or path.suffix.lower() not in SUFFIXES or OWN_PICTURES.search(path.name):
            continue
        if path.is_symlink() or inbox.resolve() not in path.resolve().parents:
            log.info("%s: is a link and is left alone", path)
            continue
        state = _state(path)
        if state is not None:
            yield name, state


def _state(path: Path) -> State | None:
    try:
        found = path.stat()
    except OSError:  # it went away again
        return None
    return (found.st_size, found.st_mtime_ns) if path.is_file() else None


def _rests(seen: dict[str, tuple[State, float]], name: str, state: State, folders: Watched) -> bool:
    """Whether a file has been the same for long enough."""
    now = time.monotonic()
    if name not in seen or seen[name][0] != state:
        seen[name] = (state, now)
    return now - seen[name][1] >= folders.settle


def _convert(folders: Watched, names: list[str], options: Options, settings: Settings, watcher: Watcher) -> None:
    """One run over what is ready; it goes on from whatever an interrupted one left."""
    inputs = [Input(folders.inbox / name, Path(name).parent) for name in names]
    jobs = plan(inputs, str(folders.outbox) + "/", options.formats)
    run(jobs, options, replace(settings, resume=True), watcher)


def _read_list(outbox: Path) -> dict[str, State]:
    """What was converted, by name; a damaged list means that everything is converted again."""
    try:
        table = json.loads((outbox / LIST).read_text(encoding="utf-8", errors="surrogateescape"))
        return {str(name): (int(size), int(changed)) for name, (size, changed) in table.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError):
        log.warning("%s: is damaged; what is in the inbox is converted again", outbox / LIST)
        return {}


def _write_list(outbox: Path, done: dict[str, State]) -> None:
    write_all([(outbox / LIST, json.dumps(done, indent=1, sort_keys=True).encode())])
