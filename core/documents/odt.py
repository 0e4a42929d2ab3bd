"""OpenDocument text: every paragraph and heading in order, by walking the XML."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from core.documents import limits
from core.documents.composed import (
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
from core.domain.document import FlagKind
from core.errors import DocumentRefused

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_BLOCKS = frozenset({f"{_TEXT}p", f"{_TEXT}h"})
_LITERAL = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_SKIPPED = frozenset({f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_TEXT}sequence-decls"})
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_ASIDES = {
    f"{_OFFICE}annotation": COMMENTS,
    f"{_TEXT}tracked-changes": DELETED,
    f"{_SVG}title": DESCRIPTIONS,
    f"{_SVG}desc": DESCRIPTIONS,
}
_MOST_SPACES = 200
_TINY_POINTS = 3.0
_FAINT = 0xE1

HIDDEN = Concealment(FlagKind.HIDDEN_TEXT, "Text formatted as hidden.")
WHITE = Concealment(FlagKind.HIDDEN_TEXT, "White text on a white page.")
TINY = Concealment(FlagKind.TINY_TEXT, "Text too small to read (under 3 points).")

_Looks = dict[str, Concealment | None]


def read_odt(content: bytes, bounds: Limits) -> Draft:
    """Read headers and footers of the page styles, then the body."""
    package = Package(content, bounds)
    body, styles = package.part("content.xml"), package.part("styles.xml")
    if body is None:
        raise DocumentRefused(limits.BROKEN)
    looks = {**_looks(styles), **_looks(body)}
    runs: list[Run] = []
    if styles is not None:
        for side in styles.iter(f"{_STYLE}master-page"):
            runs += _walk(side, looks, None)
    runs += _walk(body, looks, None)
    return Draft(pages=[runs], asides=list(_beside(package, body)))


def _beside(package: Package, body: Element) -> Iterator[Aside]:
    """Comments, deleted passages, descriptions of pictures and the file's properties."""
    for tag, place in _ASIDES.items():
        for element in body.iter(tag):
            yield Aside(place, " ".join(element.itertext()))
    if (about := package.part("meta.xml")) is not None:
        yield Aside(PROPERTIES, "\n".join(about.itertext()))


def _walk(element: Element, looks: _Looks, concealed: Concealment | None) -> Iterator[Run]:
    if element.tag in _SKIPPED:
        return
    inner = looks.get(element.get(f"{_TEXT}style-name", ""), concealed)
    if element.tag == f"{_TEXT}s":
        count = element.get(f"{_TEXT}c", "1")
        yield Run(" " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES), inner)
    elif element.tag in _LITERAL:
        yield Run(_LITERAL[element.tag], inner)
    holds_text = element.tag.startswith(_TEXT)
    if holds_text and element.text and element.text.strip("\n"):
        yield Run(element.text, inner)
    for child in element:
        yield from _walk(child, looks, inner)
        if holds_text and child.tail and child.tail.strip("\n"):
            yield Run(child.tail, inner)
    if element.tag in _BLOCKS:
        yield Run("\n")


def _looks(root: Element | None) -> _Looks:
    if root is None:
        return {}
    looks: _Looks = {}
    for style in root.iter(f"{_STYLE}style"):
        properties = style.find(f"{_STYLE}text-properties")
        if properties is not None and (look := _look(properties)):
            looks[style.get(f"{_STYLE}name", "")] = look
    return looks


def _look(properties: Element) -> Concealment | None:
    if properties.get(f"{_TEXT}display") == "none":
        return HIDDEN
    size = properties.get(f"{_FO}font-size", "")
    if size.endswith("pt") and _points(size) < _TINY_POINTS:
        return TINY
    painted = properties.get(f"{_FO}background-color", "transparent") != "transparent"
    return WHITE if _is_faint(properties.get(f"{_FO}color", "")) and not painted else None


def _points(size: str) -> float:
    try:
        return float(size.removesuffix("pt"))
    except ValueError:
        return float("inf")


def _is_faint(colour: str) -> bool:
    try:
        return len(colour) == 7 and min(bytes.fromhex(colour[1:])) >= _FAINT
    except ValueError:
        return False
