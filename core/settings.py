"""Settings from the environment, prefix ``COPILOT_``; only ``bootstrap`` reads them."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

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
    icims_max_in_flight: int = Field(default=4, ge=1, le=4)

    database_url: str = f"sqlite:///{VAR / 'copilot.db'}"
    secret_key: SecretStr = SecretStr("")
    demo: bool = False
    demo_requisition: str = ""

    llm_base_url: str = Field(default="", pattern=f"^$|{_ADDRESS}")
    llm_api_key: SecretStr = SecretStr("")
    llm_model: str = ""

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
