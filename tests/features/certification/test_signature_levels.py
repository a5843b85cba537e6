"""What a signing certificate not in force, or a time-stamp authority that is down, does to issuing."""

import io
import logging

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

import config
from certificates.inspection import inspect_pdf
from gdt import documents
from gdt.access import OFFICE
from gdt.app import create_app
from gdt.certification.batches.models import BatchRowState, CertificateBatch, CertificateBatchRow
from gdt.certification.issuing.services import issue_for_cohort
from gdt.certification.issuing.steering import continue_batch
from gdt.certification.keys import signing_keys
from gdt.certification.keys.known_keys import known_keys
from gdt.commands import office
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from tests.authorities import NOW, served_authority
from tests.factories import TODAY
from tests.features.certification.stories import all_certificates, make_ready_cohort

PASSED = {"days": (-800, -3)}
TO_COME = {"days": (5, 400)}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    with served_authority(tmp_path_factory.mktemp("authority")) as found:
        yield found


@pytest.fixture
def signed_with(app, authority):
    """Let the application sign with a key of the authority and other settings, for one test."""
    before, authority.is_down = app.extensions["certification_keys"], False

    def use(name="registrar", term=None, **settings):
        path = authority.issue(name, **(term or {}))
        wanted = {**app.config, "SIGNING_KEY": str(path), **settings}
        app.extensions["certification_keys"] = signing_keys._load(wanted)

    yield use
    app.extensions["certification_keys"] = before


def issue(students=2):
    issue_for_cohort(make_ready_cohort(students), actor=OFFICE, issued_on=TODAY)


def _no_store(reader):
    return "/DSS" not in reader.root


def go_on():
    with unit_of_work():
        continue_batch(actor=OFFICE, batch=db.session.query(CertificateBatch).one())


def rows():
    return [row.state for row in db.session.query(CertificateBatchRow)]


@pytest.mark.parametrize(("term", "words"), [(PASSED, "expired on"), (TO_COME, "is valid only from")])
def test_a_certificate_that_is_not_in_force_issues_nothing_and_loses_nothing(app, signed_with, term, words):
    signed_with("not in force", term)
    with pytest.raises(DomainError, match=f"The signing certificate {words} .*; nothing was issued"):
        issue()
    assert all_certificates() == []
    batch = db.session.query(CertificateBatch).one()
    assert words in batch.job_failure
    assert rows() == [BatchRowState.WAITING] * 2
    signed_with("renewed")
    go_on()
    assert len(all_certificates()) == 2


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((-800, -3), "expired on"),
        ((5, 400), "valid only from"),
        ((-300, 20), "in 19 days. Renew it in time."),
        ((-300, 200), None),
    ],
)
def test_keys_list_says_until_when_the_certificate_counts(app, signed_with, days, words):
    signed_with("watched", {"days": days})
    known = [key.as_json() for key in known_keys()]
    (listed,) = [key for key in known if key["kind"] == "signature" and key["current"]]
    assert listed["valid_until"][:4].isdigit()
    assert (words is None and listed["warning"] is None) or words in listed["warning"]
    said = app.test_cli_runner().invoke(office.gdt, ["keys", "list"]).output
    assert f"certificate valid until {listed['valid_until']}" in said
    assert words is None or words in said


def test_an_expired_certificate_is_told_at_the_start_and_the_rest_works(authority, tmp_path, caplog):
    settings = config.TestConfig(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'gdt.db'}")
    settings.SIGNING_KEY = str(authority.issue("expired", **PASSED))
    with caplog.at_level(logging.WARNING):
        create_app(settings)
    assert any("The signing certificate expired on" in record.message for record in caplog.records)


@pytest.mark.parametrize("level", ["B-T", "B-LT"])
def test_certificates_carry_a_time_stamp_when_an_authority_is_set(app, authority, signed_with, level):
    roots = str(authority.folder / "root.pem")
    signed_with(TIMESTAMP_URL=f"{authority.url}/stamp", SIGNATURE_LEVEL=level, VALIDATION_ROOTS=roots)
    issue()
    for certificate in all_certificates():
        file = documents.read(certificate.file_key)
        signature = inspect_pdf(file, [authority.root]).signature
        assert (signature.is_trusted, signature.is_canonical) == (True, True)
        assert signature.stamped_at >= NOW
        stores = DocumentSecurityStore.read_dss if level == "B-LT" else _no_store
        assert stores(PdfFileReader(io.BytesIO(file)))


def test_while_the_authority_is_down_nothing_is_issued_and_the_batch_goes_on_afterwards(
    app, authority, signed_with
):
    signed_with(TIMESTAMP_URL=f"{authority.url}/stamp", SIGNATURE_LEVEL="B-T")
    authority.is_down = True
    with pytest.raises(DomainError, match=r"The time-stamp authority gave no stamp.*Nothing was issued"):
        issue(3)
    assert all_certificates() == []
    assert rows() == [BatchRowState.WAITING] * 3
    authority.is_down = False
    go_on()
    assert [certificate.serial for certificate in all_certificates()] == [1, 2, 3]


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"SIGNATURE_LEVEL": "B-X"}, "GDT_SIGNATURE_LEVEL must be one of B-B, B-T, B-LT"),
        ({"SIGNATURE_LEVEL": "B-T"}, "Level B-T needs GDT_TIMESTAMP_URL"),
        ({"SIGNATURE_LEVEL": "B-T", "TIMESTAMP_URL": "tsa.example.org"}, "must be http or https"),
        (
            {"SIGNATURE_LEVEL": "B-LT", "TIMESTAMP_URL": "https://tsa.example.org"},
            "Level B-LT needs GDT_VALIDATION_ROOTS",
        ),
    ],
)
def test_a_level_that_cannot_be_kept_ends_the_start_with_a_sentence(tmp_path, settings, sentence):
    asked = config.TestConfig(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'gdt.db'}")
    vars(asked).update(settings)
    with pytest.raises(SystemExit, match=sentence):
        create_app(asked)
