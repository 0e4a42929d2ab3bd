"""What a few applicants hide in their files to please a machine."""

from reportlab.lib.colors import HexColor, white
from reportlab.lib.styles import ParagraphStyle

from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.library import Library, Opening
from core.sandbox.icims.world.papers.style import Style

TITLE = "Additional Information"


def instruction(library: Library, draw: Draw) -> str:
    """Write an order to whatever model reads the resume."""
    return draw.pick(library.orders)


def keywords(library: Library, opening: Opening, draw: Draw) -> str:
    """Repeat what the posting asks for, as keyword stuffing does."""
    abilities = library.occupations[opening.occupation].abilities
    words = [abilities[ask.ability].skill[""] for ask in opening.required if ask.ability]
    words += [ask.text for ask in (*opening.required, *opening.preferred)]
    return " ".join(draw.some(words, len(words)) * draw.between(2, 4))


def disguise(style: Style, draw: Draw) -> ParagraphStyle:
    """Choose a look that a person does not notice: white, nearly white or tiny."""
    looks = (
        style.text(textColor=white),
        style.text(textColor=HexColor("#fdfdfd"), size=3.5 - style.size),
        style.text(size=1.2 - style.size),
    )
    return draw.pick(looks)


def unhidden(style: Style) -> ParagraphStyle:
    """Give the look of ordinary small print, for orders in plain sight."""
    return style.text(size=-2)
