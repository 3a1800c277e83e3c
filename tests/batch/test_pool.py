"""Whatever a page does to its process, it costs that page alone."""

from __future__ import annotations

from collections.abc import Iterator

import psutil
import pytest

from omr.batch.calls import Call, Done, WorkerDied
from omr.batch.pool import Pool
from omr.errors import InputError, OmrError, ResourceError

BAD = "tests.batch.misbehaving"
LITTLE = 200 << 20


def call(name: str, *arguments: object, seconds: float = 30.0) -> Call:
    return Call(
        key=(name, *arguments), function=f"{BAD}:{name}", arguments=arguments, what="song.pdf: page 3", seconds=seconds
    )


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1, threads=1, max_bytes=LITTLE, offline=True) as one:
        yield one


def only(pool: Pool, wanted: Call) -> Done:
    pool.begin(wanted)
    (done,) = pool.wait()
    assert done.call is wanted
    return done


def test_a_worker_stays_warm(pool: Pool) -> None:
    first, second = (only(pool, call("own_process")).value for _ in range(2))
    assert first == second
    assert only(pool, call("double", 21)).value == 42


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("crash", WorkerDied, "crashed"),
        ("leave", WorkerDied, "code 3"),
        ("hoard", ResourceError, "--max-memory"),
        ("fault", OmrError, "internal error"),
        ("no_memory", ResourceError, "memory"),
        ("connect", OmrError, "--offline"),
    ],
)
def test_a_bad_page_costs_itself_alone(pool: Pool, name: str, kind: type[OmrError], words: str) -> None:
    error = only(pool, call(name)).error
    assert isinstance(error, kind)
    assert str(error).startswith("song.pdf: page 3: ")
    assert words in str(error)
    assert only(pool, call("double", 2)).value == 4


def test_a_page_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch, pool: Pool) -> None:
    monkeypatch.setattr("omr.batch.pool.WARM_UP", 0.0)
    error = only(pool, call("hang", seconds=0.5)).error
    assert isinstance(error, ResourceError)
    assert "--timeout-page" in str(error)
    assert only(pool, call("double", 2)).value == 4


def test_an_error_that_names_its_file_stays_as_it_is(pool: Pool) -> None:
    error = only(pool, call("refuse", "song.pdf: is damaged")).error
    assert isinstance(error, InputError)
    assert str(error) == "song.pdf: is damaged"


def test_closing_ends_every_process() -> None:
    with Pool(1, threads=1, max_bytes=LITTLE) as one:
        one.begin(call("hang"))
        (process,) = one.processes
        assert psutil.pid_exists(process)
    assert not psutil.pid_exists(process)
