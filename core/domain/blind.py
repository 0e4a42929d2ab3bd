"""Facts of a resume moved onto its pseudonymised text, without what identifies or ranks people."""

from dataclasses import replace

from core.domain.document import Contact, Education, ResumeFacts, Section, Skill, Span
from core.domain.identity import PseudonymisedText


def blind_span(text: PseudonymisedText, span: Span) -> Span | None:
    """Map a span of the document to ``text``; None when nothing readable of it is left.

    The inverse of ``PseudonymisedText.to_original``; a cut identifier counts as its whole token.
    """
    start = _moved(text, span.start, upper=False)
    end = _moved(text, span.end, upper=True)
    return Span(start, end) if start < end <= len(text.text) else None


def blind_facts(facts: ResumeFacts, text: PseudonymisedText) -> ResumeFacts:
    """Rebuild ``facts`` on ``text`` for an assessor.

    Contact data, employers and institutions are dropped: a big name is no evidence of skill.
    A title or heading is kept only where the pseudonymised text itself still shows it.
    """
    return ResumeFacts(
        language=facts.language,
        sections=tuple(
            Section(s.kind, _shown(s.heading, span, text), span)
            for s in facts.sections
            if (span := blind_span(text, s.span))
        ),
        positions=tuple(
            replace(p, title=_shown(p.title, span, text), employer="", span=span)
            for p in facts.positions
            if (span := blind_span(text, p.span))
        ),
        skills=tuple(s for skill in facts.skills if (s := _skill(skill, text)).spans),
        education=tuple(
            Education(span=span, level=e.level, subject=_shown(e.subject, span, text))
            for e in facts.education
            if (span := blind_span(text, e.span))
        ),
        certificates=tuple(
            replace(c, span=span) for c in facts.certificates if (span := blind_span(text, c.span))
        ),
        languages=tuple(
            replace(x, span=span) for x in facts.languages if (span := blind_span(text, x.span))
        ),
        contact=Contact(),
        total_years=facts.total_years,
    )


def _moved(text: PseudonymisedText, offset: int, *, upper: bool) -> int:
    shift = 0
    for item in text.replacements:
        if offset <= item.original.start:
            break
        if offset < item.original.end:
            return item.replaced.end if upper else item.replaced.start
        shift = item.replaced.end - item.original.end
    return offset + shift


def _shown(value: str, span: Span, text: PseudonymisedText) -> str:
    return value if value in span.of(text.text) else ""


def _skill(skill: Skill, text: PseudonymisedText) -> Skill:
    spans = (blind_span(text, span) for span in skill.spans)
    return replace(skill, spans=tuple(span for span in spans if span))
