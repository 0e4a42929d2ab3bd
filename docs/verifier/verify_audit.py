#!/usr/bin/env python3
"""Verify an exported audit log without the product that wrote it.

    python3 verify_audit.py LOG.jsonl [--head HASH] [--count N]

The first line of the export says what the log claims to hold; every further line is one row:
the hash of the row before it, its own hash, and the exact text ("payload") that was hashed.
A row's hash is SHA-256 over the previous hash, a newline and the payload. The first row's
previous hash is 64 zeros. Rows are numbered from 1 without gaps.

A log that was cut off and re-labelled, or rewritten from its beginning, still fits together.
Only a head hash and count noted down elsewhere at an earlier time show that: pass them.
A later export of the same log holds the earlier head at row N, and passes too.

Exit status: 0 the log holds; 1 it does not, and the first bad row is named; 2 it cannot be read.
Needs Python 3.8 or newer, nothing else.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

START = "0" * 64
FORM = 1


class Broken(Exception):
    """The log does not hold; the message names the row."""


def read(path: str) -> tuple[dict[str, object], list[str]]:
    """Return the header and the rows of an export."""
    lines = Path(path).read_bytes().decode("utf-8").split("\n")
    if not lines[-1]:
        lines.pop()
    if not lines:
        raise Broken("the file is empty")
    header = parsed(lines[0], "the first line")
    known = list(header) == ["log", "tenant", "count", "head"] and header["log"] == FORM
    if not known or lines[0] != json.dumps(header):
        raise Broken("the first line was altered: it is not as an export writes it")
    return header, lines[1:]


def parsed(line: str, what: str) -> dict[str, object]:
    """Parse one line, which must be a JSON object."""
    try:
        value = json.loads(line)
    except ValueError:
        raise Broken(f"{what} was altered: it is not JSON") from None
    if not isinstance(value, dict):
        raise Broken(f"{what} was altered: it is not an object")
    return value


def check_row(number: int, line: str, previous: str, tenant: object) -> str:
    """Check that ``line`` is row ``number`` and follows ``previous``; return its hash."""
    what = f"row {number}"
    row = parsed(line, what)
    if list(row) != ["previous", "hash", "payload"] or line != json.dumps(row, ensure_ascii=False):
        raise Broken(f"{what} was altered: it is not as an export writes it")
    payload = parsed(str(row["payload"]), what)
    if payload.get("seq") != number:
        raise Broken(f"{what} is missing: row {payload.get('seq')!r} stands in its place")
    if row["previous"] != previous:
        raise Broken(f"{what} does not follow the row before it")
    digest = hashlib.sha256(f"{previous}\n{row['payload']}".encode()).hexdigest()
    if row["hash"] != digest:
        raise Broken(f"{what} was altered: its hash does not fit its payload")
    if payload.get("tenant") != tenant:
        raise Broken(f"{what} belongs to another tenant's log")
    return digest


def verify(path: str, head: str | None = None, count: int | None = None) -> tuple[int, str]:
    """Verify the export at ``path``; return (rows, head hash) or raise ``Broken``."""
    header, lines = read(path)
    previous, hashes = START, [START]
    for number, line in enumerate(lines, start=1):
        previous = check_row(number, line, previous, header.get("tenant"))
        hashes.append(previous)
    if header.get("count") != len(lines):
        raise Broken(f"row {len(lines) + 1} is missing: {header.get('count')} rows were recorded")
    if header.get("head") != previous:
        raise Broken(f"row {len(lines)} is not the recorded end of the log")
    check_noted(hashes, head, count)
    return len(lines), previous


def check_noted(hashes: list[str], head: str | None, count: int | None) -> None:
    """Compare with a head and count noted down elsewhere, now or earlier."""
    last = len(hashes) - 1
    if count is not None and last < count:
        raise Broken(f"row {last + 1} is missing: {count} rows were noted")
    if head is None:
        return
    if count is None and head not in hashes:
        raise Broken(f"no row up to row {last} has the noted hash: the log was rewritten")
    if count is not None and hashes[count] != head:
        raise Broken(f"row {count} or one before it was rewritten: its hash is not the noted one")


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Verify an exported audit log.")
    parser.add_argument("log", help="the exported file, JSON lines")
    parser.add_argument("--head", help="head hash noted down when the log had COUNT rows")
    parser.add_argument("--count", type=int, help="number of rows noted down with the head")
    options = parser.parse_args(arguments)
    try:
        rows, head = verify(options.log, options.head, options.count)
    except Broken as broken:
        sys.stderr.write(f"BROKEN: {broken}\n")
        return 1
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"cannot read {options.log}: {error}\n")
        return 2
    sys.stdout.write(f"OK: {rows} rows, head {head}\n")
    if options.head is None:
        sys.stdout.write("Not compared with a head noted elsewhere: a shortened log passes.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
