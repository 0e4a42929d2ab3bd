"""Typefaces for generated PDFs: free ones that also have the letters of Łódź and Şişli."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont


@dataclass(frozen=True, slots=True)
class Face:
    """A family: names under which reportlab knows its regular, bold and italic cut."""

    regular: str
    bold: str
    italic: str


_FAMILIES = {
    "Roboto": ("font_roboto", "Roboto", "Regular Bold Italic"),
    "SourceSans": ("font_source_sans_pro", "SourceSansPro", "Regular Semibold It"),
    "SourceSerif": ("font_source_serif_pro", "SourceSerifPro", "Regular Semibold It"),
}
_BUILT_IN = {
    "Helvetica": Face("Helvetica", "Helvetica-Bold", "Helvetica-Oblique"),
    "Times": Face("Times-Roman", "Times-Bold", "Times-Italic"),
}
FAMILIES = (*_FAMILIES, *_BUILT_IN)


def face(family: str, text: str) -> Face:
    """Give a family, or one that has every letter of ``text`` where it does not."""
    if family in _BUILT_IN:
        try:
            text.encode("cp1252")
        except UnicodeEncodeError:
            family = "SourceSerif" if family == "Times" else "Roboto"
        else:
            return _BUILT_IN[family]
    return _load(family)


@cache
def _load(family: str) -> Face:
    package, stem, cuts = _FAMILIES[family]
    folder = files(package) / "files"
    names = [f"{family}-{cut}" for cut in cuts.split()]
    for name, cut in zip(names, cuts.split(), strict=True):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{stem}-{cut}.ttf")))
    pdfmetrics.registerFontFamily(names[0], names[0], names[1], names[2], names[1])
    return Face(*names)
