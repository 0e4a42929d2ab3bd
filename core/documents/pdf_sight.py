"""Follow a PDF page as it is painted, to tell which text a reader of the page would not see."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any, cast

from pypdf import PageObject
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ContentStream,
    DictionaryObject,
    IndirectObject,
    NameObject,
    StreamObject,
)

from core.documents.composed import Concealment, Run
from core.documents.pdf_colour import (
    BLACK,
    WHITE,
    Colour,
    blended,
    components,
    distance,
    from_operands,
)
from core.documents.pdf_cover import Cover, Mark, covered
from core.documents.pdf_runs import flushing
from core.documents.pdf_space import STILL, Box, Matrix, around, scale, times
from core.domain.document import FlagKind

_Follow = Callable[[Any, Matrix], None]

# Points. Body text is 9 to 12; the smallest print in real templates is about 4.
_TINY = 3.0
# Largest channel difference, 0 to 1, at which text melts into its background.
_FAINT = 0.12
_FAR = 1e6
# Square points below which a fill is a line or a bullet, no background.
_SMALL_FILL = 16.0
# A rectangle drawn as a path has its first corner twice.
_CORNERS = 5
# Share of the page up to which an odd shape may be a drawn letter or word.
_DRAWING = 0.1
# Opacity from which what lies below no longer shows.
_OPAQUE = 0.95
_SEE_THROUGH = frozenset({"/SMask", "/Mask", "/ImageMask"})

INVISIBLE = Concealment(FlagKind.HIDDEN_TEXT, "Text drawn so that it does not show.")
FAINT = Concealment(FlagKind.HIDDEN_TEXT, "Text in the colour of its background.")
LAYER = Concealment(FlagKind.HIDDEN_TEXT, "Text on a layer that is switched off.")
CLIPPED = Concealment(FlagKind.HIDDEN_TEXT, "Text outside the visible part of its frame.")
COVERED = Concealment(FlagKind.HIDDEN_TEXT, "Text behind a picture or a painted area.")
TINY = Concealment(FlagKind.TINY_TEXT, "Text too small to read (under 3 points).")
OFF_PAGE = Concealment(FlagKind.OFF_PAGE_TEXT, "Text outside the edges of the page.")


@dataclass(slots=True)
class _Ink:
    """The part of the graphics state that decides whether text shows."""

    fill: Colour | None = BLACK
    stroke: Colour | None = BLACK
    fill_space: int | None = 1
    stroke_space: int | None = 1
    mode: int = 0
    opacity: float = 1.0
    group: float = 1.0
    """Opacity that the enclosing form XObjects were painted with."""
    masked: bool = False
    mixed: bool = False
    """Blended with what lies below instead of covering it."""
    clip: Box | None = None


@dataclass(slots=True)
class _Painted:
    """A filled area and the colours a point in it may have; none for pictures and patterns."""

    box: Box
    colours: list[Colour]


@dataclass(slots=True)
class _Form:
    """What to return to when a form XObject ends."""

    resources: DictionaryObject
    base: Matrix
    ink: _Ink
    depth: int
    off: bool = False


@dataclass(slots=True)
class _Seen:
    text: str
    concealed: Concealment | None
    line: tuple[float, float, float]
    """Start x, baseline y and size of the run."""


class Sight:
    """The visitor of one page: call it while pypdf extracts, then ask for ``runs``."""

    def __init__(self, page: PageObject, hidden_layers: frozenset[int]) -> None:
        self._pdf = page.pdf
        self._box = _visible(page)
        self._resources = _dictionary(page.get("/Resources"))
        self._hidden_layers = hidden_layers
        self._ink = _Ink()
        self._inks: list[_Ink] = []
        self._forms: list[_Form] = []
        self._base: Matrix = STILL
        self._path: list[tuple[float, float]] = []
        self._odd_path = False
        self._clipping = False
        self._painted: list[_Painted] = []
        self._marked: list[bool] = []
        self._seen: list[_Seen] = []
        self._last = 0
        self._pictures: list[Box] = []
        self._covers: list[Cover] = []
        self._follow = self._followed()

    # --- What pypdf calls ---

    def before(self, operator: bytes, operands: Any, cm: Matrix, _tm: Matrix) -> None:
        """Follow one operator."""
        if follow := self._follow.get(operator):
            try:
                follow(operands, cm)
            except (IndexError, TypeError, ValueError, KeyError, AttributeError, OverflowError):
                return  # a malformed operator paints nothing

    def after(self, operator: bytes, _operands: Any, _cm: Matrix, _tm: Matrix) -> None:
        """Leave a form XObject."""
        if operator == b"Do" and self._forms:
            form = self._forms.pop()
            self._resources, self._base, self._ink = form.resources, form.base, form.ink
            del self._inks[form.depth :]

    def text(self, text: str, cm: Matrix, tm: Matrix, font: Any, size: float) -> None:
        """Take one run."""
        if not text:
            return
        at = times(times(tm, cm), self._base)
        height = abs(size) * scale(at) * _type3_scale(font)
        concealed = self._concealed(text, at, height) if not text.isspace() else None
        if text.isspace() and self._seen:
            concealed = self._seen[-1].concealed
        self._rejoin(text, at[4], at[5], height)
        # In a page's text a soft hyphen is a drawn hyphen; elsewhere it is only a hint.
        text = text.replace("\xad", "-")
        self._seen.append(_Seen(text, concealed, (at[4], at[5], height)))

    # --- What the reader asks ---

    @property
    def has_forms(self) -> bool:
        """Say whether the page may paint form XObjects, whose ends matter."""
        return "/XObject" in self._resources

    def runs(self) -> list[Run]:
        """All text in order, each run with why it would not be seen, if so."""
        self._uncover()
        plain = self.scan
        return [Run(s.text, None if plain else s.concealed) for s in self._seen]

    def _uncover(self) -> None:
        """Mark the runs that something was painted over later."""
        marks = [Mark(i, *s.line, len(s.text)) for i, s in enumerate(self._seen)
                 if not s.concealed and not s.text.isspace()]  # fmt: skip
        for index in covered(marks, self._covers):
            self._seen[index].concealed = COVERED
        self._covers = []

    @property
    def scan(self) -> bool:
        """Say whether the page is a picture with a text layer that does not show."""
        self._uncover()
        words = [s for s in self._seen if not s.text.isspace()]
        covered = any(p.area > 0.5 * self._box.area for p in self._pictures)
        return bool(words) and covered and all(s.concealed in (INVISIBLE, COVERED) for s in words)

    @property
    def illustrated(self) -> bool:
        """Say whether the page shows a picture."""
        return bool(self._pictures)

    @property
    def photo(self) -> bool:
        """Say whether a picture has a portrait's size and shape."""
        page = max(self._box.area, 1.0)
        return any(
            0.008 < p.area / page < 0.15 and 0.6 < (p.right - p.left) / (p.top - p.bottom) < 1.25
            for p in self._pictures
            if p.top > p.bottom
        )

    # --- Judging a run ---

    def _concealed(self, text: str, at: Matrix, height: float) -> Concealment | None:
        ink, x, y = self._ink, at[4], at[5]
        if any(self._marked) or any(form.off for form in self._forms):
            return LAYER
        if ink.mode in (3, 7):
            return INVISIBLE
        if height < _TINY:
            return TINY
        if self._is_off(self._box, x, y, height, len(text)):
            return OFF_PAGE
        if ink.clip and self._is_off(ink.clip.widened(height), x, y, height, len(text)):
            return CLIPPED
        return FAINT if self._is_faint(x + height * 0.3, y + height * 0.3) else None

    @staticmethod
    def _is_off(box: Box, x: float, y: float, height: float, length: int) -> bool:
        reach = height * max(length, 1) * 0.4
        return x > box.right or x + reach < box.left or y > box.top or y + height < box.bottom

    def _is_faint(self, x: float, y: float) -> bool:
        ink = self._ink
        ground = self._ground(x, y)
        inks = {0: (ink.fill,), 1: (ink.stroke,), 2: (ink.fill, ink.stroke)}
        colours = inks.get(ink.mode % 4, (ink.fill,))
        return all(
            colour is not None and ink.opacity * ink.group * distance(colour, behind) <= _FAINT
            for colour in colours
            for behind in ground
        ) and bool(ground)

    def _ground(self, x: float, y: float) -> list[Colour]:
        """Colours that may lie behind a point; empty when that cannot be known."""
        for painted in reversed(self._painted):
            if painted.box.holds(x, y):
                return painted.colours
        return [WHITE]

    def _rejoin(self, text: str, x: float, y: float, height: float) -> None:
        """Undo the line breaks that pypdf put between two runs standing on one line."""
        if text.isspace():
            return
        last = self._seen[self._last] if self._seen else None
        if last and abs(last.line[1] - y) < 0.2 * max(height, 1.0) and x > last.line[0]:
            for seen in self._seen[self._last :]:
                seen.text = seen.text.replace("\n", " ")
        self._last = len(self._seen)

    # --- Following the painting ---

    def _followed(self) -> dict[bytes, _Follow]:
        return {
            b"q": self._save,
            b"Q": self._restore,
            b"g": self._set_fill,
            b"rg": self._set_fill,
            b"k": self._set_fill,
            b"G": self._set_stroke,
            b"RG": self._set_stroke,
            b"K": self._set_stroke,
            b"cs": self._set_fill_space,
            b"CS": self._set_stroke_space,
            b"sc": self._set_fill_in_space,
            b"scn": self._set_fill_in_space,
            b"SC": self._set_stroke_in_space,
            b"SCN": self._set_stroke_in_space,
            b"Tr": self._set_mode,
            b"gs": self._set_state,
            b"m": self._move,
            b"l": self._move,
            b"c": self._curve,
            b"v": self._curve,
            b"y": self._curve,
            b"re": self._rectangle,
            b"f": self._fill,
            b"F": self._fill,
            b"f*": self._fill,
            b"B": self._fill,
            b"B*": self._fill,
            b"b": self._fill,
            b"b*": self._fill,
            b"S": self._end_path,
            b"s": self._end_path,
            b"n": self._end_path,
            b"W": self._clip,
            b"W*": self._clip,
            b"sh": self._shade,
            b"Do": self._enter,
            b"INLINE IMAGE": self._inline_picture,
            b"BDC": self._mark,
            b"BMC": self._mark_plainly,
            b"EMC": self._unmark,
        }

    def _save(self, _operands: Any, _cm: Matrix) -> None:
        self._inks.append(copy(self._ink))

    def _restore(self, _operands: Any, _cm: Matrix) -> None:
        floor = self._forms[-1].depth if self._forms else 0
        if len(self._inks) > floor:
            self._ink = self._inks.pop()

    def _set_fill(self, operands: Any, _cm: Matrix) -> None:
        self._ink.fill_space, self._ink.fill = len(operands), from_operands(operands)

    def _set_stroke(self, operands: Any, _cm: Matrix) -> None:
        self._ink.stroke_space, self._ink.stroke = len(operands), from_operands(operands)

    def _set_fill_space(self, operands: Any, _cm: Matrix) -> None:
        self._ink.fill_space = components(operands[0], self._part("/ColorSpace"))
        self._ink.fill = BLACK if self._ink.fill_space else None

    def _set_stroke_space(self, operands: Any, _cm: Matrix) -> None:
        self._ink.stroke_space = components(operands[0], self._part("/ColorSpace"))
        self._ink.stroke = BLACK if self._ink.stroke_space else None

    def _set_fill_in_space(self, operands: Any, _cm: Matrix) -> None:
        known = self._ink.fill_space == len(operands)
        self._ink.fill = from_operands(operands) if known else None

    def _set_stroke_in_space(self, operands: Any, _cm: Matrix) -> None:
        known = self._ink.stroke_space == len(operands)
        self._ink.stroke = from_operands(operands) if known else None

    def _set_mode(self, operands: Any, _cm: Matrix) -> None:
        self._ink.mode = int(operands[0])

    def _set_state(self, operands: Any, _cm: Matrix) -> None:
        state = _dictionary(self._part("/ExtGState").get(operands[0]))
        self._ink.opacity = float(cast("float", state.get("/ca", self._ink.opacity)))
        if "/SMask" in state:
            self._ink.masked = str(state["/SMask"]) != "/None"
        if "/BM" in state:
            self._ink.mixed = str(state["/BM"]) not in ("/Normal", "/Compatible")

    def _move(self, operands: Any, cm: Matrix) -> None:
        # Only the points where straight lines turn are kept; anything else makes a shape odd.
        self._path.append(self._place(float(operands[0]), float(operands[1]), cm))

    def _curve(self, operands: Any, cm: Matrix) -> None:
        self._odd_path = True
        self._path.append(self._place(float(operands[-2]), float(operands[-1]), cm))

    def _rectangle(self, operands: Any, cm: Matrix) -> None:
        x, y, width, height = (float(n) for n in operands[:4])
        self._odd_path = self._odd_path or bool(self._path)
        self._path.append(self._place(x, y, cm))
        self._path.append(self._place(x + width, y + height, cm))

    def _fill(self, _operands: Any, _cm: Matrix) -> None:
        if self._path:
            box = around(self._path)
            if box.area >= _SMALL_FILL:
                self._painted.append(_Painted(box, self._filled(box)))
                if not self._odd_path and len(self._path) <= _CORNERS and self._ink.fill:
                    self._cover(box)
        self._end_path(_operands, _cm)

    def _filled(self, box: Box) -> list[Colour]:
        ink, below = self._ink, self._ground(*box.centre)
        odd = self._odd_path or len(self._path) > _CORNERS
        # Some programs draw letters as small shapes and lay transparent text over them.
        drawn = odd and box.area < _DRAWING * self._box.area
        if ink.fill is None or ink.masked or not below or drawn:
            return []
        over = [blended(ink.fill, colour, ink.opacity * ink.group) for colour in below]
        return [*over, *below] if odd else over

    def _cover(self, box: Box) -> None:
        """Note an area that hides what was painted there before."""
        ink = self._ink
        if ink.opacity * ink.group < _OPAQUE or ink.masked or ink.mixed or not self._seen:
            return
        self._covers.append(Cover(box.within(ink.clip) if ink.clip else box, len(self._seen)))

    def _clip(self, _operands: Any, _cm: Matrix) -> None:
        self._clipping = True

    def _end_path(self, _operands: Any, _cm: Matrix) -> None:
        if self._clipping and self._path:
            self._ink.clip = around(self._path)
        self._path, self._odd_path, self._clipping = [], False, False

    def _shade(self, _operands: Any, _cm: Matrix) -> None:
        self._painted.append(_Painted(self._ink.clip or self._box, []))

    def _inline_picture(self, _operands: Any, cm: Matrix) -> None:
        self._picture(cm)

    def _picture(self, cm: Matrix) -> None:
        box = around([self._place(x, y, cm) for x in (0.0, 1.0) for y in (0.0, 1.0)])
        self._pictures.append(box)
        self._painted.append(_Painted(box, []))

    def _enter(self, operands: Any, cm: Matrix) -> None:
        self._forms.append(_Form(self._resources, self._base, copy(self._ink), len(self._inks)))
        objects = self._part("/XObject")
        painted = objects[operands[0]].get_object()
        if not isinstance(painted, StreamObject):
            return
        if painted.get("/Subtype") == "/Image":
            self._picture(cm)
            if not _SEE_THROUGH & painted.keys():
                self._cover(self._pictures[-1])
            return
        layer = painted.raw_get("/OC") if "/OC" in painted else None
        self._forms[-1].off = self._is_off_layer(layer)
        if not isinstance(painted, ContentStream):
            objects[NameObject(operands[0])] = _flushing_form(painted, self._pdf)
        if "/Resources" in painted:
            self._resources = _dictionary(painted["/Resources"])
        self._ink.group *= self._ink.opacity
        self._ink.opacity = 1.0
        matrix = [float(n) for n in cast("list[float]", painted.get("/Matrix", STILL))]
        self._base = times(times(matrix, cm), self._base)

    def _mark(self, operands: Any, _cm: Matrix) -> None:
        layer = self._part("/Properties").raw_get(operands[1]) if operands[0] == "/OC" else None
        self._marked.append(self._is_off_layer(layer))

    def _is_off_layer(self, layer: Any) -> bool:
        """Say whether a layer, or every layer of a group of them, is switched off."""
        if isinstance(layer, IndirectObject) and layer.idnum in self._hidden_layers:
            return True
        group = _dictionary(layer).get("/OCGs") if layer is not None else None
        if isinstance(group, IndirectObject) and not isinstance(group.get_object(), list):
            return group.idnum in self._hidden_layers
        members = group.get_object() if group is not None else []
        return bool(members) and all(
            isinstance(m, IndirectObject) and m.idnum in self._hidden_layers for m in members
        )

    def _mark_plainly(self, _operands: Any, _cm: Matrix) -> None:
        self._marked.append(False)

    def _unmark(self, _operands: Any, _cm: Matrix) -> None:
        if self._marked:
            self._marked.pop()

    def _part(self, name: str) -> DictionaryObject:
        return _dictionary(self._resources.get(name))

    def _place(self, x: float, y: float, cm: Matrix) -> tuple[float, float]:
        m = cm if self._base is STILL else times(cm, self._base)
        return x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5]


def _visible(page: PageObject) -> Box:
    """The part of the page that is shown; all there is where the file does not say."""
    try:
        box = page.cropbox
        return Box(*map(float, (*box.lower_left, *box.upper_right)))
    except (ValueError, TypeError, AttributeError, KeyError, PyPdfError):
        return Box(-_FAR, -_FAR, _FAR, _FAR)


def _flushing_form(form: StreamObject, pdf: Any) -> ContentStream:
    """Copy a form XObject into one whose runs are flushed; pypdf then reads the copy."""
    stream = ContentStream(form, pdf, "bytes")
    for key, value in form.items():
        if key not in ("/Filter", "/DecodeParms", "/Length"):
            stream[NameObject(key)] = value
    return flushing(stream)


def _dictionary(value: Any) -> DictionaryObject:
    found = value.get_object() if value is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _type3_scale(font: Any) -> float:
    """Type 3 fonts bring their own unit; others measure in thousandths."""
    if isinstance(font, DictionaryObject) and font.get("/Subtype") == "/Type3":
        matrix = cast("list[float]", font.get("/FontMatrix", [0.001, 0, 0, 0.001, 0, 0]))
        return abs(float(matrix[3])) * 1000 or 1.0
    return 1.0
