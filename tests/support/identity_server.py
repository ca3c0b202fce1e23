"""A site that knows colleagues, on the loopback address: OpenID Connect with signed tokens, and as
much as is used of what Feishu and DingTalk document."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

SECRET = "what the operator was given"


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class IdentityServer:
    """Says of whoever asks that they are `person`; `asked` is what it was asked, by path."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    corporation: str = "ding-office"
    refuses: bool = False
    forged: bool = False  # another key signs
    other_sub: bool = False  # the user info is about somebody else
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    challenges: dict[str, str] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=_key)
    foreign: rsa.RSAPrivateKey = field(default_factory=_key)

    def authorize(self, query: dict[str, str]) -> str:
        """Return where a browser is led back to that was led here."""
        back = {"state": query["state"]}
        if self.refuses:
            back |= {"error": "access_denied"}
        else:
            back |= {"authCode" if "/oauth2/auth" in self.asked[-1][0] else "code": "once"}
        self.challenges["once"] = query.get("code_challenge", "")
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def answer(self, path: str, given: dict[str, str], token: str) -> Any:
        """Return what an address answers in JSON."""
        routes: dict[str, Callable[[], Any]] = {
            "/.well-known/openid-configuration": self._configuration,
            "/jwks": self._keys,
            "/token": lambda: self._tokens(given),
            "/userinfo": lambda: self._user(token),
            "/open-apis/auth/v3/app_access_token/internal/": lambda: self._app(given),
            "/open-apis/authen/v1/access_token": lambda: self._feishu_token(given),
            "/open-apis/authen/v1/user_info": lambda: {"code": 0, "data": self._user(token)},
            "/v1.0/oauth2/userAccessToken": lambda: self._dingtalk_token(given),
            "/v1.0/contact/users/me": lambda: self._user(token),
        }
        return routes[path]()

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _keys(self) -> dict[str, Any]:
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**key, "kid": "1", "alg": "RS256", "use": "sig"}]}

    def _tokens(self, given: dict[str, str]) -> dict[str, Any]:
        assert (given["client_id"], given["client_secret"]) == ("bulletin", SECRET)
        verifier = hashlib.sha256(given["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(verifier).decode().rstrip("=") == self.challenges["once"]
        now = int(time.time())
        claims = {"iss": self.url, "aud": "bulletin", "iat": now, "exp": now + 60, **self.person}
        key = self.foreign if self.forged else self.key
        signed = jwt.encode(claims, key, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": "bearer", "token_type": "Bearer", "id_token": signed}

    def _user(self, token: str) -> dict[str, Any]:
        assert token == "bearer"
        return {**self.person, "sub": "somebody else"} if self.other_sub else self.person

    def _app(self, given: dict[str, str]) -> dict[str, Any]:
        assert given == {"app_id": "bulletin", "app_secret": SECRET}
        return {"code": 0, "app_access_token": "app"}

    def _feishu_token(self, given: dict[str, str]) -> dict[str, Any]:
        assert (given["app_access_token"], given["code"]) == ("app", "once")
        return {"code": 0, "data": {"access_token": "bearer", "expires_in": 60}}

    def _dingtalk_token(self, given: dict[str, str]) -> dict[str, Any]:
        assert (given["clientId"], given["clientSecret"]) == ("bulletin", SECRET)
        assert given["code"] == "once"
        return {
            "accessToken": "bearer", "refreshToken": "again", "expireIn": 60,
            "corpId": self.corporation,
        }  # fmt: skip


@contextmanager
def serving() -> Iterator[IdentityServer]:
    """A running server."""
    server = IdentityServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = json.loads(text) if text.startswith("{") else dict(parse_qsl(text))
            self._answer(given)

        def _answer(self, given: dict[str, str]) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            server.asked.append((address.path, given or query))
            if "redirect_uri" in query:
                self.send_response(302)
                self.send_header("Location", server.authorize(query))
                self.end_headers()
                return
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            token = bearer or self.headers.get("x-acs-dingtalk-access-token", "")
            body = json.dumps(server.answer(address.path, given, token)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Write nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{listening.server_port}"
    thread = Thread(target=listening.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
