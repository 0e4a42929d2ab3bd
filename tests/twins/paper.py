"""A drawn page, for screens that show an original document."""

import io

from PIL import Image, ImageDraw

_SIZE = (850, 1100)
_LINE = 17
_MARKED = {
    "c1": "Registered Professional Nurse (RN), State of New York",
    "c2": "Staff Nurse, Medical Intensive Care",
    "c3": "ACLS and BLS, American Heart Association, renewed 2025",
}

Box = tuple[float, float, float, float]


def paper(text: str, number: int) -> tuple[bytes, dict[str, Box]]:
    """Draw a page as PNG; give the boxes of some quotes in shares of its size."""
    image = Image.new("RGB", _SIZE, "white")
    draw = ImageDraw.Draw(image)
    boxes: dict[str, Box] = {}
    lines = text.splitlines() if number == 1 else ["References on request."]
    for place, line in enumerate(lines):
        top = 60 + place * _LINE
        draw.text((70, top), line.encode("latin-1", "replace").decode("latin-1"), fill="black")
        for criterion, quote in _MARKED.items():
            if quote in line:
                left = 70 + draw.textlength(line[: line.index(quote)])
                boxes[criterion] = _share(left, top, draw.textlength(quote))
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue(), boxes


def _share(left: float, top: float, width: float) -> Box:
    return left / _SIZE[0], top / _SIZE[1], width / _SIZE[0], _LINE / _SIZE[1]
