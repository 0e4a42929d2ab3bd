"""What stands in a resume, before any layout: headings, entries, lines."""

from dataclasses import dataclass, replace

from core.sandbox.icims.world.careers import Life, Schooling, narrowed
from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.duties import Told
from core.sandbox.icims.world.library import Ability, Library
from core.sandbox.icims.world.merit import Merit
from core.sandbox.icims.world.phrases import sentence
from core.sandbox.icims.world.wording import WORDS, DateStyle, Words, write_years

_BIRTHPLACES = ("Berlin", "Potsdam", "Cottbus", "Kassel", "Rostock", "Leipzig", "Hannover")


@dataclass(frozen=True, slots=True)
class Entry:
    """A dated entry: a job or a school."""

    title: str
    place: str
    dates: str
    bullets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part; ``kind``: summary, experience, education, skills, certificates, ..."""

    kind: str
    title: str
    entries: tuple[Entry, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """A resume's content; ``contact`` in reading order: address, phone, e-mail, then links.

    ``personal`` (label, value) and ``signed`` (place and day) stand in German ones only.
    """

    name: str
    headline: str
    contact: tuple[str, ...]
    sections: tuple[Section, ...]
    german: bool
    personal: tuple[tuple[str, str], ...] = ()
    signed: str = ""

    def section(self, kind: str) -> Section | None:
        """Find a section by kind."""
        return next((section for section in self.sections if section.kind == kind), None)


def write_resume(library: Library, life: Life, draw: Draw) -> Resume:
    """Write down a life as its owner would."""
    words = WORDS["de" if life.career.german else "en"]
    dates = draw.pick(words.date_styles)
    sections = [
        _summary(library, life, words, draw),
        _experience(library, life, words, dates, draw),
        _education(life, words, dates, draw),
        _certificates(library, life, words, draw),
        _skills(library, life, words, draw),
        _languages(life, words, draw),
        _other(life, words, draw),
    ]
    if draw.chance(0.3):  # skills before the jobs
        sections.insert(1, sections.pop(4))
    headline = life.career.positions[0].title if life.career.positions and draw.chance(0.6) else ""
    resume = Resume(
        name=life.who.name,
        headline=headline,
        contact=_contact(life, draw),
        sections=tuple(s for s in sections if s is not None and (s.entries or s.lines)),
        german=life.career.german,
        personal=_personal(life, draw) if life.career.german else (),
        signed=f"{life.who.town}, {_day(life.written - 1, draw)}" if life.career.german else "",
    )
    return without_bullets(resume, 1) if draw.chance(0.06) else resume


def without_bullets(resume: Resume, keep: int) -> Resume:
    """Shorten a resume to ``keep`` bullets an entry."""
    shorter = tuple(
        replace(s, entries=tuple(replace(e, bullets=e.bullets[:keep]) for e in s.entries))
        for s in resume.sections
    )
    return replace(resume, sections=shorter)


def _personal(life: Life, draw: Draw) -> tuple[tuple[str, str], ...]:
    """Write what German resumes still tell: birth, nationality, family."""
    who = life.who
    birth = _day(life.career.born, draw)
    rows = [("Geburtsdatum", birth), ("Geburtsort", draw.pick(_BIRTHPLACES))]
    if draw.chance(0.5):
        rows[:] = [("Geboren am", f"{birth} in {rows[1][1]}")]
    if draw.chance(0.45):
        rows.append(("Staatsangehörigkeit", draw.pick(("deutsch", who.nationality))))
    if draw.chance(0.4):
        states = ("ledig", "verheiratet", "verheiratet, zwei Kinder")
        rows.append(("Familienstand", draw.pick(states)))
    if who.country == "de" and draw.chance(0.2):
        rows.append(("Führerschein", "Klasse B, eigener Pkw"))
    return tuple(rows)


def _day(month: int, draw: Draw) -> str:
    return f"{draw.between(1, 28):02d}.{month % 12 + 1:02d}.{month // 12}"


def _contact(life: Life, draw: Draw) -> tuple[str, ...]:
    who = life.who
    if who.country == "de":
        address = f"{who.street}, {who.postcode} {who.town}"
    elif who.country == "gb":
        address = f"{who.street}, {who.town} {who.postcode}"
    else:
        address = f"{who.street}, {who.town}, {who.abbrev} {who.postcode}"
    if draw.chance(0.3):
        address = f"{who.town}, {who.abbrev}" if who.country == "us" else who.town
    lines = [address, who.phone, who.email]
    if draw.chance(0.3):
        lines.append(f"linkedin.com/in/{who.handle}")
    if life.opening.occupation in ("software", "analytics") and draw.chance(0.6):
        lines.append(f"github.com/{who.handle.replace('-', '')}")
    return tuple(lines)


def _summary(library: Library, life: Life, words: Words, draw: Draw) -> Section | None:
    positions = life.career.positions
    if not positions or not draw.chance(0.7):
        return None
    trade = positions[0].occupation
    occupation = library.occupations[trade]
    months = sum((p.end or life.written) - p.start for p in positions if p.occupation == trade)
    leads = positions[0].level >= occupation.lead_from and words.language == "en"
    texts = occupation.lead_summaries if leads else occupation.summaries
    patterns = texts.get(words.language) or texts[""] or occupation.summaries[""]
    pattern = draw.pick(patterns)
    slots = {
        name: values[: pattern.count(f"{{{name}}}")]
        for name, values in narrowed(occupation, life.merit, positions[0].focus).items()
    }
    slots["years"] = (write_years(months, words, draw),)
    text = sentence(pattern, slots, draw)
    return Section("summary", draw.pick(words.summary), lines=(text,))


def _experience(
    library: Library, life: Life, words: Words, dates: DateStyle, draw: Draw
) -> Section:
    told = Told(library, life, words.language, draw)
    entries = [
        Entry(
            title=position.title,
            place=f"{position.employer}, {position.city}",
            dates=dates.span(position.start, position.end),
            bullets=told.of(place),
        )
        for place, position in enumerate(life.career.positions)
    ]
    gap = life.career.gap
    if gap and gap.reason:
        later = sum(position.start >= gap.end for position in life.career.positions)
        entries.insert(later, Entry(gap.reason, "", dates.span(gap.start, gap.end)))
    return Section("experience", draw.pick(words.experience), tuple(entries))


def _education(life: Life, words: Words, dates: DateStyle, draw: Draw) -> Section:
    entries = [
        Entry(_degree(s, words, draw), s.school, dates.finished(s.start, s.end))
        for s in life.career.schooling
    ]
    return Section("education", draw.pick(words.education), tuple(entries))


def _degree(schooling: Schooling, words: Words, draw: Draw) -> str:
    if not schooling.major:
        return schooling.degree
    if schooling.major.lower() in schooling.degree.lower():
        return schooling.degree
    return f"{schooling.degree}{draw.pick(words.degree_joins)}{schooling.major}"


def _own_abilities(library: Library, merit: Merit) -> list[Ability]:
    known = library.occupations[merit.occupation].abilities
    return [known[key] for key in sorted(merit.abilities)]


def _certificates(library: Library, life: Life, words: Words, draw: Draw) -> Section | None:
    lines = []
    for ability in _own_abilities(library, life.merit):
        name = ability.certificate.get(words.language) or (
            ability.certificate.get(life.who.country) or ability.certificate[""]
        )
        if name and (ability.licence or draw.chance(0.85)):
            year = life.written // 12
            valid = f" ({words.valid_until} {year + draw.between(1, 2)})"
            suffix = draw.pick((valid, "", "", f", {year - draw.between(0, 4)}"))
            lines.append(name.format(state=life.who.region) + suffix)
    return Section("certificates", draw.pick(words.certificates), lines=tuple(lines))


def _skills(library: Library, life: Life, words: Words, draw: Draw) -> Section:
    occupation = library.occupations[life.merit.occupation]
    named = [
        ability.skill.get(words.language) or ability.skill[""]
        for ability in _own_abilities(library, life.merit)
        if draw.chance(0.88)
    ]
    current = life.career.positions[0].occupation if life.career.positions else occupation.key
    source = library.occupations[current].skills
    general = draw.some(source.get(words.language) or source[""], draw.between(4, 9))
    skills = named + general
    draw.shuffle(skills)
    return Section("skills", draw.pick(words.skills), lines=(", ".join(skills),))


def _languages(life: Life, words: Words, draw: Draw) -> Section | None:
    spoken = life.merit.languages
    if len(spoken) < 2 and not draw.chance(0.15):
        return None
    lines = [
        f"{words.languages_by_code[code]} ({words.level(level, draw)})"
        for code, level in spoken.items()
    ]
    return Section("languages", draw.pick(words.languages), lines=(", ".join(lines),))


def _other(life: Life, words: Words, draw: Draw) -> Section | None:
    shifts = [ask.shift for ask in life.opening.required if ask.shift]
    if shifts and life.merit.flexible and draw.chance(0.5):
        line = words.available.format(shift=shifts[0])
        return Section("availability", words.availability, lines=(line,))
    if draw.chance(0.18):
        return Section("interests", words.interests, lines=(draw.pick(words.hobbies),))
    return None
