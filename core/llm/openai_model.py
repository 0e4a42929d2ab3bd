"""A chat model behind any OpenAI-compatible address, answering in a closed JSON schema."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import stamina

from core.domain.model_runs import Completion, ModelCall, Outcome
from core.errors import LeakDetected, ModelUnavailable, WorkStopped
from core.llm.bounds import Bounds, Places
from core.llm.dialect import Body, Dialect, Message, asked, texts
from core.llm.endings import NoReply
from core.llm.line import Line, proxy_for
from core.llm.replies import Reply, fits
from core.llm.service import Service
from core.ports import Clock

_AGAIN = "The reply did not fit the JSON schema. Answer again with JSON that fits it, nothing else."
_RETRY_SECONDS = 45.0


class OpenAiModel:
    """Implements ``LanguageModel`` for OpenAI, Azure, vLLM, Ollama or a gateway.

    ``check`` is given every outgoing text and raises ``LeakDetected`` to stop it. Nothing is
    stored at the service and redirects are not followed. Safe to use from several threads.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        model: str,
        check: Callable[[str], None],
        clock: Clock,
        bounds: Bounds | None = None,
    ) -> None:
        self._service = Service(base_url, api_key)
        self._model = model
        self._check = check
        self._clock = clock
        self._bounds = bounds or Bounds()
        self._places = Places(self._bounds.at_once)
        self._dialect = Dialect(model, self._bounds.max_tokens)
        self.version = f"{model}@{self._service.url.host}"

    def complete(self, completion: Completion) -> str:
        """Return a JSON reply that fits the schema, after at most one question to mend it.

        Each request is admitted by ``completion.watch`` and told to it. Raises ``LeakDetected``
        before anything leaves, ``WorkStopped`` when the watch says so, ``ModelUnavailable`` for
        anything that is no usable reply.
        """
        messages: list[Message] = [
            {"role": "system", "content": completion.system},
            {"role": "user", "content": fenced(completion.text.text)},
        ]
        reply = self._ask(completion, messages)
        if not fits(reply, completion.schema):
            reply = self._ask_again(completion, messages, reply)
        if not fits(reply, completion.schema):
            raise ModelUnavailable("the AI model's answer does not have the form it was asked for")
        return reply

    def _ask_again(self, completion: Completion, messages: Sequence[Message], reply: str) -> str:
        mending = [{"role": "assistant", "content": reply}, {"role": "user", "content": _AGAIN}]
        try:
            return self._ask(completion, [*messages, *mending])
        except LeakDetected:
            # The text was fit to leave; what the model made up beside it is not sent back.
            raise ModelUnavailable("the AI model's answer could not be sent back") from None

    def _ask(self, completion: Completion, messages: Sequence[Message]) -> str:
        """Send until something answers: again where that can help, in words the server knows."""
        for attempt in self._attempts():
            with attempt:
                while True:
                    unknown = self._dialect.unknown
                    body = self._dialect.body(messages, completion.schema, unknown)
                    try:
                        return self._send(completion, body)
                    except NoReply as error:
                        if not self._dialect.learn(error.complaint, unknown):
                            raise
        raise AssertionError("the last attempt returns or raises")

    def _attempts(self) -> Iterator[stamina.Attempt]:
        def worth_another(error: Exception) -> bool | float:
            again = error.again if isinstance(error, NoReply) else False
            return again if isinstance(again, bool) or again <= self._bounds.patience else False

        return iter(
            stamina.retry_context(
                on=worth_another,
                attempts=self._bounds.attempts,
                timeout=_RETRY_SECONDS,
                wait_initial=0.5,
            )
        )

    def _send(self, completion: Completion, body: Body) -> str:
        for text in texts(body):
            self._check(text)
        watch = completion.watch
        with self._places.taken(watch):
            call, reply = self._call(completion, body), Reply()
            line = Line(
                self._bounds, watch, lambda sent: watch.admit(replace(call, sent=sent)),
                proxy_for(self._service.url),
            )  # fmt: skip
            with self._recorded(completion, call, line, reply):
                self._service.answer(line, body, reply)
        return reply.text

    def _call(self, completion: Completion, body: Body) -> ModelCall:
        """Describe a request before it leaves."""
        return ModelCall(
            prompt=completion.prompt,
            model=self._model,
            host=self._service.url.host,
            parameters=asked(body),
            asked_at=self._clock.now(),
            seconds=0.0,
            sent=b"",
            received="",
            outcome=Outcome.UNDER_WAY,
            tokens_out=self._bounds.max_tokens,
        )

    @contextmanager
    def _recorded(
        self, completion: Completion, call: ModelCall, line: Line, reply: Reply
    ) -> Iterator[None]:
        """Tell the watch what became of a request that left."""
        outcome, begun = Outcome.FAILED, time.perf_counter()
        try:
            yield
            outcome = Outcome.ANSWERED if fits(reply.text, completion.schema) else Outcome.UNFIT
        except NoReply as error:
            outcome = error.outcome
            raise
        except WorkStopped:
            outcome = Outcome.STOPPED
            raise
        finally:
            if line.left:
                ended = replace(
                    call,
                    seconds=time.perf_counter() - begun,
                    sent=line.sent,
                    received=self._service.without_key(_received(line, reply)),
                    outcome=outcome,
                    tokens_in=reply.tokens_in,
                    tokens_out=reply.tokens_out,
                )
                completion.watch.called(ended)


def fenced(text: str) -> str:
    """Put ``text`` between marker lines whose code nobody who wrote the text could foresee."""
    code = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"=== DOCUMENT {code} ===\n{text}\n=== END OF DOCUMENT {code} ==="


def _received(line: Line, reply: Reply) -> str:
    text = reply.text or reply.refusal or line.received.decode("utf-8", "replace")
    # Half a character cannot be kept.
    return text.encode("utf-8", "replace").decode()
