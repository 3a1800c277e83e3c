from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

import pytest

from datasets.catalog import cards
from datasets.split import is_excluded, split_of
from datasets.synthetic.sources import SourceError, find_sources, load_musicxml, read_source

SCORE = """<?xml version="1.0" encoding="{encoding}"?>
<score-partwise><work><work-title>Quartet é</work-title></work>
<identification><creator type="composer">Emilie Mayer</creator></identification>
<part-list><score-part id="P1"><part-name>a</part-name></score-part></part-list>
<part id="P1"><measure number="1"/></part></score-partwise>"""
CONTAINER = '<container><rootfiles><rootfile full-path="score.xml"/></rootfiles></container>'


def _mxl(path: Path, encoding: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("score.xml", SCORE.format(encoding=encoding).encode(encoding))
    return path


def _archive(folder: Path) -> None:
    loose = folder / "loose"
    loose.mkdir()
    _mxl(loose / "b.mxl", "utf-16")
    with tarfile.open(folder / "some-quartets.tar.xz", "w:xz") as tar:
        tar.add(loose / "b.mxl", "sq/b.mxl")


def test_scores_are_found_loose_and_in_archives_and_read_in_any_encoding(tmp_path: Path) -> None:
    scores = tmp_path / "scores"
    scores.mkdir()
    _archive(scores)
    (scores / "tune.krn").write_text("**kern\n4c\n*-\n")
    (scores / "mass").mkdir()
    (scores / "mass" / "kyrie.krn").write_text("**kern\n4c\n*-\n")
    found = find_sources(scores, cache=tmp_path / "cache")
    assert [source.id for source in found] == ["loose/b.mxl", "mass/kyrie.krn", "some-quartets/sq/b.mxl", "tune.krn"]
    assert [source.format for source in found] == ["musicxml", "kern", "musicxml", "kern"]
    assert [source.work for source in found] == ["emilie mayer/quartet e", "mass", "emilie mayer/quartet e", "tune.krn"]
    assert [source.kind for source in found] == ["other", "other", "quartet", "other"]
    for source in (found[0], found[2]):
        root = load_musicxml(read_source(source, cache=tmp_path / "cache"))
        assert root.findtext("work/work-title") == "Quartet é"
    assert read_source(found[1]).startswith(b"**kern")


def test_the_place_of_a_song_tells_composer_cycle_and_title(tmp_path: Path) -> None:
    _mxl(tmp_path / "x.mxl", "utf-8")
    with tarfile.open(tmp_path / "openscore-lieder-mxl.tar", "w") as tar:
        tar.add(tmp_path / "x.mxl", "./scores/Lang,_Josephine/6_Lieder,_Op.9/2_Schmetterling/lc1.mxl")
        tar.add(tmp_path / "x.mxl", "./scores/Schubert,_Franz/Winterreise,_D.911/1_Gute_Nacht/lc2.mxl")
    (tmp_path / "x.mxl").unlink()
    found = find_sources(tmp_path, cache=tmp_path / "cache")
    assert [(source.work, source.kind, source.licence) for source in found] == [
        ("lang josephine/6 lieder op 9", "song", "CC0-1.0")
    ]


def test_a_folder_without_scores_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="name a folder of scores"):
        find_sources(tmp_path, cache=tmp_path / "cache")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Scarlatti, Domenico L002", "piano"),
        ("Joseph Haydn String Quartet in B-flat major, Hob. III:1, Op.1 No.1", "quartet"),
        ("Wolfgang Amadeus Mozart String Quartet No.1 in G major, K.80/73f", "quartet"),
        ("Wolfgang Amadeus Mozart Sonata K.331", "piano"),
        ("Ludwig van Beethoven String Quartet No.1, Op.18 No.1", "quartet"),
        ("beethoven/opus18no1/movement1.mxl", "quartet"),
        ("bach/bwv66.6.mxl", "other"),
        ("Schumann,_Robert/Dichterliebe,_Op.48/7_Ich_grolle_nicht", "song"),
        ("Schubert,_Franz/Winterreise,_D.911/11_Frühlingstraum", "song"),
    ],
)
def test_works_kept_for_judging_are_left_out(text: str, kind: str) -> None:
    assert is_excluded(text, kind)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Joseph Haydn String Quartet in D major, Hob.III:63, Op.64 No.5", "quartet"),
        ("Joplin, Scott/_/A_Picture_of_Her_Face", "song"),
        ("Ludwig van Beethoven String Quartet No.2, Op.18 No.2", "quartet"),
        ("bach/bwv661.mxl", "other"),
        ("Chopin 028-1-C", "piano"),
    ],
)
def test_their_neighbours_are_kept(text: str, kind: str) -> None:
    assert not is_excluded(text, kind)


def test_a_work_stays_in_its_split() -> None:
    splits = [split_of(f"composer/work {number}") for number in range(4000)]
    assert abs(splits.count("test") / 4000 - 0.05) < 0.02
    assert abs(splits.count("valid") / 4000 - 0.05) < 0.02
    assert [split_of(work) for work in ("lang josephine/6 lieder op 9", "chopin/028")] == ["train", "test"]


def test_every_card_is_complete_and_only_learned_sets_name_editions() -> None:
    found = {card.name: card for card in cards()}
    assert {"muscima-pp", "openscore-lieder", "printed-scans"} <= set(found)
    for card in found.values():
        assert card.training == bool(card.editions)
        assert card.licence
        assert card.home
        assert all(len(archive.sha256) == 64 for archive in card.archives)
    assert found["muscima-pp"].editions == ("hand",)
