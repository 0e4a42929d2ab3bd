"""The stand-alone verifier finds whatever was done to an exported log, and names the row."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from core.domain.audit import GENESIS, event_payload, link
from core.store import Store
from tests.store_bench import fact

SCRIPT = Path(__file__).parents[3] / "docs" / "verifier" / "verify_audit.py"
ROWS = 9


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_audit", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFIER = _load()


@pytest.fixture
def lines(store: Store) -> list[str]:
    with store.unit_of_work() as uow:
        for number in range(1, ROWS + 1):
            uow.audit.append(fact(store.tenant, number, f"Bewerbung „{number}“"))
        uow.commit()
        return list(uow.audit.export())


@pytest.fixture
def broken(tmp_path: Path) -> Callable[..., str]:
    """Verify lines that must not pass and give the message."""

    def check(lines: list[str], head: str | None = None, count: int | None = None) -> str:
        path = tmp_path / "log.jsonl"
        path.write_bytes("".join(f"{line}\n" for line in lines).encode())
        with pytest.raises(VERIFIER.Broken) as caught:
            VERIFIER.verify(str(path), head, count)
        return str(caught.value)

    return check


def relabelled(lines: list[str]) -> list[str]:
    """Make the first line fit the rows, as a forger would."""
    last = json.loads(lines[-1])["hash"]
    header = json.loads(lines[0]) | {"count": len(lines) - 1, "head": last}
    return [json.dumps(header), *lines[1:]]


def test_it_needs_nothing_but_the_standard_library(lines: list[str], tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(lines) + "\n")
    head = json.loads(lines[0])["head"]
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(path), "--head", head, "--count", "9"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"OK: 9 rows, head {head}\n")


@pytest.mark.parametrize(("text", "status"), [("", 1), ("no json\n", 1), (None, 2)])
def test_its_exit_status_says_broken_or_unreadable(
    tmp_path: Path, text: str | None, status: int
) -> None:
    path = tmp_path / "log.jsonl"
    if text is not None:
        path.write_text(text)
    assert VERIFIER.main([str(path)]) == status


@pytest.mark.parametrize("row", [0, 1, 5, ROWS])
def test_any_altered_byte_is_found_and_the_row_named(
    lines: list[str], broken: Callable[..., str], row: int
) -> None:
    name = f"row {row} " if row else "the first line"
    for place, sign in enumerate(lines[row]):
        altered = lines[row][:place] + chr(ord(sign) ^ 1) + lines[row][place + 1 :]
        message = broken([*lines[:row], altered, *lines[row + 1 :]])
        # In the first line a count, head or tenant shows only where it no longer fits the rows.
        assert message.startswith(name) or row == 0


@pytest.mark.parametrize("row", [1, 5, ROWS])
def test_a_deleted_row_is_found(lines: list[str], broken: Callable[..., str], row: int) -> None:
    assert broken(lines[:row] + lines[row + 1 :]).startswith(f"row {row} is missing")


def test_an_inserted_row_is_found(lines: list[str], broken: Callable[..., str]) -> None:
    assert broken([*lines[:4], lines[3], *lines[4:]]).startswith("row 4 is missing")


def test_reordered_rows_are_found(lines: list[str], broken: Callable[..., str]) -> None:
    swapped = [*lines[:3], lines[4], lines[3], *lines[5:]]
    assert broken(swapped).startswith("row 3 is missing")


def test_a_cut_off_log_is_found(lines: list[str], broken: Callable[..., str]) -> None:
    assert broken(lines[:7]).startswith("row 7 is missing: 9 rows were recorded")


def test_a_cut_off_and_relabelled_log_is_found_by_the_noted_count_and_head(
    lines: list[str], broken: Callable[..., str]
) -> None:
    head = json.loads(lines[0])["head"]
    cut = relabelled(lines[:7])
    assert broken(cut, head, ROWS).startswith("row 7 is missing: 9 rows were noted")
    assert "rewritten" in broken(cut, head)


def test_a_log_rewritten_from_its_start_is_found_by_the_noted_head(
    store: Store, lines: list[str], broken: Callable[..., str]
) -> None:
    forged, previous = [lines[0]], GENESIS
    for number in range(1, ROWS + 1):
        payload = event_payload(number, fact(store.tenant, number, "somebody else"))
        row = {"previous": previous, "hash": link(previous, payload), "payload": payload}
        forged.append(json.dumps(row, ensure_ascii=False))
        previous = row["hash"]
    head = json.loads(lines[0])["head"]
    assert broken(relabelled(forged), head, ROWS).startswith("row 9 or one before it was rewritten")


def test_a_head_noted_earlier_is_found_in_a_log_that_has_grown(
    lines: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(lines) + "\n")
    earlier = json.loads(lines[4])["hash"]
    assert VERIFIER.verify(str(path), earlier, 4)[0] == ROWS
    assert VERIFIER.verify(str(path), earlier)[0] == ROWS
