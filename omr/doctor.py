"""Is this installation able to read music? System libraries, versions, model files, and a small page end to end."""

from __future__ import annotations

import importlib
import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Final

from omr import __version__
from omr.config import EDITIONS, Edition
from omr.errors import OmrError

LIBRARY_USERS: Final = ("cv2", "lxml.etree", "openvino", "pypdfium2", "resvg_py", "scipy", "skia", "verovio")
"""Packages with machine code that may need a library of the system."""
DEBIAN_PACKAGES: Final = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libexpat.so.1": "libexpat1",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
    "libxcb.so.1": "libxcb1",
    "libSM.so.6": "libsm6",
    "libICE.so.6": "libice6",
}
MISSING_LIBRARY: Final = re.compile(r"(\S+\.so[.\d]*): cannot open shared object file")
VERSIONS_OF: Final = (
    "numpy",
    "scipy",
    "opencv-python",
    "openvino",
    "lxml",
    "pypdfium2",
    "pillow",
    "music21",
    "verovio",
)
ENOUGH: Final = 0.75
"""Share of the small page's notes that must be read right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    name: str
    text: str


def missing_libraries() -> tuple[tuple[str, str], ...]:
    """(library or Python package, the Debian or Python package that has it) for each that cannot be loaded."""
    found: dict[str, str] = {}
    for module in LIBRARY_USERS:
        try:
            importlib.import_module(module)
        except ImportError as error:
            match = MISSING_LIBRARY.search(str(error))
            if match:
                found[match[1]] = DEBIAN_PACKAGES.get(match[1], "the package that holds it")
            else:
                found[f"{module} ({error})"] = "python3-venv and run `make clean run` again"
    return tuple(sorted(found.items()))


def examine() -> Iterator[Finding]:
    """Everything that can be checked, one finding each."""
    yield Finding(True, "scorewright", f"{__version__}, Python {platform.python_version()}, {platform.platform()}")
    for name in VERSIONS_OF:
        yield _version(name)
    yield _precision()
    usable: list[Edition] = []
    for edition in EDITIONS:
        finding = _models(edition)
        if finding.good:
            usable.append(edition)
        yield finding
    if EDITIONS[0] in usable:
        yield _self_test(EDITIONS[0])


def model_lines() -> Iterator[str]:
    """One line for each installed model."""
    from omr.models import load_models

    for edition in EDITIONS:
        try:
            cards = load_models(edition).cards
        except OmrError as error:
            yield f"{edition}: {error}"
            continue
        for card in cards:
            figures = ", ".join(f"{name} {value}" for name, value in sorted(card.figures.items()))
            yield f"{edition}: {card.name} {card.version}, {card.licence}; data: {', '.join(card.data)}; {figures}"


def _version(name: str) -> Finding:
    try:
        return Finding(True, name, metadata.version(name))
    except metadata.PackageNotFoundError:
        return Finding(False, name, "is not installed; install scorewright again")


def _precision() -> Finding:
    """What the detector computes in unless --precision says otherwise."""
    from omr.models import runtime_precision

    return Finding(True, "precision", runtime_precision("auto"))


def _models(edition: Edition) -> Finding:
    """Whether the models of an edition load and are the files that their cards describe; only the first must be there."""
    from omr.models import WEIGHTS, load_models

    if edition != EDITIONS[0] and not any(WEIGHTS.glob(f"detector-{edition}-*.json")):
        return Finding(True, f"models {edition}", f"not installed: --model {edition} cannot be used")
    try:
        cards = load_models(edition).cards
    except OmrError as error:
        return Finding(False, f"models {edition}", str(error))
    return Finding(
        True, f"models {edition}", ", ".join(f"{card.name} {card.version} {card.sha256[:12]}" for card in cards)
    )


def _self_test(edition: Edition) -> Finding:
    """Reads the small page and counts the notes that came out right."""
    from omr.models import load_models
    from omr.self_test import self_test

    try:
        right, wanted = self_test(load_models(edition))
    except OmrError as error:
        return Finding(False, "self-test", str(error))
    return Finding(right >= ENOUGH * wanted, "self-test", f"{right} of {wanted} notes of a small page read right")
