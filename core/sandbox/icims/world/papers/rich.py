"""Resumes as RTF, the way WordPad saves them."""

from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.resume import Resume

_FONTS = ("Calibri", "Arial", "Times New Roman", "Verdana")


def rich_text(resume: Resume, draw: Draw) -> bytes:
    """Set a resume in RTF; letters beyond ASCII are Unicode escapes."""
    size = draw.pick((20, 21, 22))
    parts = [
        r"{\rtf1\ansi\ansicpg1252\deff0\nouicompat",
        rf"{{\fonttbl{{\f0\fnil\fcharset0 {draw.pick(_FONTS)};}}}}",
        rf"\viewkind4\uc1\pard\f0\fs36\b {_text(resume.name)}\b0\fs{size}\par",
    ]
    parts += [rf"{_text(resume.headline)}\par"] if resume.headline else []
    parts += [rf"{_text(line)}\par" for line in resume.contact]
    for section in resume.sections:
        parts.append(rf"\par\fs26\b {_text(section.title)}\b0\fs{size}\par")
        parts += [rf"{_text(line)}\par" for line in section.lines]
        for entry in section.entries:
            parts.append(rf"\b {_text(entry.title)}\b0\tab {_text(entry.dates)}\par")
            parts += [rf"\i {_text(entry.place)}\i0\par"] if entry.place else []
            parts += [rf"\bullet\tab {_text(text)}\par" for text in entry.bullets]
    return ("\r\n".join(parts) + "}\r\n").encode("ascii")


def _text(text: str) -> str:
    escaped = text.replace("\\", r"\\").replace("{", r"\{").replace("}", r"\}")
    return "".join(c if c.isascii() else _unicode(c) for c in escaped)


def _unicode(letter: str) -> str:
    code = ord(letter)
    return rf"\u{code if code < 0x8000 else code - 0x10000}?"
