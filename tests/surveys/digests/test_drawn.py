"""A chart that was drawn before is on the page as WeasyPrint draws it, with the same words beside it."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from surveys.digests import charts, defaults, subsets
from surveys.digests.drawn import drawn, strokes
from surveys.digests.worldmap import Spot, world


def paper(text: str, **options: Any) -> bytes:
    """The document as WeasyPrint writes it."""
    from weasyprint import HTML

    made: bytes = HTML(string=text).write_pdf(pdf_tags=True, **options)
    return made


AXIS = charts.Axis(0, 10, 40)


def pictures(*, mirrored: bool, hidden: str) -> str:
    """One chart of every kind, in a document."""
    shown = [
        charts.whisker(4, (2, 6), AXIS, "a & b", before=5, zero=1, mirrored=mirrored),
        charts.slope(3, 7, (6, 8), AXIS, "slope", arrow="up", complaints=True, mirrored=mirrored),
        charts.share_bar(0.3, (0.2, 0.5), AXIS, "share", before=0.2, mirrored=mirrored),
        charts.change_whisker(2, (1, 3), AXIS, "change", arrow="none", mirrored=mirrored),
        charts.mood_bar([("negative", 3), ("positive", 2)], 40, "mood", mirrored=mirrored),
        charts.blank_cell("hidden", is_hidden=True, mirrored=mirrored),
        charts.heat_scale("scale", mirrored=mirrored),
        charts.count_bar(4, AXIS, "count", mirrored=mirrored),
        charts.sign("down", "fell"),
        charts.swatch("mixed", "mixed"),
        world({"151": Spot(20, "up"), "155": Spot(9, hidden)}, "map"),
    ]
    return f'<html lang="en"><title>Charts</title><body>{"".join(f"<div>{each}</div>" for each in shown if each)}'


def lines(pdf: bytes) -> list[bytes]:
    """What draws the pages, without the naming of opacities, which may be said once more."""
    drawing = [page.get_contents() for page in PdfReader(io.BytesIO(pdf)).pages]
    return [
        line
        for each in drawing
        if each is not None
        for line in each.get_data().split(b"\n")
        if line[-3:] != b" gs"
    ]


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("hidden", ["none", "suppressed"])
def test_a_chart_drawn_before_is_drawn_the_same(*, mirrored: bool, hidden: str) -> None:
    inside = paper(pictures(mirrored=mirrored, hidden=hidden))
    with charts.apart() as found:
        text = pictures(mirrored=mirrored, hidden=hidden)
    assert "<svg" not in text
    apart = [paper(text, cache=dict(drawn(found))) for _ in range(2)]
    assert len(lines(inside)) > 500
    assert lines(apart[0]) == lines(inside)
    assert lines(apart[1]) == lines(inside)
    # A hatched area is a pattern, which a page has to hold itself.
    assert [strokes(picture) for picture in found.values()].count(None) == (hidden == "suppressed")


def test_the_same_shapes_are_one_picture_whatever_is_said_of_them() -> None:
    with charts.apart() as found:
        said = [charts.sign("up", title) for title in ('"more" & more', "rose")]
    assert len(found) == 1
    assert 'alt="&#34;more&#34; &amp; more"' in said[0]
    assert charts.sign("up", "rose").startswith("<svg")


def test_a_chart_fills_the_room_it_is_given() -> None:
    with charts.apart() as found:
        chart = charts.count_bar(10, AXIS, "count")
    text = str(chart).replace("<img", '<img style="width: 80mm; height: 3.4mm"')
    pdf = paper(text, cache=dict(drawn(found)))
    assert any(line.startswith(b"2 0 0 1 ") and line.endswith(b" cm") for line in lines(pdf))


def test_a_list_of_glyphs_needs_no_length() -> None:
    from weasyprint.pdf import fonts

    subsets.at_hand()
    assert list(fonts.ffi.new("hb_codepoint_t[3]", (4, 5, 6))) == [4, 5, 6]
    assert len(fonts.ffi.new("hb_codepoint_t[3]")) == 3
    plain = paper("<p>Labdien, kā klājas?", pdf_identifier=b"same")
    fonts.ffi = fonts.ffi._ffi
    assert paper("<p>Labdien, kā klājas?", pdf_identifier=b"same") == plain
    subsets.at_hand()


def test_rules_for_footnotes_are_left_out_and_change_nothing() -> None:
    from weasyprint import HTML

    text = "<h1>Nedēļa</h1><ul><li>viens<li>divi</ul><p>Teksts <q>citāts</q><br>un <b>vēl</b>"
    html = HTML(string=text)
    defaults.begin_with(html)
    made = html.write_pdf(pdf_tags=True, pdf_identifier=b"same")
    assert made == paper(text, pdf_identifier=b"same")
    # They are there to be left out, and lists keep their marks.
    assert len(html._ua_stylesheets()[0].matcher.other_selectors) < len(
        HTML(string="")._ua_stylesheets()[0].matcher.other_selectors
    )


@pytest.mark.parametrize(("code", "west", "east"), [("155", 82.0, 95.0), ("005", 40.0, 72.0)])
def test_land_is_coloured_in_its_own_part_of_the_world(code: str, west: float, east: float) -> None:
    svg = str(world({code: Spot(20, "up")}, "map"))
    (land,) = re.findall(r'<path d="([^"]+)" fill="#2166a5"', svg)
    # The first point of each ring, in millimetres.
    starts = [float(x) for x in re.findall(r"M(-?[\d.]+)", land)]
    assert starts
    assert min(starts) > west
    assert max(starts) < east
