"""Rules for people whom the company's identity provider vouches for."""

from dataclasses import replace

import pytest

from core.domain.actor import Role
from core.domain.federation import read_claims
from core.domain.ids import UserId
from core.errors import NotAllowed, SessionEnded
from core.services.accounts.sign_in import SignedIn
from core.services.accounts.sign_in_policy import SignInPolicy
from core.services.accounts.single_sign_on import ProviderPolicy
from tests.sign_in_house import HOME, PASSWORD, House

ISSUER = "https://login.example"
BY_GROUP = {"hr": Role.RECRUITER, "leads": Role.HIRING_MANAGER, "audit": Role.COMPLIANCE}
Said = dict[str, object]


class Company(House):
    """The house, with Rosa known to a provider as well."""

    def __init__(self, **policy: object) -> None:
        provider = ProviderPolicy(**policy)  # type: ignore[arg-type]  # checked by the dataclass
        super().__init__(SignInPolicy(cost=4, provider=provider))
        self.rosa = replace(self.rosa, must_change_password=False)
        self.store.accounts.put(self.rosa)

    def said(self, **changed: object) -> Said:
        said: Said = {
            "iss": ISSUER,
            "sub": "p-1",
            "iat": self.clock.now().timestamp(),
            "email": "Rosa@Example.com",
            "email_verified": True,
        }
        return {**said, **changed}

    def arrive(self, **changed: object) -> SignedIn:
        return self.service.federated(self.said(**changed), HOME)

    def turned_away(self, **changed: object) -> str:
        with pytest.raises(NotAllowed) as caught:
            self.arrive(**changed)
        return str(caught.value)

    def account(self) -> object:
        return self.store.accounts.get(UserId("u-rosa"))


@pytest.fixture
def company() -> Company:
    return Company()


def test_a_verified_address_links_its_account_on_first_use(company: Company) -> None:
    arrived = company.arrive()
    assert arrived.account.id == "u-rosa"
    assert arrived.account.subject == f"{ISSUER}|p-1"
    assert company.facts() == ["account.linked", "session.started"]
    assert company.store.audit.facts[-1].data == {"method": "single sign-on"}
    assert company.service.resume(arrived.session.id).roles == {Role.RECRUITER}


def test_a_linked_account_is_found_whatever_address_it_has_now(company: Company) -> None:
    company.arrive()
    company.clock.forward(seconds=1)
    assert company.arrive(email="rosa.new@example.com", email_verified=False).session


@pytest.mark.parametrize(
    "changed",
    [{"email_verified": False}, {"email_verified": "true"}, {"email_verified": None}, {"email": 7}],
    ids=["false", "a text", "missing", "no text"],
)
def test_an_address_nobody_vouches_for_finds_no_account(company: Company, changed: Said) -> None:
    assert "does not vouch" in company.turned_away(**changed)
    assert company.store.audit.facts[-1].action == "sign_in.refused"
    assert company.store.audit.facts[-1].data == {"reason": "e-mail not verified"}


def test_unverified_addresses_count_where_the_operator_says_so() -> None:
    assert Company(trust_email=True).arrive(email_verified=None).account.id == "u-rosa"


def test_nobody_gets_an_account_by_arriving(company: Company) -> None:
    assert "ask your administrator to add you" in company.turned_away(email="sam@example.com")
    assert [account.id for account in company.store.accounts.all()] == ["u-rosa"]
    assert "sam" not in repr(company.store.audit.facts)


def test_an_account_linked_to_one_person_is_not_given_to_another(company: Company) -> None:
    company.arrive()
    company.clock.forward(seconds=1)
    assert "no account" in company.turned_away(sub="p-2")


def test_the_same_subject_of_another_issuer_is_another_person(company: Company) -> None:
    company.arrive()
    company.clock.forward(seconds=1)
    company.turned_away(iss="https://elsewhere.example")


def test_an_address_of_two_accounts_links_neither(company: Company) -> None:
    company.store.accounts.put(replace(company.rosa, id=UserId("u-two"), username="rosa2"))
    assert "no account" in company.turned_away()


def test_a_disabled_account_stays_out_and_is_not_linked(company: Company) -> None:
    company.store.disable(UserId("u-rosa"))
    assert "switched off" in company.turned_away()
    assert company.facts() == ["sign_in.refused"]


def test_a_token_opens_one_session_and_no_second(company: Company) -> None:
    said = company.said()
    session = company.service.federated(said, HOME).session
    company.service.end(session.id)
    with pytest.raises(SessionEnded):
        company.service.federated(said, HOME)


def test_a_token_older_than_the_last_one_used_is_spent(company: Company) -> None:
    older = company.said()
    company.clock.forward(seconds=2)
    company.arrive()
    with pytest.raises(SessionEnded):
        company.service.federated(older, HOME)


@pytest.mark.parametrize("minutes", [6, -6], ids=["old", "from the future"])
def test_a_token_far_from_now_is_spent_even_if_never_used(company: Company, minutes: int) -> None:
    said = company.said(iat=company.clock.now().timestamp() - 60 * minutes)
    with pytest.raises(SessionEnded):
        company.service.federated(said, HOME)
    assert company.facts() == []


@pytest.mark.parametrize(
    "changed",
    [{"sub": None}, {"sub": ""}, {"iss": 3}, {"iat": None}, {"iat": True}, {"iat": 1e30}],
    ids=["no subject", "empty subject", "odd issuer", "no time", "odd time", "absurd time"],
)
def test_a_token_that_names_nobody_is_refused(company: Company, changed: Said) -> None:
    assert "did not say" in company.turned_away(**changed)


def test_without_a_mapping_roles_stay_as_the_administrator_set_them(company: Company) -> None:
    assert company.arrive(groups=["audit"]).account.roles == {Role.RECRUITER}


def test_groups_give_roles_where_they_are_mapped() -> None:
    company = Company(role_groups=BY_GROUP)
    arrived = company.arrive(groups=["hr", "leads", "canteen"])
    assert arrived.account.roles == {Role.RECRUITER, Role.HIRING_MANAGER}
    assert company.store.audit.facts[-2].action == "account.roles_taken_over"


def test_a_lost_group_takes_its_role_and_ends_older_sessions() -> None:
    company = Company(role_groups=BY_GROUP)
    older = company.arrive(groups=["hr", "leads"]).session
    company.clock.forward(seconds=1)
    newer = company.arrive(groups=["hr"]).session
    with pytest.raises(SessionEnded):
        company.service.resume(older.id)
    assert company.service.resume(newer.id).roles == {Role.RECRUITER}


def test_a_role_that_comes_back_does_not_bring_its_old_session_back() -> None:
    company = Company(role_groups=BY_GROUP)
    older = company.arrive(groups=["hr", "leads"]).session
    for groups in (["hr"], ["hr", "leads"]):
        company.clock.forward(seconds=1)
        company.arrive(groups=groups)
    with pytest.raises(SessionEnded):
        company.service.resume(older.id)


def test_groups_whose_roles_clash_open_nothing() -> None:
    """Whoever reads the log must not be in it as a recruiter."""
    company = Company(role_groups=BY_GROUP)
    assert "do not go together" in company.turned_away(groups=["hr", "audit"])


@pytest.mark.parametrize("groups", [[], None, {"hr": 1}, 5], ids=["none", "null", "odd", "number"])
def test_without_a_mapped_group_nobody_comes_in_and_the_roles_are_gone(groups: object) -> None:
    company = Company(role_groups=BY_GROUP)
    session = company.enter().session
    assert "gives you a role" in company.turned_away(groups=groups)
    with pytest.raises(SessionEnded):
        company.service.resume(session.id)


def test_a_first_password_nobody_changed_ends_when_its_owner_arrives(company: Company) -> None:
    company.store.accounts.put(replace(company.rosa, must_change_password=True))
    arrived = company.arrive()
    me = company.service.me(company.service.resume(arrived.session.id))
    assert (me.must_change_password, me.has_password) == (False, False)
    assert company.refusal(PASSWORD)


def test_a_password_of_ones_own_stays(company: Company) -> None:
    company.arrive()
    assert company.enter(PASSWORD)


def test_knocking_without_an_account_is_braked(company: Company) -> None:
    for _ in range(5):
        company.turned_away(email="sam@example.com")
    assert "Too many attempts" in company.turned_away(email="sam@example.com")
    assert company.facts() == ["sign_in.refused"] * 5


def test_groups_may_come_as_one_name_or_under_another_claim() -> None:
    said = {"iss": ISSUER, "sub": "p", "iat": 1_000, "roles": "hr"}
    assert read_claims(said, groups_claim="roles").groups == {"hr"}
