"""An OpenAI-compatible service: sends a request through a line and reads what comes."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpx2
from openai import APIConnectionError, APIError, APIStatusError, OpenAI, Stream

from core.llm.dialect import Body
from core.llm.endings import NoReply, failed_midway, no_connection, refused_status
from core.llm.line import CONNECT_SECONDS, WRITE_SECONDS, Line
from core.llm.replies import Reply

_SHORTEST_KEY = 8
"""Shorter ones stand for no key ("none", "ollama") and may be any word of an answer."""


class Service:
    """The address of a service and the key to it; safe to use from several threads."""

    def __init__(self, base_url: str, api_key: str) -> None:
        self.url = httpx2.URL(base_url)
        self._key = api_key

    def without_key(self, text: str) -> str:
        """Leave our key out of an answer: gateways name in their complaint what they refuse."""
        return text.replace(self._key, "[key]") if len(self._key) >= _SHORTEST_KEY else text

    def answer(self, line: Line, body: Body, reply: Reply) -> None:
        """Send ``body`` through ``line`` and fill ``reply`` while it comes.

        Raises ``NoReply`` unless all of it came.
        """
        with _told_plainly(line), _http(line) as http:
            client = OpenAI(
                base_url=self.url,
                api_key=self._key or "none",
                http_client=http,
                max_retries=0,
                timeout=http.timeout,
            )
            # Events as they come: openai's types pass on unchecked what is not of their shape.
            with client.post(
                "/chat/completions",
                cast_to=object,
                body=body,
                stream=True,
                stream_cls=Stream[object],
            ) as stream:
                for event in _events(stream):
                    reply.take(event)
        reply.complete()


def _http(line: Line) -> httpx2.Client:
    return httpx2.Client(
        transport=line,
        # Where a redirect leads is not where the key is to go.
        follow_redirects=False,
        headers={"accept-encoding": "identity"},
        timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS, write=WRITE_SECONDS),
    )


def _events(stream: Stream[object]) -> Iterable[object]:
    """Give the events, or the one whole reply of a server that does not stream."""
    kind = stream.response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/event-stream":
        return stream
    if kind == "application/json":
        return [json.loads(stream.response.read())]
    raise NoReply("what answered is no AI model's service")


@contextmanager
def _told_plainly(line: Line) -> Iterator[None]:
    """Turn the errors of openai, httpx2 and json into ``NoReply``, without what caused them."""
    try:
        yield
    except NoReply as error:
        raise error from None
    except APIStatusError as error:
        raise refused_status(error) from None
    except (APIConnectionError, httpx2.RequestError):
        raise no_connection(line.left) from None
    except APIError:
        raise failed_midway() from None
    except (ValueError, RecursionError):
        raise NoReply("the AI model's answer could not be read") from None
