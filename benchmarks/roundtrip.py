"""MuseScore 3 as witness: every note of a file must come back with its pitch, onset, duration and staff.

    python -m benchmarks.roundtrip FILE.musicxml ...     names the files that come back different
    python -m benchmarks.roundtrip --random 50           the same for 50 random scores

Both files are read by the short reader below, which shares nothing with the writer. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import NamedTuple

from benchmarks.varied_scores import varied_score
from omr.files.musicxml import to_musicxml

MUSESCORE = os.environ.get("MUSESCORE", "mscore3")
TIME_LIMIT = 120  # seconds a file
SHOWN = 3  # notes named in a description


class Heard(NamedTuple):
    """One note as a reader hears it; times in quarter notes, onset from the start of the bar, duration 0 for a grace note."""

    part: int
    bar: int
    staff: int
    onset: Fraction
    duration: Fraction
    pitch: str


def read_notes(path: Path) -> Counter[Heard]:
    """Every pitched note of a partwise MusicXML file."""
    found: Counter[Heard] = Counter()
    for number, part in enumerate(ET.parse(path).getroot().findall("part")):
        divisions = 1
        for index, bar in enumerate(part.findall("measure")):
            place = chord_place = Fraction(0)
            for element in bar:
                divisions = int(element.findtext("divisions", str(divisions)))
                length = Fraction(element.findtext("duration", "0")) / divisions
                if element.tag == "backup":
                    place -= length
                elif element.tag == "forward":
                    place += length
                elif element.tag == "note":
                    if element.find("chord") is None:
                        chord_place = place
                        place += length
                    if element.find("pitch") is not None:
                        staff = int(element.findtext("staff", "1"))
                        found[Heard(number, index, staff, chord_place, length, _pitch(element))] += 1
    return found


def _pitch(note: ET.Element) -> str:
    alter = int(float(note.findtext("pitch/alter", "0")))
    grace = " grace" if note.find("grace") is not None else ""
    return f"{note.findtext('pitch/step')}{note.findtext('pitch/octave')}{alter:+d}{grace}"


def differs(path: Path) -> str | None:
    """What MuseScore 3 brings back differently from the file `path`, None when every note is kept."""
    with tempfile.TemporaryDirectory() as folder:
        back = Path(folder) / "back.musicxml"
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": folder}
        command = [MUSESCORE, "-o", str(back), str(path)]
        try:
            done = subprocess.run(command, env=environment, capture_output=True, timeout=TIME_LIMIT, check=False)
        except subprocess.TimeoutExpired:
            return f"MuseScore did not finish within {TIME_LIMIT} s"
        if done.returncode != 0 or not back.exists():
            return f"MuseScore ended with {done.returncode}"
        return describe(read_notes(path), read_notes(back))


def describe(before: Counter[Heard], after: Counter[Heard]) -> str | None:
    """The notes lost and added, None when there are none."""
    lost, added = before - after, after - before
    if not lost and not added:
        return None
    return f"{lost.total()} lost ({_some(lost)}), {added.total()} added ({_some(added)})"


def _some(notes: Counter[Heard]) -> str:
    return "; ".join(
        f"part {n.part} bar {n.bar} staff {n.staff} at {n.onset} for {n.duration} {n.pitch}"
        for n in sorted(notes)[:SHOWN]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="MuseScore 3 round trip of MusicXML files")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--random", type=int, default=0, metavar="N", help="also N random scores")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder in which the random scores that differ are kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = list(options.files)
        for seed in range(options.seed, options.seed + options.random):
            files.append(Path(options.keep or folder) / f"random-{seed}.musicxml")
            files[-1].write_bytes(to_musicxml(varied_score(Random(seed))))
        found = {str(path): difference for path in files if (difference := differs(path))}
    for name, difference in found.items():
        print(f"{name}: {difference}", file=sys.stderr)
    print(json.dumps({"files": len(files), "musescore_differs": len(found)}))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
