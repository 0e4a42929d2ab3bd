"""Cached files and what was read from them, sealed with the candidate's key."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.domain.document import ExtractedDocument, ParsedResume
from core.domain.identity import KnownIdentity, PseudonymisedText
from core.domain.ids import ApplicationId, DocumentHash, PersonId, RequisitionId
from core.store.codec import dump, dump_pseudonymised, load, load_pseudonymised
from core.store.repository import Repository
from core.store.sql import upsert
from core.store.tables import ApplicationRow, DocumentRow, VaultKeyRow
from core.store.vault import key_of

_FILE, _PARSED, _WORDS, _PSEUDONYMISED = "file", "parsed", "words", "pseudonymised"
_AT_ONCE = 500
"""Resumes held in memory while their words are read."""


class SqlDocuments(Repository):
    """Implements ``ports.Documents``; the parts of a file are rows of their own."""

    def put_file(self, person: PersonId, name: str, content: bytes, at: datetime) -> DocumentHash:
        document = DocumentHash(hashlib.sha256(content).hexdigest())
        plain = name.replace("\n", " ").encode() + b"\n" + content
        self._put(person, document, _FILE, plain, at)
        return document

    def file(self, person: PersonId, document: DocumentHash) -> tuple[str, bytes] | None:
        plain = self._get(person, document, _FILE)
        if plain is None:
            return None
        name, _, content = plain.partition(b"\n")
        return name.decode(), content

    def put_parsed(self, person: PersonId, parsed: ParsedResume) -> None:
        document = parsed.document
        self._put(person, document.sha256, _PARSED, dump(parsed))
        self._put(person, document.sha256, _WORDS, _visible(document).encode())

    def words(self, requisition: RequisitionId) -> Iterator[tuple[ApplicationId, str]]:
        """As the port says; read inside the unit of work, before it commits.

        Words are a part of their own: a search opens a few kilobytes a resume and parses nothing.
        """
        for row in self.db.execute(self._resumes(requisition)):
            part, sealed = (_WORDS, row.words) if row.words else (_PARSED, row.parsed)
            place = _place(row.resume, part)
            plain = self.vault.open(row.person_id, place, sealed, row.wrapped)
            if plain is not None:
                text = plain.decode() if row.words else _visible(load(ParsedResume, plain).document)
                yield ApplicationId(row.id), text

    def usual_size(self, requisition: RequisitionId) -> float | None:
        """As the port says, by the length of what is sealed; the seal itself is a few bytes."""
        query = (
            select(func.avg(func.length(col(DocumentRow.sealed))))
            .join(ApplicationRow, _resume_of(DocumentRow, _PSEUDONYMISED))
            .where(
                col(ApplicationRow.tenant) == self.tenant,
                col(ApplicationRow.requisition_id) == requisition,
            )
        )
        size = self.db.scalar(query)
        return None if size is None else float(size)

    def parsed(self, person: PersonId, document: DocumentHash) -> ParsedResume | None:
        plain = self._get(person, document, _PARSED)
        return None if plain is None else load(ParsedResume, plain)

    def put_pseudonymised(
        self,
        person: PersonId,
        document: DocumentHash,
        text: PseudonymisedText,
        identities: Sequence[KnownIdentity],
    ) -> None:
        self._put(person, document, _PSEUDONYMISED, dump_pseudonymised(text, identities))

    def pseudonymised(
        self, person: PersonId, document: DocumentHash
    ) -> tuple[PseudonymisedText, tuple[KnownIdentity, ...]] | None:
        plain = self._get(person, document, _PSEUDONYMISED)
        return None if plain is None else load_pseudonymised(plain)

    def _resumes(self, requisition: RequisitionId) -> Any:
        """Each resume's words, or what was parsed where it was stored before words were."""
        words, parsed = aliased(DocumentRow), aliased(DocumentRow)
        missing = col(words.part).is_(None)
        return (
            select(
                col(ApplicationRow.id),
                col(ApplicationRow.person_id),
                col(ApplicationRow.resume),
                col(words.sealed).label("words"),
                col(parsed.sealed).label("parsed"),
                col(VaultKeyRow.wrapped),
            )
            .join(VaultKeyRow, key_of(ApplicationRow))
            .outerjoin(words, _resume_of(words, _WORDS))
            .outerjoin(parsed, and_(missing, _resume_of(parsed, _PARSED)))
            .where(
                col(ApplicationRow.tenant) == self.tenant,
                col(ApplicationRow.requisition_id) == requisition,
                or_(~missing, col(parsed.part).is_not(None)),
            )
            .execution_options(yield_per=_AT_ONCE)
        )

    def _put(
        self,
        person: PersonId,
        document: DocumentHash,
        part: str,
        plain: bytes,
        at: datetime | None = None,
    ) -> None:
        row = DocumentRow(
            tenant=self.tenant,
            person_id=person,
            sha256=document,
            part=part,
            sealed=self.vault.seal(person, _place(document, part), plain),
            stored_at=at or self.clock.now(),
        )
        upsert(self.db, row, "tenant", "person_id", "sha256", "part")

    def _get(self, person: PersonId, document: DocumentHash, part: str) -> bytes | None:
        query = (
            select(col(DocumentRow.sealed), col(VaultKeyRow.wrapped))
            .join(VaultKeyRow, key_of(DocumentRow))
            .where(
                col(DocumentRow.tenant) == self.tenant,
                col(DocumentRow.person_id) == person,
                col(DocumentRow.sha256) == document,
                col(DocumentRow.part) == part,
            )
        )
        row = self.db.execute(query).first()
        place = _place(document, part)
        return self.vault.open(person, place, row.sealed, row.wrapped) if row else None


def _resume_of(table: type[DocumentRow], part: str) -> Any:
    """Join applications to one part of their resumes."""
    return and_(
        col(table.tenant) == col(ApplicationRow.tenant),
        col(table.person_id) == col(ApplicationRow.person_id),
        col(table.sha256) == col(ApplicationRow.resume),
        col(table.part) == part,
    )


def _place(document: str, part: str) -> str:
    return f"document/{document}/{part}"


def _visible(document: ExtractedDocument) -> str:
    """What a human reader sees; a space stands where something is concealed."""
    parts, end = [], 0
    for span in document.concealed:
        parts.append(document.text[end : max(end, span.start)])
        end = max(end, span.end)
    return " ".join((*parts, document.text[end:]))
