"""A small OpenID Connect provider, a process of its own: signs for real, checks secret, PKCE and code.

`POST /next` says who signs in next, and what is to be wrong with the answer.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

CLIENT, SECRET = "gdt", "a secret between two servers"
KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"}, auto_kid=False)
OTHER_KEY = ECKey.generate_key("P-256", {"kid": "one", "use": "sig"}, auto_kid=False)


class Provider(BaseHTTPRequestHandler):
    next: ClassVar[dict[str, Any]] = {}
    codes: ClassVar[dict[str, dict[str, str]]] = {}

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self.answer(200, self.description())
        elif parts.path == "/keys":
            self.answer(200, KeySet([KEY]).as_dict(private=False))
        elif parts.path == "/authorize" and asked["client_id"] == CLIENT:
            code = secrets.token_hex(8)
            self.codes[code] = asked
            back = urlencode({"code": code, "state": asked["state"]})
            self.answer(302, {}, Location=f"{asked['redirect_uri']}?{back}")
        else:
            self.answer(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/next":
            type(self).next = json.loads(body)
            self.answer(200, {})
        else:
            self.token({name: values[0] for name, values in parse_qs(body.decode()).items()})

    def token(self, sent: dict[str, str]) -> None:
        asked = self.codes.pop(sent.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "%20").encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if self.headers.get("Authorization") not in {f"Basic {known}", f"Basic {plain}"}:
            self.answer(401, {"error": "invalid_client"})
        elif (
            asked is None
            or not proves(sent["code_verifier"], asked)
            or sent["redirect_uri"] != asked["redirect_uri"]
        ):
            self.answer(400, {"error": "invalid_grant"})
        else:
            token = {"access_token": "none", "token_type": "Bearer", "id_token": self.id_token(asked)}
            self.answer(200, token)

    def id_token(self, asked: dict[str, str]) -> str:
        now, wrong = int(time.time()), self.next.get("wrong", {})
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.next["sub"],
            "email": self.next["email"],
            "email_verified": True,
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 60,
        }
        key = OTHER_KEY if self.next.get("forged") else KEY
        return jwt.encode({"alg": "ES256", "kid": "one"}, claims | wrong, key)

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.next.get("issuer", self.issuer),
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def answer(self, status: int, body: dict[str, Any], **headers: str) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in (
            {"Content-Type": "application/json", "Content-Length": str(len(data))} | headers
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_words: object) -> None:
        pass


def proves(verifier: str, asked: dict[str, str]) -> bool:
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return asked.get("code_challenge_method") == "S256" and digest == asked.get("code_challenge")


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()
