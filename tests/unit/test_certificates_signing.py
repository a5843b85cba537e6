import dataclasses
import hashlib
import io
import re
import shutil
import stat
import subprocess
from datetime import UTC, datetime, timedelta, timezone

import pytest
from asn1crypto import cms, keys, x509
from cryptography import x509 as pyca_x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from certificates import (
    Attachment,
    CertificateNotInForce,
    InvalidKey,
    Kind,
    Press,
    Signer,
    SigningFailed,
    example_content,
    key_id,
    load_design,
    load_signing_key,
    make_development_key,
    newest_design,
    render_certificate,
)
from certificates.inspection import inspect_pdf
from certificates.timestamps import TimeStampAuthority

TEACHER = example_content(Kind.TEACHER)
MOMENT = datetime.now(UTC).replace(microsecond=0)
BADGE = Attachment("badge.json", "application/ld+json", b'{"name": "Teamwork"}' * 200, "Open Badge")
UNSIGNED = {
    "teacher": "bfb5a5f2d2af3753",
    "student": "217c8dde25592cd2",
    "award": "22984c764d70defe",
    "partner": "32317112089734fa",
}


def _run(tool, *arguments):
    if shutil.which(tool) is None:
        pytest.skip(f"LOUD: {tool} is not installed, so nothing independent has judged the signature.")
    return subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True, check=True).stdout


def _certificate(subject, public, issuer, issuer_key, *, ca=False, usage=None):
    name, by = (pyca_x509.Name([pyca_x509.NameAttribute(NameOID.COMMON_NAME, n)]) for n in (subject, issuer))
    builder = (
        pyca_x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(by)
        .public_key(public)
        .serial_number(pyca_x509.random_serial_number())
        .not_valid_before(MOMENT - timedelta(days=400))
        .not_valid_after(MOMENT + timedelta(days=400))
        .add_extension(pyca_x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    allowed = dict.fromkeys(
        [
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ],
        False,
    )
    allowed["key_cert_sign" if ca else usage if usage in allowed else "digital_signature"] = True
    builder = builder.add_extension(pyca_x509.KeyUsage(**allowed), critical=True)
    if usage == "time stamps":
        stamping = pyca_x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(stamping, critical=True)
    return builder.sign(issuer_key, SHA256())


@pytest.fixture(scope="module")
def authority():
    """A root, an office below it, and an RSA key certified by the office."""
    root, office = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    leaf = rsa.generate_private_key(65537, 2048)
    return {
        "root": _certificate("Root", root.public_key(), "Root", root, ca=True),
        "office": _certificate("Office", office.public_key(), "Root", root, ca=True),
        "office key": office,
        "leaf": _certificate("Registrar (Łódź)", leaf.public_key(), "Office", office),
        "leaf key": leaf,
    }


@pytest.fixture(scope="module")
def rsa_file(authority, tmp_path_factory):
    path = tmp_path_factory.mktemp("rsa") / "key.p12"
    issuers = [authority["root"], authority["office"]]  # any order will do
    secret = BestAvailableEncryption(b"secret")
    path.write_bytes(
        serialize_key_and_certificates(b"k", authority["leaf key"], authority["leaf"], issuers, secret)
    )
    return path


@pytest.fixture(scope="module")
def signers(tmp_path_factory, rsa_file):
    """Signer and root by the kind of the key."""
    p256 = make_development_key(tmp_path_factory.mktemp("development"))
    by_rsa = load_signing_key(rsa_file, b"secret")
    return {"P-256": Signer(p256, location="Hangzhou"), "RSA": Signer(by_rsa, reason="Award (Łódź)")}


@pytest.fixture(scope="module")
def signed(signers, tmp_path_factory):
    """One signed file with a badge by the kind of the key; name to path."""
    folder = tmp_path_factory.mktemp("signed")
    for name, signer in signers.items():
        file = render_certificate(TEACHER, signer=signer, signed_at=MOMENT, attachments=[BADGE])
        (folder / f"{name}.pdf").write_bytes(file)
    return {name: folder / f"{name}.pdf" for name in signers}


def _embedded(data):
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    return signature


def _root(signer):
    return x509.Certificate.load(signer.key.chain[-1].public_bytes(Encoding.DER))


def test_unsigned_files_are_what_they_were_before_there_were_signatures():
    first = {kind: render_certificate(example_content(kind), load_design(f"{kind}-1")) for kind in Kind}
    digests = {kind.value: hashlib.sha256(file).hexdigest() for kind, file in first.items()}
    assert {kind: digest[:16] for kind, digest in digests.items()} == UNSIGNED


@pytest.mark.parametrize("kind", ["P-256", "RSA"])
def test_pdfsig_finds_the_signature_valid_over_the_whole_file(signed, kind):
    said = _run("pdfsig", "-nocert", signed[kind])
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert said.count("Signature #") == 1


@pytest.mark.parametrize("kind", ["P-256", "RSA"])
def test_pyhanko_accepts_signature_chain_and_certification(signed, signers, kind):
    context = ValidationContext(trust_roots=[_root(signers[kind])], allow_fetching=False)
    embedded = _embedded(signed[kind].read_bytes())
    usage = KeyUsageConstraints(key_usage={"digital_signature"})
    status = validate_pdf_signature(embedded, context, key_usage_settings=usage)
    assert status.bottom_line
    assert status.docmdp_ok
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert embedded.docmdp_level.value == 1
    assert embedded.self_reported_timestamp == MOMENT
    reader = embedded.reader
    assert reader.root["/Perms"].raw_get("/DocMDP").reference == embedded.sig_field.raw_get("/V").reference


@pytest.mark.parametrize("kind", ["P-256", "RSA"])
def test_qpdf_finds_nothing_wrong_with_a_signed_file(signed, kind):
    assert "No syntax or stream encoding errors" in _run("qpdf", "--check", signed[kind])


@pytest.mark.parametrize("kind", ["P-256", "RSA"])
def test_the_cms_is_der_with_the_attributes_of_pades_baseline(signed, signers, kind):
    content = _embedded(signed[kind].read_bytes()).pkcs7_content
    parsed = cms.ContentInfo.load(content)
    der = parsed.dump(force=True)
    assert content.startswith(der)
    assert not content[len(der) :].strip(b"\0")
    assert len(content) - len(der) <= 8
    (info,) = parsed["content"]["signer_infos"]
    kinds = {attribute["type"].native for attribute in info["signed_attrs"]}
    assert kinds == {"content_type", "message_digest", "signing_certificate_v2", "cms_algorithm_protection"}
    leaf = signers[kind].key.certificate.public_bytes(Encoding.DER)
    (named,) = next(a for a in info["signed_attrs"] if a["type"].native == "signing_certificate_v2")["values"]
    assert named["certs"][0]["cert_hash"].native == hashlib.sha256(leaf).digest()
    sent = [entry.chosen.dump() for entry in parsed["content"]["certificates"]]
    assert leaf in sent
    assert _root(signers[kind]).dump() not in sent


def test_the_signature_dictionary_stands_in_plain_sight(signed):
    data = signed["P-256"].read_bytes()
    first, opening, closing, rest = map(int, re.search(rb"/ByteRange\[(.*?)\]", data)[1].split())
    assert (first, closing + rest) == (0, len(data))
    assert data[opening:closing].startswith(b"<30")
    assert data[opening - 9 : opening] == b"/Contents"
    assert b"/Location(Hangzhou)" in data
    assert f"/M(D:{MOMENT:%Y%m%d%H%M%S}Z)".encode() in data


@pytest.mark.parametrize("kind", ["P-256", "RSA"])
def test_the_same_moment_gives_the_same_bytes_on_a_new_press(signed, signers, kind):
    again = Press(newest_design(Kind.TEACHER))
    there = MOMENT.astimezone(timezone(timedelta(hours=8)))
    data = again.render(TEACHER, signer=Signer(**_parts(signers[kind])), signed_at=there, attachments=[BADGE])
    assert data == signed[kind].read_bytes()


def _parts(signer):
    return {field: getattr(signer, field) for field in ("key", "reason", "location")}


def test_the_sheet_looks_the_same_signed_and_unsigned(signed, tmp_path):
    (tmp_path / "plain.pdf").write_bytes(render_certificate(TEACHER))
    for name, path in (("signed", signed["P-256"]), ("plain", tmp_path / "plain.pdf")):
        _run("pdftoppm", "-r", "50", "-singlefile", path, tmp_path / name)
    assert (tmp_path / "signed.ppm").read_bytes() == (tmp_path / "plain.ppm").read_bytes()


def test_a_signed_file_with_a_badge_is_small(signed):
    assert signed["P-256"].stat().st_size <= 36_000


def test_files_of_an_older_key_still_verify_after_rotation(tmp_path):
    old, new = (make_development_key(tmp_path / name) for name in ("old", "new"))
    files = {key.id: render_certificate(TEACHER, signer=Signer(key), signed_at=MOMENT) for key in (old, new)}
    kept = [key.chain[-1] for key in (old, new)]
    for name, file in files.items():
        for roots in (kept, [old.certificate, new.certificate]):
            report = inspect_pdf(file, roots)
            assert (report.is_unaltered, report.signature.is_trusted) == (True, True)
            assert report.signature.is_canonical
            assert report.signature.key_id == name
    assert inspect_pdf(files[old.id], [new.chain[-1]]).signature.is_trusted is False


def test_signer_and_moment_go_together_and_the_moment_has_a_zone(signers):
    for given in ({"signer": signers["RSA"]}, {"signed_at": MOMENT}):
        with pytest.raises(ValueError, match="together"):
            render_certificate(TEACHER, **given)
    with pytest.raises(ValueError, match="zone"):
        render_certificate(TEACHER, signer=signers["RSA"], signed_at=MOMENT.replace(tzinfo=None))


@pytest.mark.parametrize(("days", "named"), [(500, "expired"), (-500, "only from")])
def test_an_expired_or_future_certificate_cannot_sign(signers, days, named):
    with pytest.raises(CertificateNotInForce, match=named):
        render_certificate(TEACHER, signer=signers["RSA"], signed_at=MOMENT + timedelta(days=days))


def test_the_development_key_is_made_once_and_marked(tmp_path, signers):
    key = make_development_key(tmp_path / "keys")
    again = make_development_key(tmp_path / "keys")
    assert key.id == again.id
    assert key.is_development
    assert not signers["RSA"].key.is_development
    assert stat.S_IMODE((tmp_path / "keys/development-key.p12").stat().st_mode) == 0o600
    root = pyca_x509.load_pem_x509_certificate((tmp_path / "keys/development-root.pem").read_bytes())
    assert root == key.chain[-1]
    assert "not for production" in key.certificate.subject.rfc4514_string()


def test_a_key_that_is_not_for_development_is_not_taken_for_one(tmp_path, authority):
    path = tmp_path / "development-key.p12"
    path.write_bytes(
        serialize_key_and_certificates(b"k", authority["leaf key"], authority["leaf"], None, NoEncryption())
    )
    with pytest.raises(InvalidKey, match="not made for development"):
        make_development_key(tmp_path)


def test_the_chain_is_put_in_order_whatever_the_file_says(authority, rsa_file):
    key = load_signing_key(rsa_file, b"secret")
    assert key.chain == (authority["office"], authority["root"])
    public = authority["leaf"].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert key.id == key_id(authority["leaf"]) == hashlib.sha256(public).hexdigest()[:16]


def _pem(key, *certificates, encryption=None):
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())
    return private + b"".join(entry.public_bytes(Encoding.PEM) for entry in certificates)


def test_a_pem_file_holds_the_same_key(authority, rsa_file, tmp_path):
    parts = (authority["leaf key"], authority["office"], authority["leaf"], authority["root"])
    (tmp_path / "plain.pem").write_bytes(_pem(*parts))
    (tmp_path / "locked.pem").write_bytes(_pem(*parts, encryption=BestAvailableEncryption(b"x")))
    expected = load_signing_key(rsa_file, b"secret")
    for name, password in (("plain.pem", None), ("locked.pem", b"x")):
        key = load_signing_key(tmp_path / name, password)
        assert (key.certificate, key.chain) == (expected.certificate, expected.chain)


def test_what_cannot_sign_is_refused_with_a_reason(authority, rsa_file, tmp_path):
    other, small = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 1024)
    curve, ca = ec.generate_private_key(ec.SECP384R1()), authority["office key"]
    cases = {
        "cannot be opened": b"nothing of the kind",
        "no certificate of its key": _pem(other, authority["leaf"]),
        "1024 bits": _pem(small, _certificate("S", small.public_key(), "Office", ca)),
        "secp384r1": _pem(curve, _certificate("C", curve.public_key(), "Office", ca)),
        "key usage": _pem(
            other, _certificate("U", other.public_key(), "Office", ca, usage="key_encipherment")
        ),
    }
    for reason, data in cases.items():
        (tmp_path / "key").write_bytes(data)
        with pytest.raises(InvalidKey, match=reason):
            load_signing_key(tmp_path / "key")
    for password in (None, b"wrong"):
        with pytest.raises(InvalidKey, match="cannot be opened"):
            load_signing_key(rsa_file, password)


@pytest.fixture
def stamping(authority):
    key = rsa.generate_private_key(65537, 2048)
    certificate = _certificate(
        "Clock", key.public_key(), "Office", authority["office key"], usage="time stamps"
    )
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    office = x509.Certificate.load(authority["office"].public_bytes(Encoding.DER))
    return DummyTimeStamper(
        x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(private),
        certs_to_embed=[office],
        fixed_dt=MOMENT,
    )


@pytest.mark.parametrize("kind", ["P-256", "RSA"])
def test_a_time_stamp_makes_it_level_b_t(signers, authority, stamping, tmp_path, kind):
    signer = dataclasses.replace(signers[kind], time_stamps=TimeStampAuthority(stamping))
    data = render_certificate(TEACHER, signer=signer, signed_at=MOMENT, attachments=[BADGE])
    report = inspect_pdf(data, [signer.key.chain[-1], authority["root"]])
    assert report.is_unaltered
    assert (report.signature.is_trusted, report.signature.is_canonical) == (True, True)
    assert report.signature.stamped_at == MOMENT
    (tmp_path / "stamped.pdf").write_bytes(data)
    assert "Signature is Valid." in _run("pdfsig", "-nocert", tmp_path / "stamped.pdf")
    assert "No syntax" in _run("qpdf", "--check", tmp_path / "stamped.pdf")


class _Confused(DummyTimeStamper):
    """Stamps something else than it was asked for."""

    async def async_timestamp(self, message_digest, md_algorithm):
        return await super().async_timestamp(bytes(32), md_algorithm)


class _Unreachable(DummyTimeStamper):
    async def async_timestamp(self, message_digest, md_algorithm):
        raise OSError("no route")


@pytest.mark.parametrize(("clock", "named"), [(_Confused, "something else"), (_Unreachable, "no route")])
def test_no_stamp_no_signature(signers, stamping, clock, named):
    authority = TimeStampAuthority(clock(stamping.tsa_cert, stamping.tsa_key))
    signer = dataclasses.replace(signers["P-256"], time_stamps=authority)
    with pytest.raises(SigningFailed, match=named):
        render_certificate(TEACHER, signer=signer, signed_at=MOMENT)
