"""A sign-in service with one recruiter, Rosa, and a clock to move."""

import pytest

from core.domain.actor import Role
from core.domain.ids import TenantId, UserId
from core.errors import NotAllowed
from core.ports import Account
from core.services.accounts.passwords import hash_password
from core.services.accounts.sign_in import SignedIn, SignIn
from core.services.accounts.sign_in_policy import SignInPolicy
from tests.store_bench import CountedIds, HandClock
from tests.twins.accounts import AccountsUnit

TENANT = TenantId("4711")
PASSWORD = "correct horse battery"
HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"
FAST = SignInPolicy(cost=4)
_HASH = hash_password(PASSWORD, 4)


class House:
    """A sign-in service with one recruiter, Rosa, and a clock to move."""

    def __init__(self, policy: SignInPolicy = FAST) -> None:
        self.store = AccountsUnit()
        self.clock = HandClock()
        self.service = SignIn(self.store, self.clock, CountedIds(), TENANT, policy)
        self.rosa = Account(
            id=UserId("u-rosa"),
            tenant=TENANT,
            username="rosa",
            display_name="Rosa Field",
            email="rosa@example.com",
            password_hash=_HASH,
            roles=frozenset({Role.RECRUITER}),
            must_change_password=True,
        )
        self.store.accounts.put(self.rosa)

    def enter(self, password: str = PASSWORD, name: str = "rosa", address: str = HOME) -> SignedIn:
        return self.service.verify(name, password, address)

    def fail(self, times: int, name: str = "rosa", address: str = HOME) -> None:
        for _ in range(times):
            with pytest.raises(NotAllowed, match="not right"):
                self.enter("wrong", name, address)

    def refusal(self, password: str = PASSWORD, name: str = "rosa", address: str = HOME) -> str:
        with pytest.raises(NotAllowed) as caught:
            self.enter(password, name, address)
        return str(caught.value)

    def facts(self) -> list[str]:
        return [fact.action for fact in self.store.audit.facts]
