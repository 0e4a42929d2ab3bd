"""Answers other than success, and who can act on them."""

import json

import httpx
import pytest

from core.errors import (
    AtsDenied,
    AtsRejected,
    AtsUnavailable,
    Audience,
    CopilotError,
    NotFound,
    WriteInDoubt,
)
from core.icims import parse_field_map
from core.icims.errors import Problem, is_expired_token, problems, read_error, words_of, write_error
from core.icims.replies import Reply


def a_reply(status: int, *errors: tuple[int, str], headers: tuple[str, ...] = ()) -> Reply:
    body = {"errors": [{"errorCode": code, "errorMessage": text} for code, text in errors]}
    return Reply(
        status, httpx.Headers([("x-error", line) for line in headers]), json.dumps(body).encode()
    )


WORDS = words_of(
    parse_field_map(
        {
            "customer_id": "1",
            "fields": {
                "cost_centre": {"record": "applicantworkflows", "json_id": "field9", "kind": "text"}
            },
        }
    )
)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, AtsDenied),
        (403, AtsDenied),
        (404, NotFound),
        (400, AtsRejected),
        (302, AtsUnavailable),
        (500, AtsUnavailable),
        (503, AtsUnavailable),
    ],
)
def test_a_failed_read_says_who_can_act(status: int, error: type[CopilotError]) -> None:
    assert type(read_error(Reply(status), "person 7")) is error


@pytest.mark.parametrize("status", [302, 408, 500, 502, 503])
def test_a_write_is_in_doubt_unless_icims_clearly_refused_it(status: int) -> None:
    assert type(write_error(Reply(status), "application 7")) is WriteInDoubt


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, AtsRejected),
        (404, AtsRejected),
        (409, AtsRejected),
        (401, AtsDenied),
        (403, AtsDenied),
    ],
)
def test_a_refused_write_is_not_in_doubt(status: int, error: type[CopilotError]) -> None:
    assert type(write_error(Reply(status), "application 7")) is error


def test_required_fields_are_named_in_the_users_words() -> None:
    reply = a_reply(400, headers=("1:field9:required", "1:lastname:required", "1:field77:required"))
    error = write_error(reply, "application 7", WORDS)
    assert isinstance(error, AtsRejected)
    assert error.fields == ("cost centre", "last name", "field77")
    assert "cost centre, last name, field77" in str(error)
    assert error.audience is Audience.TENANT_ADMIN


def test_required_fields_are_also_read_from_the_body() -> None:
    error = write_error(a_reply(400, (1, "field9: is required")), "application 7", WORDS)
    assert isinstance(error, AtsRejected)
    assert error.fields == ("cost centre",)


def test_header_and_body_naming_one_problem_count_once() -> None:
    reply = a_reply(
        400, (1, "field9: required"), (1, "Please fill it in"), headers=("1:field9:required",)
    )
    assert problems(reply) == (Problem(1, "field9", "required"),)


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'{"errors": 3}', b'{"errors": [1]}'])
def test_a_body_of_any_kind_can_come_with_an_error(content: bytes) -> None:
    assert problems(Reply(502, content=content)) == ()


def test_only_an_expired_token_is_worth_another_token() -> None:
    assert is_expired_token(a_reply(401, (9, "expired")))
    assert is_expired_token(Reply(401))
    assert not is_expired_token(a_reply(401, (6, "wrong password")))
    assert not is_expired_token(a_reply(403, (9, "no")))


@pytest.mark.parametrize(("code", "word"), [(6, "password"), (9, "secret")])
def test_refused_credentials_say_which_to_check(code: int, word: str) -> None:
    assert word in str(read_error(a_reply(401, (code, "no")), "the customer"))


@pytest.mark.parametrize("content", [b'{"searchResults": [', b"[1]", b"\xff\xfe"])
def test_json_that_is_cut_off_is_not_an_empty_answer(content: bytes) -> None:
    with pytest.raises(AtsUnavailable):
        Reply(200, content=content).json()


@pytest.mark.parametrize(
    "value", ["ana.ruiz@example.com", "'Ana Ruiz'", '"Ana Ruiz"', "+1 512 555 0118", "1988-04-02"]
)
def test_values_that_icims_repeats_are_not_taken_over_into_our_message(value: str) -> None:
    error = write_error(a_reply(400, (1, f"Cannot take {value} here")), "application 7")
    assert str(error) == "iCIMS refused application 7: Cannot take … here"
