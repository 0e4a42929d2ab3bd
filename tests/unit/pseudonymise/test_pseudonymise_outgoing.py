"""The last check before a payload leaves fails closed."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.identity import IdentityKind, KnownIdentity
from core.domain.ids import PersonId, TenantId
from core.domain.records import Candidate
from core.errors import LeakDetected
from core.flow.pseudonymise import Policy, check_outgoing, identities_of, pseudonymise

CANDIDATE = Candidate(
    id=PersonId("7"),
    tenant=TenantId("1"),
    first_name="Renée",
    last_name="Baker-Müller",
    email="renee.b77@mail.example",
    phones=("+49 151 2345678", "(212) 555-0147"),
    addresses=("12 High Street\nLeeds LS1 4AP",),
)
KNOWN = identities_of(CANDIDATE)


@pytest.mark.parametrize(
    "planted",
    [
        "RENEE BAKER MUELLER",
        "Baker-Müller, Renée",
        "R. Baker-Müller",
        "renée",
        "Ms. Baker",
        "R. Baker led",
        "MULLER",
        "renee.b77",
        "RENEE.B77 @ mail.example",
        "0151 2345678",
        "4915 12345678",
        "212.555.0147",
        "12 high street",
        "somebody@else.example",
        "linkedin.com/in/anybody",
        "call +1 415 555 2671",
        "DE89370400440532013000",
        "4556299197925850",
        "123-45-6789",
    ],
)
def test_a_planted_identifier_stops_the_payload(planted: str) -> None:
    with pytest.raises(LeakDetected):
        check_outgoing(f"The candidate ({planted}) built ships.", KNOWN)


@pytest.mark.parametrize(
    "payload",
    [
        json.dumps({"text": "Led by Renée\nBaker-Müller"}),
        json.dumps({"text": json.dumps({"inner": "Renée"})}),
        "Ren&eacute;e built ships",
        "q=renee%20baker-m%C3%BCller",
    ],
)
def test_escapes_do_not_hide_a_name(payload: str) -> None:
    with pytest.raises(LeakDetected):
        check_outgoing(payload, KNOWN)


@pytest.mark.parametrize(
    "payload",
    [
        "Baker with ten years in a bakery. Will bake; may travel.",
        "[NAME_1] built ships, 2012 - 2014. [EMAIL_1] [PHONE_1]",
        "Manager of 12 branches; 4.0 GPA; ISO 9001:2015; 24/7 on-call",
    ],
)
def test_a_clean_payload_may_leave(payload: str) -> None:
    check_outgoing(payload, KNOWN)


@pytest.mark.parametrize("name", ["Will", "May", "Grace", "Baker", "Branch"])
def test_a_name_that_is_a_word_counts_only_where_it_is_written_like_a_name(name: str) -> None:
    known = identities_of(
        Candidate(id=PersonId("1"), tenant=TenantId("1"), first_name=name, last_name="Okonkwo")
    )
    check_outgoing(f"{name.lower()} of the {name.lower()}. Senior {name}s wanted.", known)
    with pytest.raises(LeakDetected):
        check_outgoing(f"Dear Mr. {name}, hello.", known)


def test_expanding_known_identities_twice_changes_nothing() -> None:
    from core.flow.pseudonymise.names import expanded

    assert expanded(KNOWN) == KNOWN


_NAME = st.text(st.characters(categories=("Lu", "Ll"), max_codepoint=0x17F), min_size=3, max_size=8)


@settings(max_examples=100, deadline=None)
@given(_NAME, _NAME, st.sampled_from(["{f} {l}", "{l}, {f}", "{l} {f}", "{f}-{l}", "{f}\n{l}"]))
def test_what_the_step_lets_through_the_check_lets_through(
    first: str, last: str, order: str
) -> None:
    known = identities_of(
        Candidate(id=PersonId("1"), tenant=TenantId("1"), first_name=first, last_name=last)
    )
    text = f"Nurse {order.format(f=first.title(), l=last.upper())} of ward 7, {first}'s mobile\n"
    result = pseudonymise(text, known, Policy())
    check_outgoing(result.text.text, known)
    check_outgoing(result.text.text, result.identities)
    check_outgoing(json.dumps({"text": result.text.text}), result.identities)


def test_the_error_names_kinds_and_no_values() -> None:
    with pytest.raises(LeakDetected, match=r"^the payload still holds: email$"):
        check_outgoing("x@mail.example", (KnownIdentity(IdentityKind.NAME, "Zyx"),))
