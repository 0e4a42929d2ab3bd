"""Wires adapters to use cases: the only inner part that reads settings."""

import json
import logging
import secrets
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from pydantic import ValidationError

from core.assist.screening import (
    BuiltInAssessor,
    ModelAssessor,
    draft,
    first_prompt,
    golden_cases,
    lint,
    read_prompt,
    remark,
)
from core.documents import IsolatedReader, Limits
from core.domain.actor import Role
from core.domain.budget import Reserves
from core.domain.criteria import Criteria
from core.domain.document import ExtractedDocument, Month, ParsedResume
from core.domain.ids import PersonId, TenantId, UserId
from core.domain.model_costs import AskedModel, Price, TokenLimits
from core.domain.policy import TenantPolicy
from core.domain.prompts import FirstPrompt
from core.domain.records import Requisition
from core.domain.routing import Thresholds
from core.errors import FieldMapInvalid, InvalidInput
from core.flow.parse import parse
from core.flow.pseudonymise import Policy, check_outgoing
from core.icims import (
    BasicAccess,
    BasicCredentials,
    Credentials,
    EventAccess,
    FieldMap,
    HmacCredentials,
    IcimsClient,
    OAuthCredentials,
    SignedAccess,
    TokenAccess,
    load_field_map,
)
from core.ports import Account, Assessor, Clock, IdSource
from core.services.accounts.passwords import hash_password
from core.services.accounts.sign_in import SignIn
from core.services.accounts.sign_in_policy import SignInPolicy
from core.services.accounts.single_sign_on import ProviderPolicy
from core.services.accounts.users import Users
from core.services.audit import Audit
from core.services.connection import Connection
from core.services.controls import Controls
from core.services.decisions.approvals import Approvals
from core.services.decisions.following import Following
from core.services.decisions.proposing import ProposalRules, Proposer
from core.services.housekeeping import Housekeeping
from core.services.ingest import Ingest
from core.services.model_log import ModelLog
from core.services.operations import Operations
from core.services.pipeline.attention import Attention
from core.services.pipeline.pipeline import Pipeline
from core.services.pipeline.ranking import Ranking
from core.services.pipeline.requisitions import Requisitions
from core.services.pipeline.roster import Roster
from core.services.pipeline.saved_views import SavedViews
from core.services.prompts import InProduction, Prompts
from core.services.reconcile import Reconciliation
from core.services.review.agreement import AgreementDesk
from core.services.review.judging import Judging
from core.services.review.review import Review
from core.services.scoring.baseline import Baseline
from core.services.scoring.criteria import CriteriaDesk
from core.services.scoring.evaluating import Evaluating
from core.services.scoring.golden_check import Check
from core.services.scoring.grading import Grader
from core.services.scoring.intake import Intake
from core.services.scoring.model_runs import Recorder
from core.services.scoring.plain_files import PlainFiles
from core.services.scoring.prompt_runs import ConnectedModel
from core.services.scoring.rereading import Rereading
from core.services.scoring.screening import Screening
from core.services.scoring.trying import Trying
from core.services.scoring.unattended import Unattended
from core.services.sweeping import Sweeping
from core.services.sync import Sync
from core.services.timetable import Timetable
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
    clock: Clock = field(default_factory=SystemClock)

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
            reserves=Reserves(
                people=self.settings.icims_quota_reserve,
                events=self.settings.icims_quota_events,
                reconcile=self.settings.icims_quota_reconcile,
            ),
            places=self.store.places(self.settings.icims_max_in_flight),
            max_file_bytes=self.settings.document_max_bytes,
        )

    @cached_property
    def reader(self) -> IsolatedReader:
        """Reads documents in processes of their own."""
        return IsolatedReader(limits(self.settings), workers=2)

    def assessors(self) -> Sequence[Assessor]:
        """The assessors in order of preference; the last always answers.

        A language model follows the prompt that is in production now.
        """
        model = self.connected_model()
        if model is None:
            return (self._builtin,)
        return (model.judge(self._in_production.prompt()), self._builtin)

    def connected_model(self) -> ConnectedModel | None:
        """The language model of the settings, None without one."""
        return self._model

    def asked_model(self) -> AskedModel | None:
        """Which model scores are asked of now, with which prompt; None without one."""
        if not self.settings.llm_model:
            return None
        host = urlsplit(self.settings.llm_base_url).hostname or ""
        return AskedModel(self._in_production.prompt(), self.settings.llm_model, host)

    @cached_property
    def _model(self) -> ConnectedModel | None:
        return connected_model(self.settings)

    @cached_property
    def _builtin(self) -> Assessor:
        return built_in()

    @cached_property
    def _in_production(self) -> InProduction:
        return InProduction(self.store.unit_of_work, read_prompt())

    # --- Use cases -----------------------------------------------------------------------------

    @cached_property
    def sign_in(self) -> SignIn:
        """Sessions and passwords."""
        provider = ProviderPolicy(
            groups_claim=self.settings.oidc_groups_claim,
            role_groups=self.settings.oidc_role_groups,
            trust_email=self.settings.oidc_trust_email,
        )
        policy = SignInPolicy(passwords=self.password_sign_in, provider=provider)
        return SignIn(self.store.unit_of_work, self.clock, self.ids, self.tenant, policy)

    @cached_property
    def users(self) -> Users:
        """Who may sign in, and as what."""
        brakes = SignInPolicy().per_user
        return Users(self.store.unit_of_work, self.clock, self.ids, brakes)

    @cached_property
    def controls(self) -> Controls:
        """Thresholds and stop switches."""
        return Controls(self.store.unit_of_work, self.clock, self.ids, self.policy)

    @cached_property
    def requisitions(self) -> Requisitions:
        """The requisitions screen."""
        return Requisitions(self.store.unit_of_work, self.clock)

    @cached_property
    def ranking(self) -> Ranking:
        """Rows of a pipeline."""
        return Ranking(self.roster, self.policy)

    @cached_property
    def roster(self) -> Roster:
        """What rows need of sealed records, kept in this process."""
        return Roster(self.ats.link_to)

    @property
    def policy(self) -> TenantPolicy:
        """What holds until an administrator chooses otherwise."""
        return TenantPolicy(thresholds=self.thresholds)

    @property
    def thresholds(self) -> Thresholds:
        """The tenant's thresholds for suggestions."""
        return Thresholds(self.settings.pool_below, self.settings.call_above)

    @cached_property
    def pipeline(self) -> Pipeline:
        """The pipeline screen."""
        views = SavedViews(self.store.unit_of_work, self.clock, self.ids)
        return Pipeline(self.store.unit_of_work, self.clock, self.ranking, views)

    @cached_property
    def queue(self) -> Attention:
        """What waits for a person's eyes."""
        return Attention(self.store.unit_of_work, self.clock, self.ranking)

    @cached_property
    def review(self) -> Review:
        """The application screen."""
        stages = {node: label for label, node in self.field_map.statuses.items()}
        return Review(self.store.unit_of_work, self.clock, self.ranking, self.reader, stages)

    @cached_property
    def criteria(self) -> CriteriaDesk:
        """The criteria screen."""
        return CriteriaDesk(self.store.unit_of_work, self.clock, _draft, lint)

    @cached_property
    def approvals(self) -> Approvals:
        """Decisions on proposals."""
        window = timedelta(seconds=self.settings.undo_seconds)
        return Approvals(self.store.unit_of_work, self.clock, self.ids, window, self.proposal_rules)

    @cached_property
    def proposal_rules(self) -> ProposalRules:
        """What proposals are made under."""
        return ProposalRules(
            fields=frozenset(self.field_map.fields),
            valid_for=timedelta(days=self.settings.proposal_days),
            default=self.policy,
        )

    @cached_property
    def proposer(self) -> Proposer:
        """Makes proposals."""
        return Proposer(self.clock, self.ids, self.proposal_rules)

    @cached_property
    def following(self) -> Following:
        """Proposals that waited for an earlier write."""
        return Following(self.store.unit_of_work, self.proposer)

    @cached_property
    def judging(self) -> Judging:
        """People's verdicts and views."""
        return Judging(self.store.unit_of_work, self.clock, self.ids, self.proposer)

    @cached_property
    def agreement(self) -> AgreementDesk:
        """People beside the assessor."""
        return AgreementDesk(self.store.unit_of_work, self.clock, self.ranking)

    @cached_property
    def audit(self) -> Audit:
        """The audit log."""
        return Audit(self.store.unit_of_work, self.clock)

    @cached_property
    def model_log(self) -> ModelLog:
        """What language models were sent."""
        return ModelLog(
            unit_of_work=self.store.unit_of_work,
            clock=self.clock,
            connected=self.asked_model,
            price=Price(
                self.settings.llm_price_in,
                self.settings.llm_price_out,
                self.settings.llm_currency,
            ),
            default=self.policy,
        )

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
    def operations(self) -> Operations:
        """The operations screen."""
        return Operations(
            unit_of_work=self.store.unit_of_work,
            clock=self.clock,
            quota=lambda: self.ats.quota(),
            compared_every=timedelta(minutes=self.settings.poll_minutes),
            events_set_up=bool(
                self.settings.events_user and self.settings.events_secret.get_secret_value()
            ),
        )

    @property
    def event_access(self) -> EventAccess | None:
        """Who may send events; None while nobody may."""
        return _event_access(self.settings, self.ids)

    @cached_property
    def ingest(self) -> Ingest:
        """Keeps events and queues what they ask for."""
        return Ingest(self.store.unit_of_work, self.clock)

    @cached_property
    def sync(self) -> Sync:
        """Pulls from iCIMS."""
        return Sync(self.store.unit_of_work, self.ats, self.clock, self.tenant)

    @cached_property
    def reconciliation(self) -> Reconciliation:
        """Asks iCIMS what changed."""
        return Reconciliation(self.store.unit_of_work, self.ats, self.clock, self.tenant)

    @cached_property
    def sweeping(self) -> Sweeping:
        """Compares everything once a night."""
        return Sweeping(self.store.unit_of_work, self.ats, self.clock, self.tenant)

    @cached_property
    def housekeeping(self) -> Housekeeping:
        """Lets go of what is old."""
        return Housekeeping(
            unit_of_work=self.store.unit_of_work,
            clock=self.clock,
            tenant=self.tenant,
            events_kept=timedelta(days=self.settings.event_days),
            runs_kept=timedelta(days=self.settings.llm_run_days),
        )

    @cached_property
    def timetable(self) -> Timetable:
        """What is to be done by the clock."""
        return Timetable(
            unit_of_work=self.store.unit_of_work,
            clock=self.clock,
            tenant=self.tenant,
            poll_every=timedelta(minutes=self.settings.poll_minutes),
            quiet_hour=self.settings.sweep_hour,
        )

    @cached_property
    def grader(self) -> Grader:
        """Grades documents."""
        return Grader(self.assessors, remark, self.clock)

    @cached_property
    def recorder(self) -> Recorder:
        """Limits and records what language models are asked."""
        return Recorder(
            unit_of_work=self.store.unit_of_work,
            clock=self.clock,
            ids=self.ids,
            limits=TokenLimits(
                self.settings.llm_tokens_per_day, self.settings.llm_tokens_per_requisition
            ),
        )

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
            intake=self.intake,
            grader=self.grader,
            proposer=self.proposer,
            rereading=Rereading(self.sync),
            recorder=self.recorder,
        )

    @cached_property
    def baseline(self) -> Baseline:
        """Scores past applicants for comparison."""
        return Baseline(
            self.store.unit_of_work,
            self.ats,
            self.clock,
            self.intake,
            self.grader,
            self.recorder,
        )

    @cached_property
    def unattended(self) -> Unattended:
        """Scoring for the command line and the demo."""
        return Unattended(
            self.store.unit_of_work, self.clock, self.sync, self.criteria, self.screening
        )

    @cached_property
    def evaluating(self) -> Evaluating:
        """Checks instructions against golden cases."""
        return Evaluating(
            unit_of_work=self.store.unit_of_work,
            clock=self.clock,
            ids=self.ids,
            tenant=self.tenant,
            firsts=self._first_prompts,
            model=self.connected_model,
            check=golden_check(),
            recorder=self.recorder,
        )

    @cached_property
    def trying(self) -> Trying:
        """Tries instructions on samples of scored resumes."""
        return Trying(
            unit_of_work=self.store.unit_of_work,
            clock=self.clock,
            ids=self.ids,
            tenant=self.tenant,
            firsts=self._first_prompts,
            model=self.connected_model,
            recorder=self.recorder,
            grader=self.grader,
        )

    @cached_property
    def prompts(self) -> Prompts:
        """Instructions to AI models."""
        return Prompts(
            unit_of_work=self.store.unit_of_work,
            clock=self.clock,
            ids=self.ids,
            firsts=self._first_prompts,
            model=self.connected_model,
            evaluating=self.evaluating,
            trying=self.trying,
        )

    @cached_property
    def _first_prompts(self) -> Mapping[str, FirstPrompt]:
        first = first_prompt()
        return {first.prompt.name: first}

    # --- Life of a process ---------------------------------------------------------------------

    @property
    def cookie_key(self) -> str:
        """Key that signs the sign-in cookie; not the vault's, though it comes from the same."""
        return content_key(self.settings.secret_key.get_secret_value(), "cookie")

    @property
    def single_sign_on(self) -> Mapping[str, str]:
        """What ``st.login`` needs for the company's identity provider; empty when it is off.

        Raises ``InvalidInput`` when only some of its settings are there.
        """
        return _single_sign_on(self.settings)

    @property
    def password_sign_in(self) -> bool:
        """Say whether passwords open sessions; raises ``InvalidInput`` when nothing would."""
        if not self.settings.password_sign_in and not self.single_sign_on:
            raise InvalidInput("COPILOT_PASSWORD_SIGN_IN=false needs the COPILOT_OIDC_ settings.")
        return self.settings.password_sign_in

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
        _ = self.thresholds, self.ats, self.sign_in, self.single_sign_on

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
    """Build the engine for plain files: no iCIMS, no database, no secret needed.

    Only the built-in assessor judges there: without a database nothing that left would be kept.
    """
    settings = load_settings()
    with IsolatedReader(limits(settings), workers=workers) as reader:
        grader = cache(lambda: Grader(cache(lambda: (built_in(),)), remark, SystemClock()))
        yield PlainFiles(reader, _parse, policy(settings), grader)


def built_in() -> Assessor:
    """Build the built-in assessor; its model is loaded only here."""
    from core.embeddings import MiniLm

    return BuiltInAssessor(MiniLm())


def connected_model(settings: Settings) -> ConnectedModel | None:
    """Build the client of the configured language model; None where none is configured."""
    if not settings.llm_model:
        return None
    from core.llm import Bounds, OpenAiModel

    if not settings.llm_base_url:
        raise InvalidInput("COPILOT_LLM_MODEL needs COPILOT_LLM_BASE_URL.")
    # The text itself cannot hold a known identity; this looks at all that leaves, prompt included.
    model = OpenAiModel(
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key.get_secret_value(),
        model=settings.llm_model,
        check=lambda payload: check_outgoing(payload, ()),
        clock=SystemClock(),
        bounds=Bounds(
            silence=settings.llm_silence_seconds,
            overall=settings.llm_overall_seconds,
            max_tokens=settings.llm_max_tokens,
            at_once=settings.llm_at_once,
        ),
    )
    return ConnectedModel(model.version, lambda prompt: ModelAssessor(model, prompt))


def golden_check() -> Check:
    """Build the check of an assessor against the golden cases; needs no database."""
    return Check(golden_cases(), _parse)


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


def _single_sign_on(settings: Settings) -> Mapping[str, str]:
    given = {
        "COPILOT_OIDC_ISSUER": settings.oidc_issuer,
        "COPILOT_OIDC_CLIENT_ID": settings.oidc_client_id,
        "COPILOT_OIDC_CLIENT_SECRET": settings.oidc_client_secret.get_secret_value(),
        "COPILOT_OIDC_REDIRECT_BASE": settings.oidc_redirect_base,
    }
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given):
        return {}
    if missing:
        raise InvalidInput(f"Set {', '.join(missing)} too, or none of the COPILOT_OIDC_ settings.")
    issuer, client_id, client_secret, base = given.values()
    return {
        "server_metadata_url": f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        "client_id": client_id,
        "client_secret": client_secret,
        "redirect_uri": f"{base.rstrip('/')}/oauth2callback",
        "cookie_secret": content_key(settings.secret_key.get_secret_value(), "single sign-on"),
    }


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


def _event_access(settings: Settings, ids: IdSource) -> EventAccess | None:
    user, secret = settings.events_user, settings.events_secret.get_secret_value()
    if not user and not secret:
        return None
    if not user or not secret:
        raise InvalidInput("Set COPILOT_EVENTS_USER and COPILOT_EVENTS_SECRET, or neither.")
    match settings.events_auth:
        case "basic":
            return BasicAccess(user, secret, ids)
        case "oauth":
            # Of both secrets: a token ends with the one it was asked for by.
            ours = settings.secret_key.get_secret_value()
            return TokenAccess(user, secret, ids, content_key(ours + secret, "event tokens"))
    return SignedAccess(user, secret)


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
