"""A run on many machines: the workers of a Dask cluster in place of the pool's processes.

Workers need share nothing with this machine but the inputs, by path or address: recognised pages and finished files come back
as bytes and are written here, once, so a cluster run can be resumed like any other. Dask gives the pages of a lost worker to
another. Assumes workers with one thread each: a page computes on one core, and a hanging page takes one worker away.
"""

from __future__ import annotations

import logging
import queue
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from omr.atomic import write_all
from omr.batch.calls import Call, Done, WorkerDied
from omr.batch.settings import Settings
from omr.cluster_tasks import finish_there, model_cards_there, page_numbers_there, precision_there, recognise_there
from omr.config import Edition, Precision
from omr.errors import DependencyError, InputError, OmrError, ResourceError, UsageError

LOCAL: Final = "local:"
AHEAD: Final = 2
"""Calls handed out for each worker, so that none waits for the next."""
CONNECT_SECONDS: Final = 15
UNWATCHED: Final = {"distributed.worker.profile.enabled": False}
"""Settings of workers started here: Dask would interrupt each a hundred times a second to see what it does."""


class ClusterPool:
    """What batch.pool.Pool is for this machine, for a cluster."""

    threads = 1

    def __init__(self, client: Any) -> None:
        self._client = client
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._begun: dict[str, tuple[Call, Any, Callable[[Any], Any], float]] = {}

    @property
    def busy(self) -> int:
        """Calls begun and not ended."""
        return len(self._begun)

    @property
    def has_room(self) -> bool:
        return self.busy < AHEAD * max(1, len(self._client.scheduler_info(n_workers=-1)["workers"]))

    def precision(self, wanted: Precision, edition: Edition) -> Precision:
        """One for all workers: "auto" is bf16 where it is so on every worker that is there; waits for the first."""
        if wanted != "auto":
            return wanted
        self._client.wait_for_workers(1)
        found = self._client.run(precision_there, edition)
        return "bf16" if set(found.values()) == {"bf16"} else "f32"

    def begin(self, call: Call) -> None:
        """Hands `call` to the cluster."""
        function, arguments, use = _translated(call)
        future = self._client.submit(function, *arguments, pure=False)
        self._begun[future.key] = (call, future, use, time.monotonic() + call.seconds * (AHEAD + 1))
        future.add_done_callback(self._ended.put)

    def wait(self) -> list[Done]:
        """Waits until at least one call has come to an end; none when nothing was begun."""
        while self._begun:
            try:
                future = self._ended.get(timeout=0.2)
            except queue.Empty:
                late = [self._given_up(key) for key in list(self._begun) if time.monotonic() > self._begun[key][3]]
                if late:
                    return late
                continue
            if future.key in self._begun:
                return [self._done(future)]
        return []

    def close(self) -> None:
        """Takes back what was handed out."""
        self._client.cancel([future for _, future, _, _ in self._begun.values()], force=True)
        self._begun.clear()

    def _done(self, future: Any) -> Done:
        call, _, use, _ = self._begun.pop(future.key)
        try:
            good, value = future.result()
            if not good:
                return Done(
                    call=call,
                    error=value if call.what.split(":")[0] in str(value) else type(value)(f"{call.what}: {value}"),
                )
            return Done(call=call, value=use(value))
        except OmrError as error:
            return Done(call=call, error=error)
        except Exception as error:  # noqa: BLE001  whatever the cluster makes of a worker that dies again and again
            what = f"{call.what}: no worker could finish it ({type(error).__name__})"
            return Done(call=call, error=WorkerDied(f"{what}; leave it out with --pages and please report it"))

    def _given_up(self, key: str) -> Done:
        """A call that takes too long; its worker is started anew where that can be done."""
        call, future, _, _ = self._begun.pop(key)
        holders = [worker for worker, keys in self._client.processing().items() if key in keys]
        self._client.cancel([future], force=True)
        self._client.restart_workers(holders, raise_for_error=False)
        text = f"{call.what}: took more than {call.seconds:g} s and was given up; allow more with --timeout-page"
        return Done(call=call, error=ResourceError(text))


@contextmanager
def cluster_pool(where: str, settings: Settings) -> Iterator[ClusterPool]:
    """The workers at a scheduler's address, or `local:N` of them started here.

    Raises UsageError, InputError or DependencyError.
    """
    try:
        from dask import config
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise DependencyError("--cluster needs Dask; pip install 'scorewright[cluster]'") from error
    logging.getLogger("distributed").setLevel(logging.getLogger().level)  # as talkative as we are, not more
    if not where.startswith(LOCAL):
        try:
            client = Client(where, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise InputError(
                f"--cluster {where}: no scheduler answers there; start one with `dask scheduler`"
            ) from error
        with client, closing(ClusterPool(client)) as pool:
            yield pool
        return
    count = where.removeprefix(LOCAL)
    if not count.isdecimal() or not 1 <= int(count) <= 1000:
        raise UsageError(f"--cluster {where}: write for instance local:2, or the address of a scheduler")
    limit = int(settings.page_bytes)
    with (
        config.set(UNWATCHED),
        LocalCluster(
            n_workers=int(count), threads_per_worker=1, processes=True, memory_limit=limit, dashboard_address=None
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
        closing(ClusterPool(client)) as pool,
    ):
        yield pool


def _translated(call: Call) -> tuple[Callable[..., Any], tuple[Any, ...], Callable[[Any], Any]]:
    """The function to run there, its arguments, and what to do here with what comes back."""
    name = call.function.partition(":")[2]
    if name == "page_numbers":
        return page_numbers_there, call.arguments, _as_it_is
    if name == "model_cards":
        return model_cards_there, call.arguments, _as_it_is
    if name == "recognise":
        page, options, kept, empty, threads = call.arguments
        return recognise_there, (page, options, threads), lambda content: _keep(content, kept, empty)
    document, options, pages, folder = call.arguments
    contents = tuple((each, each.path.read_bytes() if each.path is not None else b"") for each in pages)  # type: ignore[attr-defined]
    return finish_there, (document, options, contents), lambda result: _write_files(result, Path(folder))  # type: ignore[arg-type]


def _as_it_is(value: Any) -> Any:
    return value


def _keep(content: bytes | None, kept: Any, empty: Any) -> bool:
    write_all([(empty, b"") if content is None else (kept, content)])
    return content is not None


def _write_files(result: tuple[dict[str, Any], dict[str, bytes]], folder: Path) -> dict[str, Any]:
    told, contents = result
    write_all((folder / name, content) for name, content in contents.items())
    return told
