"""Scores to engrave: MusicXML and kern files, loose or in tar archives, named the same on every machine.

The place of a score in its collection tells the composer, the work and the kind of music; where a path says nothing,
the head of the MusicXML does. Scores kept for evaluation are never listed (datasets.split).
"""

from __future__ import annotations

import os
import re
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Final, Literal

from lxml import etree

from datasets.catalog import cards
from datasets.split import Split, is_excluded, plain, split_of

ScoreFormat = Literal["musicxml", "kern"]

ARCHIVES: Final = (".tar", ".tar.xz", ".tar.gz", ".tgz")
MUSICXML: Final = (".musicxml", ".xml", ".mxl")
KERN: Final = (".krn",)
HEAD: Final = 8192  # bytes of a MusicXML file that hold its titles
POLISH_KINDS: Final = {
    "two": "piano",
    "orch": "orchestral",
    "chamber": "chamber",
    "lyric": "lyric",
    "song": "song",
    "solo": "solo",
}
UNKNOWN_LICENCE: Final = "unknown"


class SourceError(Exception):
    """A score that cannot be read; says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One score of a collection."""

    id: str
    """Collection and path inside it: the same on every machine."""
    work: str
    """What is split as a whole: an opus, a cycle, a quartet; of the Polish prints everything by one composer."""
    composer: str
    title: str
    kind: str
    """song, quartet, piano, orchestral, chamber, lyric, solo or other."""
    format: ScoreFormat
    licence: str
    path: Path
    """The score itself, or the archive that holds it."""
    member: str
    """Name inside the archive; empty for a file of its own."""

    @property
    def split(self) -> Split:
        return split_of(self.work)


def find_sources(folder: Path, *, cache: Path | None = None) -> tuple[Source, ...]:
    """Every score below `folder` that may be learned from, by id.

    Archives are unpacked once below `cache` (default: the user's cache folder). Raises SourceError when there is none.
    """
    found = [
        source for path in sorted(folder.rglob("*")) if path.is_file() for source in _sources_at(path, folder, cache)
    ]
    if not found:
        raise SourceError(f"{folder}: no .musicxml, .xml, .mxl, .krn file nor a .tar of them; name a folder of scores")
    allowed = (source for source in found if not is_excluded(_evidence(source), source.kind))
    return tuple(sorted(allowed, key=lambda source: source.id))


def read_source(source: Source, *, cache: Path | None = None) -> bytes:
    """The text of a score as bytes: uncompressed MusicXML or kern; raises SourceError when it cannot be read."""
    path = unpacked(source.path, cache) / source.member if source.member else source.path
    try:
        return _uncompressed(path)
    except (OSError, KeyError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise SourceError(f"{source.id}: {error}") from error


def load_musicxml(data: bytes) -> etree._Element:
    """The root <score-partwise> of MusicXML bytes in any XML encoding; raises SourceError for anything else."""
    parser = etree.XMLParser(
        huge_tree=True, resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"not well-formed MusicXML: {error}") from error
    if root.tag != "score-partwise":
        raise SourceError(f"expected <score-partwise>, found <{root.tag}>")
    return root


def default_cache() -> Path:
    """Where archives are unpacked when the caller names no folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "scorewright" / "scores"


def unpacked(archive: Path, cache: Path | None = None) -> Path:
    """Folder with the contents of `archive`, unpacked on first use; complete or absent, never half there."""
    base = cache or default_cache()
    target = base / f"{_stem(archive.name)}-{archive.stat().st_size}"
    if target.is_dir():
        return target
    base.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=base, prefix=".unpack-"))
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(work, filter="data")
        if not target.is_dir():  # another process may have been faster
            work.replace(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def _sources_at(path: Path, folder: Path, cache: Path | None) -> Iterator[Source]:
    if path.name.endswith(ARCHIVES):
        inside = unpacked(path, cache)
        for file in sorted(inside.rglob("*")):
            if file.is_file() and _format(file.name):
                yield _source(path, file.relative_to(inside).as_posix(), file)
    elif _format(path.name):
        yield _source(path, "", path, path.relative_to(folder).as_posix())


def _source(path: Path, member: str, file: Path, name: str = "") -> Source:
    collection = _stem(path.name) if member else ""
    place = name or member
    kind = _kind(collection, place)
    composer, work_title, title = _described(collection, place, file)
    return Source(
        id=f"{collection}/{place}" if collection else place,
        work="/".join(part for part in (plain(composer), plain(work_title)) if part) or _folder(place),
        composer=composer,
        title=title,
        kind=kind,
        format=_format(file.name) or "musicxml",
        licence=_licences().get(path.name, UNKNOWN_LICENCE),
        path=path,
        member=member,
    )


def _evidence(source: Source) -> str:
    return f"{source.composer} {source.title} {source.work} {source.id}"


def _folder(place: str) -> str:
    """What an undescribed score is split with: its folder, as the movements of a work lie together."""
    return place.rpartition("/")[0] or place


def _format(name: str) -> ScoreFormat | None:
    if name.endswith(MUSICXML) and not name.endswith("container.xml"):
        return "musicxml"
    return "kern" if name.endswith(KERN) else None


def _stem(name: str) -> str:
    return next((name[: -len(end)] for end in ARCHIVES if name.endswith(end)), name)


def _kind(collection: str, place: str) -> str:
    folders = place.split("/")
    if "polish-scores" in folders[0]:
        return POLISH_KINDS.get(folders[1], "other")
    if folders[0].startswith("chopin-first-editions"):
        return "piano"
    words = plain(f"{collection} {place}")
    for kind, pattern in (("song", r"lied|song"), ("quartet", r"quartet"), ("orchestral", r"orchest|symphon")):
        if re.search(pattern, words):
            return kind
    return "other"


def _described(collection: str, place: str, file: Path) -> tuple[str, str, str]:
    """(composer, title of the whole work, title) of a score, from its place in a collection, else its head."""
    folders = place.removeprefix("./").split("/")
    if "lieder" in collection and len(folders) >= 5:  # scores/Composer/Cycle or _/Title/id.mxl
        composer, cycle, title = (part.replace("_", " ") for part in folders[1:4])
        return composer, cycle if folders[2] != "_" else title, title
    if folders[0].startswith("chopin-first-editions"):  # opus-copy-publisher-piece.krn
        return "Chopin", _first(r"(\d+)", folders[-1]) or folders[-1], file.stem
    if folders[0].startswith("polish-scores"):  # shelfmark_composer--title.krn
        composer, _, title = file.stem.rpartition("_")[2].partition("--")
        return composer, title if composer.startswith("anonim") else "", title
    return _from_head(file, folders)


def _from_head(file: Path, folders: list[str]) -> tuple[str, str, str]:
    if not file.name.endswith(MUSICXML):
        return "", "", folders[-1]  # its folder is its work
    try:
        text = _head(file)
    except (OSError, KeyError, zipfile.BadZipFile, etree.XMLSyntaxError):
        return "", "", folders[-1]  # told when it is read
    composer, work, movement = (
        _first(pattern, text)
        for pattern in (r'type="composer"[^>]*>(.*?)<', r"<work-title>(.*?)<", r"<movement-title>(.*?)<")
    )
    return composer, work or movement, movement or work or folders[-1]


def _first(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.DOTALL)
    return unescape(match[1]).strip() if match else ""


def _head(path: Path) -> str:
    if path.suffix != ".mxl":
        with path.open("rb") as file:
            return _decoded(file.read(HEAD))
    with zipfile.ZipFile(path) as container, container.open(_rootfile(container)) as score:
        return _decoded(score.read(HEAD))


def _decoded(data: bytes) -> str:
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")


def _uncompressed(path: Path) -> bytes:
    if path.suffix != ".mxl":
        return path.read_bytes()
    with zipfile.ZipFile(path) as container:
        return container.read(_rootfile(container))


def _rootfile(container: zipfile.ZipFile) -> str:
    """Name of the score in a compressed MusicXML container; raises KeyError when none is named."""
    index = etree.fromstring(container.read("META-INF/container.xml"))
    for element in index.iter("{*}rootfile"):
        name = element.get("full-path")
        if name:
            return name
    raise KeyError("container.xml names no score")


@lru_cache(maxsize=1)
def _licences() -> dict[str, str]:
    return {archive.name: card.licence for card in cards() for archive in card.archives}
