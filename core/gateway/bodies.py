"""Taking in a body that a stranger sends: bounded in size, time and what it unpacks to."""

import asyncio
import zlib
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request


class Refused(Exception):
    """A request that is answered with ``status``; ``reason`` is counted, the words are sent."""

    def __init__(self, status: int, reason: str, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bytes over the wire and unpacked, seconds until the last byte."""

    sent: int = 256_000
    unpacked: int = 1_000_000
    seconds: float = 10.0


async def take(request: Request, limits: Limits) -> bytes:
    """Read a body as sent; raises ``Refused``."""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:18]) > limits.sent:
        raise _too_large(limits.sent)
    try:
        async with asyncio.timeout(limits.seconds):
            return await _read(request, limits.sent)
    except TimeoutError:
        raise Refused(408, "slow", "the body took too long") from None
    except ClientDisconnect:
        raise Refused(400, "broken_off", "the body broke off") from None


async def _read(request: Request, most: int) -> bytes:
    taken = bytearray()
    async for chunk in request.stream():
        taken += chunk
        if len(taken) > most:
            raise _too_large(most)
    return bytes(taken)


def unpack(body: bytes, encoding: str, most: int) -> bytes:
    """Undo gzip, never past ``most`` bytes; raises ``Refused``."""
    match encoding.strip().lower():
        case "" | "identity":
            return body
        case "gzip" | "x-gzip":
            return _gunzip(body, most)
    raise Refused(415, "encoding", "the content encoding is neither gzip nor none")


def _gunzip(body: bytes, most: int) -> bytes:
    unpacking = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        plain = unpacking.decompress(body, most + 1)
    except zlib.error:
        raise Refused(400, "gzip", "the body is not gzip") from None
    if len(plain) > most:
        raise _too_large(most)
    if not unpacking.eof or unpacking.unused_data:
        raise Refused(400, "gzip", "the gzip body is not whole, or something follows it")
    return plain


def require_type(request: Request, expected: str) -> None:
    """Raise ``Refused`` unless the body is said to be ``expected``."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != expected:
        raise Refused(415, "type", f"the content type must be {expected}")


def _too_large(most: int) -> Refused:
    return Refused(413, "large", f"the body has more than {most:,} bytes")
