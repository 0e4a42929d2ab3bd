"""Lays out working lives backwards from the month the resume was written."""

from collections import Counter

from core.sandbox.icims.world.careers import Career, Gap, Position, draw_schooling, narrowed
from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.library import Library, Occupation
from core.sandbox.icims.world.merit import Band, Merit
from core.sandbox.icims.world.people import Identity
from core.sandbox.icims.world.phrases import sentence

_REASONS = {
    False: (
        "Parental leave",
        "Full-time care for a family member",
        "Moved cities and looked for work",
        "Travel and language study",
        "Recovery from an injury, fully healed",
        "Full-time study",
    ),
    True: (
        "Elternzeit",
        "Pflege eines Angehörigen",
        "Umzug und berufliche Neuorientierung",
        "Sprachkurs und Anerkennung des Abschlusses",
    ),
}
_OTHER_WORK = {Band.STRONG: 0.25, Band.PARTIAL: 0.45, Band.WEAK: 0.85, Band.CHANGER: 1.0}
_MOST_POSITIONS = 7


class History:
    """One person's jobs while they are being laid out, newest first.

    ``seat_level`` is the rung of the job applied for: nobody stands far above it.
    """

    def __init__(
        self, library: Library, merit: Merit, who: Identity, seat_level: int, draw: Draw
    ) -> None:
        self._library, self._merit, self._who, self._draw = library, merit, who, draw
        self._seat_level = seat_level
        self._german = who.country == "de" and draw.chance(
            0.72 if merit.occupation == "warehouse" else 0.4
        )
        self._positions: list[Position] = []
        self._gap: Gap | None = None
        self._employers: set[str] = set()

    def career(self, written: int) -> Career:
        """Lay out the life: ``merit.months`` in the occupation, and more besides."""
        draw = self._draw
        self._lay_out(self._spans(), written)
        first = self._positions[-1].start if self._positions else written - draw.between(2, 8)
        education, country = self._merit.education, self._who.country
        schooling = draw_schooling(self._library, education, country, first, draw)
        return Career(
            positions=tuple(self._positions),
            schooling=schooling,
            gap=self._gap,
            german=self._german,
            born=min([first, *(s.start for s in schooling)]) - 18 * 12 - draw.between(0, 60),
        )

    def _spans(self) -> list[tuple[str, int]]:
        """Cut the life into (occupation, months), newest first."""
        merit, draw = self._merit, self._draw
        spans = [(merit.occupation, months) for months in _cut(merit.months, draw)]
        if draw.chance(_OTHER_WORK[merit.band]):
            trade = draw.pick(self._library.occupations[merit.occupation].adjacent)
            months = draw.between(8, 130 if merit.band is Band.CHANGER else 60)
            elsewhere = [(trade, part) for part in _cut(months, draw)]
            # The relevant work of some lies behind them, of most it is the newest.
            stale = merit.band in (Band.PARTIAL, Band.WEAK) and draw.chance(0.25)
            spans = elsewhere + spans if stale else spans + elsewhere
        return spans[:_MOST_POSITIONS]

    def _lay_out(self, spans: list[tuple[str, int]], written: int) -> None:
        draw, end = self._draw, None
        if draw.chance(0.34):
            end = written - draw.between(1, 11)
        left = Counter[str]()
        for trade, months in spans:
            left[trade] += months
        pause = 1
        for trade, months in spans:
            left[trade] -= months
            start = (written if end is None else end) - months
            # The title on paper is the one reached some way into the job.
            years = (left[trade] + months / 2) / 12
            self._add(trade, years, start, end, straight_on=pause == 0)
            pause = draw.weighted({0: 50, 1: 25, 2: 11, 3: 5, draw.between(5, 15): 9})
            if self._gap is None and pause > 4 and len(self._positions) < len(spans):
                self._gap = Gap(start - pause, start, self._reason())
            end = start - pause

    def _reason(self) -> str:
        return self._draw.pick(_REASONS[self._german]) if self._draw.chance(0.55) else ""

    def _add(
        self, trade: str, years: float, start: int, end: int | None, *, straight_on: bool
    ) -> None:
        occupation, draw = self._library.occupations[trade], self._draw
        level = self._level(occupation, years)
        focus = draw.getrandbits(30)
        title, track = self._title(occupation, level, focus)
        newer = self._positions[-1] if self._positions and straight_on else None
        if newer and (newer.occupation, newer.track) == (trade, track) and newer.level > level:
            employer, city, focus = newer.employer, newer.city, newer.focus  # was promoted there
        else:
            employer, city = self._employer(occupation, track), self._city()
        self._positions.append(
            Position(
                title=title,
                employer=employer,
                city=city,
                occupation=trade,
                level=level,
                start=start,
                end=end,
                focus=focus,
                track=track,
            )
        )

    def _level(self, occupation: Occupation, years: float) -> int:
        cap = self._seat_level if occupation.key == self._merit.occupation else 1
        open_to = sum(level.from_year <= years for level in occupation.levels)
        return max(0, min(open_to - 1, cap + 1))

    def _title(self, occupation: Occupation, level: int, focus: int) -> tuple[str, str]:
        """Choose a title and the track it names, as in ``Line Cook #kitchen``."""
        titles = occupation.levels[level].titles
        language = "de" if self._german else self._who.country.replace("de", "")
        pattern, _, track = self._draw.pick(titles.get(language, titles[""])).partition(" #")
        if self._german and pattern.count("|") == 1:
            pattern = pattern.split("|")[self._who.female]
        if "{" not in pattern:
            return pattern, track
        slots = narrowed(occupation, self._merit, focus)
        main = {name: values[:1] for name, values in slots.items()}
        return sentence(pattern, main, self._draw), track

    def _employer(self, occupation: Occupation, track: str) -> str:
        split = [name.partition(" #") for name in occupation.employers[self._who.country]]
        own = [name for name, _, of_track in split if of_track and of_track == track]
        choices = own or [name for name, _, of_track in split if not of_track]
        name = self._draw.pick([c for c in choices if c not in self._employers] or choices)
        self._employers.add(name)
        return name

    def _city(self) -> str:
        who = self._who
        if self._draw.chance(0.18):
            return self._draw.pick(self._library.other_cities[who.country])
        return f"{who.town}, {who.abbrev}" if who.country == "us" else who.town


def _cut(months: int, draw: Draw) -> list[int]:
    parts = []
    while months > 2:
        part = min(months, draw.between(9, 58))
        if months - part < 4:
            part = months
        parts.append(part)
        months -= part
    return parts
