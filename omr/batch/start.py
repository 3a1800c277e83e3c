"""Beginning a document: what is there already, and what an interrupted run left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from omr import __version__
from omr.batch.names import first_outputs, refuse_existing
from omr.batch.open_document import OpenDocument
from omr.batch.outcome import Outcome
from omr.batch.settings import Settings
from omr.batch.work_folder import WorkFolder
from omr.config import Options


def begin_document(each: OpenDocument, options: Options, settings: Settings, models: Mapping[str, object]) -> None:
    """Locks the place of the outputs and lists the pages to be recognised, or ends the document where nothing is to do.

    Raises OutputExistsError, OutputInUseError, PermissionDenied, ResourceError.
    """
    outputs = first_outputs(each.document, options)
    if settings.existing == "refuse":
        refuse_existing(outputs)
    left = settings.resume and WorkFolder.left_at(each.document.stem)
    if settings.existing == "skip" and not left and all(path.exists() for path in outputs):
        each.outcome = Outcome(source=each.document.name, outputs=outputs, skipped=True)
        return
    each.work = WorkFolder(each.document.stem, _key(each, options, models), resume=settings.resume)
    finished = each.work.finished()
    if finished is not None:
        paths = tuple(Path(file["path"]) for file in finished["files"].values())
        each.finish(paths, finished["row"], tuple(finished["messages"]))
        return
    each.waiting.extend(page for page in each.document.pages if not each.work.has(page.position))


def _key(each: OpenDocument, options: Options, models: Mapping[str, object]) -> dict[str, object]:
    """What the bytes of the outputs depend on."""
    pages = [
        (str(page.source.absolute()), page.number, page.position, *_state(page.source)) for page in each.document.pages
    ]
    return {
        "scorewright": __version__,
        "options": asdict(replace(options, password=None)),
        "output": str(each.document.job.file or each.document.stem),
        "pages": pages,
        **models,
    }


def _state(source: Path) -> tuple[int, int]:
    """Size and time of change; zeros for a file that vanished, which is told when its pages are read."""
    try:
        found = source.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
