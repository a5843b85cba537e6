"""Every certificate enters the log as it is issued, revoked and replaced, and nobody can take it out."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from certificates.badges import badge_digest
from certificates.content import content_from_json
from certificates.log import Event, commit_to, decode_entry, recompute
from certificates.merkle import check_consistency, check_inclusion, leaf_hash
from gdt import documents
from gdt.access import OFFICE
from gdt.certification.badges import statuses
from gdt.certification.badges.models import StatusEntry
from gdt.certification.badges.statuses import Slot
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.drawing import drafting
from gdt.certification.issuing.drawing_ahead import draw_drafts
from gdt.certification.issuing.issuing import issue_portion
from gdt.certification.log import queries as log_queries
from gdt.certification.log import tree as log_tree
from gdt.certification.log import writing as log_writing
from gdt.certification.log.models import APPEND_ONLY, CertificateSeal, LogLeaf
from gdt.certification.log.tree import KeptTree
from gdt.certification.log.writing import adopt, destroy_salt
from gdt.certification.models import Certificate
from gdt.certification.revoking.services import revoke_certificate
from gdt.database import db, now, unit_of_work
from gdt.row_security import owner_engine
from tests.browser import counted_queries
from tests.features.certification.stories import all_certificates, certified_cohort, make_ready_cohort
from tests.features.certification.test_issuing import order_only


def entries():
    db.session.rollback()
    leaves = db.session.scalars(db.select(LogLeaf).order_by(LogLeaf.position)).all()
    return [decode_entry(leaf.leaf.encode()) for leaf in leaves]


def revoke(certificate, reason="Issued by mistake"):
    with unit_of_work():
        revoke_certificate(actor=OFFICE, certificate=db.session.merge(certificate), reason=reason)


def test_each_issued_certificate_is_an_entry_that_fits_its_file_facts_badge_and_keys(app):
    certified_cohort(3)
    certificates, found = all_certificates(), entries()
    assert [entry.number for entry in found] == [one.number for one in certificates]
    for one, entry in zip(certificates, found, strict=True):
        seal = db.session.query(CertificateSeal).filter_by(certificate_id=one.id).one()
        assert entry.event is Event.ISSUED
        assert entry.file == sha256(documents.read(one.file_key)).hexdigest()
        content = content_from_json(json.dumps(one.facts))
        assert entry.commitment == commit_to(content, bytes.fromhex(seal.salt))
        assert entry.badge == one.proof.badge_digest == badge_digest(json.loads(one.proof.badge))
        assert (entry.key, entry.signer) == (one.proof.badge_key.name, one.proof.signature_key.name)
        assert one.facts["printed_name"] not in str(entry)


def test_revoking_is_an_entry_and_sets_the_bit_the_badge_names(app):
    certified_cohort(2)
    first, second = all_certificates()
    revoke(first)
    last = entries()[-1]
    assert (last.event, last.number, last.file) == (Event.REVOKED, first.number, first.file_sha256)
    bits = {entry.certificate_id: entry for entry in db.session.query(StatusEntry)}
    assert (bits[first.id].is_set, bits[second.id].is_set) == (True, False)
    named = json.loads(db.session.get(type(first), first.id).proof.badge)["credentialStatus"]
    assert named["statusListIndex"] == str(bits[first.id].bit)
    assert named["statusListCredential"] == bits[first.id].status_list.url


def test_the_log_is_written_in_the_transaction_that_issues_or_not_at_all(app):
    batch_id = order_only(app, make_ready_cohort(2))
    with pytest.raises(RuntimeError), unit_of_work():
        issue_portion(db.session.get(CertificateBatch, batch_id), {})
        raise RuntimeError
    assert entries() == []
    assert log_queries.count_entries() == 0
    certified_cohort(1)
    assert len(entries()) == log_queries.count_entries() == 1


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_database_refuses_to_change_or_delete_what_stands_in_the_log(app, table):
    certified_cohort(1)
    with owner_engine().begin() as connection:
        connection.execute(text("INSERT INTO log_tiles (level, place, hashes, root) VALUES (0, 0, '', '')"))
        connection.execute(
            text(
                "INSERT INTO log_heads (number, signed_on, signed_at, size, root, note, mailed_to)"
                " VALUES (1, '2026-01-01', '2026-01-01', 0, '', '', 0)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO log_publications (number, design, file_key, file_sha256, file_size, facts_key,"
                " facts_sha256, position) VALUES ('GDT-SUMMARY-2020', 'd', 'k', '', 0, 'k', '', 0)"
            )
        )
    for deed in (f"UPDATE {table} SET id = 99", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="only grows"), owner_engine().begin() as connection:
            connection.execute(text(deed))


def copies_of(certificate, count):
    """So many more certificates like one, outside the log: rows alone, which is all the tree needs."""
    columns = {c.name: getattr(certificate, c.name) for c in Certificate.__table__.columns if c.name != "id"}
    rows = [
        columns
        | {"number": f"GDT-2020-{n:06d}", "code": f"copy-{n}", "thing_earned": f"copy {n}"}
        | {"year": 2020, "serial": n}
        for n in range(1, count + 1)
    ]
    db.session.execute(db.insert(Certificate), rows)


@pytest.fixture
def narrow_tiles(monkeypatch):
    monkeypatch.setattr(log_tree, "WIDTH_BITS", 2)
    monkeypatch.setattr(log_tree, "WIDTH", 4)


def test_tiles_give_the_same_roots_and_proofs_as_the_whole_tree(narrow_tiles, app):
    certified_cohort(1)
    with unit_of_work():
        copies_of(all_certificates()[0], 299)
    for portion in (1, 2, 3, 60, 64, 100):
        with unit_of_work():
            assert adopt(portion) <= portion
    leaves = log_queries.list_leaves(0, 1000)
    assert len(leaves) == 231
    whole = recompute(leaf.encode() for leaf in leaves)
    for size in (1, 2, 3, 4, 5, 16, 63, 64, 65, 100, 200, 231):
        kept = KeptTree(size)
        assert kept.root() == whole.root(size)
        for index in {0, size // 2, size - 1}:
            proof = kept.inclusion_proof(index)
            check_inclusion(index, size, leaf_hash(leaves[index].encode()), proof, whole.root(size))
        for old in {1, size // 3 or 1, size}:
            proof = kept.consistency_proof(old)
            check_consistency(old, size, proof, whole.root(old), whole.root(size))


def test_certificates_from_before_the_log_enter_it_with_all_that_happened_since(app):
    certified_cohort(1)
    with unit_of_work():
        copies_of(all_certificates()[0], 5)
    old = all_certificates()[:5]
    revoke(old[3])
    with unit_of_work():
        gone = db.session.merge(old[1])
        gone.revoked_at, gone.revoked_reason, gone.revoked_by_name = gone.issued_at, "Long ago", "Office"
    with unit_of_work():
        assert adopt(100) == 4
    with unit_of_work():
        assert adopt(100) == 0
    found = [(entry.number[-1], entry.event) for entry in entries()]
    issued, revoked = Event.ISSUED, Event.REVOKED
    assert found[1:] == [
        *[("4", issued), ("4", revoked), ("1", issued), ("2", issued)],
        *[("3", issued), ("5", issued), ("2", revoked)],
    ]
    recompute(leaf.encode() for leaf in log_queries.list_leaves(0, 100))


def test_time_never_runs_backwards_in_the_log_whatever_the_clock_does(app, monkeypatch):
    certified_cohort(1)
    monkeypatch.setattr(log_writing, "now", lambda: now() - timedelta(days=3))
    certified_cohort(1)
    first, second = entries()
    assert second.at == first.at


def test_a_destroyed_salt_leaves_the_entry_and_takes_its_meaning(app):
    certified_cohort(2)
    one, other = all_certificates()
    with unit_of_work():
        destroy_salt([one.id])
    salts = {seal.certificate_id: seal.salt for seal in db.session.query(CertificateSeal)}
    assert salts[one.id] is None
    assert len(bytes.fromhex(salts[other.id])) == 32
    assert len(entries()) == 2


def test_writing_entries_asks_a_constant_number_of_questions(app, monkeypatch):
    moment = now()
    monkeypatch.setattr(log_writing, "now", lambda: moment)  # a later second is one question more
    certified_cohort(1)
    with unit_of_work():
        copies_of(all_certificates()[0], 60)
    asked = []
    for portion in (10, 50):
        with counted_queries() as sent, unit_of_work():
            adopt(portion)
        asked.append(len(sent))
    assert asked[0] == asked[1]


def test_two_workers_who_drew_the_same_bit_both_issue_under_bits_of_their_own(app, monkeypatch):
    batches = [order_only(app, make_ready_cohort(1)) for _ in range(2)]
    monkeypatch.setattr(drafting, "free_slots", lambda count: [Slot(1, statuses.list_url(1), 7)] * count)
    drafts = [draw_drafts(batch_id) for batch_id in batches]
    assert {draft.forecast.slot.bit for found in drafts for draft in found.values()} == {7}
    for batch_id, found in zip(batches, drafts, strict=True):
        with unit_of_work():
            issue_portion(db.session.get(CertificateBatch, batch_id), found)
    db.session.rollback()
    entries_ = db.session.query(StatusEntry).all()
    assert len(entries_) == 2
    for entry in entries_:
        badge = json.loads(entry.certificate.proof.badge)
        assert badge["credentialStatus"]["statusListIndex"] == str(entry.bit)
    assert len({entry.bit for entry in entries_}) == 2
