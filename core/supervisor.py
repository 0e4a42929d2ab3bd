"""Starts everything on one machine: sandbox, gateway, worker and screens, stopped together."""

import os
import secrets
import socket
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Printer

from core.bootstrap import App, get_app, load_settings
from core.domain.actor import service_actor
from core.domain.ids import RequisitionId
from core.errors import InvalidInput, OutsideError
from core.ports import Trigger
from core.settings import ROOT, VAR, Settings

_DEMO_SETTINGS = ROOT / "data" / "demo" / "settings.env"


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Complete an environment: without an iCIMS customer it becomes the demo's.

    The demo's secret key is made once on this machine and kept beside its database; outside the
    demo the key must be given.
    """
    completed = {**given, "HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}
    if given.get("COPILOT_ICIMS_CUSTOMER_ID"):
        return completed
    lines = _DEMO_SETTINGS.read_text(encoding="utf-8").splitlines()
    demo = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    sandbox = load_settings()
    address = f"http://{sandbox.host}:{sandbox.sandbox_port}"
    demo |= {
        "COPILOT_ICIMS_API_BASE": address,
        "COPILOT_ICIMS_TOKEN_URL": f"{address}/oauth/token",
        "COPILOT_SECRET_KEY": _demo_secret(VAR / "secret_key"),
        "COPILOT_EVENTS_USER": "sandbox",
        "COPILOT_EVENTS_SECRET": secrets.token_urlsafe(32),
    }
    return {**completed, **{name: given.get(name) or value for name, value in demo.items()}}


def run() -> int:
    """Start everything, print where it is, wait; return the exit code.

    Raises ``InvalidInput`` when a port is taken or a setting is missing.
    """
    os.environ.update(environment(os.environ))
    settings = load_settings()
    commands = _commands(settings)
    for name, port in _ports(settings).items():
        _require_free(name, settings.host, port)
    app = get_app()
    app.prepare()
    app.check()
    manager = Manager(Printer(sys.stdout))
    for name, command in commands.items():
        manager.add_process(name, command, env=dict(os.environ), cwd=str(ROOT))
    stopped = threading.Event()
    banner = _banner(settings, app.demo_sign_ins)
    threading.Thread(target=_announce, args=(settings, banner, stopped), daemon=True).start()
    if settings.demo_requisition:
        opening = (app, RequisitionId(settings.demo_requisition), stopped)
        threading.Thread(target=_open_demo, args=opening, daemon=True).start()
    manager.loop()
    stopped.set()
    # 130 is Ctrl-C: stopping on request is a success.
    return 0 if manager.returncode in (0, 130, 143) else int(manager.returncode or 1)


def _commands(settings: Settings) -> dict[str, str]:
    python = f'"{sys.executable}" -m'
    commands = {
        "gateway": f"{python} core gateway",
        "worker": f"{python} core worker",
        "ui": f"{python} streamlit run app.py"
        f" --server.address {settings.host} --server.port {settings.ui_port}",
    }
    if settings.demo:
        commands = {
            "sandbox": f'{python} core sandbox --port {settings.sandbox_port} --folder "{VAR}"'
            f" --events-to http://{settings.host}:{settings.gateway_port}",
            **commands,
        }
    return commands


def _ports(settings: Settings) -> dict[str, int]:
    ports = {"UI": settings.ui_port, "GATEWAY": settings.gateway_port}
    return {**ports, "SANDBOX": settings.sandbox_port} if settings.demo else ports


def _require_free(name: str, host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except socket.gaierror:
            raise InvalidInput(f"COPILOT_HOST is no address of this machine: {host}") from None
        except OSError as error:
            raise InvalidInput(
                f"Port {port} is taken on {host} ({error.strerror}). Stop what uses it,"
                f" or set COPILOT_{name}_PORT to another number."
            ) from None


def _demo_secret(place: Path) -> str:
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        # Linked into place whole: two first starts at once must not end up with two keys.
        made = place.with_name(f"{place.name}.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48), encoding="ascii")
        with suppress(FileExistsError):
            os.link(made, place)
        made.unlink()
    return place.read_text(encoding="ascii")


def _banner(settings: Settings, sign_ins: tuple[Mapping[str, str], ...]) -> str:
    lines = ["", f"  Recruiter copilot: http://{settings.host}:{settings.ui_port}", ""]
    if sign_ins:
        lines += ["  Demo sign-ins (made-up people, a made-up iCIMS on this machine):"]
        lines += [
            f"    {each['username']:<18} {each['password']:<18} {each['role']}" for each in sign_ins
        ]
        lines += [""]
    return "\n".join([*lines, "  Stop with Ctrl-C.", "", ""])


def _open_demo(app: App, id: RequisitionId, stopped: threading.Event) -> None:
    """Queue the scoring of one requisition, once its sandbox answers, so there is much to see."""
    actor = service_actor("demo", app.tenant)
    trigger = Trigger("first run of the demo", actor.id)
    while not stopped.wait(0.3):
        if not _is_listening(app.settings.host, app.settings.sandbox_port):
            continue
        with suppress(OutsideError):
            app.unattended.start(actor, id, trigger, accept_draft=True)
            return


def _is_listening(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _announce(settings: Settings, banner: str, stopped: threading.Event) -> None:
    health = f"http://{settings.host}:{settings.ui_port}/_stcore/health"
    while not stopped.wait(0.3):
        try:
            with urllib.request.urlopen(health, timeout=2):
                break
        except (urllib.error.URLError, OSError):
            continue
    else:
        return
    sys.stdout.write(banner)
    sys.stdout.flush()
