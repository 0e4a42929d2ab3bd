"""The OpenAI-compatible model over real HTTP on loopback, with every kind of bad reply."""

import gzip
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import stamina
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from core.domain.identity import PseudonymisedText
from core.domain.model_runs import Completion, Outcome, PromptRef
from core.errors import LeakDetected, ModelUnavailable, WorkStopped
from core.llm import Bounds, OpenAiModel
from core.llm.bounds import TICK
from core.llm.line import trusted
from tests.llm_bench import (
    GOOD,
    Ending,
    KeptWatch,
    Prepared,
    Provider,
    begun,
    chunk,
    event,
    plain,
    raw,
    refusing,
    said,
    serving,
    streamed,
    whole,
)

TEXT = PseudonymisedText("[NAME_1] kept the books.", (), ())
SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
    "additionalProperties": False,
}
NOW = datetime(2026, 7, 15, 9, 0, tzinfo=UTC)
KEY = "sk-very-secret"
PATIENT = Bounds(silence=20, overall=20)


class FixedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture(autouse=True)
def no_backoff() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with serving() as provider:
        yield provider


@pytest.fixture
def provider(server: Provider) -> Provider:
    server.forget()
    return server


@pytest.fixture
def watch() -> KeptWatch:
    return KeptWatch()


def model(provider: Provider, **given: Any) -> OpenAiModel:
    settings: dict[str, Any] = {
        "check": lambda _: None,
        "clock": FixedClock(),
        "bounds": PATIENT,
        "base_url": provider.url,
        "api_key": KEY,
        "model": "m",
    }
    return OpenAiModel(**(settings | given))


def question(watch: KeptWatch | None = None) -> Completion:
    return Completion(
        prompt=PromptRef("screening", "1"),
        system="Judge.",
        text=TEXT,
        schema=SCHEMA,
        watch=watch or KeptWatch(),
    )


def self_signed(path: Path) -> Path:
    """Write a certificate of this machine's own address, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a model")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + secret)
    return path


def ask(
    provider: Provider, *replies: Prepared, watch: KeptWatch | None = None, **given: Any
) -> str:
    provider.replies.extend(replies)
    return model(provider, **given).complete(question(watch))


# --- What is asked --------------------------------------------------------------------------


@pytest.mark.parametrize("reply", [said(), whole()], ids=["streamed", "whole"])
def test_a_good_reply_is_given_back_as_it_came(provider: Provider, reply: Prepared) -> None:
    assert ask(provider, reply) == GOOD


def test_the_request_is_strict_unstored_streamed_and_without_metadata(provider: Provider) -> None:
    ask(provider, said())
    (sent,) = provider.requests
    assert (sent["store"], sent["stream"]) == (False, True)
    assert sent["stream_options"] == {"include_usage": True}
    assert sent["max_completion_tokens"] == PATIENT.max_tokens
    assert sent["response_format"]["json_schema"]["strict"] is True
    assert sent["response_format"]["json_schema"]["schema"] == SCHEMA
    assert not {"metadata", "user", "safety_identifier"} & set(sent)
    assert provider.headers[0]["accept-encoding"] == "identity"


def test_the_resume_is_fenced_with_a_code_that_follows_from_it(provider: Provider) -> None:
    ask(provider, said())
    ask(provider, said())
    first, second = (r["messages"][1]["content"] for r in provider.requests)
    start, body, end = first.split("\n")
    assert first == second
    assert body == TEXT.text
    assert start.split()[2] == end.split()[4]
    assert start.split()[2] not in body


@pytest.mark.parametrize("where", ["books", "Judge.", "answer"])
def test_every_outgoing_text_is_checked_before_anything_leaves(
    provider: Provider, watch: KeptWatch, where: str
) -> None:
    def leaky(text: str) -> None:
        if where in text:
            raise LeakDetected("name")

    with pytest.raises(LeakDetected):
        ask(provider, said(), watch=watch, check=leaky)
    assert (provider.bodies, watch.admitted, watch.calls) == ([], [], [])


def test_the_version_names_model_and_place(provider: Provider) -> None:
    assert model(provider).version == "m@127.0.0.1"


# --- What is recorded -----------------------------------------------------------------------


def test_each_request_is_admitted_and_recorded_as_it_left(
    provider: Provider, watch: KeptWatch
) -> None:
    busy, odd = refusing(503), said("not json")
    unknown = refusing(400, "Unrecognized request argument supplied: store")
    assert ask(provider, unknown, busy, odd, said(), watch=watch) == GOOD
    assert [call.sent for call in watch.calls] == provider.bodies
    assert watch.admitted == [(len(body), PATIENT.max_tokens) for body in provider.bodies]
    assert [call.outcome for call in watch.calls] == [
        *(Outcome.FAILED, Outcome.FAILED, Outcome.UNFIT, Outcome.ANSWERED),
    ]


def test_a_record_says_what_was_asked_and_answered_but_never_the_key(
    provider: Provider, watch: KeptWatch
) -> None:
    ask(provider, said(), watch=watch)
    (call,) = watch.calls
    assert (call.prompt, call.model, call.host) == (PromptRef("screening", "1"), "m", "127.0.0.1")
    assert (call.received, call.tokens_in, call.tokens_out) == (GOOD, 11, 7)
    assert (call.asked_at, call.parameters["temperature"]) == (NOW, 0)
    assert call.parameters["response_format"] == "json_schema"
    assert provider.headers[0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in repr(call)


def test_a_key_that_a_complaint_repeats_is_not_kept(provider: Provider, watch: KeptWatch) -> None:
    with pytest.raises(ModelUnavailable):
        ask(provider, refusing(401, f"Incorrect API key provided: {KEY}"), watch=watch)
    (call,) = watch.calls
    assert "Incorrect API key provided: [key]" in call.received
    assert KEY not in repr(call)


def test_a_spent_budget_lets_nothing_leave(provider: Provider, watch: KeptWatch) -> None:
    watch.spent = ModelUnavailable("the budget is spent")
    with pytest.raises(ModelUnavailable, match="budget"):
        ask(provider, said(), watch=watch)
    assert (provider.bodies, watch.calls) == ([], [])


def test_a_request_is_recorded_even_if_our_own_code_fails_meanwhile(provider: Provider) -> None:
    def broken() -> bool:
        if provider.bodies:
            raise KeyError("ours")
        return False

    watch = KeptWatch(stop=broken)
    with pytest.raises(KeyError, match="ours"):
        ask(provider, begun(Ending.SILENCE), watch=watch)
    assert [call.outcome for call in watch.calls] == [Outcome.FAILED]
    assert watch.calls[0].sent == provider.bodies[0]


def test_a_service_that_is_not_there_was_sent_nothing(watch: KeptWatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    gone = Provider(url=f"http://127.0.0.1:{port}/v1")
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        ask(gone, watch=watch)
    assert (watch.admitted, watch.calls) == ([], [])


# --- Unfit replies --------------------------------------------------------------------------

UNFIT = {
    "not json": "not json",
    "fenced": f"```json\n{GOOD}\n```",
    "two values": GOOD + GOOD,
    "wrong type": '{"answer": 1}',
    "extra key": '{"answer": "yes", "score": 99}',
    "a list": "[]",
    "empty": "",
    "a key twice": '{"answer": "no", "answer": "yes"}',
    "NaN": '{"answer": NaN}',
    "infinite": '{"answer": -Infinity}',
    "huge exponent": '{"answer": 1e999}',
    "huge number": '{"answer": %s}' % ("9" * 5000),
    "deep": "[" * 100_000,
    "half a character": '{"answer": "\\ud800"}',
    "a null character": '{"answer": "\\u0000"}',
}


@pytest.mark.parametrize("bad", UNFIT.values(), ids=UNFIT.keys())
def test_an_unfit_reply_is_mended_once(provider: Provider, watch: KeptWatch, bad: str) -> None:
    assert ask(provider, said(bad), said(), watch=watch) == GOOD
    assert [m["content"] for m in provider.requests[1]["messages"]][2] == bad
    assert [call.outcome for call in watch.calls] == [Outcome.UNFIT, Outcome.ANSWERED]


@pytest.mark.parametrize("bad", UNFIT.values(), ids=UNFIT.keys())
def test_two_unfit_replies_are_no_answer(provider: Provider, bad: str) -> None:
    with pytest.raises(ModelUnavailable, match="does not have the form"):
        ask(provider, said(bad), said(bad))
    assert len(provider.bodies) == 2


def test_an_identity_that_the_model_made_up_is_not_sent_back_to_it(provider: Provider) -> None:
    def leaky(text: str) -> None:
        if "@" in text:
            raise LeakDetected("email")

    with pytest.raises(ModelUnavailable, match="could not be sent back"):
        ask(provider, said("write to anna@example.com"), check=leaky)
    assert len(provider.bodies) == 1


# --- Unusable replies -----------------------------------------------------------------------

UNUSABLE = {
    "refusal": (streamed(chunk({"refusal": "I can"}), chunk({"refusal": "not"}, "stop")), "REF"),
    "refusal at once": (whole(None, refusal="I cannot."), "REF"),
    "filtered": (said("", "content_filter"), "REF"),
    "too long": (said('{"answer": "y', "length"), "CUT"),
    "other ending": (said(GOOD, "eos"), "CUT"),
    "no ending": (said(GOOD, None), "CUT"),
    "clean close in the middle": (replace(said(), pieces=said().pieces[:3]), "CUT"),
    "empty stream": (raw(), "CUT"),
    "only the end mark": (streamed(), "CUT"),
    "no choices": (plain({"id": "c", "choices": []}), "CUT"),
    "other object": (plain({"unexpected": True}), "FAILED"),
    "a list": (plain([]), "FAILED"),
    "html": (raw(b"<html>gateway</html>", kind="text/html"), "FAILED"),
    "html called json": (raw(b"<html>gateway</html>", kind="application/json"), "FAILED"),
    "html called events": (raw(b"<html>gateway</html>"), "CUT"),
    "other content type": (replace(said(), kind="application/octet-stream"), "FAILED"),
    "broken json": (raw(b"{broken", kind="application/json"), "FAILED"),
    "deep json": (raw(b"[" * 100_000, kind="application/json"), "FAILED"),
    "garbage event": (raw(said().pieces[0], b"data: {oops\n\n"), "FAILED"),
    "deep event": (raw(b"data: " + b"[" * 100_000 + b"\n\n"), "FAILED"),
    "huge number": (raw(b'data: {"choices": ' + b"9" * 5000 + b"}\n\n"), "FAILED"),
    "not utf-8": (raw(said().pieces[0], b'data: {"choices": [\xff\xfe]}\n\n'), "FAILED"),
    "a string event": (streamed("hello"), "FAILED"),
    "null event": (streamed(None), "FAILED"),
    "two choices": (
        streamed({"choices": [chunk({"content": "a"})["choices"][0]] * 2}),
        "FAILED",
    ),
    "a second choice": (
        streamed({"choices": [{"index": 1, "delta": {"content": GOOD}, "finish_reason": "stop"}]}),
        "FAILED",
    ),
    "a choice that is none": (streamed({"choices": ["x"]}), "FAILED"),
    "a delta that is none": (streamed({"choices": [{"delta": "x"}]}), "FAILED"),
    "content that is no text": (streamed(chunk({"content": 7})), "FAILED"),
    "an ending that is no text": (streamed({"choices": [{"finish_reason": 7}]}), "FAILED"),
    "a tool call": (streamed(chunk({"tool_calls": [{"index": 0, "id": "t"}]})), "FAILED"),
    "an old tool call": (whole(None, function_call={"name": "f"}), "FAILED"),
    "an error in the stream": (
        streamed(chunk({"content": "{"}), {"error": {"message": "sk-x oops", "code": 500}}),
        "FAILED",
    ),
    "an error event": (raw(b'event: error\ndata: {"error": "oops"}\n\n'), "FAILED"),
    "an error object": (plain({"error": {"message": "oops"}}), "FAILED"),
    "compressed": (
        replace(
            raw(gzip.compress(b"data: " + b"x" * 50_000_000), kind="text/event-stream"),
            headers=(("content-encoding", "gzip"),),
        ),
        "FAILED",
    ),
    "a stream without end": (begun(Ending.FLOOD, event(chunk({"content": " " * 9000}))), "CUT"),
    "a line without end": (begun(Ending.FLOOD, b"x" * 100_000), "CUT"),
    "400": (refusing(400), "FAILED"),
    "401": (refusing(401), "FAILED"),
    "403": (refusing(403), "FAILED"),
    "404": (refusing(404), "FAILED"),
    "too long a document": (refusing(400, "maximum context length is 4096 tokens"), "FAILED"),
    "an html error": (
        Prepared(status=404, kind="text/html", pieces=(b"<h1>secret books</h1>",)),
        "FAILED",
    ),
    "an error without end": (replace(begun(Ending.FLOOD, b"x" * 9999), status=400), "CUT"),
}


@pytest.mark.parametrize(("reply", "outcome"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_anything_but_a_usable_reply_is_no_answer_and_not_asked_for_again(
    provider: Provider, watch: KeptWatch, reply: Prepared, outcome: str
) -> None:
    with pytest.raises(ModelUnavailable) as raised:
        ask(provider, reply, watch=watch)
    (call,) = watch.calls
    assert call.outcome.name.startswith(outcome)
    assert call.sent == provider.bodies[0]
    said_to_people = str(raised.value)
    assert said_to_people.isprintable()
    assert not any(word in said_to_people for word in ("books", "sk-", "oops", "{", "<"))
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_lines_that_are_no_events_are_passed_over(provider: Provider) -> None:
    noise = (b"\x00\x01garbage\n", b": comment\n\n", b"retry: soon\n\n")
    good = said().pieces
    assert ask(provider, raw(*noise, good[0], b"nonsense: 1\n", *good[1:])) == GOOD


def test_a_stream_may_be_broken_anywhere_into_packets(provider: Provider) -> None:
    bytewise = b"".join(said('{"answer": "žluťoučký 🐎"}').pieces)
    pieces = tuple(bytewise[i : i + 1] for i in range(len(bytewise)))
    assert ask(provider, raw(*pieces)) == '{"answer": "žluťoučký 🐎"}'


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": True},
        {"prompt_tokens": -1},
        {"prompt_tokens": 0},
        {"prompt_tokens": 1e99},
        "many",
        [],
    ],
)
def test_a_count_of_tokens_that_is_none_is_not_believed(
    provider: Provider, watch: KeptWatch, usage: object
) -> None:
    odd = streamed(chunk({"content": GOOD}, "stop"), {"choices": [], "usage": usage})
    assert ask(provider, odd, watch=watch) == GOOD
    assert watch.calls[0].tokens_in is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_key_does_not_follow_a_redirect(provider: Provider, status: int) -> None:
    with serving() as elsewhere:
        away = replace(
            refusing(status), headers=(("location", f"{elsewhere.url}/chat/completions"),)
        )
        with pytest.raises(ModelUnavailable, match="leads elsewhere"):
            ask(provider, away)
        assert (elsewhere.bodies, len(provider.bodies)) == ([], 1)


def test_over_tls_a_pause_between_bytes_loses_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path / "certificate.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    trusted.cache_clear()
    watch = KeptWatch()
    with serving(context) as provider:
        paced = replace(said(), pause=1.5 * TICK)
        assert ask(provider, paced, watch=watch) == GOOD
        assert [call.sent for call in watch.calls] == provider.bodies
    trusted.cache_clear()


def test_a_certificate_nobody_vouches_for_is_no_service(tmp_path: Path, watch: KeptWatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path / "certificate.pem"))
    with serving(context) as provider, pytest.raises(ModelUnavailable, match="cannot be reached"):
        ask(provider, said(), watch=watch)
    assert (provider.bodies, watch.calls) == ([], [])


# --- Bounds ---------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", [begun(Ending.SILENCE), Prepared(ending=Ending.SILENCE)])
def test_silence_is_noticed(provider: Provider, watch: KeptWatch, reply: Prepared) -> None:
    with pytest.raises(ModelUnavailable, match=r"silent for 0\.3 seconds"):
        ask(provider, reply, watch=watch, bounds=Bounds(silence=0.3))
    assert [call.outcome for call in watch.calls] == [Outcome.SILENT]
    assert provider.hung_up.wait(20)


def test_a_service_that_takes_the_request_and_says_nothing_is_given_up(watch: KeptWatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = Provider(url=f"http://127.0.0.1:{silent.getsockname()[1]}/v1")
        with pytest.raises(ModelUnavailable, match="silent"):
            ask(mute, watch=watch, bounds=Bounds(silence=0.3))
    assert [call.outcome for call in watch.calls] == [Outcome.SILENT]


def test_a_slow_drip_ends_at_the_bound_of_the_whole(provider: Provider, watch: KeptWatch) -> None:
    with pytest.raises(ModelUnavailable, match=r"took longer than 0\.5 seconds"):
        ask(provider, begun(Ending.DRIP), watch=watch, bounds=Bounds(silence=20, overall=0.5))
    assert [call.outcome for call in watch.calls] == [Outcome.CUT]


def test_headers_that_drip_end_at_the_bound_of_the_whole(watch: KeptWatch) -> None:
    over = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nx: ")
            try:
                while not over.wait(0.02):
                    connection.sendall(b"a")
            except ConnectionError:
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        slow = Provider(url=f"http://127.0.0.1:{listener.getsockname()[1]}/v1")
        with pytest.raises(ModelUnavailable, match="took longer"):
            ask(slow, watch=watch, bounds=Bounds(silence=20, overall=0.5))
        over.set()
        thread.join()
    assert [call.outcome for call in watch.calls] == [Outcome.CUT]


@pytest.mark.parametrize(
    "reply", [begun(Ending.SILENCE), begun(Ending.DRIP), Prepared(ending=Ending.SILENCE)]
)
def test_work_that_is_to_end_closes_the_connection(provider: Provider, reply: Prepared) -> None:
    watch = KeptWatch(stop=lambda: bool(provider.bodies))
    with pytest.raises(WorkStopped):
        ask(provider, reply, watch=watch)
    assert [call.outcome for call in watch.calls] == [Outcome.STOPPED]
    assert watch.calls[0].sent == provider.bodies[0]
    assert provider.hung_up.wait(20)


def test_work_that_is_to_end_asks_nothing(provider: Provider) -> None:
    watch = KeptWatch(stop=lambda: True)
    with pytest.raises(WorkStopped):
        ask(provider, said(), watch=watch)
    assert (provider.bodies, watch.calls) == ([], [])


def test_no_more_requests_are_under_way_than_allowed(provider: Provider) -> None:
    """The second asker waits while the first one's reply hangs, and leaves when told to."""
    hanging = model(provider, bounds=replace(PATIENT, at_once=1))
    provider.replies.append(begun(Ending.SILENCE))
    give_up = threading.Event()
    asked = threading.Event()

    def first() -> None:
        def stop() -> bool:
            if provider.bodies:
                asked.set()
            return give_up.is_set()

        with pytest.raises(WorkStopped):
            hanging.complete(question(KeptWatch(stop=stop)))

    thread = threading.Thread(target=first)
    thread.start()
    assert asked.wait(20)
    looks = iter([False, False, True])
    second = KeptWatch(stop=lambda: next(looks))
    with pytest.raises(WorkStopped):
        hanging.complete(question(second))
    assert len(provider.bodies) == 1
    give_up.set()
    thread.join()
    provider.replies.append(said())
    assert hanging.complete(question()) == GOOD


# --- Again ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "passing",
    [
        *(refusing(status) for status in (408, 409, 429, 500, 502, 503, 529)),
        begun(Ending.BREAK_OFF),
        begun(Ending.RESET),
        Prepared(ending=Ending.RESET),
    ],
    ids=[
        *["408", "409", "429", "500", "502", "503", "529"],
        "broken off",
        "reset",
        "reset at once",
    ],
)
def test_a_passing_failure_is_tried_again(
    provider: Provider, watch: KeptWatch, passing: Prepared
) -> None:
    assert ask(provider, passing, passing, said(), watch=watch) == GOOD
    assert [call.sent for call in watch.calls] == provider.bodies
    assert len(provider.bodies) == len(watch.admitted) == 3


def test_tries_are_bounded(provider: Provider, watch: KeptWatch) -> None:
    with pytest.raises(ModelUnavailable, match="out of order"):
        ask(provider, *[refusing(500)] * 9, watch=watch)
    assert len(provider.bodies) == len(watch.calls) == 3


@pytest.mark.parametrize(("pause", "requests"), [("0", 2), ("10", 2), ("11", 1), ("soon", 2)])
def test_a_pause_that_is_asked_for_is_kept_within_a_limit(
    provider: Provider, pause: str, requests: int
) -> None:
    provider.replies += [refusing(429, retry_after=pause), said()]
    with suppress(ModelUnavailable):
        model(provider).complete(question())
    assert len(provider.bodies) == requests


# --- What a server does not know ------------------------------------------------------------

COMPLAINTS = {
    "json_schema": "'response_format.type' must be one of 'json_object', 'text'",
    "stream_options": "Unknown parameter: 'stream_options'.",
    "store": "[{'type': 'extra_forbidden', 'loc': ('body', 'store')}]",
    "max_completion_tokens": "Unrecognized request argument supplied: max_completion_tokens",
    "temperature": "'temperature' does not support 0 with this model.",
}


@pytest.mark.parametrize("status", [400, 404, 422])
@pytest.mark.parametrize("name", COMPLAINTS)
def test_what_a_server_does_not_know_is_left_out_from_then_on(
    provider: Provider, watch: KeptWatch, name: str, status: int
) -> None:
    asker = model(provider)
    provider.replies += [refusing(status, COMPLAINTS[name]), said(), said()]
    for _ in range(2):
        assert asker.complete(question(watch)) == GOOD
    first, second, third = provider.requests
    assert first["stream_options"]
    assert second == third
    assert [call.sent for call in watch.calls] == provider.bodies
    assert (name in second) is False


def test_without_schemas_the_schema_stands_in_the_instructions(provider: Provider) -> None:
    ask(provider, refusing(400, COMPLAINTS["json_schema"]), said())
    told = provider.requests[1]
    assert told["response_format"] == {"type": "json_object"}
    assert told["messages"][0]["content"].endswith(json.dumps(SCHEMA))


def test_without_the_newer_bound_the_older_one_is_sent(provider: Provider) -> None:
    ask(provider, refusing(400, COMPLAINTS["max_completion_tokens"]), said())
    assert provider.requests[1]["max_tokens"] == PATIENT.max_tokens


def test_a_server_that_knows_little_is_asked_in_simple_words(provider: Provider) -> None:
    assert ask(provider, *(refusing(400, words) for words in COMPLAINTS.values()), said()) == GOOD
    assert set(provider.requests[-1]) == {
        *("model", "messages", "stream", "max_tokens", "response_format"),
    }


def test_a_complaint_that_does_not_end_ends_the_asking(provider: Provider) -> None:
    with pytest.raises(ModelUnavailable, match="turned the request down"):
        ask(provider, *[refusing(400, COMPLAINTS["json_schema"])] * 9)
    assert len(provider.bodies) == 2


def test_a_shop_s_store_in_a_complaint_does_not_let_replies_be_stored(provider: Provider) -> None:
    with pytest.raises(ModelUnavailable):
        ask(provider, refusing(400, "cannot read: ran the store in Leeds"))
    assert len(provider.bodies) == 1
