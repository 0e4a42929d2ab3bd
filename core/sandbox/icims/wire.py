"""How iCIMS writes dates, links and errors in its JSON."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.responses import JSONResponse, Response

from core.sandbox.icims.seed import Json

DAY, MINUTE = "%Y-%m-%d", "%Y-%m-%d %I:%M %p"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MINUTE = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2} [AP]M")
_EMPTY: tuple[object, ...] = (None, "", [], {})
_ADDRESSES = frozenset({"profile", "file"})


class ApiError(Exception):
    """An answer other than success: HTTP status, iCIMS error code and message."""

    def __init__(self, status: int, code: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def response(self) -> Response:
        """Write the error as iCIMS does: ``{"errors": [{"errorCode", "errorMessage"}]}``."""
        body = {"errors": [{"errorCode": self.code, "errorMessage": self.message}]}
        return JSONResponse(body, self.status, self.headers)


def bad_field(name: str, why: str) -> ApiError:
    """Refuse a written value, naming the field in ``X-Error`` as iCIMS does."""
    return ApiError(400, 1, f"{name}: {why}", x_error=f"1:{name}:{why}")


def missing() -> ApiError:
    """Say that a record does not exist."""
    return ApiError(404, 2, "The requested resource was not found.")


def denied() -> ApiError:
    """Say that a record is not for this login group; also a 404."""
    return ApiError(404, 3, "The requested resource is not available to this user.")


def write_moment(at: datetime) -> str:
    """Format an aware time as iCIMS does: UTC, minutes, 12-hour clock."""
    return at.astimezone(UTC).strftime(MINUTE)


def read_moment(text: str) -> tuple[datetime, bool] | None:
    """Read a day or a minute in UTC; True when it is a whole day; None when malformed."""
    for pattern, form in ((_DAY, DAY), (_MINUTE, MINUTE)):
        if pattern.fullmatch(text):
            try:
                return datetime.strptime(text, form).replace(tzinfo=UTC), form is DAY
            except ValueError:
                return None
    return None


def is_empty(value: object) -> bool:
    """Say whether iCIMS would leave a field with this value out."""
    return any(value == empty and type(value) is type(empty) for empty in _EMPTY)


def outgoing(body: Mapping[str, Any], wanted: Iterable[str] | None, base: str) -> Json:
    """Keep the wanted fields that have a value and complete their addresses with ``base``."""
    names = body.keys() if wanted is None else [name for name in wanted if name in body]
    return {name: _completed(body[name], base) for name in names if not is_empty(body[name])}


def _completed(value: Any, base: str) -> Any:
    if isinstance(value, list):
        return [_completed(item, base) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: f"{base}{part}" if name in _ADDRESSES else _completed(part, base)
        for name, part in value.items()
        if not is_empty(part)
    }
