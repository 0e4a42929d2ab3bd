"""A job's posting as criteria are drawn from it, and whether frozen criteria still fit it."""

from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.canonical import content_hash
from core.domain.ids import ContentHash, UserId
from core.domain.records import Requisition


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What criteria are drafted from, as plain text."""

    title: str
    overview: str = ""
    responsibilities: str = ""
    qualifications: str = ""


def posting_of(requisition: Requisition) -> Posting:
    """Take the posting out of a job."""
    return Posting(
        title=requisition.title,
        overview=requisition.overview,
        responsibilities=requisition.responsibilities,
        qualifications=requisition.qualifications,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The posting that frozen criteria were last held against, by whom and when.

    ``by`` is None where nobody was asked: the posting as it was when the first change to it was
    noticed. ``changed_at`` is when iCIMS last changed it since.
    """

    posting: Posting
    at: datetime
    by: UserId | None = None
    changed_at: datetime | None = None

    def noticed(self, changed_at: datetime) -> "Fit":
        """Remember when the posting changed."""
        return replace(self, changed_at=changed_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingChange:
    """What differs between the posting that criteria were held against and today's.

    ``parts`` are (what, old, new); ``seen`` goes back with the click that it does not matter.
    """

    at: datetime
    parts: tuple[tuple[str, str, str], ...]
    seen: ContentHash


_PARTS = (
    ("Title", "title"),
    ("Overview", "overview"),
    ("Responsibilities", "responsibilities"),
    ("Qualifications", "qualifications"),
)


def change_since(fit: Fit | None, now: Posting) -> PostingChange | None:
    """Say what changed since the criteria were held against the posting; None for nothing."""
    if fit is None or fit.posting == now:
        return None
    both = ((name, getattr(fit.posting, part), getattr(now, part)) for name, part in _PARTS)
    return PostingChange(
        at=fit.changed_at or fit.at,
        parts=tuple(part for part in both if part[1] != part[2]),
        seen=content_hash(now),
    )
