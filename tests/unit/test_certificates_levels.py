"""Levels B-T and B-LT against an authority that stamps with openssl and serves its revocations over HTTP."""

import dataclasses
import io
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from certificates import Kind, Signer, SigningFailed, example_content, load_signing_key, render_certificate
from certificates.inspection import inspect_pdf
from certificates.longterm import Gatherer
from certificates.timestamps import TimeStampAuthority
from tests.authorities import served_authority

TEACHER = example_content(Kind.TEACHER)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    with served_authority(tmp_path_factory.mktemp("authority")) as found:
        yield found


@pytest.fixture
def signer(authority):
    authority.is_down = False
    key = load_signing_key(authority.issue("registrar"))
    return Signer(key, time_stamps=TimeStampAuthority.at(f"{authority.url}/stamp"))


def _lasting(signer, authority, **options):
    gatherer = Gatherer(signer.key, signer.time_stamps, [authority.root], **options)
    return dataclasses.replace(signer, long_term=gatherer)


def _drawn(signer):
    return render_certificate(TEACHER, signer=signer, signed_at=datetime.now(UTC).replace(microsecond=0))


def _root(authority):
    return asn1_x509.Certificate.load(authority.root.public_bytes(Encoding.DER))


def _run(tool, path):
    if shutil.which(tool[0]) is None:
        pytest.skip(f"LOUD: {tool[0]} is not installed, so nothing independent has judged the signature.")
    return subprocess.run([*tool, path], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("level", ["B-T", "B-LT"])
def test_the_stamp_of_openssl_is_trusted_and_the_file_is_whole(authority, signer, tmp_path, level):
    data = _drawn(signer if level == "B-T" else _lasting(signer, authority))
    report = inspect_pdf(data, [authority.root])
    assert report.is_unaltered
    assert (report.signature.is_trusted, report.signature.is_canonical) == (True, True)
    assert abs(report.signature.stamped_at - datetime.now(UTC)) < timedelta(minutes=5)
    path = tmp_path / "signed.pdf"
    path.write_bytes(data)
    said = _run(["pdfsig", "-nocert"], path)
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "No syntax" in _run(["qpdf", "--check"], path)


def test_what_a_b_lt_file_brings_proves_both_chains_with_the_network_off(authority, signer):
    data = _drawn(_lasting(signer, authority))
    reader = PdfFileReader(io.BytesIO(data))
    store = DocumentSecurityStore.read_dss(reader)
    assert len(store.crls) == 1
    strict = {"trust_roots": [_root(authority)], "allow_fetching": False, "revocation_mode": "require"}
    (signature,) = reader.embedded_signatures
    with_it = store.as_validation_context(strict)
    usage = KeyUsageConstraints(key_usage={"digital_signature"})
    judge = partial(validate_pdf_signature, key_usage_settings=usage, skip_diff=True)
    status = judge(signature, with_it, with_it)
    assert status.bottom_line
    assert status.timestamp_validity.trusted
    (again,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    without = judge(again, ValidationContext(**strict, crls=[]))
    assert (without.intact, without.bottom_line) == (True, False)


def test_the_store_stands_inside_the_one_revision_that_is_signed(authority, signer):
    data = _drawn(_lasting(signer, authority))
    assert data.count(b"startxref") == 1
    assert inspect_pdf(data, [authority.root]).signature.covers_whole_file
    assert not inspect_pdf(_drawn(signer), [authority.root]).problem
    assert len(data) - len(_drawn(signer)) < 6000


def test_revocation_data_is_fetched_once_and_again_when_it_is_no_longer_fresh(authority, signer):
    clock = {"now": datetime.now(UTC)}
    lasting = _lasting(signer, authority, clock=lambda: clock["now"])
    authority.requests.clear()
    for _file in range(3):
        _drawn(lasting)
    assert authority.requests.count("/root.crl") == 1
    clock["now"] += timedelta(hours=7)
    _drawn(lasting)
    assert authority.requests.count("/root.crl") == 2


def test_a_key_that_says_nothing_of_revocation_cannot_sign_at_b_lt(authority, signer):
    silent = load_signing_key(authority.issue("silent", tells_revocation=False))
    lasting = _lasting(dataclasses.replace(signer, key=silent), authority)
    with pytest.raises(SigningFailed, match="Level B-LT needs revocation data"):
        _drawn(lasting)


def test_an_authority_that_is_down_gives_no_signature_and_works_again_when_it_is_up(authority, signer):
    authority.is_down = True
    with pytest.raises(SigningFailed, match="gave no stamp"):
        _drawn(signer)
    authority.is_down = False
    assert inspect_pdf(_drawn(signer), [authority.root]).signature.stamped_at


@pytest.mark.parametrize("url", ["ftp://x.org", "file:///etc/passwd", "tsa.example.org"])
def test_an_address_that_is_not_http_is_refused(url):
    with pytest.raises(ValueError, match="must be http or https"):
        TimeStampAuthority.at(url)
