"""The command line as a Unix user expects it: lines in, lines out, exit codes, one-line errors."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core import bootstrap
from core.cli import main
from core.sandbox.icims.world import DemoWorld
from core.settings import ROOT

POSTING = """Customer Support Specialist
Responsibilities:
- Answer calls, chats and e-mails about orders and refunds
Requirements:
- At least 2 years in a contact center or customer support
- Experience working tickets in Zendesk
Nice to have:
- Conversational Spanish
"""


# A whole engine starts for every command, on machines that do other things as well.
pytestmark = pytest.mark.timeout(300)
_PATIENCE = 140


def copilot(
    *arguments: object, given: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("COPILOT_")}
    return subprocess.run(
        [sys.executable, "-m", "core", *map(str, arguments)],
        cwd=ROOT,
        env={**inherited, **environment},
        input=given,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def resumes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six generated resumes, an empty file and a broken one."""
    folder = tmp_path_factory.mktemp("resumes")
    world = DemoWorld(7, 300, date(2026, 11, 23))
    people = (record.id for record in world.records("4711") if record.record_type == "people")
    files = (world.file("4711", "people", id, "resume") for id in people)
    for number, file in zip(range(6), (f for f in files if f and f.content), strict=False):
        (folder / f"{number}-{file.name}").write_bytes(file.content)
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnot much of one")
    return folder


def test_extract_prints_a_line_per_file_and_fails_when_one_could_not_be_read(
    resumes: Path,
) -> None:
    good = sorted(p for p in resumes.iterdir() if p.name[0].isdigit())[:2]
    done = copilot("extract", *good, resumes / "empty.pdf", resumes / "no-such.pdf")
    assert done.returncode == 1
    first, second, empty = lines(done.stdout)
    assert first["text"]
    assert 0 <= second["health"]["score"] <= 1
    assert "empty" in empty["error"]
    assert done.stderr.splitlines() == [
        f"copilot: {resumes / 'no-such.pdf'}: No such file or directory"
    ]


def test_pseudonymise_replaces_hands_through_other_keys_and_names_bad_lines() -> None:
    given = "\n".join(
        [
            json.dumps(
                {
                    "id": 7,
                    "text": "Ana Ruiz led the night team. ana.ruiz@example.com",
                    "identities": [{"kind": "name", "value": "Ana Ruiz"}],
                }
            ),
            "not json",
            json.dumps({"text": 3}),
            json.dumps({"text": "x", "identities": [{"kind": "shoe", "value": "42"}]}),
        ]
    )
    done = copilot("pseudonymise", given=given)
    (line,) = lines(done.stdout)
    assert line["id"] == 7
    assert line["text"] == "[NAME_1] led the night team. [EMAIL_1]"
    assert [s["kind"] for s in line["spans"]] == ["name", "email"]
    assert done.returncode == 1
    assert [e.split(":")[1] for e in done.stderr.splitlines()] == [" line 2", " line 3", " line 4"]


def scored(folder: Path, out: Path) -> list[dict[str, Any]]:
    job = out.with_name("job.txt")
    job.write_text(POSTING, encoding="utf-8")
    done = copilot("assess", "--job", job, "--resumes", folder, "--out", out)
    assert done.returncode == 0, done.stderr
    return lines(out.read_text(encoding="utf-8"))


def test_assess_gives_each_file_a_score_with_quotes_or_the_reason_and_never_changes_its_mind(
    resumes: Path, tmp_path: Path
) -> None:
    first, second = (scored(resumes, tmp_path / f"{n}.jsonl") for n in range(2))
    assert first == second
    assert [line["id"] for line in first] == sorted(p.name for p in resumes.iterdir())
    unread = {line["id"]: line["reason"] for line in first if line["score"] is None}
    assert "empty" in unread["empty.pdf"]
    assert "damaged" in unread["broken.pdf"]
    graded = [line for line in first if line["score"] is not None]
    assert graded
    for line in graded:
        for verdict in line["verdicts"]:
            assert bool(verdict["quotes"]) == bool(verdict["credit"])


DEPLOYED = {
    "COPILOT_ICIMS_CUSTOMER_ID": "4711",
    "COPILOT_ICIMS_CLIENT_ID": "somebody",
    "COPILOT_ICIMS_CLIENT_SECRET": "something",
    "COPILOT_SECRET_KEY": "0123456789abcdef0123456789abcdef",
}


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (("assess", "--job", "no.txt", "--resumes", ".", "--out", "-"), {}, "No such file"),
        (("assess", "--job", "README.md", "--resumes", "no", "--out", "-"), {}, "not a folder"),
        (("assess", "--job", "README.md", "--resumes", "docs", "--out", "docs"), {}, "is a folder"),
        (("assess", "--job", "README.md", "--resumes", "docs", "--out", "no/x"), {}, "no/x"),
        (("audit", "verify"), {}, "COPILOT_ICIMS_CUSTOMER_ID"),
        (("migrate",), {"COPILOT_DATABASE_URL": "nonsense"}, "COPILOT_DATABASE_URL"),
        (("migrate",), {"COPILOT_DATABASE_URL": "sqlite:////proc/no/x.db"}, "cannot be made"),
        (("migrate",), {"COPILOT_DATABASE_URL": "postgresql://127.0.0.1:1/x"}, "the database"),
        (("audit", "verify"), {"COPILOT_DATABASE_URL": "sqlite:///NEW"}, "core migrate"),
        (("sync",), {"COPILOT_DATABASE_URL": "sqlite:///NEW"}, "COPILOT_ICIMS_FIELD_MAP"),
        (("worker",), {"COPILOT_DATABASE_URL": "sqlite:///NEW"}, "core migrate"),
        (("broker-worker", "--only", "night"), {}, "click, fresh, backlog"),
        (
            ("sync",),
            {
                "COPILOT_DATABASE_URL": "sqlite:///NEW",
                "COPILOT_ICIMS_FIELD_MAP": "data/demo/field_map_8820.json",
            },
            "is for customer 8820",
        ),
        (("migrate",), {"COPILOT_ICIMS_API_BASE": "api.example"}, "COPILOT_ICIMS_API_BASE"),
    ],
)
def test_mistakes_get_one_line_and_exit_code_1(
    arguments: Sequence[str],
    environment: dict[str, str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = {k: v.replace("NEW", str(tmp_path / "new.db")) for k, v in environment.items()}
    for name in [name for name in os.environ if name.startswith("COPILOT_")]:
        monkeypatch.delenv(name)
    for name, value in ({**DEPLOYED, **given} if given else {}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(ROOT)
    # In this process: a new one for each would take seconds to import what this one has.
    monkeypatch.setattr(bootstrap, "_log_as_json", lambda level: None)
    monkeypatch.setattr(sys, "argv", ["copilot", *arguments])
    bootstrap.get_app.cache_clear()
    with pytest.raises(SystemExit) as ended:
        main()
    bootstrap.get_app.cache_clear()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert len(said.splitlines()) == 1, said
    assert words in said


def test_bytes_that_are_no_text_and_json_without_end_are_named_line_by_line() -> None:
    good = json.dumps({"text": "half a character \ud800 stays one"})
    done = subprocess.run(
        [sys.executable, "-m", "core", "pseudonymise"],
        cwd=ROOT,
        input=b"\xff\xfe\x00\n" + b"[" * 100_000 + b"\n" + good.encode(),
        capture_output=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [
        "copilot: line 1: not UTF-8 text",
        "copilot: line 2: not JSON",
    ]
    assert json.loads(done.stdout)["text"] == json.loads(good)["text"]


def test_odd_file_names_links_and_a_full_disk_end_no_run(tmp_path: Path) -> None:
    folder, out = tmp_path / "resumes", tmp_path / "out.jsonl"
    folder.mkdir()
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt"))
    odd.write_text("Answered calls in a contact center for four years.", encoding="utf-8")
    (folder / "loop").symlink_to(".")
    (folder / "itself").symlink_to("itself")
    (folder / "unreadable.txt").symlink_to("/proc/self/mem")
    by_name = {line["id"]: line for line in scored(folder, out)}
    assert set(by_name) == {"caf\udce9.txt", "unreadable.txt"}
    assert "cannot be read" in by_name["unreadable.txt"]["reason"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "core", "extract", odd],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=110,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"copilot: No space left on device\n")


def test_unknown_command_is_wrong_usage() -> None:
    assert copilot("frobnicate").returncode == 2


def test_taken_port_is_named_with_the_setting_that_changes_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = copilot(
            "run",
            COPILOT_UI_PORT=port,
            COPILOT_SECRET_KEY="0123456789abcdef0123456789abcdef",
            COPILOT_DATABASE_URL=f"sqlite:///{tmp_path / 'x.db'}",
        )
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert "COPILOT_UI_PORT" in done.stderr
