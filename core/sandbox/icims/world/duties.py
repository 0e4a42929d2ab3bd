"""What a resume says about each job: phrases of the trade, led by what the person can do."""

from core.sandbox.icims.world.careers import Life, Position, narrowed
from core.sandbox.icims.world.draw import Draw
from core.sandbox.icims.world.library import Library, Occupation
from core.sandbox.icims.world.phrases import sentence, within


class Told:
    """The phrases one resume has used up, so that it says nothing twice.

    ``language`` is the key of the phrase lists, ``en`` or ``de``.
    """

    def __init__(self, library: Library, life: Life, language: str, draw: Draw) -> None:
        self._library, self._life, self._language, self._draw = library, life, language, draw
        self._said: set[str] = set()

    def of(self, place: int) -> tuple[str, ...]:
        """Tell what was done in the position at ``place``, the newest being 0."""
        life, draw = self._life, self._draw
        position = life.career.positions[place]
        occupation = self._library.occupations[position.occupation]
        patterns = self._abilities(occupation, position, 0.85 if place == 0 else 0.4)
        wanted = draw.between(3, 6) if place == 0 else draw.between(2, 4) if place < 3 else 2
        patterns += draw.some(self._general(occupation, position), max(1, wanted - len(patterns)))
        self._said.update(patterns)
        draw.shuffle(patterns)
        slots = narrowed(occupation, life.merit, position.focus)
        months = (position.end or life.written) - position.start
        return tuple(within(months, sentence(pattern, slots, draw)) for pattern in patterns)

    def _abilities(self, occupation: Occupation, position: Position, chance: float) -> list[str]:
        """Pick a phrase for each ability that this job shows."""
        merit = self._life.merit
        if occupation.key != merit.occupation:
            return []
        shown = []
        for key in sorted(merit.abilities):
            ability = occupation.abilities[key]
            duties = ability.duties.get(self._language) or ability.duties[""]
            fresh = [duty for duty in duties if duty not in self._said]
            if fresh and position.level >= ability.from_level and self._draw.chance(chance):
                shown.append(self._draw.pick(fresh))
        return shown

    def _general(self, occupation: Occupation, position: Position) -> list[str]:
        pool = general_duties(occupation, position.track, self._language)
        if position.level >= occupation.lead_from:
            leading = occupation.lead_duties
            pool += 2 * list(leading.get(self._language) or leading[""])
        # A sentence without variants is rarer, or readers would meet it again and again.
        fresh = (pattern for pattern in dict.fromkeys(pool) if pattern not in self._said)
        return [pattern for pattern in fresh if "{" in pattern or self._draw.chance(0.3)]


def general_duties(occupation: Occupation, track: str, language: str) -> list[str]:
    """List the patterns that suit a track; those of another track begin with its name."""
    patterns = occupation.duties.get(language) or occupation.duties[""]
    split = [pattern.split(" ", 1) for pattern in patterns]
    tagged = [rest[0] for tag, *rest in split if tag == f"#{track}"]
    return tagged + [pattern for pattern in patterns if not pattern.startswith("#")]
