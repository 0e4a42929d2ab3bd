"""Offer letters and background reports as files."""

from core.sandbox.icims.seed import StoredFile
from core.sandbox.icims.world.offers import offer_terms
from core.sandbox.icims.world.papers.official import background_pdf, offer_pdf
from core.sandbox.icims.world.population import Candidacy, Population
from core.sandbox.icims.world.stages import HIRED, OFFER


def offer_letter(
    population: Population, candidacy: Candidacy, *, signed: bool
) -> StoredFile | None:
    """Make the letter of an application's offer; None when there is none, or not as signed."""
    made = candidacy.reached(OFFER)
    if made is None or (signed and candidacy.reached(HIRED) is None):
        return None
    tenant, opening = population.tenant, candidacy.job.opening
    life = population.life(candidacy.person)
    content = offer_pdf(
        tenant.spec.name,
        life,
        opening,
        offer_terms(population, candidacy),
        tenant.with_role("hiring_manager")[opening.manager].name,
        made.date(),
        signed=signed,
    )
    return StoredFile(f"offer-{candidacy.id}.pdf", "application/pdf", content)


def report(population: Population, candidacy: Candidacy) -> StoredFile | None:
    """Make the background report of an application; None when none was ordered."""
    ordered = candidacy.reached(OFFER)
    if ordered is None:
        return None
    life, draw = population.life(candidacy.person), population.draw("report file", candidacy.id)
    content = background_pdf(population.tenant.spec.name, life, ordered.date(), draw)
    name = f"background-report-{candidacy.id}.pdf"
    return StoredFile(name, "application/pdf", content)
