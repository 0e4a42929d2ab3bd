"""Resumes as plain text."""

from textwrap import wrap

from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.resume import Resume, Section

_WIDTH = 88


def plain_text(resume: Resume, draw: Draw) -> str:
    """Set a resume in plain text, in one of a few habits."""
    rule, bullet = draw.pick(("=", "-", "")), draw.pick(("- ", "* ", "• "))
    lines = [resume.name.upper() if draw.chance(0.4) else resume.name]
    lines += [resume.headline] if resume.headline else []
    lines += [" | ".join(resume.contact)] if draw.chance(0.4) else list(resume.contact)
    for section in resume.sections:
        title = section.title.upper()
        lines += ["", title, *([rule * len(title)] if rule else [])]
        lines += _section(section, bullet)
    return "\n".join(lines) + "\n"


def _section(section: Section, bullet: str) -> list[str]:
    lines = [part for line in section.lines for part in wrap(line, _WIDTH)]
    for place, entry in enumerate(section.entries):
        head = ", ".join(part for part in (entry.title, entry.place) if part)
        lines += [""] if place else []
        lines += [head, entry.dates]
        for text in entry.bullets:
            lines += wrap(text, _WIDTH, initial_indent=bullet, subsequent_indent="  ")
    return lines


def mojibake(text: str) -> bytes:
    """Save text the way a wrong import does: UTF-8 read as Windows-1252, saved as UTF-8 again."""
    typeset = text.replace("'", "’").replace("\n* ", "\n• ").replace("\n- ", "\n• ")
    garbled = typeset.encode("utf-8").decode("cp1252", errors="replace")
    return garbled.encode("utf-8")
