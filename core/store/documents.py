"""Cached files and what was read from them, sealed with the candidate's key."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import select

from core.domain.document import ParsedResume
from core.domain.identity import KnownIdentity, PseudonymisedText
from core.domain.ids import DocumentHash, PersonId
from core.store.codec import dump, dump_pseudonymised, load, load_pseudonymised
from core.store.repository import Repository
from core.store.sql import upsert
from core.store.tables import DocumentRow, VaultKeyRow
from core.store.vault import key_of

_FILE, _PARSED, _PSEUDONYMISED = "file", "parsed", "pseudonymised"


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
        self._put(person, parsed.document.sha256, _PARSED, dump(parsed))

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
            select(DocumentRow.sealed, VaultKeyRow.wrapped)
            .join(VaultKeyRow, key_of(DocumentRow))
            .where(
                DocumentRow.tenant == self.tenant,
                DocumentRow.person_id == person,
                DocumentRow.sha256 == document,
                DocumentRow.part == part,
            )
        )
        row = self.db.execute(query).first()
        place = _place(document, part)
        return self.vault.open(person, place, row.sealed, row.wrapped) if row else None


def _place(document: str, part: str) -> str:
    return f"document/{document}/{part}"
