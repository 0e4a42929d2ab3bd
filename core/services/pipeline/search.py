"""Full-text search in the resumes of a requisition."""

from core.domain.ids import ApplicationId, RequisitionId
from core.domain.views import Found
from core.domain.words import question
from core.ports import UnitOfWork


def found_in(uow: UnitOfWork, id: RequisitionId, words: str) -> dict[ApplicationId, Found]:
    """Find the resumes of a requisition that answer ``words``; none where nothing is asked.

    Texts are opened one by one and not kept.
    """
    asked = question(words)
    if asked.is_empty:
        return {}
    answers = ((of, asked.find(text)) for of, text in uow.documents.words(id))
    return {of: found for of, found in answers if found is not None}
