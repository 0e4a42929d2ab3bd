"""A resume laid out by hand in text boxes, stored in no reading order."""

from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Frame, KeepInFrame
from reportlab.platypus.flowables import Flowable

from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.papers.style import Style, letterhead, section
from core.sandbox.icims.world.resume import Resume, Section, without_bullets

Box = tuple[float, float, float, float]


def boxed(resume: Resume, style: Style, size: tuple[float, float], draw: Draw) -> bytes:
    """Put each section into a box of its own; boxes are drawn in random order."""
    shorter = without_bullets(resume, 3)
    width, height = size
    left, gap, head = style.margin, 12.0, 84.0
    inner = width - 2 * left
    top = height - left - head - gap
    narrow = inner * 0.36
    boxes: list[tuple[Box, list[Flowable]]] = [
        ((left, top + gap, inner, head), letterhead(shorter, style)),
        (
            (left + narrow + gap, left, inner - narrow - gap, top - left),
            _sections(shorter, style, ("experience",)),
        ),
    ]
    kinds = [
        ("summary",),
        ("skills", "languages", "availability"),
        ("education", "certificates", "interests"),
    ]
    shares = (0.22, 0.36, 0.42)
    y = top
    for kind, share in zip(kinds, shares, strict=True):
        tall = (top - left - 2 * gap) * share
        y -= tall
        boxes.append(((left, y, narrow, tall), _sections(shorter, style, kind)))
        y -= gap
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1)
    for box, flow in draw.some(boxes, len(boxes)):
        if flow:
            _place(canvas, box, flow, style)
    canvas.save()
    return buffer.getvalue()


def _sections(resume: Resume, style: Style, kinds: tuple[str, ...]) -> list[Flowable]:
    found: list[Section] = [item for item in resume.sections if item.kind in kinds]
    return [part for item in found for part in section(item, style)]


def _place(canvas: Canvas, box: Box, flow: list[Flowable], style: Style) -> None:
    x, y, width, height = box
    canvas.setStrokeColor(HexColor("#c8c8c8"))
    canvas.roundRect(x, y, width, height, 5, stroke=1, fill=0)
    frame = Frame(x, y, width, height, leftPadding=8, rightPadding=8, topPadding=5, bottomPadding=5)
    frame.addFromList([KeepInFrame(width - 16, height - 10, flow, mode="shrink")], canvas)
