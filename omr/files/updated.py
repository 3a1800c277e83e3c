"""Values changed only where they differ: what needs no repair stays the same object, and what was made of it is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

T = TypeVar("T")


def updated(value: T, **fields: Any) -> T:
    """The dataclass `value` with `fields` replaced; itself where it has them already."""
    same = all(getattr(value, name) == new for name, new in fields.items())
    return value if same else replace(value, **fields)  # type: ignore[type-var]
