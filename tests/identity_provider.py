"""A real OpenID provider on a free loopback port, with two people of one company."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from core.sandbox.icims.serve import SandboxServer, address, listen
from core.sandbox.oidc import Client, Person, Provider, create_app

ROSA = Person(
    subject="p-1", name="Rosa Field", email="Rosa@Example.com", groups=("hr-recruiting", "hr-leads")
)
STRANGER = Person(subject="p-2", name="Sam Stranger", email="sam@example.com")


@contextmanager
def start_provider(redirect_uri: str) -> Iterator[Provider]:
    """Run a provider in a thread; its people and faults may be changed meanwhile."""
    listener = listen("127.0.0.1", 0)
    ready = threading.Event()
    client = Client(id="copilot", secret="a client secret for tests", redirect_uri=redirect_uri)
    people = {person.subject: person for person in (ROSA, STRANGER)}
    provider = Provider(issuer=address(listener), client=client, people=people)
    server = SandboxServer(create_app(provider), ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="provider")
    thread.start()
    try:
        assert ready.wait(20), "the provider did not start"
        yield provider
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
