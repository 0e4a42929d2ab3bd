"""Codes in which words can be carried past a reader, turned back into words."""

import base64
import binascii
import html
import re
from collections.abc import Callable
from urllib.parse import unquote

from core.documents.marks.views import View

_Decode = Callable[[re.Match[str]], str | None]

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,}(?:\n[A-Za-z0-9+/_-]{20,})*={0,2}")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[ :,]{0,2}){14,}")
_BINARY = re.compile(r"(?<![01])(?:[01]{8} ?){10,}")
_MORSE = re.compile(r"(?<![.\-])(?:[.\-]{1,6}[ /]{1,3}){15,}[.\-]{0,6}")
_ESCAPE = re.compile(
    r"(?:%[0-9A-Fa-f]{2})+|&(?:#\d{2,6}|#[xX][0-9A-Fa-f]{2,5}|[a-z]{2,8});"
    r"|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}"
)
_SEPARATORS = re.compile(r"0x|\\x|[ :,]")
_MORSE_TABLE = """a=.- b=-... c=-.-. d=-.. e=. f=..-. g=--. h=.... i=.. j=.--- k=-.- l=.-..
m=-- n=-. o=--- p=.--. q=--.- r=.-. s=... t=- u=..- v=...- w=.-- x=-..- y=-.-- z=--..
0=----- 1=.---- 2=..--- 3=...-- 4=....- 5=..... 6=-.... 7=--... 8=---.. 9=----."""
_MORSE_LETTERS = {code: letter for letter, code in (p.split("=") for p in _MORSE_TABLE.split())}
_ROUNDS = 2


def decoded(given: View) -> list[View]:
    """Turn every code in a text into words; none where there is no code, more if codes nest."""
    found: list[View] = []
    for _ in range(_ROUNDS):
        view = given
        for pattern, decode in _CODES:
            view = view.rewritten(pattern, decode)
        if view is given:
            break
        found.append(view)
        given = view
    return found


def _escape(match: re.Match[str]) -> str | None:
    code = match[0]
    if code.startswith("%"):
        return unquote(code, errors="replace")
    if code.startswith("&"):
        return html.unescape(code)
    return chr(int(code[2:], 16))


def _from_base64(match: re.Match[str]) -> str | None:
    blob = match[0].replace("\n", "").replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return _words(base64.b64decode(blob + "=" * (-len(blob) % 4), validate=True))
    except (binascii.Error, ValueError):
        return None


def _from_hex(match: re.Match[str]) -> str | None:
    return _words(bytes.fromhex(_SEPARATORS.sub("", match[0])))


def _from_binary(match: re.Match[str]) -> str | None:
    bits = match[0].replace(" ", "")
    return _words(int(bits, 2).to_bytes(len(bits) // 8, "big"))


def _from_morse(match: re.Match[str]) -> str | None:
    words = match[0].replace("/", "  ").split("  ")
    letters = ("".join(_MORSE_LETTERS.get(code, "") for code in word.split()) for word in words)
    return f" {' '.join(letters)} "


def _words(data: bytes) -> str | None:
    """Take bytes for words only where they are readable ones."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return f" {text} " if " " in text and text.replace("\n", " ").isprintable() else None


_CODES: tuple[tuple[re.Pattern[str], _Decode], ...] = (
    (_ESCAPE, _escape),
    (_BASE64, _from_base64),
    (_HEX, _from_hex),
    (_BINARY, _from_binary),
    (_MORSE, _from_morse),
)
