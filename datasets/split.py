"""Which works may be learned from, and which split a work belongs to.

A page resembles the other pages of its piece, so a split by page would flatter every figure: whole works go to one split,
chosen by a hash of the work's name, the same on every machine. Works that judge the program are left out of all three
splits, with their other movements and whatever the source.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

Split = Literal["train", "valid", "test"]

SHARES: Final[tuple[tuple[Split, float], ...]] = (("test", 0.05), ("valid", 0.05), ("train", 0.90))
KEYBOARD_COMPOSERS: Final = r"\b(mozart|haydn|joplin|scarlatti)"
"""Their keyboard works are the development and test scans; songs and quartets may be used."""
VOCAL_OR_STRINGS: Final = ("song", "quartet")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A work that is never trained on: two patterns that must both occur in the plain text of a source."""

    composer: str
    title: str


EXCLUDED: Final[tuple[Exclusion, ...]] = (
    Exclusion(r"\bbach", r"bwv ?0*(66|846)\b"),
    Exclusion(r"\bbach", r"\b(h|wq) ?186\b"),
    Exclusion(r"beach", r"tired child"),
    Exclusion(r"beethoven", r"\bop(us)? ?18 ?no ?1\b|\bop(us)?18no1\b"),
    Exclusion(r"", r"\bdemos (multiple verses|two voices)\b"),
    Exclusion(r"handel", r"rinaldo|lascia ch"),
    Exclusion(r"haydn", r"\bop(us)? ?1 ?no ?1\b|\bop(us)?1no1\b|\bhob iii 1\b"),
    Exclusion(r"haydn", r"\bop(us)? ?74 ?no ?[13]\b|\bop(us)?74no[13]\b|\bhob iii 7[24]\b"),
    Exclusion(r"johnson", r"lift every voice"),
    Exclusion(r"berlin", r"alexander s? ?ragtime|alexandersragtime"),
    Exclusion(r"foster", r"brown ?hair"),
    Exclusion(r"", r"aloha oe"),
    Exclusion(r"monteverdi", r"madrigal 5 4\b|book 5"),
    Exclusion(r"mozart", r"\bkv? ?(155|458|545|80)\b"),
    Exclusion(r"schoe?nberg", r"\bop(us)? ?19\b"),
    Exclusion(r"schubert", r"lindenbaum|winterreise|\bd 911\b"),
    Exclusion(r"schumann", r"polonaise"),
    Exclusion(r"schumann", r"dichterliebe|\bop(us)? ?48\b"),
    Exclusion(r"schumann", r"\bop(us)? ?41 ?no ?1\b|\bop(us)?41no1\b"),
    Exclusion(r"verdi", r"donna e mobile|donnaemobile|rigoletto"),
    Exclusion(r"weber", r"concertino"),
    Exclusion(r"webern", r"dormi ?jesu|\bop(us)? ?16\b"),
)
"""The works of the evaluation, matched generously: a work too many left out costs nothing."""


def plain(text: str) -> str:
    """Lower-case letters and digits of `text` with single spaces between the words, accents dropped."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def is_excluded(text: str, kind: str) -> bool:
    """Whether a source must not be learned from; `text`: its composer, title and path, `kind` as in Source.kind."""
    bare = plain(text)
    if kind not in VOCAL_OR_STRINGS and re.search(KEYBOARD_COMPOSERS, bare):
        return True
    return any(re.search(rule.composer, bare) and re.search(rule.title, bare) for rule in EXCLUDED)


def split_of(work: str) -> Split:
    """The split of a work: a stable function of its name alone, shares as in SHARES."""
    place = int.from_bytes(hashlib.sha256(work.encode("utf-8")).digest()[:8], "big") / 2**64
    for split, share in SHARES:
        if place < share:
            return split
        place -= share
    return SHARES[-1][0]
