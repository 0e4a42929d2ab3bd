"""Offers: what the letter says, and where it stands."""

import re
from datetime import timedelta

from core.sandbox.icims.seed import Json, Record
from core.sandbox.icims.world.applications import person_link
from core.sandbox.icims.world.population import Candidacy, Population
from core.sandbox.icims.world.stages import HIRED, OFFER, WITHDRAWN

_AMOUNTS = re.compile(r"\d[\d.,]*")
_FIRST_OFFER = 3_000_000


def offer_record(population: Population, candidacy: Candidacy) -> Record | None:
    """Write the offer of an application that got one."""
    made = candidacy.reached(OFFER)
    if made is None:
        return None
    answered = candidacy.reached(HIRED) or candidacy.reached(WITHDRAWN)
    opening = candidacy.job.opening
    draw = population.draw("offer", candidacy.id)
    country = population.library.places[opening.place].country
    start = (made + timedelta(days=21 + 7 * draw.between(0, 4))).date()
    amount = _amount(opening.pay, draw.random())
    currency = population.library.countries[country]["currency"]
    body: Json = {
        "applicantworkflow": {
            "profile": f"/applicantworkflows/{candidacy.id}",
            "id": candidacy.id,
            "value": person_link(population, candidacy.person)["value"],
        },
        "status": _status(candidacy),
        "jobtitle": opening.title,
        "startdate": start.isoformat(),
        "expires": (made + timedelta(days=7)).date().isoformat(),
        "pay": {"amount": amount, "amountstring": f"{amount:,.2f}", "currency": currency},
        "payperiod": "hour" if amount < 1_000 else "year",
        "location": population.library.places[opening.place].city,
    }
    id = _FIRST_OFFER + candidacy.id
    return Record(record_type="offers", id=id, body=body, created=made, updated=answered or made)


def offer_terms(population: Population, candidacy: Candidacy) -> list[tuple[str, str]]:
    """List what the letter of an offer states; empty without an offer."""
    offer = offer_record(population, candidacy)
    if offer is None:
        return []
    body, pay = offer.body, offer.body["pay"]
    return [
        ("Position", body["jobtitle"]),
        ("Place of work", body["location"]),
        ("Start date", body["startdate"]),
        ("Pay", f"{pay['currency']} {pay['amountstring']} per {body['payperiod']}"),
        ("Valid until", body["expires"]),
    ]


def application_of_offer(id: int) -> int:
    """Give the application an offer id belongs to."""
    return id - _FIRST_OFFER


def _status(candidacy: Candidacy) -> str:
    if candidacy.reached(HIRED):
        return "Accepted"
    return "Declined" if candidacy.reached(WITHDRAWN) else "Sent"


def _amount(pay: str, where: float) -> float:
    """Pick a round amount inside the posted range."""
    low, high = (_number(text) for text in _AMOUNTS.findall(pay)[:2])
    step = 0.25 if high < 1_000 else 500
    return float(low + round((high - low) * where / step) * step)


def _number(text: str) -> float:
    """Read ``21.50``, ``58,000``, ``72.000`` and ``17,20``."""
    head, mark, tail = text.rpartition(",") if "," in text else text.rpartition(".")
    return float(f"{head}{tail}") if not mark or len(tail) == 3 else float(f"{head}.{tail}")
