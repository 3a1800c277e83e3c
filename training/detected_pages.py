"""Page files of what a real detector finds, with the relations of the truth: from synthetic pages and from MUSCIMA++.

    python -m training.detected_pages synthetic OUT --detector CARD.json --draws N [--scores DIR] [--hands DIR] [--seed S] ...
    python -m training.detected_pages muscima OUT --detector CARD.json --data DIR --split train|valid|test

Assumption: a finding is the symbol that it overlaps most in place and class (matched), and relations hold between findings
where they hold between the symbols they are. Staves are the found ones, too: what it will be given.
The pages must be new to the detector, or its findings are better than they will ever be; where they are not, a look at another
size (--size) errs about as much. Needs no torch.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from datasets.draws import run_draws
from datasets.muscima import StaffLines, samples
from datasets.sample import Sample
from datasets.synthetic.generate import Plan, generate
from datasets.synthetic.handwriting import read_hands
from datasets.synthetic.sources import find_sources
from omr.detect import detect
from omr.errors import NoStavesError
from omr.models import Detector, load_detector
from omr.notation import Edge, Node, NotationGraph
from omr.page import PageImage
from omr.prepare import prepare
from omr.staves import find_staves, group_systems, split_asides, without_asides
from training.evaluate_graph import match
from training.graph_pages import GraphPage, write_pages

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Looking:
    """How pages are looked at."""

    card: Path
    """The detector's."""
    features: bool
    """Whether symbols keep what the network saw."""
    size: float | None = None
    """Times its own at which pages are looked at once; None: as the card says."""


def detected(sample: Sample, looking: Looking) -> GraphPage | None:
    """Findings and staves in the sample's pixels with the relations of its truth; None where no staff is found."""
    page = PageImage(pixels=sample.image, source=sample.name, index=0)
    try:
        prepared = prepare(page)
    except NoStavesError:
        return None
    staves, asides = split_asides(group_systems(find_staves(prepared.image), prepared.image))
    if not staves:
        return None
    detector = _detector(looking.card, looking.features, looking.size)
    nodes = without_asides(detect(prepared.image, detector), staves, asides)
    on_page = tuple(prepared.node_to_page(node) for node in nodes)
    return GraphPage(
        name=sample.name,
        graph=NotationGraph(on_page, related(on_page, sample.graph)),
        staves=tuple(prepared.staff_to_page(staff) for staff in staves),
    )


def related(nodes: Sequence[Node], truth: NotationGraph) -> tuple[Edge, ...]:
    """The relations of `truth` between those of `nodes` that are its symbols."""
    found = {true: node for node, true in match(nodes, truth.nodes).items()}
    pairs = ((found.get(edge.source), found.get(edge.target)) for edge in truth.edges)
    return tuple(sorted(Edge(source, target) for source, target in pairs if source is not None and target is not None))


@lru_cache(maxsize=1)
def _detector(card: Path, features: bool, size: float | None) -> Detector:
    detector = load_detector(card, features=features)
    if size is not None:
        detector.looks = (size,)
    return detector


def _draw(plan: Plan, looking: Looking, index: int) -> list[GraphPage]:
    return [page for sample in generate(plan, index) if (page := detected(sample, looking)) and page.graph.edges]


def _synthetic(options: argparse.Namespace) -> Iterator[GraphPage]:
    sources = find_sources(options.scores) if options.scores else ()
    chosen = tuple(source for source in sources if source.split == options.split)
    if options.hands is not None:
        read_hands(options.hands)  # once, before the processes part
    plan = Plan(sources=chosen, seed=options.seed, hands=options.hands, rare=options.rare)
    looking = Looking(card=options.detector, features=options.features)
    draws = range(options.first, options.first + options.draws)
    for pages in run_draws(partial(_draw, plan, looking), draws, options.jobs):
        for page in pages:
            log.info("%s: %d symbols", page.name, len(page.graph.nodes))
            yield page


def _muscima(options: argparse.Namespace) -> Iterator[GraphPage]:
    looking = Looking(card=options.detector, features=options.features, size=options.size)
    for sample in samples(options.data, options.split, StaffLines(options.lines)):
        page = detected(replace(sample, name=sample.name.removesuffix("_without-lines")), looking)
        if page is None:
            log.warning("%s: no staves found", sample.name)
        else:
            yield page


def main(arguments: Sequence[str] | None = None) -> int:
    """Write one page file."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    print(write_pages(options.pages(options), options.out), "pages")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(required=True)
    synthetic, muscima = kinds.add_parser("synthetic"), kinds.add_parser("muscima")
    for kind in (synthetic, muscima):
        kind.add_argument("out", type=Path, help="page file to write")
        kind.add_argument("--detector", type=Path, required=True, help="card of the detector")
        kind.add_argument("--features", action="store_true", help="keep what the network saw of each symbol")
    synthetic.add_argument("--scores", type=Path, help="folder of scores; none: made-up music")
    synthetic.add_argument("--hands", type=Path, help="folder of MUSCIMA++: pages in its hands (hand edition only)")
    synthetic.add_argument("--rare", action="store_true", help="pages full of signs of which scores hold very few")
    synthetic.add_argument("--draws", type=int, required=True, help="draws of one or two pages each")
    synthetic.add_argument("--first", type=int, default=0, help="number of the first draw (default 0)")
    synthetic.add_argument("--split", choices=("train", "valid"), default="train")
    synthetic.add_argument("--seed", type=int, required=True, help="one that no detector's tiles were made with")
    synthetic.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
    synthetic.set_defaults(pages=_synthetic)
    muscima.add_argument("--data", type=Path, required=True, help="folder of MUSCIMA++ v2.0")
    muscima.add_argument("--split", choices=("train", "valid", "test"), required=True)
    muscima.add_argument("--lines", choices=("kept", "removed"), default="kept", help="staff lines (default kept)")
    muscima.add_argument("--size", type=float, help="times its own at which each page is looked at, and once only")
    muscima.set_defaults(pages=_muscima)
    return parser


if __name__ == "__main__":
    sys.exit(main())
