"""PDF colours as far as it takes to compare text with what lies behind it."""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from pypdf.generic import ArrayObject, DictionaryObject


class Colour(NamedTuple):
    """Red, green, blue, each 0 to 1."""

    red: float
    green: float
    blue: float


BLACK = Colour(0.0, 0.0, 0.0)
WHITE = Colour(1.0, 1.0, 1.0)
_COMPONENTS = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3, "/DeviceCMYK": 4,
               "/G": 1, "/RGB": 3, "/CMYK": 4}  # fmt: skip


def from_operands(operands: Sequence[Any]) -> Colour | None:
    """Read one grey, three RGB or four CMYK numbers; None for a pattern or anything else."""
    try:
        numbers = [min(max(float(n), 0.0), 1.0) for n in operands]
    except (TypeError, ValueError):
        return None
    match numbers:
        case [grey]:
            return Colour(grey, grey, grey)
        case [red, green, blue]:
            return Colour(red, green, blue)
        case [cyan, magenta, yellow, key]:
            return Colour(
                (1 - cyan) * (1 - key), (1 - magenta) * (1 - key), (1 - yellow) * (1 - key)
            )
    return None


def components(name: Any, spaces: DictionaryObject) -> int | None:
    """Count the numbers of a colour space that is additive grey, RGB or CMYK; None for others.

    In a Separation space 1 means full ink, not white, so such colours stay unknown.
    """
    if name in _COMPONENTS:
        return _COMPONENTS[name]
    space = spaces.get(name)
    space = space.get_object() if space is not None else None
    if isinstance(space, ArrayObject) and space:
        if space[0] == "/ICCBased":
            profile = cast("DictionaryObject", space[1].get_object())
            return int(cast("int", profile.get("/N", 0))) or None
        return _COMPONENTS.get(str(space[0]))
    return _COMPONENTS.get(str(space))


def distance(one: Colour, other: Colour) -> float:
    """Largest difference of a channel, 0 to 1."""
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def blended(over: Colour, under: Colour, opacity: float) -> Colour:
    """Mix a translucent colour with what lies under it."""
    mixed = (o * opacity + u * (1 - opacity) for o, u in zip(over, under, strict=True))
    return Colour(*mixed)
