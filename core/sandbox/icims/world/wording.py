"""The words resumes are built with, in English and German."""

from dataclasses import dataclass

from core.sandbox.icims.world.draw import Draw

_SHORT = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_LONG = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_COUNTS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_COUNTS_DE = [
    "null",
    "ein",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
]


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How a resume writes months: ``form`` is short, long, digits or year."""

    form: str
    join: str
    today: str

    def span(self, start: int, end: int | None) -> str:
        """Write a period; ``end`` None is still going on."""
        first, last = self.month(start), self.today if end is None else self.month(end)
        return first if first == last else f"{first}{self.join}{last}"

    def finished(self, start: int, end: int) -> str:
        """Write when a school was left."""
        first, last = start // 12, end // 12
        return f"{first}{self.join}{last}" if self.form == "digits" and first < last else str(last)

    def month(self, month: int) -> str:
        """Write one month."""
        year, place = divmod(month, 12)
        names = {"short": _SHORT, "long": _LONG}.get(self.form)
        if names:
            return f"{names[place]} {year}"
        return f"{place + 1:02d}/{year}" if self.form == "digits" else str(year)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Headings and small words of one language; tuples are choices."""

    language: str
    date_styles: tuple[DateStyle, ...]
    summary: tuple[str, ...]
    experience: tuple[str, ...]
    education: tuple[str, ...]
    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    languages: tuple[str, ...]
    availability: str
    available: str
    interests: str
    hobbies: tuple[str, ...]
    valid_until: str
    degree_joins: tuple[str, ...]
    languages_by_code: dict[str, str]
    levels: dict[str, tuple[str, ...]]

    def level(self, cefr: str, draw: Draw) -> str:
        """Write a language level in one of the usual ways."""
        return draw.pick((cefr, *self.levels[cefr]) if cefr != "native" else self.levels[cefr])


def write_years(months: int, words: Words, draw: Draw) -> str:
    """Write a length of experience: ``6 years``, ``six years``, ``over 6 years``."""
    years = months // 12
    if words.language == "de":
        if years < 2:
            return "ein Jahr" if years else f"{max(3, months)} Monate"
        return f"{_COUNTS_DE[years] if years < 13 and draw.chance(0.4) else years} Jahre"
    if years < 2:
        return "one year" if years else f"{max(3, months)} months"
    count = _COUNTS[years] if years < 13 and draw.chance(0.4) else str(years)
    return f"{draw.pick(('', '', 'over '))}{count} years"


_EN_DATES = (
    DateStyle("short", " – ", "Present"),
    DateStyle("short", " - ", "present"),
    DateStyle("long", " – ", "Present"),
    DateStyle("long", " to ", "present"),
    DateStyle("digits", " - ", "Present"),
    DateStyle("digits", " – ", "Current"),
    DateStyle("year", " – ", "Present"),
)

WORDS = {
    "en": Words(
        language="en",
        date_styles=_EN_DATES,
        summary=("Summary", "Profile", "Professional Summary", "About Me", "Objective"),
        experience=(
            "Experience",
            "Work Experience",
            "Professional Experience",
            "Employment History",
            "Work History",
        ),
        education=("Education", "Education and Training", "Academic Background"),
        skills=("Skills", "Core Skills", "Key Skills", "Skills & Tools", "Areas of Expertise"),
        certificates=("Certifications", "Licenses and Certifications", "Certificates"),
        languages=("Languages",),
        availability="Availability",
        available="Available for {shift}",
        interests="Interests",
        hobbies=(
            "Choir, trail running",
            "Volunteer at the food bank two Saturdays a month",
            "Amateur boxing, cooking for too many people",
            "Chess club treasurer",
            "Restoring bicycles",
            "Youth soccer coach",
            "Allotment gardening, podcasts",
        ),
        valid_until="expires",
        degree_joins=(", ", " in ", " – "),
        languages_by_code={"en": "English", "es": "Spanish", "de": "German"},
        levels={
            "native": ("native", "native speaker", "mother tongue"),
            "A1": ("beginner",),
            "A2": ("basic",),
            "B1": ("intermediate", "conversational"),
            "B2": ("upper intermediate", "conversational", "good"),
            "C1": ("fluent", "advanced", "professional"),
            "C2": ("fluent", "near-native"),
        },
    ),
    "de": Words(
        language="de",
        date_styles=(DateStyle("digits", " – ", "heute"), DateStyle("digits", " bis ", "heute")),
        summary=("Kurzprofil", "Profil", "Über mich"),
        experience=("Berufserfahrung", "Beruflicher Werdegang", "Berufspraxis"),
        education=("Ausbildung", "Schule und Ausbildung", "Bildungsweg"),
        skills=("Kenntnisse", "Fähigkeiten", "Fachkenntnisse"),
        certificates=("Zertifikate", "Weiterbildung und Zertifikate"),
        languages=("Sprachen", "Sprachkenntnisse"),
        availability="Verfügbarkeit",
        available="Einsatzbereit in {shift}",
        interests="Interessen",
        hobbies=(
            "Vereinsfußball, Angeln",
            "Freiwillige Feuerwehr",
            "Lesen, Wandern",
            "Kochen und Schrebergarten",
            "Modelleisenbahn",
        ),
        valid_until="gültig bis",
        degree_joins=(" ", " – ", ": "),
        languages_by_code={"en": "Englisch", "es": "Spanisch", "de": "Deutsch"},
        levels={
            "native": ("Muttersprache",),
            "A1": ("Anfänger",),
            "A2": ("Grundkenntnisse",),
            "B1": ("gut", "mittlere Kenntnisse"),
            "B2": ("gut in Wort und Schrift",),
            "C1": ("fließend", "verhandlungssicher"),
            "C2": ("verhandlungssicher",),
        },
    ),
}
