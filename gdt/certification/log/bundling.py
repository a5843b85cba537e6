"""The offline bundle: made once for each head by a job, kept in the document store, offered to anyone."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from certificates.offline import write_bundle
from gdt import documents, jobs
from gdt.certification.badges import open_badges
from gdt.certification.badges import queries as status_queries
from gdt.certification.badges.status_publishing import signed_list
from gdt.certification.log import queries
from gdt.certification.log.models import LogHead
from gdt.certification.log.witness_models import LogBundle
from gdt.database import after_commit, db, now, reading
from gdt.jobs import JobState

FOLDER = "bundles"
PORTION = 2000
KEPT = 2  # bundles; whoever is downloading the one before can finish
LISTS_ARE_GOOD_FOR = timedelta(days=366)  # the folder is meant to be kept; it says of which day it is


def order_bundle(head: LogHead) -> LogBundle:
    """Have the bundle of a new head made."""
    bundle = LogBundle(head_id=head.id, job_total=head.size)
    db.session.add(bundle)
    db.session.flush()
    jobs.start(bundle)
    return bundle


def _write(bundle_id: int) -> dict[str, Any]:
    """Write the file before the transaction that announces it, so that no lock is held meanwhile."""
    with reading():
        bundle = queries.find_bundle(bundle_id)
        if bundle is None or bundle.is_finished:
            return {}
        note, size, at = bundle.head.note, bundle.head.size, now()
        did = open_badges.published_keys()
        lists = (
            signed_list(status_list, at, at + LISTS_ARE_GOOD_FOR)
            for status_list in status_queries.list_status_lists()
        )
        key = f"{FOLDER}/{bundle_id}-{secrets.token_hex(8)}.zip"
        with documents.open_to_write(key) as out, ZipFile(out, "w", ZIP_DEFLATED) as archive:
            write_bundle(archive, did, lists, note, _leaves(size))
    return {"file_key": key, "file_size": documents.size(key)}


@jobs.job(LogBundle, prepare=_write)
def announce_bundle(bundle: LogBundle, written: dict[str, Any]) -> None:
    """Make the finished file the one that is offered, and drop those nobody needs any more."""
    for column, value in written.items():
        setattr(bundle, column, value)
    bundle.job_done, bundle.job_state = bundle.job_total, JobState.DONE
    for older in queries.list_bundles_before(bundle, KEPT - 1):
        if older.file_key is not None:
            after_commit(partial(documents.remove, older.file_key))
            older.file_key = older.file_size = None


def _leaves(size: int) -> Iterator[bytes]:
    for start in range(0, size, PORTION):
        yield from (leaf.encode() for leaf in queries.list_leaves(start, min(start + PORTION, size)))
