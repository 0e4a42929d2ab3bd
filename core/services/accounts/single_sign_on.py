"""From what the company's identity provider says to an account of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.domain.actor import Role
from core.domain.federation import Claims, roles_of
from core.ports import Account, Accounts
from core.services.accounts.account_rules import go_together


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPolicy:
    """What the provider decides here.

    Without ``role_groups`` roles stay as the administrator set them. A token opens a session only
    once and only within ``token_age`` of being issued, give or take as much for clocks.
    """

    groups_claim: str = "groups"
    role_groups: Mapping[str, Role] | None = None
    trust_email: bool = False
    token_age: timedelta = timedelta(minutes=5)


class Refusal(StrEnum):
    """Why somebody the provider knows may not come in; the values stand in the audit log."""

    NO_ACCOUNT = "no account"
    NO_EMAIL = "e-mail not verified"
    DISABLED = "account disabled"
    NO_ROLE = "no role"
    ROLES_CLASH = "roles clash"


WORDS = {
    Refusal.NO_ACCOUNT: "There is no account for you here yet."
    " Please ask your administrator to add you.",
    Refusal.NO_EMAIL: "Your company's sign-in does not vouch for your e-mail address, so your"
    " account could not be found. Please ask your administrator.",
    Refusal.DISABLED: "Your account is switched off. Please ask your administrator.",
    Refusal.NO_ROLE: "None of your company's groups gives you a role here."
    " Please ask your administrator.",
    Refusal.ROLES_CLASH: "Your company's groups give you compliance and another role, which do not"
    " go together here. Please ask your administrator.",
}


def find(accounts: Accounts, claims: Claims) -> Account | None:
    """Find the account linked to ``claims``, else the one unlinked account of that address."""
    everybody = accounts.all()
    linked = next((a for a in everybody if a.subject == claims.subject), None)
    if linked is not None or not claims.email:
        return linked
    same = [a for a in everybody if a.email.strip().casefold() == claims.email]
    return same[0] if len(same) == 1 and not same[0].subject else None


def refusal(account: Account | None, claims: Claims) -> Refusal | None:
    """Say why ``account`` may not come in; None when it may."""
    if account is None:
        return Refusal.NO_ACCOUNT if claims.email else Refusal.NO_EMAIL
    if account.disabled:
        return Refusal.DISABLED
    if not account.roles:
        return Refusal.NO_ROLE
    return None if go_together(account.roles) else Refusal.ROLES_CLASH


def is_spent(
    account: Account | None, claims: Claims, policy: ProviderPolicy, now: datetime
) -> bool:
    """Say whether a token is too old or has opened a session before.

    A browser keeps it for weeks; whoever's session ended must not be back in by reloading.
    """
    if abs(now - claims.issued_at) > policy.token_age:
        return True
    last = account.token_at if account else None
    return last is not None and claims.issued_at <= last


def refreshed(account: Account, claims: Claims, policy: ProviderPolicy) -> Account:
    """Link the account, and take over the roles where the provider decides them.

    A first password that nobody has changed yet is known to whoever set it: it ends here.
    """
    roles = account.roles
    if policy.role_groups is not None:
        roles = roles_of(claims.groups, policy.role_groups)
    first = account.must_change_password
    return replace(
        account,
        subject=claims.subject,
        token_at=claims.issued_at,
        roles=roles,
        password_hash="" if first else account.password_hash,
        must_change_password=False,
    )
