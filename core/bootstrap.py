"""Wires adapters to use cases: the only inner part that reads settings."""

import json
import logging
import secrets
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

import structlog
from pydantic import ValidationError

from core.assist.screening import BuiltInAssessor, ModelAssessor, draft, lint, remark
from core.documents import IsolatedReader, Limits
from core.domain.actor import Role
from core.domain.criteria import Criteria
from core.domain.document import ExtractedDocument, Month, ParsedResume
from core.domain.ids import PersonId, TenantId, UserId
from core.domain.records import Requisition
from core.domain.routing import Thresholds
from core.errors import FieldMapInvalid, InvalidInput
from core.flow.parse import parse
from core.flow.pseudonymise import Policy, check_outgoing
from core.icims import (
    BasicCredentials,
    Credentials,
    FieldMap,
    HmacCredentials,
    IcimsClient,
    OAuthCredentials,
    load_field_map,
)
from core.ports import Account, Assessor
from core.services.approvals import Approvals
from core.services.audit import Audit
from core.services.baseline import Baseline
from core.services.connection import Connection
from core.services.criteria import CriteriaDesk
from core.services.grading import Grader
from core.services.intake import Intake
from core.services.pipeline import Pipeline
from core.services.plain_files import PlainFiles
from core.services.ranking import Ranking
from core.services.requisitions import Requisitions
from core.services.review import Review
from core.services.screening import Screening, ScreeningPolicy
from core.services.sign_in import SignIn, hash_password
from core.services.sync import Sync
from core.services.unattended import Unattended
from core.services.users import Users
from core.settings import ROOT, Settings
from core.store import Store, open_store

_STAFF = ROOT / "data" / "demo" / "staff.json"
_DEMO_PASSWORD = "try-the-copilot"  # noqa: S105 - printed on the sign-in screen, demo only


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """Give the current time, aware, UTC."""
        return datetime.now(UTC)


class TimeIds:
    """Ids that sort by the millisecond they were made in: 12 hex digits of time, 20 of chance."""

    def new(self) -> str:
        """Make an id nobody has."""
        return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


@dataclass(frozen=True)
class App:
    """Everything a process may use, wired on first use; safe to share between threads."""

    settings: Settings

    clock = SystemClock()
    ids = TimeIds()

    @property
    def tenant(self) -> TenantId:
        """The iCIMS customer this deployment serves."""
        return TenantId(self.settings.icims_customer_id)

    # --- Adapters ------------------------------------------------------------------------------

    @cached_property
    def store(self) -> Store:
        """The database."""
        return open_store(
            self.settings.database_url,
            tenant=self.tenant,
            secret_key=self.settings.secret_key.get_secret_value(),
            clock=self.clock,
        )

    @cached_property
    def field_map(self) -> FieldMap:
        """The tenant's field map."""
        if self.settings.icims_field_map is None:
            raise InvalidInput("Set COPILOT_ICIMS_FIELD_MAP to the tenant's field map (JSON).")
        found = load_field_map(_from_root(self.settings.icims_field_map))
        if found.customer_id != self.tenant:
            # Another tenant's list and field ids would put values where nobody asked for them.
            raise FieldMapInvalid(
                f"COPILOT_ICIMS_FIELD_MAP is for customer {found.customer_id},"
                f" COPILOT_ICIMS_CUSTOMER_ID is {self.tenant}."
            )
        return found

    @cached_property
    def ats(self) -> IcimsClient:
        """The iCIMS client."""
        return IcimsClient(
            base_url=self.settings.icims_api_base,
            customer_id=self.settings.icims_customer_id,
            credentials=_credentials(self.settings),
            field_map=self.field_map,
            call_log=self.store.call_log,
            clock=self.clock,
            reserve=self.settings.icims_quota_reserve,
            max_in_flight=self.settings.icims_max_in_flight,
            max_file_bytes=self.settings.document_max_bytes,
        )

    @cached_property
    def reader(self) -> IsolatedReader:
        """Reads documents in processes of their own."""
        return IsolatedReader(limits(self.settings), workers=2)

    def assessors(self) -> Sequence[Assessor]:
        """The assessors in order of preference; the last always answers."""
        return self._assessors

    @cached_property
    def _assessors(self) -> Sequence[Assessor]:
        return assessors(self.settings)

    # --- Use cases -----------------------------------------------------------------------------

    @cached_property
    def sign_in(self) -> SignIn:
        """Sessions and passwords."""
        return SignIn(self.store.unit_of_work, self.clock, self.ids, self.tenant)

    @cached_property
    def users(self) -> Users:
        """Adds accounts."""
        return Users(self.store.unit_of_work, self.clock, self.ids)

    @cached_property
    def requisitions(self) -> Requisitions:
        """The requisitions screen."""
        return Requisitions(self.store.unit_of_work, self.clock)

    @cached_property
    def ranking(self) -> Ranking:
        """Rows of a pipeline."""
        return Ranking(self.ats, self.thresholds)

    @property
    def thresholds(self) -> Thresholds:
        """The tenant's thresholds for suggestions."""
        return Thresholds(self.settings.pool_below, self.settings.call_above)

    @cached_property
    def pipeline(self) -> Pipeline:
        """The pipeline screen."""
        return Pipeline(self.store.unit_of_work, self.clock, self.ranking)

    @cached_property
    def review(self) -> Review:
        """The application screen."""
        return Review(self.store.unit_of_work, self.clock, self.ranking)

    @cached_property
    def criteria(self) -> CriteriaDesk:
        """The criteria screen."""
        return CriteriaDesk(self.store.unit_of_work, self.clock, _draft, lint)

    @cached_property
    def approvals(self) -> Approvals:
        """Decisions on proposals."""
        window = timedelta(seconds=self.settings.undo_seconds)
        return Approvals(self.store.unit_of_work, self.clock, self.ids, window)

    @cached_property
    def audit(self) -> Audit:
        """The audit log."""
        return Audit(self.store.unit_of_work, self.clock)

    @cached_property
    def connection(self) -> Connection:
        """The connection screen."""
        return Connection(
            self.store.unit_of_work,
            self.clock,
            self.ats,
            self.settings.icims_api_base,
            self.settings.icims_customer_id,
        )

    @cached_property
    def sync(self) -> Sync:
        """Pulls from iCIMS."""
        return Sync(self.store.unit_of_work, self.ats, self.clock)

    @cached_property
    def grader(self) -> Grader:
        """Grades documents."""
        return Grader(self.assessors, remark, self.clock)

    @cached_property
    def intake(self) -> Intake:
        """Brings in people and documents."""
        return Intake(
            self.store.unit_of_work,
            self.ats,
            self.clock,
            self.reader,
            _parse,
            policy(self.settings),
        )

    @cached_property
    def screening(self) -> Screening:
        """Scores and proposes."""
        return Screening(
            unit_of_work=self.store.unit_of_work,
            clock=self.clock,
            ids=self.ids,
            intake=self.intake,
            grader=self.grader,
            policy=ScreeningPolicy(
                thresholds=self.thresholds,
                valid_for=timedelta(days=self.settings.proposal_days),
                fields=frozenset(self.field_map.fields),
            ),
        )

    @cached_property
    def baseline(self) -> Baseline:
        """Scores past applicants for comparison."""
        return Baseline(self.store.unit_of_work, self.ats, self.clock, self.intake, self.grader)

    @cached_property
    def unattended(self) -> Unattended:
        """Scoring for the command line and the demo."""
        return Unattended(
            self.store.unit_of_work, self.clock, self.sync, self.criteria, self.screening
        )

    # --- Life of a process ---------------------------------------------------------------------

    @property
    def cookie_key(self) -> str:
        """Key that signs the sign-in cookie; not the vault's, though it comes from the same."""
        return content_key(self.settings.secret_key.get_secret_value(), "cookie")

    @property
    def demo(self) -> bool:
        """Say whether this is the demo."""
        return self.settings.demo

    @property
    def demo_sign_ins(self) -> tuple[Mapping[str, str], ...]:
        """The demo's sign-ins, empty outside the demo."""
        if not self.demo:
            return ()
        return tuple(
            {
                "username": person["username"],
                "password": _DEMO_PASSWORD,
                "role": ", ".join(role.replace("_", " ") for role in person["roles"]),
                "name": person["display_name"],
            }
            for person in _staff(self.tenant)
        )

    def prepare(self) -> None:
        """Bring the database up to date; in the demo, add its people. Safe to repeat."""
        self.store.migrate()
        self.store.check_secret()
        if self.demo:
            self._add_demo_people()

    def check(self) -> None:
        """Raise in words unless secret key, thresholds and field map are fit to work with."""
        self.store.check_secret()
        _ = self.thresholds, self.ats

    def check_store(self) -> None:
        """Raise unless the database answers."""
        with self.store.unit_of_work() as uow:
            uow.audit.count()

    def close(self) -> None:
        """Let go of processes and connections."""
        for name in ("reader", "ats", "store"):
            if name in self.__dict__:
                getattr(self, name).close()

    def _add_demo_people(self) -> None:
        hashed = ""
        with self.store.unit_of_work() as uow:
            for person in _staff(self.tenant):
                if uow.accounts.get(UserId(person["username"])) is None:
                    hashed = hashed or hash_password(_DEMO_PASSWORD)
                    uow.accounts.put(_account(person, hashed))
            uow.commit()


@cache
def get_app() -> App:
    """Build the application of this process from its environment.

    Raises ``InvalidInput`` naming the settings that are missing or wrong.
    """
    settings = load_settings()
    _log_as_json(settings.log_level)
    required = {
        "COPILOT_ICIMS_CUSTOMER_ID": settings.icims_customer_id,
        "COPILOT_SECRET_KEY": settings.secret_key.get_secret_value(),
        "COPILOT_ICIMS_CLIENT_ID": settings.icims_client_id,
        "COPILOT_ICIMS_CLIENT_SECRET": settings.icims_client_secret.get_secret_value(),
    }
    if missing := [name for name, value in required.items() if not value]:
        raise InvalidInput(f"Set {', '.join(missing)} (see the README), or use `make run`.")
    return App(settings)


def load_settings() -> Settings:
    """Read the environment; raises ``InvalidInput`` in words instead of a traceback."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = (f"COPILOT_{e['loc'][0]!s}".upper() + f": {e['msg']}" for e in error.errors())
        raise InvalidInput("; ".join(wrong)) from None


@contextmanager
def plain_files(workers: int = 2) -> Iterator[PlainFiles]:
    """Build the engine for plain files: no iCIMS, no database, no secret needed."""
    settings = load_settings()
    with IsolatedReader(limits(settings), workers=workers) as reader:
        grader = cache(lambda: Grader(cache(lambda: assessors(settings)), remark, SystemClock()))
        yield PlainFiles(reader, _parse, policy(settings), grader)


def assessors(settings: Settings) -> Sequence[Assessor]:
    """Build the assessors, a configured language model first; models are loaded only here."""
    from core.embeddings import MiniLm

    builtin = BuiltInAssessor(MiniLm())
    return (_model_assessor(settings), builtin) if settings.llm_model else (builtin,)


def _model_assessor(settings: Settings) -> Assessor:
    from core.llm import OpenAiModel

    # The text itself cannot hold a known identity; this looks at all that leaves, prompt included.
    model = OpenAiModel(
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key.get_secret_value(),
        model=settings.llm_model,
        check=lambda payload: check_outgoing(payload, ()),
    )
    return ModelAssessor(model)


def limits(settings: Settings) -> Limits:
    """Bounds for one document."""
    return Limits(
        max_bytes=settings.document_max_bytes,
        max_pages=settings.document_max_pages,
        seconds=settings.document_seconds,
    )


def policy(settings: Settings) -> Policy:
    """What pseudonymising removes beyond direct identifiers."""
    return Policy(mask_graduation_years=settings.mask_graduation_years)


def content_key(secret: str, purpose: str) -> str:
    """Derive an independent key for ``purpose`` (HKDF-SHA256), 64 hex digits."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, None, purpose.encode()).derive(secret.encode()).hex()


def _parse(document: ExtractedDocument, as_of: Month | None) -> ParsedResume:
    return parse(document, as_of=as_of)


def _draft(requisition: Requisition, now: datetime, author: UserId) -> Criteria:
    return draft(requisition, now=now, author=author)


def _credentials(settings: Settings) -> Credentials:
    secret = settings.icims_client_secret.get_secret_value()
    match settings.icims_auth:
        case "basic":
            return BasicCredentials(username=settings.icims_client_id, password=secret)
        case "hmac":
            return HmacCredentials(username=settings.icims_client_id, key=secret)
    return OAuthCredentials(
        token_url=settings.icims_token_url or "https://login.icims.com/oauth/token",
        client_id=settings.icims_client_id,
        client_secret=secret,
    )


def _from_root(path: Path) -> Path:
    return path if path.is_absolute() else ROOT / path


@cache
def _staff(tenant: TenantId) -> tuple[dict[str, str], ...]:
    everyone = json.loads(_STAFF.read_text(encoding="utf-8"))
    return tuple(person for person in everyone if person["customer_id"] == tenant)


def _account(person: Mapping[str, str], hashed: str) -> Account:
    return Account(
        id=UserId(person["username"]),
        tenant=TenantId(person["customer_id"]),
        username=person["username"],
        display_name=person["display_name"],
        email=person["email"],
        password_hash=hashed,
        roles=frozenset(Role(role) for role in person["roles"]),
        icims_person_id=PersonId(person["icims_person_id"]) if person["icims_person_id"] else None,
    )


def _log_as_json(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        # Standard output is for what a command was asked for.
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
