"""How long sessions live, how fast somebody may guess, and what the provider decides."""

from dataclasses import dataclass, field
from datetime import timedelta

from core.services.accounts.brake import Brake
from core.services.accounts.passwords import COST
from core.services.accounts.single_sign_on import ProviderPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPolicy:
    """The rules of signing in.

    The brakes of an address are wider, because an office shares one.
    """

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    per_user: tuple[Brake, ...] = (
        Brake(5, timedelta(minutes=1)),
        Brake(10, timedelta(minutes=15)),
        Brake(20, timedelta(hours=1)),
    )
    per_address: tuple[Brake, ...] = (
        Brake(30, timedelta(minutes=1)),
        Brake(100, timedelta(minutes=15)),
    )
    touch_every: timedelta = timedelta(minutes=1)
    cost: int = COST
    passwords: bool = True
    provider: ProviderPolicy = field(default_factory=ProviderPolicy)
