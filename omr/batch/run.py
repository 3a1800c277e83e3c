"""A run: every document through the workers, page by page, and an outcome for each in the order given.

Finishing a document goes before recognising more pages, so that results are out early and little is kept at a time. The parent
process reads no image and loads no model: what can crash or hang does so in a worker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psutil

from omr.batch.calls import Call, Done
from omr.batch.open_document import OpenDocument
from omr.batch.outcome import Outcome, failed
from omr.batch.pool import Pool
from omr.batch.progress import Watcher
from omr.batch.settings import Settings
from omr.batch.start import begin_document
from omr.batch.workers import Workers
from omr.config import Options
from omr.errors import Cancelled, OmrError
from omr.plan import Job, SourcePage, documents

TASKS = "omr.batch.tasks"
COUNT_SECONDS = 60.0
LOAD_SECONDS = 120.0
NOT_BEGUN = "not converted, because another input failed and --on-error stop was given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a run."""

    outcomes: tuple[Outcome, ...]
    cards: tuple[Mapping[str, object], ...] = ()
    """Of the models used; none when no page got that far."""
    precision: str | None = None


def run(jobs: Sequence[Job], options: Options, settings: Settings, watcher: Watcher) -> Result:
    """Converts all `jobs` on this machine; raises ModelError when the models cannot be loaded, and KeyboardInterrupt."""
    count = settings.workers or core_count()
    with Pool(count, threads=1, max_bytes=settings.page_bytes, offline=settings.offline) as pool:
        return run_on(pool, jobs, options, settings, watcher, count=count)


def run_on(
    workers: Workers,
    jobs: Sequence[Job],
    options: Options,
    settings: Settings,
    watcher: Watcher,
    *,
    count: int | None = None,
) -> Result:
    """The same with `workers`; `count` of them share this machine's cores, None: each has one core."""
    opened = _counted(workers, jobs, options)
    pages = sum(len(each.document.pages) for each in opened if each.outcome is None)
    threads = 1 if count is None else max(1, core_count() // max(1, min(count, pages)))
    running = _Run(workers, opened, options, settings, watcher, threads)
    try:
        return running.all(pages)
    finally:
        running.leave()


def core_count() -> int:
    """Processor cores this process may use."""
    try:
        return len(psutil.Process().cpu_affinity() or ()) or 1
    except AttributeError:  # not on every system
        return psutil.cpu_count() or 1


def _counted(pool: Workers, jobs: Sequence[Job], options: Options) -> list[OpenDocument]:
    """The documents of all jobs; of a job with an unreadable source one document that is over already."""
    calls = [
        Call(
            key=(place, part),
            function="omr.batch.counting:page_numbers",
            arguments=(source, options),
            what=str(source),
            seconds=COUNT_SECONDS,
        )
        for place, job in enumerate(jobs)
        for part, source in enumerate(job.sources)
    ]
    found: dict[object, Done] = {}
    waiting = iter(calls)
    following = next(waiting, None)
    while following is not None or pool.busy:
        while following is not None and pool.has_room:
            pool.begin(following)
            following = next(waiting, None)
        found |= {done.call.key: done for done in pool.wait()}
    opened: list[OpenDocument] = []
    for place, job in enumerate(jobs):
        parts = [found[place, part] for part in range(len(job.sources))]
        errors = [part.error for part in parts if part.error is not None]
        if errors:
            (document,) = documents(job, [[] for _ in parts], each_page=False)
            opened.append(OpenDocument(document, outcome=failed(job.name, errors[0])))
            continue
        for document in documents(job, [part.value for part in parts], each_page=options.split == "page"):
            opened.append(OpenDocument(document))
    return opened


class _Run:
    """The state of a run after all pages are counted."""

    def __init__(
        self,
        pool: Workers,
        opened: list[OpenDocument],
        options: Options,
        settings: Settings,
        watcher: Watcher,
        threads: int,
    ) -> None:
        self._pool = pool
        self._open = opened
        self._options = options
        self._settings = settings
        self._watcher = watcher
        self._threads = threads
        self._key: dict[str, object] = {}
        self._told = 0
        self._begun = 0
        self._going: list[OpenDocument] = []
        self._stopping = False

    def all(self, pages: int) -> Result:
        """Everything, until nothing is left to do."""
        self._watcher.planned(pages)
        self._stopping = self._settings.stop and any(each.outcome is not None for each in self._open)
        self._tell()
        cards, precision = self._load() if pages and not self._stopping else ([], None)
        self._key = {"models": cards, "precision": precision}
        while True:
            while self._pool.has_room and (call := self._next_call()) is not None:
                self._pool.begin(call)
            self._tell()
            if not self._pool.busy:
                break
            for done in self._pool.wait():
                self._ended(done)
        self._close()
        outcomes = tuple(each.outcome for each in self._open if each.outcome is not None)
        return Result(outcomes=outcomes, cards=tuple(cards), precision=precision)

    def leave(self) -> None:
        """Gives back what is locked; the work of an interrupted run stays where it is."""
        for each in self._open:
            if each.work is not None:
                each.work.leave()

    def _load(self) -> tuple[list[dict[str, object]], str]:
        """Loads the models in the first worker; raises what that raises."""
        options = self._options
        arguments = (options.edition, self._threads, options.device, options.precision)
        call = Call(
            key=None,
            function="omr.batch.loading:model_cards",
            arguments=arguments,
            what="the models",
            seconds=LOAD_SECONDS,
        )
        self._pool.begin(call)
        (done,) = self._pool.wait()  # nothing else was begun
        if done.error is not None:
            raise done.error
        cards, precision = done.value
        return cards, precision

    def _next_call(self) -> Call | None:
        """A document to finish, else a page to recognise; None while nothing can be begun."""
        for each in self._active():
            if each.recognised and (call := self._finishing(each)) is not None:
                return call
        for each in self._active():
            if each.waiting:
                return self._recognising(each, each.waiting.popleft())
        while self._begun < len(self._open) and not self._stopping:
            each = self._open[self._begun]
            self._begun += 1
            if each.outcome is None:
                self._going.append(each)
                self._begin(each)
                return self._next_call()
        return None

    def _active(self) -> list[OpenDocument]:
        self._going = [each for each in self._going if each.outcome is None]
        return [each for each in self._going if not each.finishing]

    def _begin(self, each: OpenDocument) -> None:
        try:
            begin_document(each, self._options, self._settings, self._key)
        except OmrError as error:
            self._failed(each, error)
        done = len(each.document.pages) - len(each.waiting)
        for _ in range(done):
            self._watcher.page_done()

    def _recognising(self, each: OpenDocument, page: SourcePage) -> Call:
        work = each.work_folder
        arguments = (page, self._options, work.page(page.position), work.empty(page.position), self._threads)
        each.computing += 1
        return Call(
            key=(each, page),
            function=f"{TASKS}:recognise",
            arguments=arguments,
            what=page.what,
            seconds=self._settings.page_seconds,
        )

    def _finishing(self, each: OpenDocument) -> Call | None:
        """The call that finishes a document; None when no page of it could be read."""
        kept = each.kept()
        if not kept:
            self._failed(each, None)
            return None
        each.finishing = True
        return Call(
            key=(each, None),
            function=f"{TASKS}:finish",
            arguments=(each.document, self._options, kept, each.work_folder.folder),
            what=each.document.name,
            seconds=self._settings.page_seconds * len(kept),
        )

    def _ended(self, done: Done) -> None:
        each: OpenDocument
        page: SourcePage | None
        each, page = done.call.key
        if page is not None:
            each.computing -= 1
            self._watcher.page_done()
            if done.error is not None:
                each.errors[page.position] = done.error
            return
        try:
            if done.error is not None:
                raise done.error
            each.succeed(done.value, refuse=self._settings.existing == "refuse")
        except OmrError as error:
            self._failed(each, error)

    def _failed(self, each: OpenDocument, error: OmrError | None) -> None:
        each.fail(error)
        self._stopping = self._stopping or self._settings.stop

    def _tell(self) -> None:
        """Tells outcomes in order, as far as they are known."""
        while self._told < len(self._open):
            outcome = self._open[self._told].outcome
            if outcome is None:
                return
            self._watcher.finished(outcome)
            self._told += 1

    def _close(self) -> None:
        """Ends what was not begun and takes the work folders away, unless another run is to go on from them."""
        for each in self._open:
            if each.outcome is None:
                each.outcome = failed(each.document.name, Cancelled(f"{each.document.name}: {NOT_BEGUN}"))
        self._tell()
        for each in self._open:
            if each.work is not None and not self._stopping:
                each.work.remove()
                each.work = None
