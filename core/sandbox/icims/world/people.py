"""Who a person is: name, address, phone and e-mail, all invented."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.library import Library, Place

_SPELLING = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ł": "l", "ı": "i", "đ": "d", "Đ": "D", "ø": "o"}
)
_MAIL_HOSTS = ("example.com", "example.net", "example.org", "mail.example", "post.example")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person's name and how to reach them. ``female`` decides German job titles."""

    first: str
    last: str
    female: bool
    email: str
    phone: str
    street: str
    town: str
    postcode: str
    region: str
    abbrev: str
    country: str
    handle: str
    nationality: str

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


def draw_identity(library: Library, place: Place, draw: Draw) -> Identity:
    """Invent a person who lives in or near ``place``."""
    culture = library.cultures[draw.weighted(place.cultures)]
    female = draw.chance(0.5)
    first = draw.pick(culture.female if female else culture.male)
    last = draw.pick(culture.family_female if female else culture.family)
    town, prefix = draw.pick(place.towns).split("|")
    street = draw.pick(library.streets[place.country])
    return Identity(
        first=first,
        last=last,
        female=female,
        email=_email(first, last, draw),
        phone=_phone(place, draw),
        street=_street(place.country, street, draw),
        town=town,
        postcode=_postcode(place.country, prefix, draw),
        region=place.region,
        abbrev=place.abbrev,
        country=place.country,
        nationality=culture.nationality,
        handle=f"{plain(first)}-{plain(last)}-{draw.between(10, 99)}{draw.pick('abcdefgh')}",
    )


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Spell a name in lower-case ASCII letters, as in an e-mail address."""
    spelled = name.lower().translate(_SPELLING)
    decomposed = unicodedata.normalize("NFKD", spelled)
    return "".join(c for c in decomposed if c.isascii() and c.isalpha())


def _email(first: str, last: str, draw: Draw) -> str:
    given, family = plain(first), plain(last)
    patterns = (
        f"{given}.{family}",
        f"{given[0]}{family}{draw.between(1, 99)}",
        f"{given}{family}",
        f"{family}.{given}",
        f"{given}_{family[:1]}{draw.between(70, 99)}",
    )
    return f"{draw.pick(patterns)}@{draw.pick(_MAIL_HOSTS)}"


def _phone(place: Place, draw: Draw) -> str:
    area, line = draw.pick(place.areas), draw.between(0, 99)
    if place.country == "us":
        styles = ("({a}) 555-01{n:02d}", "{a}-555-01{n:02d}", "+1 {a} 555 01{n:02d}")
        return draw.pick(styles).format(a=area, n=line)
    if place.country == "gb":
        return (
            f"+44 {area}{line:03d}"
            if area.startswith("20")
            else f"0{area[:4]} {area[5:]}{line:03d}"
        )
    return draw.pick(("+49 {a}{n:02d}", "0{a}{n:02d}")).format(a=area, n=line)


def _street(country: str, street: str, draw: Draw) -> str:
    if country == "de":
        return f"{street} {draw.between(1, 148)}{draw.pick(('', '', '', 'a', 'b'))}"
    number = draw.between(2, 180) if country == "gb" else draw.between(12, 2980)
    unit = f", Apt {draw.between(1, 9)}{draw.pick('ABCD')}" if country == "us" else ""
    return f"{number} {street}{unit if draw.chance(0.4) else ''}"


def _postcode(country: str, prefix: str, draw: Draw) -> str:
    if country == "gb":
        return f"{prefix} {draw.between(1, 9)}{draw.pick('ABDEFGHJL')}{draw.pick('NPQRSTUW')}"
    return f"{prefix}{draw.between(0, 99):02d}"
