"""Inputs that are damaged, absurd or made to do harm, each with the exit codes it may end with.

`python -m benchmarks.hostile` converts them all. Half are ordinary small files with bytes changed, taken out, doubled or cut
off by a seeded mutator; the others are made by hand: bombs, impossible sizes, loops, odd names. A conversion must end with one
of the codes named, in time, and leave either all of its outputs or none.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.absurd_files import ABSURD
from benchmarks.painted_staves import Layout, paint
from benchmarks.pdf_writer import flate, jpeg, pdf
from omr.errors import ExitCode

Codes = frozenset[int]

KINDS = ("PDF", "PNG", "TIFF", "JPEG", "WEBP", "BMP")
NAMES = (
    "a page.png", "-o.png", "--help", "page", "ÅÄÖ é.png", "楽譜.png", "a'b\"c.png", "$(touch pwned).png", "x;y&z|.png",
    "new\nline.png", "tab\there.png", "..png", "%s%n.png", "*.png", "[1].png", "a" * 240 + ".png", "~", "CON.png", " ",
    "\u202egnp.png", "b\udcff.png", "\\backslash\\.png", "{brace}.png", "#hash.png", "😀.png", "-", "nul.png.", "@file",
)  # fmt: skip
"""Names of files; nothing is special about what they hold."""
READ: Codes = frozenset({ExitCode.OK})
REFUSED: Codes = frozenset({ExitCode.INPUT})
NO_STAVES: Codes = frozenset({ExitCode.NOTHING_TO_DO})
ANY_READING: Codes = frozenset(
    {ExitCode.OK, ExitCode.INPUT, ExitCode.NOTHING_TO_DO, ExitCode.ENCRYPTED, ExitCode.SOME_FAILED}
)
"""What a file may end with of which it is not known whether it can still be read."""
PATIENCE = 300.0
"""Seconds for one input on a busy machine."""


def inputs(folder: Path, seed: int, count: int) -> Iterator[tuple[Path, Codes]]:
    """`count` files below `folder` and the exit codes that converting each alone may end with; the same seed, the same files.

    A file is made when it is asked for; delete it afterwards to save space.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(seed)
    ways = [_named(folder, name) for name in NAMES] + [_absurd(folder, name) for name in ABSURD]
    order = chance.permutation(len(ways))
    for index in range(count):
        if index % 2 and index // 2 < len(ways):
            yield ways[order[index // 2]]()
        else:
            yield _mutated(folder, index, chance)


def _named(folder: Path, name: str) -> Callable[[], tuple[Path, Codes]]:
    def make() -> tuple[Path, Codes]:
        path = folder / "names" / name
        path.parent.mkdir(exist_ok=True)
        try:
            path.write_bytes(_coded("PNG", blank()))
        except (OSError, UnicodeEncodeError):  # this file system refuses the name
            path = folder / "names" / "refused.png"
            path.write_bytes(_coded("PNG", blank()))
        return path, NO_STAVES

    return make


def _absurd(folder: Path, name: str) -> Callable[[], tuple[Path, Codes]]:
    def make() -> tuple[Path, Codes]:
        data, codes = ABSURD[name]()
        path = folder / f"{name.replace(' ', '-')}.bin"
        path.write_bytes(data)
        return path, codes

    return make


def _mutated(folder: Path, index: int, chance: np.random.Generator) -> tuple[Path, Codes]:
    kind = KINDS[int(chance.integers(len(KINDS)))]
    picture = music() if chance.random() < 0.15 else blank()
    path = folder / f"mutated-{index}.{kind.lower()}"
    path.write_bytes(mutate(_coded(kind, picture, chance), chance))
    return path, ANY_READING


def mutate(data: bytes, chance: np.random.Generator) -> bytes:
    """`data` with one to six changes of bytes or pieces, mostly near the beginning, where formats keep their promises."""
    raw = bytearray(data)
    for _ in range(int(chance.integers(1, 7))):
        if not raw:
            break
        reach = min(len(raw), int(chance.choice([64, 400, 4000, len(raw)])))
        at = int(chance.integers(reach))
        length = int(chance.integers(1, 40))
        way = int(chance.integers(6))
        if way == 0:
            raw[at] = int(chance.integers(256))
        elif way == 1:
            raw[at : at + length] = chance.integers(0, 256, length, dtype=np.uint8).tobytes()
        elif way == 2:
            del raw[at : at + length]
        elif way == 3:
            raw[at:at] = raw[at : at + length] * int(chance.integers(1, 20))
        elif way == 4:
            raw[at : at + 4] = EXTREMES[int(chance.integers(len(EXTREMES)))]
        elif chance.random() < 0.3:
            del raw[at:]
    return bytes(raw)


EXTREMES = (
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x80\x00\x00\x00",
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\x7f",
    b"9999",
)


def blank() -> npt.NDArray[np.uint8]:
    """A small page without music."""
    page = np.full((120, 90), 255, np.uint8)
    page[20:24, 10:70] = 0
    return page


def music() -> npt.NDArray[np.uint8]:
    """A small page with two staves."""
    return paint(Layout(width=500, height=300, right=460.0, left=40.0, tops=(60.0, 180.0), notes=8)).image


def _coded(kind: str, pixels: npt.NDArray[np.uint8], chance: np.random.Generator | None = None) -> bytes:
    """A file of `kind`, coded in one of several ways where `chance` is given."""
    choose = 0 if chance is None else int(chance.integers(4))
    if kind == "PDF":
        return pdf([(flate, jpeg)[choose % 2](pixels)] * (1 + choose // 2))
    file = io.BytesIO()
    sheet = Image.fromarray(pixels).convert(("L", "RGB", "1", "L")[choose] if kind in ("PNG", "TIFF", "BMP") else "L")
    compression = {"TIFF": (None, "tiff_lzw", "group4", "jpeg")[choose]}.get(kind)
    sheet.save(file, format=kind, **({"compression": compression} if compression else {}))
    return file.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of the inputs."""

    inputs: int = 0
    crashes: int = 0
    """Ended by a signal, or with an internal error."""
    hangs: int = 0
    partial_outputs: int = 0
    """Something was left though it failed, or nothing though it was done."""
    wrong_codes: int = 0


def figures(seed: int = 1, count: int = 400, *, say: Callable[[str], None] = print) -> dict[str, int]:
    """Converts each input by `omr convert` in a process of its own; names what went wrong."""
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        for path, codes in inputs(Path(name) / "in", seed, count):
            found["inputs"] += 1
            fault = judged(path, codes, Path(name) / "out")
            if fault is not None:
                found[fault[0]] += 1
                say(f"{path.name!r}: {fault[1]}")
            path.unlink(missing_ok=True)
    return asdict(Counts(**found))


def judged(path: Path, codes: Codes, out: Path) -> tuple[str, str] | None:
    """(kind of fault, its description) of converting `path` into `out`, None for none; `out` is emptied."""
    command = [sys.executable, "-m", "omr.cli", "convert", "-q", "-o", f"{out}/", "--", str(path)]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=PATIENCE, cwd=Path(__file__).parents[1], check=False
        )
    except subprocess.TimeoutExpired:
        return "hangs", f"longer than {PATIENCE:.0f} s"
    left = sorted(out.glob("**/*")) if out.exists() else []
    for file in left:
        file.unlink()
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode < 0 or done.returncode == ExitCode.INTERNAL or "Traceback" in said:
        return "crashes", f"{done.returncode}: {said[-300:]}"
    if bool(left) != (done.returncode in (ExitCode.OK, ExitCode.SOME_FAILED)):
        return "partial_outputs", f"{done.returncode} with {len(left)} files"
    if done.returncode not in codes:
        return "wrong_codes", f"{done.returncode}, not {sorted(codes)}: {said[-300:]}"
    return None


def main() -> None:
    """Try them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=400)
    arguments = parser.parse_args()
    shown: Mapping[str, int] = figures(arguments.seed, arguments.count)
    print(shown)


if __name__ == "__main__":
    main()
