"""A drawn portrait where a photograph would be; nobody's likeness."""

from io import BytesIO

from PIL import Image as Picture
from PIL import ImageDraw, ImageFilter
from reportlab.platypus import Image

from core.sandbox.icims.world.draw import Draw

_WALLS = ("#b9c4cf", "#d8d2c4", "#a9b8a6", "#c9bfcf", "#8fa3b5")
_SKINS = ("#f1c9a5", "#d9a066", "#8d5524", "#c68642", "#ffdbac", "#5c3a21")
_HAIRS = ("#2c1b10", "#4a2f1b", "#a77b3b", "#1a1a1a", "#7d7d7d", "#6b3a1e")
_CLOTHES = ("#26364d", "#3d3d3d", "#5b2333", "#2f4f3a", "#44566c")


def portrait_bytes(features: int) -> bytes:
    """Draw a head and shoulders as JPEG; ``features`` decides the colours."""
    draw = Draw(features)
    picture = Picture.new("RGB", (240, 300), draw.pick(_WALLS))
    pen = ImageDraw.Draw(picture)
    skin, hair, cloth = draw.pick(_SKINS), draw.pick(_HAIRS), draw.pick(_CLOTHES)
    long = draw.chance(0.5)
    pen.ellipse((62, 38, 178, 240 if long else 150), fill=hair)
    pen.rectangle((102, 170, 138, 225), fill=skin)
    pen.ellipse((75, 58, 165, 190), fill=skin)
    pen.pieslice((70, 42, 170, 140), 180, 360, fill=hair)
    pen.ellipse((20, 215, 220, 420), fill=cloth)
    pen.polygon([(98, 218), (142, 218), (120, 262)], fill="#f4f4f4")
    for x in (98, 134):
        pen.ellipse((x, 112, x + 9, 120), fill="#2b2b2b")
    pen.arc((100, 130, 140, 165), 20, 160, fill="#8a4b3c", width=3)
    out = BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.1)).save(out, "JPEG", quality=80)
    return out.getvalue()


def portrait(features: int) -> Image:
    """Give the portrait as something to place on a page."""
    return Image(BytesIO(portrait_bytes(features)), width=80, height=100)
