"""File fields: bytes in, bytes out, and a text that may not come."""

import io
from dataclasses import replace
from urllib.parse import quote

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import PlainTextResponse, Response

from core.sandbox.icims.calls import Call, done
from core.sandbox.icims.fields import hidden_fields, kinds, require_complete
from core.sandbox.icims.seed import Record, StoredFile
from core.sandbox.icims.wire import bad_field, missing


async def download(call: Call) -> Response:
    """Send a file field's bytes."""
    return sent_file(await file_of(call, call.record(), call.request.path_params["field"]))


def sent_file(file: StoredFile) -> Response:
    """Answer with a file."""
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    headers = {"content-disposition": disposition}
    return Response(file.content, media_type=file.media_type, headers=headers)


async def text(call: Call) -> Response:
    """Send the text of a plain or PDF file; of others iCIMS gives up with a 404, as here."""
    file = await file_of(call, call.record(), call.request.path_params["field"])
    found = await run_in_threadpool(_text_of, file)
    if not found.strip():
        raise missing()
    return PlainTextResponse(found)


async def upload(call: Call) -> Response:
    """Replace a file field with the first file of a multipart body."""
    field: str = call.request.path_params["field"]
    if kinds(call.tenant, call.type).get(field) != "file":
        raise bad_field(field, "cannot be written")
    file = await _sent(call, field)
    record = call.record()
    address = f"/{record.record_type}/{record.id}/fields/{field}/binary"
    body = {**record.body, field: {"filename": file.name, "file": address}}
    changed = replace(record, body=body, updated=call.now)
    require_complete(call.tenant, changed)
    write = call.write(changed, "uploaded", {"filename": file.name, "bytes": len(file.content)})
    call.sandbox.store.save(changed, write, upload=(field, file))
    return done()


async def _sent(call: Call, field: str) -> StoredFile:
    async with call.request.form() as form:
        sent = next((part for part in form.values() if isinstance(part, UploadFile)), None)
        if sent is None:
            raise bad_field(field, "a multipart file is expected")
        media_type = sent.content_type or "application/octet-stream"
        return StoredFile(sent.filename or field, media_type, await sent.read())


async def file_of(call: Call, record: Record, field: str) -> StoredFile:
    """Find a file field's content; raises ``ApiError`` (404) when hidden or without one."""
    if field in hidden_fields(call.tenant, record.record_type):
        raise missing()
    key = (call.customer, record.record_type, record.id, field)
    file = call.sandbox.store.uploaded(*key)
    if file is None:
        file = await run_in_threadpool(call.sandbox.world.file, *key)
    if file is None:
        raise missing()
    return file


def _text_of(file: StoredFile) -> str:
    if file.media_type.startswith("text/plain"):
        return file.content.decode("utf-8", errors="replace")
    if file.media_type != "application/pdf":
        return ""
    try:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages)
    except (PyPdfError, ValueError):
        return ""
