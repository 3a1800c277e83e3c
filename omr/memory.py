"""What an earlier reading found in the same ink, so that after a correction only what it touches is read again.

Nodes, staves, systems and the like never change, so two calls with the same objects give the same result: calls are told
apart by the identity of such objects and the value of numbers. Reading gives the same with and without a memory.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar, cast

from omr.score import Clef

P = ParamSpec("P")
R = TypeVar("R")

KEPT: Final = 12  # readings after which what was not used again is forgotten
PATIENCE: Final = 4  # times as many while readings are hasty: forgetting takes time, and one that is not hasty follows
PLAIN: Final = frozenset((bool, int, float, str, type(None), Fraction, frozenset, Clef))
NUMBERS: Final = (int, float, str)


class _Entry:
    """A result, what its key names by identity, the reading that last asked for it, and what was asked for to find it."""

    __slots__ = ("held", "parts", "result", "used")

    def __init__(self, held: object) -> None:
        self.held, self.parts = held, set[Hashable]()
        self.result: object = None
        self.used = 0


class Memory:
    """Results of earlier calls. Belongs to one thread at a time."""

    def __init__(self) -> None:
        self._known: dict[Hashable, _Entry] = {}
        self._open: list[set[Hashable]] = []
        self._reading = 0
        self._swept = 0
        self.hasty = False
        """Whether long searches may be cut short."""
        self.guessed = False
        """Whether one was, so that reading again may find better."""
        self._guesses: dict[Hashable, tuple[object, object]] = {}
        """What the key names by identity, and the result that hasty readings make do with, since the last that was not."""

    def begin(self) -> None:
        """A new reading."""
        self._reading += 1
        if self._reading - self._swept >= (PATIENCE * KEPT if self.hasty else KEPT):
            self._forget()

    def guess(self, key: Hashable, held: object, result: R) -> R:
        """Makes do with `result` under `key` until a reading takes its time; `held` as for `recall`."""
        self.guessed = True
        self._guesses[key] = held, result
        return result

    def last_guess(self, key: Hashable) -> object | None:
        """What an earlier hasty reading made do with; None: there was none."""
        found = self._guesses.get(key)
        if found is None:
            return None
        self.guessed = True
        return found[1]

    def made_do_with(self, result: object) -> bool:
        """Whether `result` is such a guess."""
        return any(result is guess for _, guess in self._guesses.values())

    def forget_guesses(self) -> None:
        self._guesses.clear()

    def knows(self, key: Hashable) -> bool:
        """Whether something was found under `key`."""
        return key in self._known

    def recall(self, key: Hashable, held: object, find: Callable[[], R]) -> R:
        """What was found under `key`, else what `find` finds; `held` are the objects whose identities make up the key."""
        entry = self._known.get(key)
        if entry is None:
            entry = _Entry(held)
            self._open.append(entry.parts)
            try:
                entry.result = find()
            finally:
                self._open.pop()
            self._known[key] = entry
        entry.used = self._reading
        if self._open:
            self._open[-1].add(key)
        return cast(R, entry.result)

    def _forget(self) -> None:
        """Keeps what the last KEPT readings asked for, and all that was asked for to find it, at any depth."""
        self._swept = self._reading
        waiting = [key for key, entry in self._known.items() if self._reading - entry.used <= KEPT]
        kept: set[Hashable] = set()
        while waiting:
            key = waiting.pop()
            entry = self._known.get(key)
            if key not in kept and entry is not None:
                kept.add(key)
                waiting.extend(entry.parts)
        self._known = {key: entry for key, entry in self._known.items() if key in kept}


_present: ContextVar[Memory | None] = ContextVar("reading memory", default=None)


@contextmanager
def remembering(memory: Memory, *, hasty: bool = False) -> Iterator[None]:
    """Within this context readings use and fill `memory`; hasty ones cut long searches short, see Memory.guessed."""
    memory.hasty, memory.guessed = hasty, False
    memory.begin()
    if not hasty:
        memory.forget_guesses()
    token = _present.set(memory)
    try:
        yield
    finally:
        _present.reset(token)


def present() -> Memory | None:
    """The memory in use; None: there is none."""
    return _present.get()


def is_guess(result: object) -> bool:
    """Whether a hasty reading makes do with this very object, so that looking closer can wait."""
    memory = _present.get()
    return memory is not None and memory.made_do_with(result)


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


def found_in(subject: object, values: Hashable, make: Callable[[], R]) -> R:
    """What `make` makes, or what a call of the same function made before of the very object `subject` and equal `values`."""
    memory = _present.get()
    if memory is None:
        return make()
    function = make.func if isinstance(make, partial) else make.__code__
    return memory.recall(("in", function, id(subject), values), subject, make)


def the_same(value: R) -> R:
    """The object first met that equals `value`, so that what is read from it is remembered."""
    memory = _present.get()
    return value if memory is None else memory.recall(("value", type(value), value), None, lambda: value)


def mark(value: Any) -> Hashable:
    """What tells a value from others: numbers and names themselves, tuples by their parts, all else by identity."""
    kind = type(value)
    if kind in PLAIN:
        return cast(Hashable, value)
    if kind is tuple:
        return tuple([mark(part) for part in value])
    return cast(Hashable, value) if isinstance(value, NUMBERS) else id(value)
