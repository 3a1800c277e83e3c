"""Page files for the linker: graphs without images, from the engraver of synthetic pages and from MUSCIMA++.

    python -m training.linker_pages engraved OUT --draws N [--scores DIR] [--first K] [--split train|valid] [--seed S]
    python -m training.linker_pages muscima OUT --data DIR --split train|valid|test [--truth]

Engraved pages are the detector's, undegraded; without --scores the music is made up. --truth writes MUSCIMA++'s own graph,
composites included, for evaluate_graph.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from datasets.muscima import RawPage, page_files, read_page_truth, split_pages
from datasets.muscima_graph import contracted, staves_of
from datasets.split import Split
from datasets.synthetic.generate import Plan, generate
from datasets.synthetic.sources import find_sources
from omr.notation import Edge, Node, NotationGraph
from training.graph_pages import GraphPage, without_image, write_pages


def engraved_pages(plan: Plan, draws: range) -> Iterator[GraphPage]:
    """The pages of these draws that have a relation."""
    for draw in draws:
        for sample in generate(plan, draw):
            if sample.graph.edges:
                yield without_image(sample)


def muscima_pages(folder: Path, split: Split) -> Iterator[GraphPage]:
    """The pages of a split in our classes and relations."""
    for page in _raw_pages(folder, split):
        yield GraphPage(name=page.name, graph=contracted(page.nodes), staves=staves_of(page.nodes))


def muscima_truth(folder: Path, split: Split) -> Iterator[GraphPage]:
    """The pages of a split as annotated, every class and relation."""
    for page in _raw_pages(folder, split):
        nodes = tuple(Node(id=raw.id, label=raw.label, box=raw.box, origin="truth") for raw in page.nodes)
        edges = tuple(Edge(*pair) for pair in sorted(set(page.edges)))
        yield GraphPage(name=page.name, graph=NotationGraph(nodes, edges), staves=staves_of(page.nodes))


def _raw_pages(folder: Path, split: Split) -> Iterator[RawPage]:
    files = page_files(folder)
    for name in split_pages(folder, split):
        yield read_page_truth(files[name])


def main(arguments: Sequence[str]) -> int:
    """Write one page file."""
    options = _parser().parse_args(arguments)
    print(write_pages(options.pages(options), options.out), "pages")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(required=True)
    engraved = kinds.add_parser("engraved")
    engraved.add_argument("out", type=Path, help="page file to write")
    engraved.add_argument("--scores", type=Path, help="folder of scores; none: made-up music")
    engraved.add_argument("--draws", type=int, required=True, help="draws of one or two pages each")
    engraved.add_argument("--first", type=int, default=0, help="number of the first draw (default 0)")
    engraved.add_argument("--split", choices=("train", "valid"), default="train")
    engraved.add_argument("--seed", type=int, default=1, help="the same seed gives the same pages (default 1)")
    engraved.set_defaults(pages=_engraved)
    muscima = kinds.add_parser("muscima")
    muscima.add_argument("out", type=Path, help="page file to write")
    muscima.add_argument("--data", type=Path, required=True, help="folder of MUSCIMA++ v2.0")
    muscima.add_argument("--split", choices=("train", "valid", "test"), required=True)
    muscima.add_argument("--truth", action="store_true", help="as annotated, for evaluation")
    muscima.set_defaults(pages=_muscima)
    return parser


def _engraved(options: argparse.Namespace) -> Iterator[GraphPage]:
    sources = find_sources(options.scores) if options.scores else ()
    chosen = tuple(source for source in sources if source.split == options.split)
    plan = Plan(sources=chosen, seed=options.seed, degraded=False)
    return engraved_pages(plan, range(options.first, options.first + options.draws))


def _muscima(options: argparse.Namespace) -> Iterator[GraphPage]:
    return (muscima_truth if options.truth else muscima_pages)(options.data, options.split)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
