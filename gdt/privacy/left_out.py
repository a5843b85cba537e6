"""What is registered of people, and not in their own copies."""

# Registered, and not in the copy: keys of files and hashes say nothing to her, and what they stand for is in
# it or handed over beside it; notes about two entries name somebody else, too.
LEFT_OUT = {
    "persons": {"name_key", "compared_at", "erased_at"},
    "certificates": {"file_key", "thing_earned"},
    "certificate_seals": {"salt"},
    "certificate_batch_rows": {"thing_earned"},
    "certificate_proofs": {"badge_digest"},
    "holder_links": {"token_sha256"},
    "feedback_requests": {"token_hash"},
    "correction_requests": {"evidence_key"},
    "nomination_evidence": {"file_key"},
    "revocation_lines": {"typed"},
    "person_merge_steps": {"before", "after"},
    "probable_pairs": {"reasons"},
    "uploads": {"document_key", "checked_key", "journal"},
    "upload_row_changes": {"row", "texts"},
    "outgoing_mails": {"body", "unsubscribe", "server_answer", "claimed_at", "next_try_at", "queued_at"},
    "erasure_requests": {"files"},
    "certificate_archives": {"file_key"},
    "forgotten_marks": {"mark", "forgotten_at"},  # of people who are not here any more, nobody knows of whom
}
