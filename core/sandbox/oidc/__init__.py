"""A stand-in for a company's identity provider: OpenID Connect over HTTP, with made-up people."""

from core.sandbox.oidc.app import create_app
from core.sandbox.oidc.provider import Client, Fault, Person, Provider

__all__ = ["Client", "Fault", "Person", "Provider", "create_app"]
