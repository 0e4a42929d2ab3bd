"""Settings from the environment, prefix ``COPILOT_``; only ``bootstrap`` reads them."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import Field, Json, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.domain.actor import Role

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "data" / "var"
_ADDRESS = r"^https?://\S+$"


class Settings(BaseSettings):
    """One tenant's deployment. Empty iCIMS settings mean the demo: the sandbox on this machine."""

    model_config = SettingsConfigDict(env_prefix="COPILOT_", extra="ignore")

    icims_api_base: str = Field(default="http://127.0.0.1:8701", pattern=_ADDRESS)
    icims_token_url: str = Field(default="", pattern=f"^$|{_ADDRESS}")
    icims_auth: str = Field(default="oauth", pattern="^(oauth|basic|hmac)$")
    icims_customer_id: str = ""
    icims_client_id: str = ""
    icims_client_secret: SecretStr = SecretStr("")
    icims_field_map: Path | None = None
    icims_quota_reserve: int = Field(default=500, ge=0)
    icims_quota_events: int = Field(default=300, ge=0)
    icims_quota_reconcile: int = Field(default=600, ge=0)
    icims_max_in_flight: int = Field(default=4, ge=1, le=4)
    poll_minutes: int = Field(default=10, ge=1, le=60)
    sweep_hour: int = Field(default=2, ge=0, le=23)
    event_days: int = Field(default=14, ge=1, le=90)

    events_auth: str = Field(default="hmac", pattern="^(basic|hmac|oauth)$")
    events_user: str = ""
    events_secret: SecretStr = SecretStr("")

    database_url: str = f"sqlite:///{VAR / 'copilot.db'}"
    secret_key: SecretStr = SecretStr("")
    broker_url: SecretStr = SecretStr("")
    broker_options: Json[dict[str, Any]] | None = None
    broker_window: int = Field(default=100, ge=1, le=10_000)
    demo: bool = False
    demo_requisition: str = ""

    oidc_issuer: str = Field(default="", pattern=f"^$|{_ADDRESS}")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_redirect_base: str = Field(default="", pattern=f"^$|{_ADDRESS}")
    oidc_groups_claim: str = "groups"
    oidc_role_groups: Json[dict[str, Role]] | None = None
    oidc_trust_email: bool = False
    password_sign_in: bool = True

    llm_base_url: str = Field(default="", pattern=f"^$|{_ADDRESS}")
    llm_api_key: SecretStr = SecretStr("")
    llm_model: str = ""
    llm_silence_seconds: float = Field(default=30.0, gt=0, le=600)
    llm_overall_seconds: float = Field(default=120.0, gt=0, le=3600)
    llm_max_tokens: int = Field(default=4096, ge=1, le=128_000)
    llm_at_once: int = Field(default=4, ge=1, le=64)
    llm_tokens_per_day: int = Field(default=0, ge=0)
    llm_tokens_per_requisition: int = Field(default=0, ge=0)
    llm_price_in: Decimal = Field(default=Decimal(0), ge=0)
    llm_price_out: Decimal = Field(default=Decimal(0), ge=0)
    llm_currency: str = Field(default="USD", pattern="^[A-Z]{3}$")
    llm_run_days: int = Field(default=90, ge=1, le=3650)

    host: str = "127.0.0.1"
    ui_port: int = Field(default=8501, ge=1, le=65535)
    gateway_port: int = Field(default=8702, ge=1, le=65535)
    sandbox_port: int = Field(default=8701, ge=1, le=65535)

    undo_seconds: int = Field(default=30, ge=0, le=172_800)
    proposal_days: int = Field(default=7, ge=1, le=90)
    pool_below: int = Field(default=40, ge=0, le=100)
    call_above: int = Field(default=80, ge=0, le=100)
    mask_graduation_years: bool = True
    document_max_bytes: int = Field(default=15_000_000, ge=1)
    document_max_pages: int = Field(default=60, ge=1)
    document_seconds: float = Field(default=30.0, gt=0)
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
