"""Synthetic pages: a score, a random style, a random wear; the same seed gives the same page.

A page is one draw of (seed, index): which score, which bars, which decorations, which layout, which degradation. Excerpts are
cut before engraving, so that every draw breaks the lines elsewhere and loading stays cheap.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np
from lxml import etree

from datasets.programs import ProgramError
from datasets.sample import Sample
from datasets.synthetic import engrave, musescore, raster
from datasets.synthetic.autograph import loosened, random_looseness
from datasets.synthetic.bend import bend_page, random_bend
from datasets.synthetic.crowd import crowded
from datasets.synthetic.decorate import Decoration, decorate, finger
from datasets.synthetic.degrade import degrade
from datasets.synthetic.dots import punched
from datasets.synthetic.exchange import exchanged
from datasets.synthetic.handwriting import handwritten, read_hands
from datasets.synthetic.layout import FACES, Options, random_layout
from datasets.synthetic.musescore_scene import read_page
from datasets.synthetic.planted import planted
from datasets.synthetic.procedural import procedural_score
from datasets.synthetic.relate import Related, relate
from datasets.synthetic.scene import Scene
from datasets.synthetic.slice import cut, measure_count
from datasets.synthetic.sources import Source, SourceError, load_musicxml, read_source

log = logging.getLogger(__name__)

KINDS: Final = {
    "piano": 0.40, "song": 0.27, "quartet": 0.12, "chamber": 0.06, "orchestral": 0.05, "lyric": 0.04, "solo": 0.04,
    "other": 0.02,
}  # fmt: skip
"""Share of draws by kind of score: more piano than the archives hold, because its writing is the densest."""
MIN_SPACE, MAX_SPACE = 11.0, 24.0  # pixels a staff space of the imagined scan
MIN_BARS, MAX_BARS = 10, 44  # bars of an excerpt
MAX_PAGES = 2  # pages taken from one layout
WILD_SHARE: Final = 0.6  # of decorated pages where truth is not wanted
FINGERED_SHARE: Final = 0.2  # of MusicXML pages
BENT_SHARE: Final = 0.6
PUNCHED_SHARE: Final = 0.7
LOOSE_SHARE: Final = 0.5  # of handwritten pages


Engraver = Literal["verovio", "musescore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to generate."""

    sources: tuple[Source, ...]
    """Scores to take excerpts from; none: music is made up (procedural.py)."""
    seed: int
    engraver: Engraver = "verovio"
    """musescore: no relations, no MusicXML; made-up and MusicXML scores only."""
    hands: Path | None = None
    """Folder of MUSCIMA++: pages are handwritten (hand edition only); needs verovio."""
    rare: bool = False
    """True: pages full of signs of which scores hold very few."""
    truthful: bool = False
    """True: picture and MusicXML agree (no wild decoration, MusicXML sources only) and samples carry their MusicXML."""
    degraded: bool = True
    decorated: bool = True
    """False: the music as its editors wrote it, without signs strewn over it."""


def generate(plan: Plan, index: int) -> tuple[Sample, ...]:
    """The pages of draw `index`: none when verovio rejects the excerpt, else one or two; raises nothing for a bad score."""
    chance = random.Random(f"{plan.seed}/{index}")
    numbers = np.random.default_rng([plan.seed, index])
    layout = random_layout(chance)
    try:
        name, data, root = _excerpt(plan, chance)
    except SourceError as error:
        log.warning("score left out: %s", error)
        return ()
    if plan.engraver == "musescore":
        return _second_engraver(plan, index, root, chance, numbers)
    count = engrave.load(data, layout)
    if count == 0:
        log.warning("verovio could not read %s", name)
        return ()
    chosen = tuple(sorted(chance.sample(range(1, count + 1), min(count, MAX_PAGES))))
    try:
        return tuple(_samples(plan, index, chosen, layout, root, chance, numbers))
    except etree.XMLSyntaxError as error:  # verovio repeats an attribute in some drawings
        log.warning("verovio's drawing of %s is not XML: %s", name, error)
        return ()


def _second_engraver(
    plan: Plan, index: int, root: etree._Element | None, chance: random.Random, noise: np.random.Generator
) -> tuple[Sample, ...]:
    """Up to MAX_PAGES pages of a score as MuseScore draws it; none of a score it cannot draw."""
    if root is None:
        return ()
    font, space = chance.choice(tuple(musescore.FONTS)), chance.triangular(MIN_SPACE, MAX_SPACE, 16)
    try:
        pages = musescore.engrave(root, font, chance)
    except ProgramError as error:
        log.warning("%s", error)
        return ()
    found: list[Sample] = []
    for svg in pages[:MAX_PAGES]:
        page = read_page(svg, space, musescore.FONTS[font])
        if page is not None:
            name = f"musescore-{plan.seed}-{index:06d}-{len(found)}"
            found.append(_sample(plan, name, *page, space, chance, noise))
    return tuple(found)


def _excerpt(plan: Plan, chance: random.Random) -> tuple[str, str, etree._Element | None]:
    """(name, text for verovio, root of the excerpt or None for kern)."""
    if not plan.sources:
        root = _decorated(procedural_score(chance), plan, chance)
        return "made-up music", _text(root), root
    kinds = _kinds(plan)
    kind = chance.choices(list(kinds), list(kinds.values()))[0]
    source = chance.choice([source for source in plan.sources if source.kind == kind and _usable(source, plan)])
    data = read_source(source)
    if source.format == "kern":
        return source.id, data.decode("utf-8", "replace"), None
    whole = load_musicxml(data)
    total = measure_count(whole)
    first = chance.randrange(0, max(1, total - MIN_BARS))
    last = min(total, first + chance.randint(MIN_BARS, MAX_BARS))
    root = _decorated(cut(whole, first, last, drop_breaks=True), plan, chance)
    return source.id, _text(root), root


def _usable(source: Source, plan: Plan) -> bool:
    return source.format == "musicxml" or not (plan.truthful or plan.engraver == "musescore")


def _kinds(plan: Plan) -> dict[str, float]:
    present = {source.kind for source in plan.sources if _usable(source, plan)}
    return {kind: share for kind, share in KINDS.items() if kind in present}


def _decorated(root: etree._Element, plan: Plan, chance: random.Random) -> etree._Element:
    if not plan.decorated:
        return root
    if plan.rare:
        return decorate(root, chance, rate=chance.uniform(0.3, 0.7), level=Decoration.RARE)
    if chance.random() < FINGERED_SHARE:
        root = finger(root, chance)
    if chance.random() < 0.35:
        return root
    wild = not plan.truthful and chance.random() < WILD_SHARE
    return decorate(root, chance, rate=chance.uniform(0.02, 0.3), level=Decoration.WILD if wild else Decoration.TRUE)


def _text(root: etree._Element) -> str:
    return etree.tostring(root, encoding="unicode")


def _samples(
    plan: Plan,
    index: int,
    numbers: tuple[int, ...],
    layout: Options,
    root: etree._Element | None,
    chance: random.Random,
    noise: np.random.Generator,
) -> Sequence[Sample]:
    space = chance.triangular(MIN_SPACE, MAX_SPACE, 16)
    found: list[Sample] = []
    for page in engrave.pages(numbers, layout, staff_space=space, face=chance.choice(FACES)):
        kind = "synthetic" if plan.hands is None else "handwritten"
        name = f"{kind}-{plan.seed}-{index:06d}-{len(found)}"
        sample = _sample(plan, name, *_varied(plan, page.scene, layout, space, chance), space, chance, noise)
        musicxml = _truth(root, page) if plan.truthful and root is not None else None
        found.append(replace(sample, musicxml=musicxml))
    return found


def _varied(plan: Plan, scene: Scene, layout: Options, space: float, chance: random.Random) -> tuple[Scene, Related]:
    """The scene and its truth with rare signs, in a hand, or with old dots, as the plan says."""
    if plan.rare:
        font = str(layout["font"])
        scene = planted(crowded(exchanged(scene, chance, font, space), chance, space), chance, font, space)
    if plan.hands is not None:
        return _written(plan.hands, scene, chance, space)
    if plan.degraded and chance.random() < PUNCHED_SHARE:
        scene = punched(scene, chance, space)
    return scene, relate(scene)


def _written(hands: Path, scene: Scene, chance: random.Random, space: float) -> tuple[Scene, Related]:
    """The scene in a hand, neat or loose, and its truth."""
    scene, truth = handwritten(scene, relate(scene), read_hands(hands), chance, space)
    if chance.random() < LOOSE_SHARE:
        scene, truth = loosened(scene, truth, random_looseness(chance), chance, space)
    return scene, truth


def _sample(
    plan: Plan, name: str, scene: Scene, truth: Related, space: float, chance: random.Random, noise: np.random.Generator
) -> Sample:
    """The page bent and worn, as the plan says."""
    if plan.degraded and chance.random() < BENT_SHARE:
        scene, truth = bend_page(scene, truth, random_bend(chance, scene, space))
    image = raster.draw(scene)
    pale = any(ink.shade for ink in scene.primitives)
    return Sample(
        name=name,
        image=degrade(image, noise, staff_space=space, pale=pale) if plan.degraded else image,
        graph=truth.graph,
        staves=truth.staves,
        staff_space=space,
        ignore=truth.ignore,
    )


def _truth(root: etree._Element, page: engrave.EngravedPage) -> bytes:
    return etree.tostring(cut(root, page.first, page.last), xml_declaration=True, encoding="UTF-8")
