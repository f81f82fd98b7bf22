"""Charts as parts of an SVG: bars, a line through time, a calendar of days.

Scales and places are reckoned by pygal. What it draws is stripped to what our style knows; no text
of a user goes through it: labels are put into the picture afterwards.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from xml.etree import ElementTree

from plaintextcrm.report.pictures.colours import COLOURS
from plaintextcrm.report.pictures.plots import (
    LEVELS,
    WEEKDAYS,
    Plot,
    Series,
    days_of,
    last_weeks,
    levels,
    month_beginning,
)
from plaintextcrm.text.shown import cut, one_line, width_of

WIDTH, LINE = 720, 24  # pixels
FONT = 12
MOST_BARS = 40
MOST_WEEKS = 53 * 5
LABEL = 32  # columns of a label
LEGEND = 4  # names beside each other
YEAR = 53  # weeks of a calendar beside each other
CALENDAR, PLACE, SQUARE = 130, 12.6, 10
_DIGITS = re.compile(r"-?\d+\.\d+")
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
_KEPT = {"g", "path", "rect", "circle", "text"}


class Drawn(NamedTuple):
    """A part of a picture, and how high it is."""

    group: ElementTree.Element
    height: int


def chart(plot: Plot) -> list[Drawn]:
    """A plot as parts of a picture, to be put below each other."""
    return {"bars": _bars, "line": _line, "calendar": _calendar}[plot.form](plot)


def _bars(plot: Plot) -> list[Drawn]:
    """Names below each other, their bars beside them."""
    part = plot.first(MOST_BARS).backwards()  # pygal draws upwards
    labels = [cut(label, LABEL) for label in part.labels]
    height = len(labels) * (8 + 14 * len(part.series)) + 40 + _legend_height(part)
    chart = _pygal().HorizontalBar(
        _config(part, height, print_values=True, print_values_position="top", margin_right=100)
    )
    chart.x_labels = ["m" * max(width_of(label), 1) for label in labels]
    drawn = _rendered(chart, part)
    for text, label in zip(_texts(drawn, "axis y"), labels, strict=True):
        text.text = label
    for bar, text in zip(_nodes(drawn, "bar"), _texts(drawn, "text-overlay"), strict=True):
        end = float(bar[0].get("x", 0)) + float(bar[0].get("width", 0))
        text.attrib |= {"x": _round(end + 4), "text-anchor": "start"}
    return [Drawn(drawn, _below_legend(drawn, height))]


def _line(plot: Plot) -> list[Drawn]:
    """Time from left to right, broken where nothing is known."""
    height = 240 + _legend_height(plot)
    chart = _pygal().Line(
        _config(
            plot, height, include_x_axis=True, allow_interruptions=True, dots_size=2.5,
            x_labels_major_count=7, show_minor_x_labels=False, margin_right=40,
        )
    )  # fmt: skip
    chart.x_labels = [str(number) for number in range(len(plot.labels))]
    drawn = _rendered(chart, plot)
    for text in _texts(drawn, "axis x"):
        text.text = cut(plot.labels[int(text.text or 0)], LABEL)
    return [Drawn(drawn, _below_legend(drawn, height))]


def _calendar(plot: Plot) -> list[Drawn]:
    """Weekdays below each other, weeks beside each other, a year in a block."""
    days = days_of(plot)
    weeks = last_weeks(days, MOST_WEEKS)
    drawn = []
    for start in range(0, len(weeks), YEAR):
        part = weeks[start : start + YEAR]
        chart = _pygal().Dot(_config(plot, CALENDAR, width=48 + PLACE * len(part), margin_left=20))
        chart.x_labels = [str(number) for number in range(len(part))]
        series = [Series("", "", (1.0,) * len(part)) for _weekday in WEEKDAYS]
        block = _rendered(chart, plot._replace(series=tuple(series)))
        for text in _texts(block, "axis x"):
            text.text = month_beginning(part[int(text.text or 0)])
        for text, name in zip(_texts(block, "axis y"), WEEKDAYS, strict=True):
            text.text = name
        _colour(block, part, days, plot)
        drawn.append(Drawn(block, CALENDAR))
    return [*drawn, Drawn(_shades(plot.said(max(days.values()))), LINE)] if days else []


def _shades(most: str) -> ElementTree.Element:
    """What the colours of a calendar mean."""
    group = ElementTree.Element("g")
    ElementTree.SubElement(group, "text", {"x": "40", "y": "17"}).text = "less"
    for level in range(LEVELS + 1):
        at = {
            "x": _round(70 + PLACE * level),
            "y": "8",
            "width": str(SQUARE),
            "height": str(SQUARE),
        }
        ElementTree.SubElement(group, "rect", {**at, "rx": "2", "class": f"day level-{level}"})
    words = {"x": _round(76 + PLACE * (LEVELS + 1)), "y": "17"}
    ElementTree.SubElement(group, "text", words).text = f"more, up to {most} a day"
    return group


def _colour(
    block: ElementTree.Element, weeks: Sequence[date], days: dict[date, float], plot: Plot
) -> None:
    """Make the dots of a block days: squares, darker for more."""
    shades = levels(days)
    first, last = min(days), max(days)
    for weekday in range(len(WEEKDAYS)):
        series = next(_nodes(block, f"serie-{weekday}"))
        for monday, dot in zip(weeks, list(_nodes(series, "dots")), strict=True):
            day = monday + timedelta(days=weekday)
            if not first <= day <= last:
                series.remove(dot)
                continue
            circle = dot[0]
            circle.tag = "rect"
            x, y = (float(circle.attrib.pop(name)) for name in ("cx", "cy"))
            del circle.attrib["r"]
            circle.attrib |= {"x": _round(x - SQUARE / 2), "y": _round(y - SQUARE / 2),
                              "width": str(SQUARE), "height": str(SQUARE), "rx": "2",
                              "class": f"day level-{shades.get(day, 0)}"}  # fmt: skip
            if day in days:
                ElementTree.SubElement(circle, "title").text = f"{day}: {plot.said(days[day])}"


def _pygal() -> Any:
    """The library, without the finder of its maps that it leaves to all imports: an old one, of which
    Python warns.
    """
    import sys

    import pygal
    import pygal.style

    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]
    return pygal


def _config(plot: Plot, height: int, width: float = WIDTH, **more: object) -> Any:
    """What all charts have in common: nothing that a page does not need."""
    pygal = _pygal()
    sizes = {f"{name}_font_size": FONT for name in ("label", "major_label", "value", "legend")}
    axis = plot.said if plot.unit == "%" else plot._replace(unit="").said
    whole = all(number.is_integer() for number in plot.numbers)
    return pygal.Config(
        width=width,
        height=height,
        style=pygal.style.Style(**sizes),
        js=(),
        css=(),
        no_prefix=True,
        show_legend=len(plot.series) > 1 and plot.form != "calendar",
        legend_at_bottom=True,
        legend_at_bottom_columns=LEGEND,
        formatter=plot.said,
        value_formatter=axis,
        order_min=0 if whole else None,  # no steps of half a talk
        max_scale=6,
        margin=8,
        spacing=8,
        truncate_label=-1,
        truncate_legend=-1,
        **more,
    )


def _legend_height(plot: Plot) -> int:
    return 24 * -(-len(plot.series) // LEGEND) if len(plot.series) > 1 else 0


def _below_legend(drawn: ElementTree.Element, height: int) -> int:
    """How high the picture is; pygal may leave too little room for the legend."""
    for legend in _nodes(drawn, "legends"):
        _x, y = map(float, _NUMBERS.findall(legend.get("transform", "")))
        lines = [float(box.get("y", 0)) for box in legend.iter("rect")]
        height = max(height, round(y + max(lines) + 24))
    return height


def _rendered(chart: Any, plot: Plot) -> ElementTree.Element:
    """The picture of a chart: what is seen of it, its texts put in afterwards."""
    heads = [cut(one_line(series.head), LABEL) for series in plot.series]
    for head, series in zip(heads, plot.series, strict=True):
        chart.add("m" * width_of(head), list(series.values))
    drawn: ElementTree.Element = chart.render_tree().find("g")
    for parent in list(drawn.iter()):
        for child in list(parent):
            if child.tag not in _KEPT or {"background", "tooltip-overlay"} & _classes(child):
                parent.remove(child)
    for node in drawn.iter():
        _clean(node)
    for text, head in zip(_texts(drawn, "legends"), heads, strict=False):
        text.text = head
    if plot.form != "calendar":
        _tell(drawn, plot)
    return drawn


def _tell(drawn: ElementTree.Element, plot: Plot) -> None:
    """Let each bar and dot say what it stands for to who points at it."""
    for number, series in enumerate(plot.series):
        known = [
            f"{label}: {plot.said(value)}"
            for label, value in zip(plot.labels, series.values, strict=True)
            if value is not None
        ]
        marks = [
            mark
            for node in _nodes(drawn, f"serie-{number}")
            for mark in _nodes(node, "bar" if plot.form == "bars" else "dots")
        ]
        for mark, words in zip(marks, known, strict=True):
            ElementTree.SubElement(mark, "title").text = words


def _clean(node: ElementTree.Element) -> None:
    """Only classes that the style knows, only colours that there are, numbers short."""
    classes = [
        f"color-{int(name[6:]) % COLOURS}" if name.startswith("color-") else name
        for name in node.get("class", "").split()
        if name not in ("reactive", "tooltip-trigger", "activate-serie", "always_show")
    ]
    node.attrib.pop("style", None)
    node.attrib.pop("id", None)
    node.attrib.pop("class", None)
    for name, value in node.attrib.items():
        node.set(name, _DIGITS.sub(lambda found: _round(float(found[0])), value))
    if classes:
        node.set("class", " ".join(classes))


def _round(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _classes(node: ElementTree.Element) -> set[str]:
    return set(node.get("class", "").split())


def _nodes(drawn: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (node for node in drawn.iter("g") if name in _classes(node))


def _texts(drawn: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """The texts in the groups of a class, in their order."""
    found = (node for node in drawn.iter("g") if set(name.split()) <= _classes(node))
    return [text for node in found for text in node.iter("text")]
