"""The tenant's field map: which of iCIMS's unrelated numbers stands behind each logical name.

A custom field has a JSON id ``field{M}`` for reading and writing and an admin number N for
searching (``customfield{N}``); neither follows from the other and the schema carries no labels, so
every tenant needs this file. Format::

    {"customer_id": "1234",
     "fields": {"AI_Match_Score": {"record": "applicantworkflows", "json_id": "field51001",
                                   "search_number": 2041, "kind": "number", "nodes": {}}},
     "assessment_names": {"AI screening": "C61001"},
     "statuses": {"New": "C38354"},
     "open_folders": ["C7001"]}
"""

import json
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from core.errors import FieldMapInvalid
from core.icims.protected import is_protected

NodeId = Annotated[str, StringConstraints(pattern=r"^[CD]\d+$")]


class RecordType(StrEnum):
    """iCIMS record types as they stand in API paths."""

    PEOPLE = "people"
    JOBS = "jobs"
    APPLICATIONS = "applicantworkflows"

    @property
    def filter_name(self) -> str:
        """The type's name in search filters: singular."""
        return _FILTER_NAMES[self]

    @property
    def schema_name(self) -> str:
        """The type's name in the schema endpoint, where an application is a ``submittal``."""
        return "submittal" if self is RecordType.APPLICATIONS else self.filter_name


_FILTER_NAMES = {
    RecordType.PEOPLE: "person",
    RecordType.JOBS: "job",
    RecordType.APPLICATIONS: "applicantworkflow",
}


class Kind(StrEnum):
    """What a mapped field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    LIST = "list"
    MULTILIST = "multilist"


class MappedField(BaseModel):
    """One custom field; ``nodes`` maps a list's labels to node ids."""

    model_config = ConfigDict(frozen=True)

    logical: str
    record: RecordType
    json_id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    search_number: int | None = None
    kind: Kind
    nodes: dict[str, NodeId] = {}

    @model_validator(mode="after")
    def _is_ours_to_read(self) -> "MappedField":
        if is_protected(self.logical, self.json_id):
            raise ValueError("this is protected data, which screening must not read; take it out")
        return self

    @model_validator(mode="after")
    def _lists_have_nodes(self) -> "MappedField":
        if self.kind in (Kind.LIST, Kind.MULTILIST) and not self.nodes:
            raise ValueError("a list needs its nodes, label to node id")
        return self

    def label(self, node_id: str, otherwise: str) -> str:
        """Our label of a node, or ``otherwise`` for one that is not mapped."""
        return next((label for label, id in self.nodes.items() if id == node_id), otherwise)


class FieldMap(BaseModel):
    """A tenant's custom fields and lists by the names this product uses; immutable."""

    model_config = ConfigDict(frozen=True)

    customer_id: Annotated[str, StringConstraints(pattern=r"^\d+$")]
    fields: dict[str, MappedField]
    assessment_names: dict[str, NodeId] = {}
    statuses: dict[str, NodeId] = {}
    open_folders: tuple[NodeId, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _name_fields(cls, content: Any) -> Any:
        fields = content.get("fields") if isinstance(content, dict) else None
        if not isinstance(fields, dict):
            return content
        named = {
            logical: {**entry, "logical": logical} if isinstance(entry, dict) else entry
            for logical, entry in fields.items()
        }
        return {**content, "fields": named}

    @model_validator(mode="after")
    def _one_name_per_field(self) -> "FieldMap":
        uses = Counter((f.record, f.json_id) for f in self.fields.values())
        if shared := sorted(f"{record} {id}" for (record, id), n in uses.items() if n > 1):
            raise ValueError(f"mapped more than once: {', '.join(shared)}")
        return self

    def of(self, record: RecordType) -> tuple[MappedField, ...]:
        """List the fields of one record type."""
        return tuple(f for f in self.fields.values() if f.record is record)


def load_field_map(path: Path) -> FieldMap:
    """Read a field map file; ``FieldMapInvalid`` when it is missing or not as described above."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FieldMapInvalid(f"the field map {path.name} cannot be read: {error}") from error
    return parse_field_map(content)


def parse_field_map(content: object) -> FieldMap:
    """Validate a decoded field map; one ``FieldMapInvalid`` names every problem found."""
    try:
        return FieldMap.model_validate(content)
    except ValidationError as error:
        problems = (
            f"{'.'.join(map(str, problem['loc'])) or 'the whole'}: {problem['msg']}"
            for problem in error.errors()
        )
        raise FieldMapInvalid("the field map is wrong: " + "; ".join(problems)) from error
