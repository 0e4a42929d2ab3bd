"""iCIMS's request signature ``x-icims-v1-hmac-sha256``, for requests and for checking events."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

SCHEME = "x-icims-v1-hmac-sha256"


def signed_headers(
    *,
    user: str,
    key: str,
    method: str,
    path: str,
    query: str,
    host: str,
    body: bytes,
    at: datetime,
    content_type: str = "",
) -> dict[str, str]:
    """Build the headers that sign a request; ``query`` is without its question mark.

    ``path`` and ``query`` must be the encoded ones that go over the wire.
    """
    date = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
    headers = {
        "host": host,
        "x-icims-date": date,
        "x-icims-content-sha256": hashlib.sha256(body).hexdigest(),
    }
    if content_type:
        headers["content-type"] = content_type
    mark = signature(key, date, canonical_request(method, path, query, headers))
    names = ";".join(sorted(headers))
    authorization = f"{SCHEME} user={user}, signedheaders={names}, signature={mark}"
    return {**headers, "authorization": authorization}


def canonical_request(
    method: str, path: str, query: str, headers: Mapping[str, str], listed: str = ""
) -> str:
    """Put the parts that are signed into iCIMS's order; header names lower-case, values trimmed.

    ``listed`` is the list of signed headers as the sender wrote it, by default the sorted one.
    """
    lines = sorted(f"{name.lower()}:{value.strip()}" for name, value in headers.items())
    names = listed or ";".join(sorted(name.lower() for name in headers))
    return "\n".join([method.upper(), path, query, *lines, "", names])


def signature(key: str, date: str, canonical: str) -> str:
    """Sign a canonical request: lower-case hex HMAC-SHA256."""
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join([SCHEME, date, digest])
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
