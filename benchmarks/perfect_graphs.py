"""How well perfect graphs are read: `python -m benchmarks.perfect_graphs [--pages N]`, nothing but reading is judged.

Pages of works of the test split are engraved by verovio without adornment; nodes, relations and staves come from the engraving.
What no reader can see is taken out of the truth by rule: notes that are not printed, what hidden rests fill, cues (small
notes that are another player's or another verse's), ties that join nothing (drawn_ties.py), alterations that neither key nor
accidental tells (told_alterations.py). Parts whose clef is percussion's are left out with their page (editors give pitched
parts that clef by mistake and lose all alterations), and pages on which verovio drew other beams and flags than the music has,
or clefs elsewhere (drawn_clefs.py). Strict figures count voices as far as the paper tells them apart (untold_voices.py).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lxml import etree

from benchmarks.attribution import EXACT, judged
from benchmarks.data_folder import scores_folder
from benchmarks.drawn_clefs import clefs_in_place
from benchmarks.drawn_ties import untie
from benchmarks.told_alterations import as_spelled
from benchmarks.untold_voices import as_told
from datasets.sample import Sample
from datasets.synthetic.generate import Plan, generate
from datasets.synthetic.sources import find_sources
from omr import labels
from omr.files.musicxml import to_musicxml
from omr.metrics.notes import NoteCounts, read_bars, score_notes
from omr.metrics.written import WrittenCounts, score_written
from omr.reading import ReadPage, read_score

SEED: Final = 77
PAGES: Final = 300
SHORT: Final = frozenset(("eighth", "16th", "32nd", "64th", "128th"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PerfectFigures:
    """What came of the pages; `kinds` counts wrong bars by kind of error."""

    pages: int
    left_out: int
    notes: NoteCounts
    written: WrittenCounts
    kinds: dict[str, int]

    def shown(self) -> dict[str, object]:
        return {
            "measures": self.notes.truth_bars,
            "exact_measures": round(self.notes.exact_share, 4),
            "pod_f1": round(self.notes.pitch_onset_duration_f1, 4),
            **{name: round(value, 4) for name, value in self.written.figures().items()},
            "pages": self.pages,
            "pages_left_out": self.left_out,
            "wrong_by_kind": self.kinds,
        }


def main() -> None:
    """Read, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scores", type=Path, default=scores_folder())
    parser.add_argument("--pages", type=int, default=PAGES)
    options = parser.parse_args()
    print(json.dumps(perfect_figures(options.scores, options.pages).shown()))


def perfect_figures(scores: Path, count: int) -> PerfectFigures:
    """The figures of `count` pages drawn from the test works below `scores`; raises SourceError when there is none."""
    notes, written, kinds = NoteCounts(), WrittenCounts(), dict[str, int]()
    pages = left_out = 0
    for sample, fit in _samples(scores):
        if pages == count:
            break
        if not fit:
            left_out += 1
            continue
        assert sample.musicxml is not None
        truth = visible(sample.musicxml)
        found = to_musicxml(read_score((ReadPage(sample.graph, sample.staves),)))
        bars, read = read_bars(truth), read_bars(found)
        notes, written = notes + score_notes(bars, read), written + score_written(*as_told(truth, found))
        for _, kind, _, _ in judged(bars, read):
            kinds[kind] = kinds.get(kind, 0) + (kind != EXACT)
        pages += 1
    ranked = {kind: number for kind, number in sorted(kinds.items(), key=lambda row: (-row[1], row[0])) if number}
    return PerfectFigures(pages=pages, left_out=left_out, notes=notes, written=written, kinds=ranked)


def _samples(scores: Path) -> Iterator[tuple[Sample, bool]]:
    """(page, whether it can judge), without end."""
    every = find_sources(scores)
    sources = tuple(source for source in every if source.split == "test" and source.format == "musicxml")
    plan = Plan(sources=sources, seed=SEED, truthful=True, degraded=False, decorated=False)
    index = 0
    while True:
        for sample in generate(plan, index):
            yield sample, _fit(sample)
        index += 1


def _fit(sample: Sample) -> bool:
    """Whether the picture can hold what the music says, see the module's words."""
    root = etree.fromstring(sample.musicxml or b"<score/>")
    if any(sign.text == "percussion" for sign in root.iter("sign")):
        return False
    short = [note for note in root.iter("note") if note.findtext("type") in SHORT and note.find("pitch") is not None]
    plain = [note for note in short if note.find("grace") is None and note.get("print-object") != "no"]
    heads = [node for node in sample.graph.nodes if node.label in ("noteheadFull", "noteheadX", "noteheadDiamond")]
    marks = (*labels.FLAGS, "beam")
    drawn = sum(any(target.label in marks for target in sample.graph.targets(head.id)) for head in heads)
    return drawn >= len(plain) - _shared(plain) and clefs_in_place(sample)


def _shared(notes: list[etree._Element]) -> int:
    """Heads that two voices share are drawn once."""
    spots = [(note.getparent(), note.get("default-x"), note.get("default-y")) for note in notes]
    return len(spots) - len(set(spots)) if all(x and y for _, x, y in spots) else 0


def visible(musicxml: bytes) -> bytes:
    """The score with the notes that are not printed, and cues, made hidden rests, which count nowhere."""
    root = etree.fromstring(musicxml)
    for note in list(root.iter("note")):
        cue = note.find("cue") is not None or (
            note.find("grace") is None and note.find("type[@size='cue']") is not None
        )
        if (note.get("print-object") != "no" and not cue) or note.find("rest") is not None:
            continue
        parent = note.getparent()
        assert parent is not None
        if note.find("chord") is not None or note.find("grace") is not None:
            parent.remove(note)
            continue
        rest = etree.Element("note", {"print-object": "no"})
        etree.SubElement(rest, "rest")
        for tag in ("duration", "voice", "staff"):
            if note.find(tag) is not None:
                etree.SubElement(rest, tag).text = note.findtext(tag)
        parent.replace(note, rest)
    for part in root.iter("part"):
        as_spelled(part)  # first: a tie over other notes keeps an alteration though it joins nothing
        untie(part)
    return bytes(etree.tostring(root))


if __name__ == "__main__":
    main()
