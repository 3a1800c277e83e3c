"""What an earlier reading found in the same ink, so that after a correction only what it touches is read again.

Nodes, staves, systems and the like never change, so two calls with the same objects give the same result: calls are told
apart by the identity of such objects and the value of numbers. Reading gives the same with and without a memory.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from typing import Any, Final, ParamSpec, TypeVar, cast

from omr.score import Clef

P = ParamSpec("P")
R = TypeVar("R")

KEPT: Final = 12  # readings after which what was not used again is forgotten
PLAIN: Final = (int, float, str, type(None), Fraction, frozenset, Clef)


class Memory:
    """Results of earlier calls. Belongs to one thread at a time."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[object, object]] = {}
        self._used: dict[Hashable, int] = {}
        self._reading = 0

    def begin(self) -> None:
        """A new reading: forgets what the last KEPT readings did not use."""
        self._reading += 1
        for key in [key for key, last in self._used.items() if self._reading - last > KEPT]:
            del self._known[key], self._used[key]

    def recall(self, key: Hashable, held: object, find: Callable[[], R]) -> R:
        """What was found under `key`, else what `find` finds; `held` are the objects whose identities make up the key."""
        entry = self._known.get(key)
        if entry is None:
            entry = self._known[key] = held, find()
        self._used[key] = self._reading
        return cast(R, entry[1])


_present: ContextVar[Memory | None] = ContextVar("reading memory", default=None)


@contextmanager
def remembering(memory: Memory) -> Iterator[None]:
    """Within this context readings use and fill `memory`."""
    memory.begin()
    token = _present.set(memory)
    try:
        yield
    finally:
        _present.reset(token)


def present() -> Memory | None:
    """The memory in use; None: there is none."""
    return _present.get()


def remembered(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """`function` of these arguments, from memory where it was called with the same ones before."""
    memory = _present.get()
    if memory is None:
        return function(*args, **kwargs)
    key = function, mark(args), mark(tuple(kwargs.items()))
    return memory.recall(key, (args, kwargs), lambda: function(*args, **kwargs))


def recalled(held: tuple[object, ...], values: Hashable, make: Callable[[], R]) -> R:
    """What `make` makes, or what it made before of the same objects `held` and equal `values`."""
    memory = _present.get()
    if memory is None:
        return make()
    return memory.recall(("made", make.__code__, mark(held), values), held, make)


def the_same(value: R) -> R:
    """The object first met that equals `value`, so that what is read from it is remembered."""
    memory = _present.get()
    return value if memory is None else memory.recall(("value", type(value), value), None, lambda: value)


def mark(value: Any) -> Hashable:
    """What tells a value from others: numbers and names themselves, tuples by their parts, all else by identity."""
    if isinstance(value, PLAIN):
        return cast(Hashable, value)
    if type(value) is tuple:
        return tuple([mark(part) for part in value])
    return id(value)
