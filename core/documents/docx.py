"""Word: every part a reader sees, in order, by walking the XML.

Paragraphs alone lose text boxes, tables inside text boxes, headers, footers and notes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from core.documents import limits
from core.documents.composed import (
    CODES,
    COMMENTS,
    DELETED,
    DESCRIPTIONS,
    PROPERTIES,
    Aside,
    Concealment,
    Draft,
    Run,
)
from core.documents.limits import Limits
from core.documents.packed import Package
from core.domain.document import Flag, FlagKind
from core.errors import DocumentRefused

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_VAL = f"{_W}val"
_SIDES = re.compile(r"word/(header|footer|footnotes|endnotes)(\d*)\.xml")
# Deleted and moved-away text, field codes, and the doubles of modern drawings for old Words.
_SKIPPED = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_MC}Fallback",
                      f"{_W}sectPr", f"{_W}pPr", f"{_W}rPr", f"{_W}tblPr",
                      f"{_W}tcPr"})  # fmt: skip
_LITERAL = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_ASIDES = {
    "word/comments.xml": COMMENTS,
    "docProps/core.xml": PROPERTIES,
    "docProps/app.xml": PROPERTIES,
    "docProps/custom.xml": PROPERTIES,
}
_TINY_HALF_POINTS = 6
_FAINT = 0xE1

VANISHED = Concealment(FlagKind.HIDDEN_TEXT, "Text formatted as hidden.")
WHITE = Concealment(FlagKind.HIDDEN_TEXT, "White text on a white page.")
TINY = Concealment(FlagKind.TINY_TEXT, "Text too small to read (under 3 points).")


@dataclass(frozen=True, slots=True)
class _Look:
    """What decides whether a run shows; None where nothing is said."""

    vanish: bool | None = None
    faint: bool | None = None
    tiny: bool | None = None

    def under(self, other: "_Look") -> "_Look":
        """Let ``other`` override what it says anything about."""
        return _Look(
            self.vanish if other.vanish is None else other.vanish,
            self.faint if other.faint is None else other.faint,
            self.tiny if other.tiny is None else other.tiny,
        )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk stands: the look so far, and whether something coloured lies behind."""

    look: _Look = _Look()
    coloured: bool = False


@dataclass(slots=True)
class _Walk:
    styles: dict[str, _Look]
    runs: list[Run] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)

    def into(self, element: Element, place: _Place) -> None:
        """Append everything ``element`` shows."""
        tag = element.tag
        if tag in _SKIPPED:
            self.asides += _aside(element)
            return
        if tag.endswith("}docPr"):
            told = (element.get("title", ""), element.get("descr", ""))
            self.asides += [Aside(DESCRIPTIONS, words) for words in told if words]
        if tag == f"{_W}t":
            self.runs.append(Run(element.text or "", _concealment(place)))
            return
        if tag in _LITERAL:
            self.runs.append(Run(_LITERAL[tag]))
            return
        inner = self._inside(element, place)
        for child in element:
            self.into(child, inner)
        if tag == f"{_W}p":
            self.runs.append(Run("\n"))

    def _inside(self, element: Element, place: _Place) -> _Place:
        tag = element.tag
        if tag == f"{_W}p":
            return self._styled(place, element.find(f"{_W}pPr"), "pStyle")
        if tag == f"{_W}r":
            return self._styled(place, element.find(f"{_W}rPr"), "rStyle", direct=True)
        if tag == f"{_W}tc":
            return replace(place, coloured=place.coloured or _shaded(element.find(f"{_W}tcPr")))
        if tag == f"{_W}tbl":
            # A table style may colour cells; which ones is not worked out.
            style = element.find(f"{_W}tblPr/{_W}tblStyle")
            return replace(place, coloured=place.coloured or style is not None)
        if tag.endswith(("}wsp", "}shape", "}rect", "}roundrect")):
            return replace(place, coloured=place.coloured or _filled(element))
        return place

    def _styled(
        self, place: _Place, properties: Element | None, style: str, *, direct: bool = False
    ) -> _Place:
        if properties is None:
            return place
        named = properties.find(f"{_W}{style}")
        look = place.look
        if named is not None:
            look = look.under(self.styles.get(named.get(_VAL, ""), _Look()))
        if direct:
            look = look.under(_look(properties))
        return _Place(look, place.coloured or _shaded(properties))


def read_docx(content: bytes, bounds: Limits) -> Draft:
    """Read headers, body, notes, then footers."""
    package = Package(content, bounds)
    document = package.part("word/document.xml")
    if document is None:
        raise DocumentRefused(limits.BROKEN)
    walk = _Walk(_styles(package))
    ground = document.find(f"{_W}background")
    place = _Place(coloured=ground is not None)
    sides = sorted(name for name in package.names if _SIDES.fullmatch(name))
    headers = [name for name in sides if "header" in name]
    for name in headers:
        _side(package, name, walk, place)
    walk.into(document, place)
    for name in sides:
        if name not in headers:
            _side(package, name, walk, place)
    asides = [*walk.asides, *_beside(package)]
    return Draft(pages=[walk.runs], asides=asides, flags=list(_remarks(package)))


def _aside(element: Element) -> Iterator[Aside]:
    """What was deleted, or stands in a field's code: a reader of the page sees neither."""
    if element.tag == f"{_W}instrText":
        yield Aside(CODES, element.text or "")
    elif element.tag in (f"{_W}del", f"{_W}moveFrom"):
        yield Aside(DELETED, _all_text(element))


def _beside(package: Package) -> Iterator[Aside]:
    """Comments and properties."""
    for name in package.names:
        place = _ASIDES.get(name)
        if place and (part := package.part(name)) is not None:
            yield Aside(place, _all_text(part))


def _all_text(element: Element) -> str:
    return " ".join(filter(None, (piece.strip() for piece in element.itertext())))


def _side(package: Package, name: str, walk: _Walk, place: _Place) -> None:
    if (part := package.part(name)) is not None:
        walk.into(part, place)


def _remarks(package: Package) -> Iterator[Flag]:
    if any("vbaProject" in name for name in package.names):
        yield Flag(FlagKind.EMBEDDED_OBJECT, "The file carries macros; they were not run.")
    elif any("word/embeddings/" in name for name in package.names):
        words = "The file carries another file inside; that file was not read."
        yield Flag(FlagKind.EMBEDDED_OBJECT, words)
    pictures = (".jpg", ".jpeg", ".png")
    if any(n.startswith("word/media/") and n.lower().endswith(pictures) for n in package.names):
        words = "The resume carries a picture, perhaps a photo; it is not looked at."
        yield Flag(FlagKind.PHOTO, words)


def _styles(package: Package) -> dict[str, _Look]:
    root = package.part("word/styles.xml")
    if root is None:
        return {}
    own = {s.get(f"{_W}styleId", ""): s for s in root.iter(f"{_W}style")}
    return {name: _inherited(name, own) for name in own}


def _inherited(name: str, own: dict[str, Element]) -> _Look:
    chain: list[str] = []
    while name in own and name not in chain:
        chain.append(name)
        base = own[name].find(f"{_W}basedOn")
        name = base.get(_VAL, "") if base is not None else ""
    look = _Look()
    for step in reversed(chain):
        look = look.under(_look(own[step].find(f"{_W}rPr")))
    return look


def _look(properties: Element | None) -> _Look:
    if properties is None:
        return _Look()
    vanish = properties.find(f"{_W}vanish")
    colour = properties.find(f"{_W}color")
    size = properties.find(f"{_W}sz")
    return _Look(
        None if vanish is None else vanish.get(_VAL, "1") not in ("0", "false", "off"),
        None if colour is None else _is_faint(colour.get(_VAL, "auto")),
        None if size is None else _number(size.get(_VAL)) < _TINY_HALF_POINTS,
    )


def _concealment(place: _Place) -> Concealment | None:
    if place.look.vanish:
        return VANISHED
    if place.look.tiny:
        return TINY
    return WHITE if place.look.faint and not place.coloured else None


def _is_faint(colour: str) -> bool:
    try:
        return min(bytes.fromhex(colour)) >= _FAINT and len(colour) == 6
    except ValueError:
        return False


def _number(text: str | None) -> float:
    try:
        return float(text or "")
    except ValueError:
        return float("inf")


def _shaded(properties: Element | None) -> bool:
    shade = properties.find(f"{_W}shd") if properties is not None else None
    mark = properties.find(f"{_W}highlight") if properties is not None else None
    fill = shade.get(f"{_W}fill", "auto") if shade is not None else "auto"
    return mark is not None or (fill != "auto" and not _is_faint(fill))


def _filled(shape: Element) -> bool:
    """Say whether a drawn shape may be painted: by its own fill, its style or VML."""
    if shape.get("fillcolor"):
        return True
    return any(True for tag in ("solidFill", "gradFill", "blipFill", "fillRef")
               for _ in shape.iter(f"{_A}{tag}"))  # fmt: skip
