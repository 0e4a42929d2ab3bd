"""Rules about the house itself, checked like any other."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted(p for part in ("core", "pages") for p in (ROOT / part).rglob("*.py"))
BANNED_NAMES = {"utils", "helpers", "manager", "misc", "common", "process", "handle"}


def tracked() -> Iterator[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    return (ROOT / name for name in listing.split("\0") if name)


def test_layers_and_forbidden_imports_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("module", ["domain", "ports", "flow", "assist", "oversight"])
def test_the_middle_reads_no_clock_file_or_environment(module: str) -> None:
    banned = re.compile(r"\b(datetime\.now|date\.today|time\.time|os\.environ|getenv|uuid4)\b")
    place = ROOT / "core" / module
    files = [*place.rglob("*.py")] or [place.with_suffix(".py")]
    found = [f"{p.name}: {m[0]}" for p in files for m in banned.finditer(p.read_text())]
    assert not found


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [p for p in CODE if p.stem in BANNED_NAMES]


def test_scripts_stand_only_in_sub_folders_of_pages() -> None:
    """A script directly in pages/ is served before app.py ran, past the sign-in."""
    assert not list((ROOT / "pages").glob("*.py"))


def test_an_ats_write_is_made_only_from_an_approval() -> None:
    makers = {
        str(path.relative_to(ROOT))
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "AtsWrite"
    }
    assert makers <= {"core/flow/write.py"}


def test_every_requirement_is_pinned_with_a_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-uv.txt"):
        blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text(), flags=re.IGNORECASE)
        pins = [block for block in blocks if "==" in block.partition("\n")[0]]
        assert pins
        assert all("--hash=sha256:" in pin for pin in pins)


def test_nothing_tracked_names_a_path_of_somebodys_machine() -> None:
    home = re.compile(rb"(/home/[a-z]+/|/Users/[A-Za-z]+/|/root/|/work/|/tmp/[a-z])")
    text = {".py", ".md", ".toml", ".in", ".txt", ".yml", ".json", ".css", ""}
    found = [
        f"{path.relative_to(ROOT)}: {match[0]!r}"
        for path in tracked()
        if path.suffix in text and path.is_file() and path != Path(__file__)
        for match in home.finditer(path.read_bytes())
    ]
    assert not found


def test_no_secret_is_tracked() -> None:
    names = {path.name for path in tracked()}
    assert not names & {"secrets.toml", ".env", "secret_key"}
