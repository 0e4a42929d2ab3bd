"""Reading as JSON: searches page by page, records field by field, schemas for a while."""

import threading
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from core.icims import check, search
from core.icims.field_map import RecordType
from core.icims.http import READ_ATTEMPTS, Call, IcimsHttp
from core.icims.replies import Reply
from core.ports import Clock, Trigger

# Long enough to cost nothing, short enough to notice a login group that lost a field.
_SCHEMA_AGE = timedelta(minutes=15)

Json = Mapping[str, Any]


class Reader:
    """Asks iCIMS for ids and records; threads may share it."""

    def __init__(self, http: IcimsHttp, clock: Clock) -> None:
        self._http = http
        self._clock = clock
        self._lock = threading.Lock()
        self._schemas: dict[RecordType, tuple[datetime, Json]] = {}

    def search(self, trigger: Trigger, query: search.Search, *, live: bool) -> list[str]:
        """Find the ids of all pages, ascending; ``live`` bypasses iCIMS's cache."""
        found: dict[int, None] = {}
        page: search.Search | None = query
        while page is not None:
            call = Call(
                method="POST",
                path=page.path,
                what=f"a search for {page.record}",
                params={"staleness": "0"} if live else {},
                body=page.body(),
                fields=tuple(f.name for f in page.filters),
            )
            ids = self._http.read(trigger, call, lambda reply: search.found_ids(reply.json()))
            found.update(dict.fromkeys(ids))
            page = page.next(ids)
        return [str(id) for id in found]

    def record(
        self,
        trigger: Trigger,
        record: RecordType,
        id: str,
        fields: tuple[str, ...],
        attempts: int = READ_ATTEMPTS,
    ) -> Json:
        """Read the named fields of one record."""
        what = f"{record.filter_name} {id}"
        return self.json(trigger, f"{record}/{id}", what, fields, attempts)

    def json(
        self,
        trigger: Trigger,
        path: str,
        what: str,
        fields: tuple[str, ...] = (),
        attempts: int = READ_ATTEMPTS,
    ) -> Json:
        """Read whatever stands at ``path`` below the customer."""
        params = {"fields": ",".join(fields)} if fields else {}
        call = Call(
            method="GET", path=path, what=what, params=params, fields=fields, attempts=attempts
        )
        return self._http.read(trigger, call, Reply.json)

    def file(self, trigger: Trigger, path: str, max_bytes: int) -> bytes:
        """Download a file; ``DocumentRefused`` above ``max_bytes``."""
        call = Call(method="GET", path=path, what="a file", max_bytes=max_bytes)
        return self._http.read(trigger, call, lambda reply: reply.content)

    def schema(self, trigger: Trigger, record: RecordType, attempts: int = READ_ATTEMPTS) -> Json:
        """Fetch what iCIMS shows us of a record type, and keep it."""
        path = f"profiledefinitions/v1/{record.schema_name}/schema"
        schema = self.json(trigger, path, f"the schema of {record}", attempts=attempts)
        with self._lock:
            self._schemas[record] = (self._clock.now(), schema)
        return schema

    def hidden(
        self,
        trigger: Trigger,
        record: RecordType,
        absent: Collection[str],
        attempts: int = READ_ATTEMPTS,
    ) -> frozenset[str]:
        """Say which of the JSON ids ``absent`` from an answer are hidden rather than empty.

        Costs a call when no schema of the last quarter of an hour is kept. Two threads may then
        both make it, which is cheaper than one waiting for the other.
        """
        if not absent:
            return frozenset()
        with self._lock:
            at, schema = self._schemas.get(record, (None, {}))
        if at is None or self._clock.now() - at >= _SCHEMA_AGE:
            schema = self.schema(trigger, record, attempts)
        return check.hidden(absent, schema)
