"""The identity provider's addresses: discovery, sign-in, tokens, keys, the person, sign-out."""

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from html import escape
from urllib.parse import unquote, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from core.sandbox.oidc.provider import Fault, Provider, Refused

_SLOW_SECONDS = 5.0
Answer = Callable[[Provider, Request], Awaitable[Response]]


def create_app(provider: Provider) -> Starlette:
    """Build the server over ``provider``."""
    return Starlette(
        routes=[
            _route(provider, "/.well-known/openid-configuration", _discovery),
            _route(provider, "/authorize", _choose),
            _route(provider, "/authorize", _chosen, "POST"),
            _route(provider, "/token", _token, "POST"),
            _route(provider, "/jwks", _keys),
            _route(provider, "/userinfo", _person),
            _route(provider, "/logout", _logout),
        ]
    )


def _route(provider: Provider, path: str, answer: Answer, method: str = "GET") -> Route:
    async def answered(request: Request) -> Response:
        # What a person sees keeps working, so that a fault can strike half way.
        faults = provider.faults if path != "/authorize" else ()
        if Fault.SLOW in faults:
            await asyncio.sleep(_SLOW_SECONDS)
        if Fault.SERVER_ERROR in faults:
            return JSONResponse({"error": "server_error"}, status_code=500)
        try:
            return await answer(provider, request)
        except Refused as refused:
            return JSONResponse({"error": str(refused)}, status_code=400)

    return Route(path, answered, methods=[method])


async def _discovery(provider: Provider, _request: Request) -> Response:
    at = provider.issuer
    return JSONResponse(
        {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/jwks",
            "userinfo_endpoint": f"{at}/userinfo",
            "end_session_endpoint": f"{at}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
    )


async def _choose(provider: Provider, request: Request) -> Response:
    """Show everybody as a button: a stand-in needs no passwords."""
    asked = dict(request.query_params)
    provider.check_request(asked)
    buttons = "".join(
        f'<p><button name="subject" value="{escape(each.subject)}">{escape(each.name)}</button>'
        for each in provider.people.values()
    )
    action = escape(f"authorize?{urlencode(asked)}")
    return HTMLResponse(
        f"<!doctype html><title>Sign in</title><h1>Who are you?</h1>"
        f'<form method="post" action="{action}">{buttons}</form>'
    )


async def _chosen(provider: Provider, request: Request) -> Response:
    asked = dict(request.query_params)
    form = await request.form()
    code = provider.grant(str(form.get("subject", "")), asked)
    back = urlencode({"code": code, "state": asked.get("state", "")})
    return RedirectResponse(f"{asked['redirect_uri']}?{back}", status_code=303)


async def _token(provider: Provider, request: Request) -> Response:
    sent = {name: str(value) for name, value in (await request.form()).items()}
    return JSONResponse(
        provider.exchange(sent, _client(request, sent)), headers={"Cache-Control": "no-store"}
    )


def _client(request: Request, sent: dict[str, str]) -> tuple[str, str]:
    """Read who asks, from the header or else from the form (RFC 6749, 2.3.1)."""
    kind, _, coded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return sent.get("client_id", ""), sent.get("client_secret", "")
    try:
        name, _, secret = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refused("invalid_client") from None
    return unquote(name), unquote(secret)


async def _keys(provider: Provider, _request: Request) -> Response:
    public = {**provider.key.as_dict(private=False), "use": "sig", "alg": "RS256"}
    return JSONResponse({"keys": [public]})


async def _person(provider: Provider, request: Request) -> Response:
    _, _, token = request.headers.get("authorization", "").partition(" ")
    return JSONResponse(provider.describe(token))


async def _logout(provider: Provider, request: Request) -> Response:
    back = request.query_params.get("post_logout_redirect_uri")
    if back != provider.client.redirect_uri:
        raise Refused("invalid_request")
    return RedirectResponse(back, status_code=303)
