"""What the sandbox's world hands to its server: plain records in iCIMS's wire shapes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomField:
    """A tenant's own field: two unrelated numbers, as in iCIMS.

    ``json_id`` is ``field{M}`` (read and write), ``search_number`` N of ``customfield{N}``.
    ``kind``: text, number, date, list, multilist. ``nodes``: label → list-node id.
    """

    logical: str
    record_type: str
    json_id: str
    search_number: int
    kind: str
    nodes: Mapping[str, str] = field(default_factory=dict)
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantSpec:
    """One customer: its credentials, numbers and peculiarities.

    ``hidden_fields`` (record type → JSON ids) are invisible to the integration user's login
    group, in records and schema. ``required_fields`` must not be empty when a record is written.
    ``assessment_names``: label → list-node id. ``open_folders``: job folders that mean "posted".
    ``forms``: iForm name → its fields (name → kind text, number, date).
    """

    customer_id: str
    name: str
    client_id: str
    client_secret: str
    basic_user: str
    basic_password: str
    hmac_user: str
    hmac_key: str
    custom_fields: tuple[CustomField, ...]
    statuses: Mapping[str, str]
    hidden_fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    required_fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    hidden_records: frozenset[tuple[str, int]] = frozenset()
    assessment_names: Mapping[str, str] = field(default_factory=dict)
    open_folders: frozenset[str] = frozenset()
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One stored record: ``body`` is the wire JSON without ``links``; ``updated`` aware UTC.

    ``record_type`` is one of ``jobs``, ``people``, ``applicantworkflows``, ``forms``, ``offers``.
    ``updateddate`` is added on the way out, from ``updated``. The values of ``profile`` and
    ``file`` start at the customer, ``/people/7`` and ``/people/7/fields/resume/binary``; the
    server puts host and customer in front. A form's body has ``formname`` (a key of the tenant's
    ``forms``), ``person`` and ``job`` links, ``applicantworkflow`` and its fields; an offer's has
    ``applicantworkflow`` (a link), ``status`` and what the letter says, its papers are the files
    ``unsigned`` and ``signed``.
    """

    record_type: str
    id: int
    body: Json
    updated: datetime
    created: datetime
    status_log: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file field's content."""

    name: str
    media_type: str
    content: bytes


class World(Protocol):
    """A deterministic population; files are made when asked for, never held."""

    @property
    def tenants(self) -> Sequence[TenantSpec]:
        """The customers, two of them by default."""
        ...

    def records(self, customer_id: str) -> Iterator[Record]:
        """All records of a tenant, in id order per type."""
        ...

    def file(self, customer_id: str, record_type: str, id: int, name: str) -> StoredFile | None:
        """The bytes of a file field, e.g. a person's ``resume``; None when there is none."""
        ...
