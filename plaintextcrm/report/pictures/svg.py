"""A table's chart as SVG: no scripts, no fonts or links from elsewhere, the same bytes each time."""

import re
from collections.abc import Iterator, Sequence
from operator import itemgetter
from xml.etree import ElementTree

from plaintextcrm.model.errors import CrmError
from plaintextcrm.report.pictures.charts import LINE, MOST_BARS, WIDTH, Drawn, chart
from plaintextcrm.report.pictures.colours import STYLE
from plaintextcrm.report.pictures.plots import Plot, plots
from plaintextcrm.report.values import Table
from plaintextcrm.text.shown import one_line

MOST_PLOTS = 4  # currencies
_NO_CHARACTERS = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")  # safe in a terminal, refused by XML


class NoPicture(CrmError):
    """A table that has nothing to draw."""

    def __init__(self, table: Table) -> None:
        super().__init__(f"The table {table.name!r} is not drawn: it has no chart.")


def draw(table: Table) -> str:
    """The table's chart as a file of its own. Raises NoPicture where it has none."""
    if table.chart is None:
        raise NoPicture(table)
    picture = figure(table, plots(table), titled=True)
    style = ElementTree.Element("style")
    style.text = f"\n{STYLE}"
    picture.insert(2, style)
    return markup(picture)


def markup(picture: ElementTree.Element) -> str:
    """The picture as text."""
    ElementTree.indent(picture, space="")
    return ElementTree.tostring(picture, encoding="unicode").translate(_NO_CHARACTERS)


def figure(table: Table, found: Sequence[Plot], titled: bool = False) -> ElementTree.Element:
    """The table's plots as one picture, without its style."""
    missing = list(_missing(table, found))
    drawn = [_note(one_line(table.title), "caption")] if titled else []
    for plot in found[:MOST_PLOTS]:
        if len(found) > 1 or plot.unit not in ("", "%"):
            drawn.append(_note({"%": "Shares", "": "Numbers"}.get(plot.unit, plot.unit), "caption"))
        drawn += chart(plot)
    drawn += [_note(sentence) for sentence in missing]
    height = sum(part.height for part in drawn)
    name = name_of(table)
    picture = ElementTree.Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "class": "picture", "role": "img",
        "viewBox": f"0 0 {WIDTH} {height}", "width": str(WIDTH), "height": str(height),
        "aria-labelledby": f"{name}-title {name}-words",
    })  # fmt: skip
    words = " ".join([*_words(found), *missing])
    ElementTree.SubElement(picture, "title", {"id": f"{name}-title"}).text = one_line(table.title)
    ElementTree.SubElement(picture, "desc", {"id": f"{name}-words"}).text = words
    top = 0
    for part in drawn:
        part.group.set("transform", f"translate(0 {top})")
        picture.append(part.group)
        top += part.height
    return picture


def name_of(table: Table) -> str:
    """The table's name as an id of a page."""
    return re.sub(r"[^a-z0-9]", "-", table.name.lower())


def _words(found: Sequence[Plot]) -> Iterator[str]:
    """What the picture shows, for who does not see it."""
    for plot in found[:MOST_PLOTS]:
        for series in plot.series:
            pairs = zip(series.values, plot.labels, strict=True)
            known = [(value, label) for value, label in pairs if value is not None]
            if not known:
                continue
            least, most = (choose(known, key=itemgetter(0)) for choose in (min, max))
            unit = f" in {plot.unit}" if plot.unit not in ("", "%") else ""
            yield (
                f"{one_line(series.head)}{unit}, {len(known)} in all: the most is"
                f" {plot.said(most[0])} ({most[1]}), the least {plot.said(least[0])} ({least[1]})."
            )


def _missing(table: Table, found: Sequence[Plot]) -> Iterator[str]:
    """What the picture does not show."""
    if not found:
        yield "There is nothing to draw." if table.rows else one_line(table.nothing)
    for plot in found[:MOST_PLOTS]:
        if plot.form == "bars" and len(plot.labels) > MOST_BARS:
            yield f"Only the first {MOST_BARS} of {len(plot.labels)} are drawn."
    if table.chart and table.chart.form == "line" and None in table.column(table.chart.label):
        yield "What has no date is not drawn."
    if len(found) > MOST_PLOTS:
        left = ", ".join(plot.unit or "numbers" for plot in found[MOST_PLOTS:])
        yield f"Not drawn: {left}."


def _note(text: str, look: str = "note") -> Drawn:
    """A line of text."""
    group = ElementTree.Element("g")
    ElementTree.SubElement(group, "text", {"class": look, "x": "8", "y": "17"}).text = text
    return Drawn(group, LINE)
