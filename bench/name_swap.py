"""Swap a person's name in resumes and see whether the pseudonymised text notices."""

import csv
import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.domain.identity import IdentityKind, KnownIdentity
from core.flow.pseudonymise import Policy, pseudonymise

CARD = """{name}
{email} | (212) 555-0147 | linkedin.com/in/{handle}

{body}

{given} is glad to be called. References of {name} ({initial}. {family}) on request.
"""


def swap_names(data: Path) -> list[str]:
    """Read the 800 names, group by group, written as on a resume ("Kelly Branch")."""
    names = []
    for group in ("mens", "womens"):
        found = json.loads((data / f"bloomberg_top_{group}_names.json").read_text(encoding="utf-8"))
        names += [name.title() for part in found.values() for name in part]
    return names


def resume_of(name: str, body: str) -> str:
    """Write a resume for ``name`` around ``body``: header, address, handle, closing line."""
    given, family = name.split(" ", 1)
    handle = f"{given}{family}".lower().replace(" ", "")
    email = f"{given}.{family}@mail.example".lower().replace(" ", "")
    return CARD.format(
        name=name,
        email=email,
        handle=handle,
        body=body,
        given=given,
        family=family,
        initial=name[0],
    )


def bodies(data: Path, count: int) -> list[str]:
    """Take ``count`` real resume texts, evenly spread over the categories."""
    with gzip.open(data / "resume_category_dev.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    column = max(rows[0], key=lambda c: len(rows[0][c] or ""))
    return [row[column] for row in rows[:: max(1, len(rows) // count)]][:count]


def swapped(names: Sequence[str], body: str, *, known: bool) -> Iterator[tuple[str, str]]:
    """Yield each name with the pseudonymised text of its resume."""
    for name in names:
        hints = [KnownIdentity(IdentityKind.NAME, name)] if known else []
        yield name, pseudonymise(resume_of(name, body), hints, Policy()).text.text


def swap_differences(data: Path, resumes: int = 3) -> dict[str, Any]:
    """Count name swaps that change the text: with the name known, and with the header rule only."""
    names = swap_names(data)
    counts: dict[str, int | str] = {}
    for known in (True, False):
        different: set[str] = set()
        for body in bodies(data, resumes):
            reference = pseudonymise(
                resume_of("Zyxwa Qvortex", body),
                [KnownIdentity(IdentityKind.NAME, "Zyxwa Qvortex")],
                Policy(),
            ).text.text
            different |= {n for n, text in swapped(names, body, known=known) if text != reference}
        label = "name known" if known else "name not known"
        counts[label] = len(different)
        counts[f"{label}, which"] = " ".join(sorted(different)[:20])
    return {"names": len(names), "resumes": resumes, **counts}
