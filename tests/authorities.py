"""A certification authority and a time-stamp authority of our own, served over real HTTP by openssl."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime.now(UTC).replace(microsecond=0)
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)
_OPENSSL = """[t]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@dataclass
class Authority:
    """A root in a folder, what it issues, and the server that stamps and lists revocations."""

    folder: Path
    url: str = ""
    is_down: bool = False
    requests: list[str] = field(default_factory=list)
    lock: Any = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._certificate("Root of the test", self.key.public_key(), ca=True)
        (self.folder / "root.pem").write_bytes(self.root.public_bytes(Encoding.PEM))
        (self.folder / "serial").write_text("01\n")
        (self.folder / "openssl.cnf").write_text(_OPENSSL.format(folder=self.folder))

    def issue(self, name: str, *, days: tuple[int, int] = (-400, 400), **usage: Any) -> Path:
        """A key with its certificate and the root, in PEM; valid from and to so many days from now."""
        key = rsa.generate_private_key(65537, 2048)
        leaf = self._certificate(name, key.public_key(), days=days, **usage)
        path = self.folder / f"{name}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(private + b"".join(c.public_bytes(Encoding.PEM) for c in (leaf, self.root)))
        return path

    def revocations(self) -> bytes:
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.root.subject)
        builder = builder.last_update(NOW - timedelta(hours=1)).next_update(NOW + timedelta(days=1))
        return builder.sign(self.key, SHA256()).public_bytes(Encoding.DER)

    def stamp(self, query: bytes) -> bytes:
        with self.lock:
            (self.folder / "query").write_bytes(query)
            command = ["openssl", "ts", "-reply", "-config", "openssl.cnf", "-section", "t"]
            command += ["-queryfile", "query", "-inkey", "clock.pem", "-signer", "clock.pem"]
            command += ["-chain", "root.pem", "-out", "reply"]
            subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
            return (self.folder / "reply").read_bytes()

    def _certificate(
        self,
        name: str,
        public: Any,
        *,
        days: tuple[int, int] = (-500, 500),
        ca: bool = False,
        stamps: bool = False,
        tells_revocation: bool = True,
    ) -> x509.Certificate:
        def named(text: str) -> x509.Name:
            return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

        allowed = dict.fromkeys(_USAGES, False)
        allowed |= {"key_cert_sign": True, "crl_sign": True} if ca else {"digital_signature": True}
        builder = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named("Root of the test"))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW + timedelta(days=days[0]))
            .not_valid_after(NOW + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**allowed), critical=True)
        )
        if stamps:
            purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(purpose, critical=True)
        if self.url and tells_revocation and not ca:
            place = x509.UniformResourceIdentifier(f"{self.url}/root.crl")
            point = x509.DistributionPoint([place], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        return builder.sign(self.key, SHA256())


@contextmanager
def served_authority(folder: Path) -> Iterator[Authority]:
    """An authority that answers over HTTP at `.url` for as long as it is needed."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            self._say(authority.stamp, query, "application/timestamp-reply")

        def do_GET(self) -> None:
            self._say(lambda _path: authority.revocations(), b"", "application/pkix-crl")

        def _say(self, answer: Any, query: bytes, kind: str) -> None:
            authority.requests.append(self.path)
            if authority.is_down:
                self.send_error(503)
                return
            body = answer(query)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Say nothing: the test reads `requests`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    authority = Authority(folder, url=f"http://127.0.0.1:{server.server_address[1]}")
    authority.issue("clock", stamps=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield authority
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
