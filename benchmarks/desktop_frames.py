"""How long a frame takes while a crowded page is moved and zoomed in the desktop application.

The page is made up: 5,000 symbols with 6,000 relations over noise, all layers shown, in a view of 1600 x 1000 pixels without a
screen. A frame is one repaint of the view, with all that is drawn for it; between two steps the view may finish its tiles.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable

import numpy as np

from omr.geometry import Box
from omr.labels import DETECTED
from omr.notation import Edge, Node, NotationGraph, Staff, StaffLine

PAGE = (2480, 3508)  # pixels, A4 at 300 dpi
VIEW = (1600, 1000)
SYMBOLS = 5000
RELATIONS = 6000
SPACE = 20.0
STEPS = 240


def frame_milliseconds(
    steps: int = STEPS, symbols: int = SYMBOLS, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """Milliseconds of each frame of a walk over the page: moving, zooming in and out at the pointer, moving on.

    With time.thread_time as `clock` they do not depend on what else the machine does.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.pop("QT_QPA_PLATFORM_PLUGIN_PATH", None)
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QApplication

    from gui.page_image import PageImage
    from gui.page_view import PageView
    from gui.scene import LAYERS, BarMark, Overlay

    application = QApplication.instance() or QApplication(["frames"])
    view = PageView()
    view.resize(*VIEW)
    noise = np.random.default_rng(1).integers(0, 256, (PAGE[1], PAGE[0]), dtype=np.uint8)
    view.set_page(PageImage(noise), None)
    graph, staves = crowded(symbols)
    voices = {node.id: 1 + node.id % 4 for node in graph.nodes if node.label.startswith("notehead")}
    places = [(x, y) for x in range(100, 2200, 600) for y in range(100, 3200, 300)]
    bars = tuple(BarMark(box=Box(x, y, x + 300, y + 200), harm=1.0) for x, y in places)
    view.set_overlay(Overlay(graph=graph, staves=staves, voices=voices, bars=bars), None)
    view.set_layers(frozenset(LAYERS), 0.8)
    view.set_selected(frozenset(range(20)), None, "")
    view.show()
    application.processEvents()
    found = []
    for step in range(steps):
        start = clock()
        if step % 60 < 25:
            view.pan(-17, -23)
        elif step % 60 < 40:
            view.set_zoom(view.zoom * 1.06, QPointF(700, 420))
        elif step % 60 < 50:
            view.set_zoom(view.zoom / 1.09, QPointF(900, 600))
        else:
            view.pan(31, -12)
        view.viewport().repaint()
        found.append((clock() - start) * 1000)
    view.deleteLater()
    return found


def crowded(symbols: int) -> tuple[NotationGraph, tuple[Staff, ...]]:
    """A page full of symbols of every class, the same each time."""
    chance = random.Random(1)
    nodes = []
    for number in range(symbols):
        x, y = chance.uniform(60, PAGE[0] - 120), chance.uniform(60, PAGE[1] - 120)
        width, height = chance.choice(((26, 20), (3, 70), (90, 12), (20, 56), (8, 8), (52, 140)))
        nodes.append(Node(id=number, label=chance.choice(DETECTED[:60]), box=Box(x, y, x + width, y + height)))
    rows = sorted(nodes, key=lambda node: (node.box.center.y // 80, node.box.center.x))
    near = {(place, place + 1 + chance.randrange(4)) for place in range(symbols) for _ in range(2)}
    kept = sorted((rows[one].id, rows[other].id) for one, other in near if other < symbols)
    edges = tuple(Edge(one, other) for one, other in kept if _close(nodes[one], nodes[other]))[:RELATIONS]
    return NotationGraph(tuple(nodes), edges), tuple(_staff(index) for index in range(24))


def _close(one: Node, other: Node) -> bool:
    """Whether two symbols are as near as related ones are."""
    a, b = one.box.center, other.box.center
    return abs(a.x - b.x) < 10 * SPACE and abs(a.y - b.y) < 10 * SPACE


def _staff(index: int) -> Staff:
    top = 120.0 + 136 * index
    xs = tuple(float(x) for x in range(80, PAGE[0] - 80, 24))
    lines = tuple(StaffLine(xs=xs, ys=tuple(top + SPACE * line for _ in xs)) for line in range(5))
    box = Box(80, top, PAGE[0] - 80, top + 4 * SPACE)
    return Staff(index=index, system=index // 2, lines=lines, box=box, staff_space=SPACE)


def percentile(values: list[float], share: float) -> float:
    """The value that `share` (0-1) of all stay under."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
