"""The ``x-icims-v1-hmac-sha256`` scheme, for requests in and events out."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

SCHEME = "x-icims-v1-hmac-sha256"
DATE_FORM = "%Y-%m-%dT%H:%M:%S%z"


def signature(
    key: str, method: str, path: str, query: str, headers: Mapping[str, str], signed: list[str]
) -> str:
    """Sign a request: lower-case hex. ``headers`` holds ``x-icims-date`` and all ``signed``."""
    lines = [f"{name}:{headers[name].strip()}" for name in sorted(signed)]
    canonical = "\n".join([method, path, query, *lines, "", ";".join(signed)])
    to_sign = "\n".join([SCHEME, headers["x-icims-date"], _sha256(canonical.encode())])
    return hmac.new(key.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


def signed_headers(
    user: str, key: str, path: str, query: str, body: bytes, at: datetime
) -> dict[str, str]:
    """Give the headers that authenticate a POST of ``body`` at ``at`` (aware)."""
    headers = {
        "x-icims-date": at.strftime(DATE_FORM),
        "x-icims-content-sha256": _sha256(body),
    }
    signed = sorted(headers)
    proof = signature(key, "POST", path, query, headers, signed)
    authorization = f"{SCHEME} user={user}, signedheaders={';'.join(signed)}, signature={proof}"
    return {**headers, "authorization": authorization}


def body_matches(headers: Mapping[str, str], body: bytes) -> bool:
    """Say whether the body is the one whose hash was signed; no hash is fine without a body."""
    declared = headers.get("x-icims-content-sha256")
    return hmac.compare_digest(declared, _sha256(body)) if declared else not body


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
