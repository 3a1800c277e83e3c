"""The document's core: music read again after an edit, edits undone, kept, recovered and carried into a new recognition."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gui import edits
from gui.edits import EditError
from gui.encoding import decoded, encoded
from gui.hit import edge_at, node_at, nodes_in, nodes_in_lasso
from gui.keeping import Recorder, open_project, recover, save, saved_picture
from gui.problems import problems
from gui.recognised import recognised
from gui.rereading import Reread, Rereader, checked
from gui.state import BarKey, NodeKey, PageEntry, State, Value, carried
from omr.batch.project_file import to_project
from omr.errors import InputError, ResourceError
from omr.files import project
from omr.files.project import png_of
from omr.geometry import Box, Point
from omr.memory import KEPT, Memory, remembering
from omr.pipeline import PageResult
from omr.score import Clef, Key
from tests.reading.paper import Paper

IDENTITY = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))


def paper_of_two_systems() -> Paper:
    paper = Paper(systems=2)
    for system, staff in ((0, 0), (1, 1)):
        paper.clef(staff=staff)
        for bar in range(3):
            for beat in range(4):
                paper.note(230 + 250 * bar + 55 * beat, "CDEF"[beat] + "5", staff=staff)
            paper.line(445 + 250 * bar, system)
    return paper


def result_of(paper: Paper) -> PageResult:
    page = paper.page()
    fields = {
        "index": 0,
        "graph": page.graph,
        "staves": page.staves,
        "reading": page,
        "to_page": IDENTITY,
        "seconds": (),
    }
    return PageResult(**fields)  # type: ignore[arg-type]


@pytest.fixture
def state() -> State:
    entry = PageEntry(id="p1", source="page.png")
    return State(pages=(recognised(entry, result_of(paper_of_two_systems())),))


def heads(state: State) -> list[int]:
    return [node.id for node in state.page("p1").graph.nodes if node.label == "noteheadFull"]


def read(state: State) -> Reread:
    return Rereader().read(state)


def random_edit(state: State, chance: random.Random) -> State:
    graph = state.page("p1").graph
    own = heads(state)
    head = chance.choice(own)
    box = graph.by_id[head].box
    kind = chance.choice(["pitch", "delete", "dot", "relabel", "length", "sharp"])
    if kind == "pitch":
        return edits.set_pitch_step(state, "p1", [head], chance.choice([-1, 1]))
    if kind == "delete" and len(own) > 8:
        return edits.delete(state, "p1", [head])
    if kind == "dot":
        return edits.add_symbol(
            state, "p1", "augmentationDot", Box(box.right + 5, box.top + 4, box.right + 11, box.top + 10)
        )[0]
    if kind == "sharp":
        return edits.add_symbol(
            state, "p1", "accidentalSharp", Box(box.left - 20, box.top - 14, box.left - 6, box.top + 30)
        )[0]
    if kind == "length":
        return edits.set_duration(state, {NodeKey("p1", head)}, Value("eighth"))
    return edits.relabel(state, "p1", [head], "noteheadHalf")


@pytest.mark.parametrize("seed", range(3))
def test_remembered_reading_equals_a_new_one_after_every_edit(state: State, seed: int) -> None:
    chance, rereader = random.Random(seed), Rereader()
    rereader.read(state)
    for _ in range(8):
        state = random_edit(state, chance)
        hasty, again, fresh = rereader.read(state, hasty=True), rereader.read(state), read(state)
        assert again.score == fresh.score
        assert again.bars == fresh.bars
        assert hasty.guessed or hasty.score == fresh.score
        assert not again.guessed
        with remembering(rereader.memory):
            assert checked(again).issues == checked(fresh).issues
            assert problems(checked(again)) == problems(checked(fresh))


def test_only_the_bars_whose_ink_changed_are_solved_again(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    rereader = Rereader()
    rereader.read(state)
    solved = []
    import omr.reading.bar as bar

    real = bar._search
    monkeypatch.setattr(
        bar, "_search", lambda columns, *args, **kwargs: solved.append(columns) or real(columns, *args, **kwargs)
    )
    rereader.read(edits.set_pitch_step(state, "p1", [heads(state)[0]], 1))
    first = {head.node.id for columns in solved for column in columns for item in column for head in item.heads}
    assert first
    assert first <= set(heads(state)[:4])


def test_undo_leaves_pages_that_came_meanwhile(state: State) -> None:
    changed = edits.delete(state, "p1", [heads(state)[0]])
    later = replace(changed, pages=(*changed.pages, PageEntry(id="p2", source="b.png")))
    undone = carried(later, changed, state)
    assert undone.page("p1") == state.page("p1")
    assert [entry.id for entry in undone.pages] == ["p1", "p2"]
    assert carried(undone, state, changed) == later


def test_pitch_and_length_by_keys(state: State) -> None:
    first = heads(state)[0]
    before = read(state).score.parts[0].measures[0].events[0]
    state = edits.set_pitch_step(state, "p1", [first], 1)
    state = edits.set_duration(state, {NodeKey("p1", first)}, Value("half"))
    after = read(state).score.parts[0].measures[0].events[0]
    assert (before.tones[0].pitch.step, after.tones[0].pitch.step) == ("C", "D")
    assert (before.type, after.type) == ("quarter", "half")


def test_key_and_clef_hold_for_their_range_only(state: State) -> None:
    second, third = BarKey("p1", 0, 1), BarKey("p1", 0, 2)
    state = edits.set_signature(state, Key(2), first=second, last=second)
    state = edits.set_signature(state, Clef(sign="F", line=4), first=second, last=second, staff=0)
    steps = [
        [event.tones[0].pitch for event in measure.events if event.tones]
        for measure in read(state).score.parts[0].measures[:3]
    ]
    plain = [pitch.step + str(pitch.octave) for pitch in steps[0]]
    assert [pitch.step + str(pitch.octave) for pitch in steps[2]] == plain
    assert [pitch.step for pitch in steps[1]] != [pitch.step for pitch in steps[0]]
    assert third in read(state).places


def test_the_grammar_forbids(state: State) -> None:
    graph = state.page("p1").graph
    clef = next(node.id for node in graph.nodes if node.label == "gClef")
    with pytest.raises(EditError, match="never related"):
        edits.add_edge(state, "p1", clef, heads(state)[0])
    with pytest.raises(EditError, match="no class"):
        edits.relabel(state, "p1", [clef], "banana")


def test_a_persons_work_survives_recognition(state: State) -> None:
    first, second, third = heads(state)[:3]
    state = edits.relabel(state, "p1", [first], "noteheadHalf")
    state = edits.delete(state, "p1", [second])
    state = edits.set_duration(state, {NodeKey("p1", third)}, Value("16th"))
    state, _ = edits.add_symbol(state, "p1", "accidentalFlat", Box(500, 20, 512, 50))
    paper = paper_of_two_systems()
    shifted = result_of(paper)
    renumber = {node.id: node.id + 100 for node in shifted.graph.nodes}
    nodes = tuple(replace(node, id=renumber[node.id]) for node in shifted.graph.nodes)
    edges = tuple(replace(e, source=renumber[e.source], target=renumber[e.target]) for e in shifted.graph.edges)
    graph = type(shifted.graph)(nodes, edges)
    again = replace(shifted, graph=graph, reading=replace(shifted.reading, graph=graph))
    entry = recognised(state.page("p1"), again)
    by_id = entry.graph.by_id
    assert by_id[first + 100].label == "noteheadHalf"
    assert by_id[first + 100].origin == "human"
    assert second + 100 not in by_id
    assert entry.values == {third + 100: Value("16th")}
    assert any(node.label == "accidentalFlat" for node in entry.graph.nodes)


def test_what_is_saved_is_opened(state: State, tmp_path: Path) -> None:
    state = edits.set_signature(state, Key(-3), first=BarKey("p1", 0, 0), last=BarKey("p1", 0, 1))
    state = edits.mark_checked(state, [BarKey("p1", 1, 1)])
    assert decoded(encoded(state)) == state
    pixels = np.full((40, 30), 200, dtype=np.uint8)
    path = tmp_path / "a.omr"
    save(path, state, lambda entry: png_of(pixels))
    kept = open_project(path)
    assert (kept.state, kept.notice) == (state, "")
    assert (saved_picture(path, "p1") == pixels).all()


def test_a_project_of_the_command_line_opens_as_if_recognised_here(state: State, tmp_path: Path) -> None:
    path, pixels = tmp_path / "box.omr", np.full((30, 20), 255, dtype=np.uint8)
    result = state.pages[0].result
    assert result is not None
    content = to_project(
        [("page.png", 0, result), ("page.png", 1, replace(result, index=1, turns=1))], [png_of(pixels)] * 2
    )
    assert content == to_project(
        [("page.png", 0, result), ("page.png", 1, replace(result, index=1, turns=1))], [png_of(pixels)] * 2
    )
    path.write_bytes(content)
    kept = open_project(path)
    assert [(page.status, page.rotation, page.index) for page in kept.state.pages] == [("done", 0, 0), ("done", 90, 1)]
    assert kept.state.pages[0].graph == state.pages[0].graph
    assert (saved_picture(path, "p2") == pixels).all()
    assert len(read(kept.state).bars) == 2 * len(read(state).bars)


def test_a_project_of_an_older_layout_is_brought_up(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "music.omr"
    save(path, state, lambda entry: png_of(np.zeros((4, 4), dtype=np.uint8)))

    def renamed(whole: dict[str, Any]) -> dict[str, Any]:
        pages = {name: {**page, "message": "from layout 1"} for name, page in whole["document"]["pages"].items()}
        return {**whole, "document": {**whole["document"], "pages": pages}}

    monkeypatch.setattr(project, "MIGRATIONS", {1: renamed, 2: lambda whole: {**whole, "token": whole["token"] + "-3"}})
    monkeypatch.setattr(project, "VERSION", 3)
    kept = open_project(path)
    assert kept.state.pages[0].message == "from layout 1"
    assert kept.token.endswith("-3")
    assert not kept.notice


def test_a_project_of_a_newer_layout_is_refused_by_name(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "music.omr"
    save(path, state, lambda entry: png_of(np.zeros((4, 4), dtype=np.uint8)))
    with monkeypatch.context() as later:
        later.setattr(project, "VERSION", 7)
        save(path, state, lambda entry: png_of(np.zeros((4, 4), dtype=np.uint8)))
    with pytest.raises(InputError, match=r"music\.omr: was saved by a newer Scorewright \(layout 7\)"):
        open_project(path)


def test_a_damaged_project_opens_its_last_good_state(state: State, tmp_path: Path) -> None:
    path = tmp_path / "a.omr"
    picture = png_of(np.zeros((4, 4), dtype=np.uint8))
    save(path, state, lambda entry: picture)
    save(path, edits.mark_checked(state, [BarKey("p1", 0, 0)]), lambda entry: picture)
    content = path.read_bytes()
    path.write_bytes(content[:200] + bytes(100) + content[300:])
    kept = open_project(path)
    assert kept.state == state
    assert "damaged" in kept.notice
    (tmp_path / "a.omr.bak1").unlink()
    with pytest.raises(InputError, match="no backup"):
        open_project(path)


def test_edits_are_recovered_up_to_a_torn_line(state: State, tmp_path: Path) -> None:
    journal = tmp_path / "unsaved-1.journal"
    recorder = Recorder(journal, base=None, token="", state=State())
    recorder.record(state)
    changed = edits.delete(state, "p1", [heads(state)[0]])
    recorder.record(changed)
    assert recover(journal).state == changed
    journal.write_bytes(journal.read_bytes()[:-7])
    assert recover(journal).state == state


def test_a_full_disk_keeps_the_old_file(state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.omr"
    save(path, state, lambda entry: b"")
    before = path.read_bytes()

    def full(*args: object) -> None:
        raise ResourceError(f"{path}: the disk is full; free some space")

    monkeypatch.setattr("omr.files.project.write_all", full)
    with pytest.raises(ResourceError):
        save(path, edits.delete(state, "p1", [heads(state)[0]]), lambda entry: b"")
    assert path.read_bytes() == before


def test_hits(state: State) -> None:
    graph = state.page("p1").graph
    head = graph.by_id[heads(state)[0]]
    centre = head.box.center
    assert node_at(graph, centre) == head.id
    assert node_at(graph, Point(-500.0, -500.0), reach=3) is None
    assert head.id in nodes_in(graph, head.box)
    around = [Point(centre.x - 9, centre.y - 9), Point(centre.x + 9, centre.y - 9), Point(centre.x, centre.y + 15)]
    assert nodes_in_lasso(graph, around) == (head.id,)
    stem = graph.targets(head.id)[0]
    middle = Point((centre.x + stem.box.center.x) / 2, (centre.y + stem.box.center.y) / 2)
    edge = edge_at(graph, middle, reach=2)
    assert edge is not None
    assert (edge.source, edge.target) == (head.id, stem.id)


def test_checks_find_a_bar_that_does_not_add_up(state: State) -> None:
    state = edits.delete(state, "p1", heads(state)[:2])
    issues = checked(read(state)).issues
    assert any(issue.measure == 0 for issue in issues)


def test_a_hasty_reading_says_where_it_guessed_and_the_next_is_complete(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    import omr.reading.bar as bar

    real = bar._search
    monkeypatch.setattr(bar, "_search", lambda *args, hasty=False: (real(*args, hasty=hasty)[0], not hasty))
    rereader = Rereader()
    assert rereader.read(state, hasty=True).guessed
    again = rereader.read(state)
    assert not again.guessed
    assert again.score == read(state).score
    assert not rereader.read(state, hasty=True).guessed


def test_what_was_found_on_the_way_is_remembered_as_long_as_the_result() -> None:
    memory, asked = Memory(), []

    def inner() -> object:
        asked.append("inner")
        return object()

    def ask(name: str) -> None:
        with remembering(memory):
            memory.recall(name, None, lambda: memory.recall("inner", None, inner))

    ask("outer")
    for _ in range(3 * KEPT):
        ask("outer")
    ask("other")
    assert asked == ["inner"]
    for _ in range(3 * KEPT):
        with remembering(memory):
            pass
    ask("outer")
    assert asked == ["inner", "inner"]
