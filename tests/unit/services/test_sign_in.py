"""Rules of passwords, sessions and the brake on guessing."""

from dataclasses import replace

import bcrypt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.actor import ActorKind, Role
from core.domain.ids import SessionId, UserId
from core.errors import CopilotError, InvalidInput, NotAllowed, SessionEnded
from core.services.accounts.sign_in import ENDED, WRONG
from core.services.accounts.sign_in_policy import SignInPolicy
from tests.sign_in_house import ELSEWHERE, HOME, PASSWORD, House


@pytest.fixture
def house() -> House:
    return House()


def test_the_right_password_opens_a_session_for_a_person(house: House) -> None:
    actor = house.service.resume(house.enter().session.id)
    assert (actor.id, actor.kind) == ("u-rosa", ActorKind.PERSON)
    assert actor.roles == {Role.RECRUITER}
    assert actor.is_person_present(house.clock.now())


def test_user_names_ignore_case_and_blanks(house: House) -> None:
    assert house.enter(name="  Rosa ").account.id == "u-rosa"


def test_wrong_unknown_and_disabled_get_the_same_words(house: House) -> None:
    wrong = house.refusal("wrong")
    unknown = house.refusal(name="nobody")
    house.store.disable(UserId("u-rosa"))
    assert {wrong, unknown, house.refusal()} == {WRONG}


def test_an_unknown_user_costs_the_same_hash_as_a_known_one(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs: list[str] = []
    real = bcrypt.checkpw

    def spy(password: bytes, hashed: bytes) -> bool:
        costs.append(hashed.decode().split("$")[2])
        return real(password, hashed)

    monkeypatch.setattr(bcrypt, "checkpw", spy)
    house.refusal("wrong")
    house.refusal("wrong", name="nobody")
    assert costs == ["04", "04"]


def test_an_account_without_a_password_cannot_sign_in_with_one(house: House) -> None:
    house.store.accounts.put(replace(house.rosa, password_hash=""))
    assert house.refusal("no such user") == WRONG


def test_the_sixth_guess_in_a_minute_waits_even_with_the_right_password(house: House) -> None:
    house.fail(5)
    assert house.refusal() == "Too many attempts. Please try again in 60 seconds."


def test_the_brake_lets_go_by_itself(house: House) -> None:
    house.fail(5)
    house.clock.forward(seconds=61)
    assert house.enter().account.id == "u-rosa"


def test_the_wait_is_told_to_the_second(house: House) -> None:
    house.fail(5)
    house.clock.forward(seconds=25)
    assert "in 35 seconds" in house.refusal()


def test_slow_guessing_is_braked_too(house: House) -> None:
    for _ in range(10):
        house.fail(1)
        house.clock.forward(seconds=20)
    assert "Too many attempts" in house.refusal()


def test_the_brake_on_a_user_holds_from_every_address(house: House) -> None:
    for number in range(5):
        house.fail(1, address=f"192.0.2.{number}")
    assert "Too many attempts" in house.refusal(address=ELSEWHERE)


def test_unknown_users_are_braked_like_known_ones(house: House) -> None:
    house.fail(5, name="nobody")
    assert "Too many attempts" in house.refusal(name="nobody")


def test_guessing_across_many_users_brakes_the_address_only(house: House) -> None:
    for number in range(30):
        house.fail(1, name=f"user{number}")
    assert "Too many attempts" in house.refusal(address=HOME)
    assert house.enter(address=ELSEWHERE).account.id == "u-rosa"


def test_attempts_during_the_wait_do_not_prolong_it(house: House) -> None:
    house.fail(5)
    for _ in range(50):
        house.refusal()
    house.clock.forward(seconds=61)
    assert house.enter()


def test_a_guess_counts_before_its_outcome_is_known(house: House) -> None:
    """Otherwise a hundred guesses sent at once would all find the brake off."""

    seen: list[int] = []
    real = bcrypt.checkpw

    def during(password: bytes, hashed: bytes) -> bool:
        seen.append(sum(len(times) for times in house.store.accounts.failed.values()))
        return real(password, hashed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bcrypt, "checkpw", during)
        house.fail(1)
    assert seen == [1]


def test_signing_in_clears_the_count_of_the_user(house: House) -> None:
    house.fail(4)
    house.enter()
    house.fail(4)
    assert house.enter()


def test_an_idle_session_ends(house: House) -> None:
    session = house.enter().session
    house.clock.forward(minutes=31)
    with pytest.raises(SessionEnded, match="sign in again"):
        house.service.resume(session.id)


def test_a_screen_that_renews_itself_keeps_nobody_signed_in(house: House) -> None:
    session = house.enter().session
    for _ in range(2):
        house.clock.forward(minutes=14)
        house.service.resume(session.id, watching=True)
    house.clock.forward(minutes=3)
    with pytest.raises(SessionEnded):
        house.service.resume(session.id, watching=True)


def test_a_used_session_lives_on_but_not_for_ever(house: House) -> None:
    session = house.enter().session
    for _ in range(28):
        house.clock.forward(minutes=25)
        house.service.resume(session.id)
    house.clock.forward(minutes=25)
    with pytest.raises(SessionEnded):
        house.service.resume(session.id)


def test_resuming_writes_at_most_once_a_minute(house: House) -> None:
    session = house.enter().session
    commits = house.store.commits
    for _ in range(10):
        house.service.resume(session.id)
    assert house.store.commits == commits


def test_after_signing_out_the_session_is_dead_wherever_it_was_copied(house: House) -> None:
    session = house.enter().session
    house.service.end(session.id)
    with pytest.raises(SessionEnded, match=ENDED):
        house.service.resume(session.id)


def test_signing_out_one_session_leaves_the_others(house: House) -> None:
    here, there = house.enter().session, house.enter().session
    house.service.end(here.id)
    assert house.service.resume(there.id).id == "u-rosa"


@given(st.text(max_size=40))
def test_a_made_up_session_never_resumes(id: str) -> None:
    house = House()
    house.enter()
    with pytest.raises(SessionEnded):
        house.service.resume(SessionId(id))


def test_a_disabled_account_is_out_at_its_next_click(house: House) -> None:
    session = house.enter().session
    house.store.disable(UserId("u-rosa"))
    with pytest.raises(SessionEnded):
        house.service.resume(session.id)


def test_a_changed_role_ends_the_session_at_its_next_click(house: House) -> None:
    session = house.enter().session
    house.store.accounts.put(replace(house.rosa, roles=frozenset({Role.COMPLIANCE})))
    with pytest.raises(SessionEnded):
        house.service.resume(session.id)
    assert house.service.resume(house.enter().session.id).roles == {Role.COMPLIANCE}


def test_a_changed_password_ends_every_other_session(house: House) -> None:
    here, there = house.enter().session, house.enter().session
    renewed = house.service.change_password(
        house.service.resume(here.id), PASSWORD, "a better phrase for spring"
    )
    for old in (here, there):
        with pytest.raises(SessionEnded):
            house.service.resume(old.id)
    assert house.service.resume(renewed.session.id).id == "u-rosa"
    assert house.refusal(PASSWORD) == WRONG
    assert house.enter("a better phrase for spring")


def test_changing_the_password_settles_the_duty_to_change_it(house: House) -> None:
    actor = house.service.resume(house.enter().session.id)
    assert house.service.me(actor).must_change_password
    renewed = house.service.change_password(actor, PASSWORD, "a better phrase for spring")
    assert not house.service.me(house.service.resume(renewed.session.id)).must_change_password


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("short", "at least 12"),
        ("é" * 37, "too long"),
        (PASSWORD, "new"),
        ("Rosa-and-more-words", "user name"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(
    house: House, new: str, words: str
) -> None:
    actor = house.service.resume(house.enter().session.id)
    with pytest.raises(InvalidInput, match=words):
        house.service.change_password(actor, PASSWORD, new)


def test_the_old_password_cannot_be_guessed_through_the_change_form(house: House) -> None:
    actor = house.service.resume(house.enter().session.id)
    for _ in range(5):
        with pytest.raises(NotAllowed, match="not right"):
            house.service.change_password(actor, "wrong", "a better phrase for spring")
    with pytest.raises(NotAllowed, match="Too many attempts"):
        house.service.change_password(actor, PASSWORD, "a better phrase for spring")


def test_every_outcome_is_recorded(house: House) -> None:
    house.fail(1)
    signed_in = house.enter()
    actor = house.service.resume(signed_in.session.id)
    renewed = house.service.change_password(actor, PASSWORD, "a better phrase for spring")
    house.service.end(renewed.session.id)
    house.service.end(renewed.session.id)
    assert house.facts() == [
        "sign_in.failed",
        "session.started",
        "password.changed",
        "session.started",
        "session.ended",
    ]


def test_the_record_says_how_somebody_signed_in(house: House) -> None:
    house.enter()
    assert house.store.audit.facts[-1].data == {"method": "password"}


def test_a_filled_brake_is_recorded_once_for_each_wait(house: House) -> None:
    house.fail(5)
    for _ in range(3):
        house.refusal()
    assert house.facts() == ["sign_in.failed"] * 5 + ["sign_in.braked"]
    house.clock.forward(seconds=61)
    house.fail(5)
    assert house.facts().count("sign_in.braked") == 2


@pytest.mark.parametrize(
    ("minutes", "reason"), [([31], "idle"), ([25] * 29, "time is up")], ids=["idle", "absolute"]
)
def test_the_end_of_a_session_is_recorded_once_when_it_is_noticed(
    house: House, minutes: list[int], reason: str
) -> None:
    session = house.enter().session
    for passed in minutes[:-1]:
        house.clock.forward(minutes=passed)
        house.service.resume(session.id)
    house.clock.forward(minutes=minutes[-1])
    for _ in range(2):
        with pytest.raises(SessionEnded):
            house.service.resume(session.id)
    assert house.facts() == ["session.started", "session.expired"]
    fact = house.store.audit.facts[-1]
    assert (fact.data, fact.subject) == ({"reason": reason}, "user:u-rosa")
    assert fact.actor_kind == ActorKind.SERVICE.value


def test_a_session_cut_off_by_a_changed_account_is_recorded_as_such(house: House) -> None:
    session = house.enter().session
    house.store.disable(UserId("u-rosa"))
    with pytest.raises(SessionEnded):
        house.service.resume(session.id)
    assert house.store.audit.facts[-1].data == {"reason": "account changed"}


def test_where_passwords_are_off_none_is_looked_at() -> None:
    house = House(SignInPolicy(cost=4, passwords=False))
    assert "company account" in house.refusal()
    assert house.store.commits == 0


def test_the_record_never_holds_what_was_typed(house: House) -> None:
    with pytest.raises(CopilotError):
        house.enter("my secret", name="my password by mistake")
    assert "password by mistake" not in repr(house.store.audit.facts)
    assert "my secret" not in repr((house.store.audit.facts, house.store.accounts.failed))
