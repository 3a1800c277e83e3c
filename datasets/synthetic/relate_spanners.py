"""Relations of slurs, ties and hairpins to heads.

A slur is linked to its end heads and to every head it covers in the same layer (MUSCIMA++ does so in half of its slurs), a
tie to its two heads, a hairpin to the heads of its staff between its ends; a spanner split by a system break is one symbol a
system, linked to the heads of that system only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from datasets.synthetic.scene import Scene
from datasets.synthetic.symbol import Symbol
from omr import labels

_SLACK = 6.0  # pixels by which a head's centre may lie outside a slur's ends
_HAIRPIN_SLACK = 20.0  # pixels


def pairs(symbols: tuple[Symbol, ...], scene: Scene) -> set[tuple[int, int]]:
    """(head id, spanner id) for every slur, tie and hairpin."""
    heads: dict[str, list[Symbol]] = defaultdict(list)
    every = [symbol for symbol in symbols if symbol.label in labels.NOTEHEADS]
    for head in every:
        heads[head.owner.note].append(head)
        if head.owner.chord:
            heads[head.owner.chord].append(head)
    found: set[tuple[int, int]] = set()
    for symbol in symbols:
        if symbol.label in ("slur", "tie"):
            found.update(_curve(symbol, scene, heads, every))
        elif symbol.label in labels.HAIRPINS:
            found.update(_hairpin(symbol, scene, heads, every))
    return found


def _ends(symbol: Symbol, scene: Scene, heads: dict[str, list[Symbol]]) -> list[Symbol]:
    element = scene.elements.get(symbol.owner.element)
    if element is None:
        return []
    ids = [(element.get(name) or "").lstrip("#") for name in ("data-startid", "data-endid")]
    return [head for identity in ids if identity for head in heads.get(identity, [])]


def _curve(
    symbol: Symbol, scene: Scene, heads: dict[str, list[Symbol]], every: list[Symbol]
) -> Iterable[tuple[int, int]]:
    ends = _ends(symbol, scene, heads)
    here = [head for head in ends if head.owner.system == symbol.owner.system]
    yield from ((head.id, symbol.id) for head in here)
    if symbol.label == "tie" or not ends:
        return
    layers = {head.owner.layer for head in ends}
    homes = {(head.owner.home, _layer_number(head, scene)) for head in ends}
    for head in every:
        same = head.owner.layer in layers or (head.owner.home, _layer_number(head, scene)) in homes
        covered = symbol.box.left - _SLACK <= head.box.center.x <= symbol.box.right + _SLACK
        if same and covered and head.owner.system == symbol.owner.system and head.label not in labels.SMALL_NOTEHEADS:
            yield head.id, symbol.id


def _layer_number(head: Symbol, scene: Scene) -> str:
    element = scene.elements.get(head.owner.layer)
    return (element.get("data-n") or "") if element is not None else ""


def _hairpin(
    symbol: Symbol, scene: Scene, heads: dict[str, list[Symbol]], every: list[Symbol]
) -> Iterable[tuple[int, int]]:
    element = scene.elements.get(symbol.owner.element)
    if element is None:
        return
    staves = set((element.get("data-staff") or "").split()) or {
        head.owner.staff for head in _ends(symbol, scene, heads)
    }
    for head in every:
        within = symbol.box.left - _HAIRPIN_SLACK <= head.box.center.x <= symbol.box.right + _HAIRPIN_SLACK
        if head.owner.system == symbol.owner.system and head.owner.staff in staves and within:
            yield head.id, symbol.id
