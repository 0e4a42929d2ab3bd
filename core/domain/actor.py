"""Who acts: a person with a live session, a service account or a model."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.ids import PersonId, SessionId, TenantId, UserId


class Role(StrEnum):
    """What a person is to this product; mirrors the tenant's iCIMS login groups."""

    RECRUITER = "recruiter"
    HIRING_MANAGER = "hiring_manager"
    COMPLIANCE = "compliance"
    ADMIN = "admin"


class ActorKind(StrEnum):
    """Only a person can approve."""

    PERSON = "person"
    SERVICE = "service"
    MODEL = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A sign-in as the server knows it; times are aware UTC."""

    id: SessionId
    user_id: UserId
    started_at: datetime
    last_seen_at: datetime
    idle_expires_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Say whether the session may still be used at ``now``."""
        if self.revoked_at is not None and self.revoked_at <= now:
            return False
        return self.started_at <= now < min(self.idle_expires_at, self.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The doer of a command, with everything a permission check needs.

    ``icims_person_id`` ties a user to the ``recruiter``/``hiringmanager`` links on jobs.
    """

    id: UserId
    kind: ActorKind
    tenant: TenantId
    roles: frozenset[Role] = frozenset()
    icims_person_id: PersonId | None = None
    session: Session | None = None

    def is_person_present(self, now: datetime) -> bool:
        """Say whether this is a human whose session is live at ``now``."""
        return (
            self.kind is ActorKind.PERSON
            and self.session is not None
            and self.session.user_id == self.id
            and self.session.is_live(now)
        )


def service_actor(name: str, tenant: TenantId) -> Actor:
    """Name a part of this product as the doer; it holds no role and can approve nothing."""
    return Actor(id=UserId(f"service:{name}"), kind=ActorKind.SERVICE, tenant=tenant)


def model_actor(version: str, tenant: TenantId) -> Actor:
    """Name an assessor or model version as the doer."""
    return Actor(id=UserId(f"model:{version}"), kind=ActorKind.MODEL, tenant=tenant)
