"""The command line: the same services as the screens, and the engine on plain files.

Errors go to standard error, one line, without a traceback; exit codes are 0 done, 1 something
failed, 2 wrong usage.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from core.domain.actor import Role
from core.domain.assessors import assessor_name
from core.domain.document import Month
from core.domain.evaluation import GateResult
from core.errors import CopilotError, DocumentRefused, InvalidInput

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    help="Recruiter copilot for iCIMS.",
)  # fmt: skip
audit = typer.Typer(no_args_is_help=True, help="Verify or export the audit log.")
app.add_typer(audit, name="audit")

_LANES = 2
"""Parallel readers and scorers of the file commands."""


def main() -> None:
    """Run the command line."""
    try:
        app()
    except CopilotError as error:
        _fail(str(error))
    except BrokenPipeError:
        # The reader of our output has seen enough, like `… | head`.
        sys.stderr.close()
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        _fail(": ".join(str(part) for part in (error.filename, error.strerror) if part))
    except Exception as error:
        # Our own fault. A traceback may quote what a candidate wrote, so it is for the debugger.
        if os.environ.get("COPILOT_LOG_LEVEL") == "DEBUG":
            raise
        _fail(f"internal error ({type(error).__name__}); COPILOT_LOG_LEVEL=DEBUG says where")


def _fail(message: str) -> None:
    sys.stderr.write(f"copilot: {message}\n")
    sys.exit(1)


def _print(line: object) -> None:
    sys.stdout.write(_json(line))


def _json(line: object) -> str:
    """Make a line of JSON; half characters, as in odd file names, become JSON's own escapes."""
    text = json.dumps(line, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


# --- Processes ---------------------------------------------------------------------------------


@app.command()
def run() -> None:
    """Start everything on this machine and open on a working pipeline."""
    from core import supervisor

    raise typer.Exit(supervisor.run())


@app.command()
def gateway() -> None:
    """Take in iCIMS's events; serve health and metrics."""
    import uvicorn

    from core.bootstrap import load_settings

    settings = load_settings()
    uvicorn.run(
        "core.gateway:gateway", factory=True, host=settings.host, port=settings.gateway_port,
        log_level="warning", access_log=False, server_header=False, limit_concurrency=1_000,
        timeout_graceful_shutdown=15,
    )  # fmt: skip


@app.command()
def worker() -> None:
    """Pull, score and write in the background."""
    from core import worker as process

    process.main()


@app.command()
def relay() -> None:
    """Tell the broker of due work, queue the regular work, write what was approved."""
    from core import worker as process

    process.relay()


@app.command("broker-worker")
def broker_worker(
    processes: Annotated[int, typer.Option(min=1, max=64, help="Jobs at once.")] = 3,
    only: Annotated[
        list[str] | None, typer.Option(help="Take only this work: click, fresh or backlog.")
    ] = None,
) -> None:
    """Pull and score what the broker tells of."""
    from core import worker as process
    from core.domain.jobs import Priority

    try:
        wanted = [Priority[name.upper()] for name in only or ()]
    except KeyError as error:
        raise InvalidInput(f"{error.args[0].lower()} is none of click, fresh, backlog") from None
    raise typer.Exit(process.broker_worker(processes, wanted))


@app.command()
def sandbox(
    host: str = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8701,
    people: Annotated[int, typer.Option(min=100, max=1_000_000)] = 3_000,
    seed: int = 7,
    as_of: Annotated[str, typer.Option(help="The world's first day; default: today.")] = "",
    folder: Annotated[Path | None, typer.Option(help="Keeps writes between starts.")] = None,
    daily_limit: int = 10_000,
    admin_token: Annotated[str, typer.Option(envvar="COPILOT_SANDBOX_ADMIN_TOKEN")] = "",
    events_to: Annotated[str, typer.Option(help="A gateway, like http://127.0.0.1:8702.")] = "",
) -> None:
    """Run the iCIMS sandbox: two made-up customers behind the real API's shapes."""
    from core.bootstrap import load_settings
    from core.sandbox.icims.events import EventTarget
    from core.sandbox.icims.serve import serve_demo

    settings = load_settings() if events_to else None
    targets = settings and [
        EventTarget(
            customer_id=settings.icims_customer_id, url=f"{events_to}/icims/events",
            auth=settings.events_auth, user=settings.events_user,
            key=settings.events_secret.get_secret_value(), token_url=f"{events_to}/oauth/token",
        )
    ]  # fmt: skip
    serve_demo(
        host, port, people=people, seed=seed, folder=folder, today=_date(as_of) if as_of else None,
        daily_limit=daily_limit, admin_token=admin_token or None, event_targets=targets or (),
    )  # fmt: skip


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{text} is not a date like 2026-11-23") from None


# --- On iCIMS and the database -------------------------------------------------------------------


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    from core.bootstrap import get_app

    get_app().prepare()


@app.command("add-user")
def add_user(
    username: str,
    name: Annotated[str, typer.Option(help="As shown to others.")],
    role: Annotated[list[Role], typer.Option(help="May be given several times.")],
    icims_person: Annotated[str, typer.Option(help="Decides which requisitions they see.")] = "",
    email: Annotated[str, typer.Option(help="By it the company's sign-in finds them.")] = "",
) -> None:
    """Add somebody who may sign in; prints their first password, to be changed at once."""
    from core.bootstrap import get_app
    from core.domain.actor import service_actor
    from core.services.accounts.users import OPERATOR

    copilot = get_app()
    copilot.prepare()
    operator = service_actor(OPERATOR, copilot.tenant)
    password = copilot.users.add(operator, username, name, frozenset(role), icims_person, email)
    sys.stdout.write(f"{password}\n")


@app.command()
def sync() -> None:
    """Pull requisitions and their applications from iCIMS."""
    from core.bootstrap import get_app
    from core.ports import Trigger

    copilot = get_app()
    copilot.prepare()
    trigger = Trigger("command line: sync", "service:command-line")
    found = copilot.reconciliation.poll(trigger)
    for id in copilot.ats.requisition_ids(trigger, None):
        copilot.sync.refresh_requisition(id, trigger)
    with copilot.store.unit_of_work() as uow:
        open_jobs = [r for r in uow.requisitions.all() if r.is_open]
    for requisition in open_jobs:
        changed = copilot.sync.applications(requisition.id, trigger)
        _print({"requisition": requisition.id, "title": requisition.title, "changed": changed})
    _print({"applications_listed": found.listed, "applications_to_read": found.missed})


@app.command()
def screen(
    requisition: str,
    accept_draft: Annotated[
        bool, typer.Option(help="Freeze the criteria drafted from the posting.")
    ] = False,
) -> None:
    """Pull a requisition, score its applications and print them, best first."""
    from core.bootstrap import get_app
    from core.domain.actor import service_actor
    from core.domain.ids import RequisitionId
    from core.ports import Trigger

    copilot = get_app()
    copilot.prepare()
    actor = service_actor("command-line", copilot.tenant)
    trigger = Trigger(f"command line: screen {requisition}", actor.id)
    ids = copilot.unattended.start(
        actor, RequisitionId(requisition), trigger, accept_draft=accept_draft
    )
    with ThreadPoolExecutor(_LANES) as lanes:
        made = list(lanes.map(lambda each: copilot.screening.screen(each, trigger), ids))
    copilot.close()
    rows = [each for each in made if each is not None]
    for each in sorted(rows, key=lambda a: -(a.score.value if a.score else 50)):
        score = {"score": each.score.value, "band": each.score.band} if each.score else {}
        reason = {"reason": each.ungraded} if each.ungraded else {}
        _print({"application": each.application_id, **score, **reason})


@app.command()
def evaluate(
    prompt: Annotated[str, typer.Option(help="Which instructions.")] = "screening",
    version: Annotated[str, typer.Option(help="Which version; default: in production.")] = "",
) -> None:
    """Check a version of the instructions with the connected model; exit 1 when a gate fails.

    Without a model the built-in assessor is checked, which takes no instructions.
    """
    from core.bootstrap import built_in, get_app, golden_check, load_settings

    if not load_settings().llm_model:
        assessor = built_in()
        sys.stdout.write(f"{assessor_name(assessor.version)}\n")
        raise typer.Exit(_told_gates(golden_check().run(assessor)))
    copilot = get_app()
    copilot.prepare()
    run = copilot.evaluating.run_now(prompt, version)
    copilot.close()
    sys.stdout.write(f"{run.ref.name}, version {run.ref.version}, with {run.model}\n")
    if run.problem:
        _fail(run.problem)
    raise typer.Exit(_told_gates(run.gates))


def _told_gates(gates: Sequence[GateResult]) -> int:
    """Print a table of gates with the cases that failed; return the exit code."""
    for result in gates:
        sign, limit = "ok" if result.passed else "FAILED", f"{result.threshold:g}"
        bound = f"at least {limit}" if result.gate.is_share else f"at most {limit}"
        line = f"{result.gate.value:<12}{result.value:>8g}   {bound:<14}{result.tried:>5}   {sign}"
        sys.stdout.write(f"{line}\n")
        for failure in result.failures:
            sys.stdout.write(f"{'':<12}{failure.case}: {failure.what}\n")
    return 0 if all(result.passed for result in gates) else 1


@audit.command()
def verify() -> None:
    """Walk the whole log; exit 1 and name the row when it does not hold."""
    from core.bootstrap import get_app
    from core.services.audit import walk

    copilot = get_app()
    with copilot.store.unit_of_work() as uow:
        outcome = walk(uow.audit.events())
    if outcome.problem:
        _fail(f"the audit log does not hold: {outcome.problem}")
    sys.stdout.write(f"{outcome.checked} events hold; head {outcome.head}\n")


@audit.command()
def export() -> None:
    """Print the log as JSON lines for the stand-alone verifier."""
    from core.bootstrap import get_app

    with get_app().store.unit_of_work() as uow:
        for line in uow.audit.export():
            sys.stdout.write(f"{line}\n")


# --- On plain files ------------------------------------------------------------------------------


@app.command()
def extract(files: list[Path]) -> None:
    """Read files; print text, facts and parse health as JSON lines."""
    from core.bootstrap import plain_files

    with plain_files(workers=_LANES) as engine, ThreadPoolExecutor(_LANES) as lanes:
        failed = [not _told(*done) for done in lanes.map(partial(_worked, engine.extract), files)]
    raise typer.Exit(1 if any(failed) else 0)


@app.command()
def pseudonymise() -> None:
    """Read JSON lines with "text" and optional "identities"; print text and spans."""
    from core.bootstrap import plain_files

    failed = False
    with plain_files() as engine:
        for number, line in enumerate(sys.stdin.buffer if sys.stdin else (), 1):
            try:
                _print(engine.pseudonymise(_object(line)))
            except CopilotError as error:
                sys.stderr.write(f"copilot: line {number}: {error}\n")
                failed = True
    raise typer.Exit(1 if failed else 0)


def _object(line: bytes) -> dict[str, object]:
    try:
        found = json.loads(line.decode())
    except UnicodeDecodeError:
        raise InvalidInput("not UTF-8 text") from None
    except (ValueError, RecursionError):
        raise InvalidInput("not JSON") from None
    if not isinstance(found, dict):
        raise InvalidInput("not a JSON object")
    return found


@app.command()
def assess(
    job: Annotated[Path, typer.Option(help="The posting, a text file.")],
    resumes: Annotated[Path, typer.Option(help="A folder of resumes.")],
    out: Annotated[Path, typer.Option(help="Where the JSON lines go; - is standard output.")],
    as_of: Annotated[str, typer.Option(help="Month up to which current jobs count, YYYY-MM.")] = "",
) -> None:
    """Score every file of a folder against a posting; one JSON line each, in name order."""
    from core.folder import assess_folder

    if not resumes.is_dir():
        raise InvalidInput(f"{resumes} is not a folder")
    lines = assess_folder(_text(job), resumes, _month(as_of))
    if str(out) == "-":
        for line in lines:
            _print(line)
        return
    # A whole file or none: nobody takes half a ranking for a ranking.
    if out.is_dir():
        raise InvalidInput(f"{out} is a folder")
    part = out.with_name(f"{out.name}.part")
    try:
        with part.open("w", encoding="utf-8") as stream:
            stream.writelines(map(_json, lines))
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _worked(work: Callable[[str, bytes], object], path: Path) -> tuple[Path, object, str]:
    """Do ``work`` on a file's bytes; the last part is why that file could not be opened."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return path, None, error.strerror or "cannot be read"
    try:
        return path, work(str(path), content), ""
    except DocumentRefused as refused:
        return path, refused, ""


def _told(path: Path, found: object, problem: str) -> bool:
    """Print what came of a file, in its turn; say whether all went well."""
    if problem:
        sys.stderr.write(f"copilot: {path}: {problem}\n")
    elif isinstance(found, DocumentRefused):
        _print({"file": str(path), "error": str(found)})
    else:
        _print(found)
        return True
    return False


def _text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidInput(f"{path} is not UTF-8 text") from None
    if not text.strip():
        raise InvalidInput(f"{path} is empty")
    return text


def _month(text: str) -> Month | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise InvalidInput(f"{text} is not a month like 2026-11") from None
    return Month(day.year, day.month)
