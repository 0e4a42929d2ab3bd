"""Personal data under one key per candidate; forgetting a person is destroying their key.

A data key (AES-256-GCM) is random and stored wrapped by a key derived from the deployment's
secret (HKDF-SHA256). A sealed value names its data key, so what an erased key once sealed stays
closed even when the same person applies again and gets a new one.
"""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import Session
from sqlmodel import col, delete, select

from core.domain.ids import PersonId, TenantId
from core.errors import IntegrityError, InvalidInput
from core.store.sql import insert_once, table_of
from core.store.tables import (
    ApplicationRow,
    AssessmentRow,
    Base,
    CandidateRow,
    DocumentRow,
    EventRow,
    LookRow,
    ModelRunBodyRow,
    OverrideRow,
    OwnViewRow,
    StageChangeRow,
    VaultKeyRow,
)

_ID, _NONCE = 8, 12
_MIN_SECRET = 16
_KEYS_HELD = 20_000

_OF_APPLICATIONS: tuple[type[Base], ...] = (
    AssessmentRow,
    OverrideRow,
    OwnViewRow,
    LookRow,
    EventRow,
    ModelRunBodyRow,
)
_OF_PEOPLE: tuple[type[Base], ...] = (
    CandidateRow,
    DocumentRow,
    EventRow,
    StageChangeRow,
    ModelRunBodyRow,
    ApplicationRow,
)


class KeyRing:
    """The deployment's wrapping key, and the data keys it has lately unwrapped."""

    def __init__(self, secret: str) -> None:
        if len(secret) < _MIN_SECRET:
            raise InvalidInput(f"the secret key must have at least {_MIN_SECRET} characters")
        derive = HKDF(SHA256(), length=32, salt=None, info=b"copilot/vault/wrapping-key/1")
        self._wrapping = AESGCM(derive.derive(secret.encode()))
        self.unwrap = lru_cache(maxsize=_KEYS_HELD)(self._unwrap)

    def new_key(self, owner: str) -> bytes:
        """Make a data key for ``owner`` and return it wrapped, its id in front."""
        key_id = os.urandom(_ID)
        return key_id + _encrypt(self._wrapping, AESGCM.generate_key(256), owner)

    def _unwrap(self, wrapped: bytes, owner: str) -> AESGCM:
        try:
            return AESGCM(_decrypt(self._wrapping, wrapped[_ID:], owner))
        except InvalidTag:
            raise IntegrityError("a vault key does not open with this secret key") from None


class Vault:
    """Seals and opens one tenant's personal values inside one transaction."""

    def __init__(self, session: Session, tenant: TenantId, ring: KeyRing) -> None:
        self._session = session
        self._tenant = tenant
        self._ring = ring
        self._wrapped: dict[PersonId, bytes] = {}
        self._forgot = False

    def seal(self, person: PersonId, place: str, plain: bytes) -> bytes:
        """Encrypt ``plain`` with the person's key, bound to ``place`` (table and row)."""
        wrapped = self._wrapped.get(person) or self._key_for(person)
        cipher = self._ring.unwrap(wrapped, self._owner(person))
        return wrapped[:_ID] + _encrypt(cipher, plain, place)

    def open(self, person: str, place: str, sealed: bytes, wrapped: bytes | None) -> bytes | None:
        """Decrypt what ``seal`` made; None once the person was forgotten.

        ``wrapped`` is the person's key row as read together with the value: a key that is no
        longer in the database opens nothing, however lately it was used.
        """
        if wrapped is None or wrapped[:_ID] != sealed[:_ID]:
            return None
        try:
            return _decrypt(self._ring.unwrap(wrapped, self._owner(person)), sealed[_ID:], place)
        except InvalidTag:
            raise IntegrityError(f"the sealed value of {place} was altered") from None

    def opens(self) -> bool:
        """Say whether the secret key opens a key of this tenant; also when there is none yet."""
        query = select(VaultKeyRow.wrapped, VaultKeyRow.person_id).where(
            VaultKeyRow.tenant == self._tenant
        )
        row = self._session.execute(query.limit(1)).first()
        try:
            return row is None or bool(self._ring.unwrap(row.wrapped, self._owner(row.person_id)))
        except IntegrityError:
            return False

    def forget(self, person: PersonId) -> bool:
        """Destroy the person's key and all that is held of them; False when nothing was.

        Proposals and their answers stay, closed for ever: receipts and the log refer to them.
        """
        self._wrapped.pop(person, None)
        self._forgot = True
        gone = self._session.scalars(
            delete(VaultKeyRow)
            .where(col(VaultKeyRow.tenant) == self._tenant, col(VaultKeyRow.person_id) == person)
            .returning(col(VaultKeyRow.person_id))
        ).all()
        for table in _OF_APPLICATIONS:
            self._session.execute(delete(table).where(self._about(table, person)))
        for table in _OF_PEOPLE:
            self._session.execute(delete(table).where(self._of(table, person)))
        return bool(gone)

    def _of(self, table: type[Base], person: PersonId) -> ColumnElement[bool]:
        columns = table_of(table).c
        return and_(columns.tenant == self._tenant, columns.person_id == person)

    def _about(self, table: type[Base], person: PersonId) -> ColumnElement[bool]:
        columns = table_of(table).c
        theirs = select(col(ApplicationRow.id)).where(self._of(ApplicationRow, person))
        return and_(columns.tenant == self._tenant, columns.application_id.in_(theirs))

    def put_down(self) -> None:
        """Let go of the keys taken up so far: the transaction that read or made them is over."""
        self._wrapped.clear()
        self._forgot = False

    def sweep(self) -> None:
        """After a commit that forgot somebody, clear what SQLite's write-ahead log still holds.

        Deleted bytes are overwritten in the file itself (``secure_delete``); backups, and
        PostgreSQL until its vacuum, keep theirs and are the operator's to expire.
        """
        if self._forgot and self._session.get_bind().dialect.name == "sqlite":
            self._session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            self._session.rollback()

    def _key_for(self, person: PersonId) -> bytes:
        query = select(VaultKeyRow.wrapped).where(
            VaultKeyRow.tenant == self._tenant, VaultKeyRow.person_id == person
        )
        wrapped = self._session.scalar(query)
        if wrapped is None:
            fresh = self._ring.new_key(self._owner(person))
            row = VaultKeyRow(tenant=self._tenant, person_id=person, wrapped=fresh)
            insert_once(self._session, row, "tenant", "person_id")
            wrapped = self._session.scalars(query).one()
        self._wrapped[person] = wrapped
        return wrapped

    def _owner(self, person: str) -> str:
        return f"{self._tenant}/{person}"


def key_of(table: type[Base]) -> ColumnElement[bool]:
    """Join ``table`` to its rows' keys: an inner join leaves forgotten people out."""
    columns = table_of(table).c
    return and_(
        col(VaultKeyRow.tenant) == columns.tenant, col(VaultKeyRow.person_id) == columns.person_id
    )


def _encrypt(cipher: AESGCM, plain: bytes, place: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + cipher.encrypt(nonce, plain, place.encode())


def _decrypt(cipher: AESGCM, sealed: bytes, place: str) -> bytes:
    return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
