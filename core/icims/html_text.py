"""The HTML of job texts as plain text: paragraphs apart, list items on lines of their own."""

import re
from html.parser import HTMLParser

_UNSEEN = frozenset({"script", "style", "head", "title", "template"})
_BLOCKS = frozenset(
    {"p", "div", "ul", "ol", "table", "section", "article", "blockquote", "h1", "h2"}
    | {"h3", "h4", "h5", "h6", "hr", "pre", "dl"}
)
_LINES = {"br": "\n", "tr": "\n", "dt": "\n", "dd": "\n", "li": "\n- "}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag in _LINES:
            self.parts.append(_LINES[tag])

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag in _BLOCKS:
            self.parts.append("\n\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(re.sub(r"\s+", " ", data))


def plain_text(html: str) -> str:
    """Remove tags, scripts and styles and decode entities; at most one empty line in a row.

    Text without any tag keeps its own line breaks.
    """
    if not re.search(r"<[a-zA-Z/!]", html):
        html = html.replace("\r\n", "\n").replace("\n", "<br>")
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = re.sub(r"[^\S\n]+", " ", "".join(reader.parts))
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r"\n{2,}(?=- )", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
