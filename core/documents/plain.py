"""Plain text in whatever encoding, and HTML as mail programs write it."""

import re
from html.parser import HTMLParser

from charset_normalizer import from_bytes

from core.documents.composed import COMMENTS, PROPERTIES, Aside, Concealment, Draft, Run
from core.documents.mojibake import garbled
from core.domain.document import Flag, FlagKind

_SAMPLE = 100_000
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_REPAIRED = "Some characters had been garbled on the way and were restored."
_LOST = "Some characters were lost before the file reached us and show as �."


def read_text(content: bytes) -> Draft:
    """Decode; what cannot be decoded is flagged, never refused."""
    return Draft(pages=[[Run(decode(content))]])


def decode(content: bytes) -> str:
    """Find the encoding: byte-order mark, UTF-8, then the likeliest of the others."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(content)


def _guessed(content: bytes) -> str:
    if content[:400].count(0) > 50:
        return content.decode(
            "utf-16-le" if content[1:400:2].count(0) > 50 else "utf-16-be", "replace"
        )
    best = from_bytes(content[:_SAMPLE]).best()
    encoding = best.encoding if best else "cp1252"
    # Windows-1252 is a superset of Latin-1 in practice, and cut-off UTF-8 is still UTF-8.
    return content.decode("cp1252" if encoding in ("latin_1", "ascii") else encoding, "replace")


def encoding_flags(raw: str, text: str) -> list[Flag]:
    """Say when characters were restored or lost; ``raw`` is the text before cleaning."""
    lost = text.count("\ufffd")
    if lost > max(3, len(text) // 500):
        return [Flag(FlagKind.BROKEN_ENCODING, _LOST)]
    return [Flag(FlagKind.BROKEN_ENCODING, _REPAIRED)] if garbled(raw) * 100 > len(raw) else []


# --- HTML ---------------------------------------------------------------------------------------

HIDDEN = Concealment(FlagKind.HIDDEN_TEXT, "Text that a browser does not show.")
TINY = Concealment(FlagKind.TINY_TEXT, "Text too small to read (under 3 points).")
_UNSEEN_TAGS = frozenset({"script", "style", "head", "title", "template", "noscript"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                   "source", "track", "wbr"})  # fmt: skip
_BLOCK = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul",
                    "ol", "section", "header", "footer", "article", "dt", "dd", "hr"})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_NONE = re.compile(
    r"display:none|visibility:hidden|opacity:0(?![.\d])|(?<!-)color:(?:white|transparent)"
    r"|(?<!-)color:#(?:fff|f[c-f]f[c-f]f[c-f])(?![\da-f])|(?<!-)color:rgba?\(25\d,25\d,25\d"
    r"|(?:left|top|text-indent):-\d{3,}|clip:rect\(0|(?<!-)(?:height|width):0(?![.\d])"
)
_SMALL = re.compile(r"font-size:(?:[0-2](?:\.\d+)?(?:pt|px)|0)")
_RULE = re.compile(r"([.#][\w-]+)\s*\{([^{}]*)\}")
# Attributes whose text a browser keeps for itself or for a tooltip.
_TOLD = frozenset({"alt", "title", "content", "aria-label", "data-note", "value", "placeholder"})
_DEEPEST = 500


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[Run] = []
        self.asides: list[Aside] = []
        self._styles: dict[str, str] = {}
        self._open: list[tuple[str, Concealment | None, bool]] = [("", None, True)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.asides += [Aside(PROPERTIES, text) for name, text in attrs if name in _TOLD and text]
        if tag in _BLOCK:
            self.runs.append(Run("\n"))
        if tag in _VOID or len(self._open) > _DEEPEST:
            return
        _, concealed, shown = self._open[-1]
        self._open.append((tag, self._look(attrs) or concealed, shown and tag not in _UNSEEN_TAGS))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCK or tag in _CELLS:
            self.runs.append(Run("\n" if tag in _BLOCK else "\t"))
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth][0] == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        _, concealed, shown = self._open[-1]
        if shown:
            self.runs.append(Run(re.sub(r"\s+", " ", data), concealed))
            return
        self.asides.append(Aside(PROPERTIES, data))
        self._styles |= _classes(data)

    def handle_comment(self, data: str) -> None:
        self.asides.append(Aside(COMMENTS, data))

    def _look(self, attrs: list[tuple[str, str | None]]) -> Concealment | None:
        classes = (dict(attrs).get("class") or "").split()
        named = (self._styles.get(f".{name}", "") for name in classes)
        by_id = self._styles.get(f"#{dict(attrs).get('id')}", "")
        return _look(attrs, ";".join((*named, by_id)))


def _classes(sheet: str) -> dict[str, str]:
    """Read the plain rules of a style sheet: one class or id each."""
    return dict(_RULE.findall(sheet))


def _look(attrs: list[tuple[str, str | None]], sheet: str = "") -> Concealment | None:
    given = dict(attrs)
    style = re.sub(r"\s+", "", f"{sheet};{given.get('style') or ''}").lower()
    if "hidden" in given or (_NONE.search(style) and "background" not in style):
        return HIDDEN
    return TINY if _SMALL.search(style) else None


def read_html(content: bytes) -> Draft:
    """Read what a browser would show, and what it would not, under a flag."""
    page = _Page()
    page.feed(decode(content))
    page.close()
    return Draft(pages=[page.runs], asides=page.asides)
