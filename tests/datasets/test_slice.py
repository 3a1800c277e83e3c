from __future__ import annotations

from lxml import etree

from datasets.synthetic.slice import cut, measure_count

SCORE = """<score-partwise><part-list><score-part id="P1"><part-name>a</part-name></score-part></part-list>
<part id="P1"><measure number="1"><attributes><divisions>4</divisions><key><fifths>2</fifths></key><time>
<beats>3</beats><beat-type>4</beat-type></time><staves>2</staves><clef number="1"><sign>G</sign><line>2</line></clef>
<clef number="2"><sign>F</sign><line>4</line></clef></attributes>
<direction><direction-type><wedge type="crescendo"/></direction-type></direction>
<note><pitch><step>C</step><octave>4</octave></pitch><duration>12</duration><tie type="start"/>
<notations><tied type="start"/><slur type="start" number="1"/></notations></note></measure>
<measure number="2"><print new-system="yes"/>
<note><pitch><step>C</step><octave>4</octave></pitch><duration>12</duration><tie type="start"/><tie type="stop"/>
<notations><tied type="start"/><tied type="stop"/><slur type="start" number="1"/>
<slur type="stop" number="1"/></notations></note>
<attributes><clef number="2"><sign>G</sign><line>2</line></clef></attributes></measure>
<measure number="3"><barline location="left"><ending number="1" type="start"/></barline>
<attributes><key><fifths>-1</fifths></key><measure-style><multiple-rest>2</multiple-rest></measure-style></attributes>
<direction><direction-type><wedge type="stop"/></direction-type></direction>
<note><pitch><step>C</step><octave>4</octave></pitch><duration>12</duration><tie type="stop"/>
<notations><tied type="stop"/><slur type="stop" number="1"/></notations></note></measure>
<measure number="4"><note><rest/><duration>12</duration></note>
<barline location="right"><ending number="1" type="stop"/></barline></measure>
</part></score-partwise>"""


def _score() -> etree._Element:
    return etree.fromstring(SCORE, etree.XMLParser(remove_blank_text=True))


def test_the_whole_piece_keeps_everything() -> None:
    root = _score()
    assert etree.tostring(cut(root, 0, 4), method="c14n") == etree.tostring(root, method="c14n")


def test_declarations_are_carried_into_the_first_bar() -> None:
    attributes = cut(_score(), 2, 4).find("part/measure/attributes")
    assert attributes is not None
    assert [child.tag for child in attributes] == [
        "divisions", "key", "time", "staves", "clef", "clef", "measure-style",
    ]  # fmt: skip
    assert attributes.findtext("key/fifths") == "-1"
    assert [clef.findtext("sign") for clef in attributes.findall("clef")] == ["G", "G"]


def test_spanner_ends_without_their_partner_are_dropped_and_the_others_kept() -> None:
    middle = cut(_score(), 1, 2)
    assert not list(middle.iter("tied", "tie", "slur", "notations", "wedge"))
    start = cut(_score(), 0, 2)
    assert [element.get("type") for element in start.iter("tied", "slur")] == ["start", "start", "stop", "stop"]
    assert not list(start.iter("direction"))
    assert not list(cut(_score(), 3, 4).iter("barline"))
    assert [element.get("type") for element in cut(_score(), 2, 4).iter("ending")] == ["start", "stop"]


def test_a_multiple_rest_counts_only_the_bars_left() -> None:
    assert [cut(_score(), 2, last).findtext(".//multiple-rest") for last in (3, 4)] == ["1", "2"]


def test_breaks_are_dropped_on_request_and_the_source_is_left_alone() -> None:
    root = _score()
    before = etree.tostring(root)
    assert cut(root, 0, 4).find(".//print[@new-system]") is not None
    assert cut(root, 0, 4, drop_breaks=True).find(".//print[@new-system]") is None
    assert etree.tostring(root) == before
    assert measure_count(root) == 4
