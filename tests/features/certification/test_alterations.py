"""P5: over a thousand ways to alter what we issued, each refused; every original accepted."""

import io
import json
import random
import zlib

import pypdf
import pytest

from certificates.badges import bake
from gdt import documents
from gdt.access import OFFICE
from gdt.certification.badges.open_badges import baked_picture
from gdt.certification.issuing.services import issue_for_cohort
from gdt.certification.verifying.comparing import FileFinding, compare_file
from tests.factories import TODAY
from tests.features.certification.stories import add_student, all_certificates, make_ready_cohort

FLIPS, CUTS, JUNK, UPDATES, MEMBERS = 420, 160, 160, 12, 300
NAMES = (("Aisyah binti Rahman", None), ("Lim Mei Ling", "林美玲"), ("Ahmed Raza Khan", "احمد رضا خان"))


@pytest.fixture
def chance():
    return random.Random(20261122)


@pytest.fixture
def issued(app):
    cohort = make_ready_cohort(0)
    for printed, native in NAMES:
        add_student(cohort, printed_name=printed, native_name=native)
    issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY)
    return all_certificates()


def findings(certificate, altered):
    """What is found, by how often; the certificate's own row is loaded once."""
    found = {}
    for data in altered:
        finding = compare_file(certificate, data)
        found[finding] = found.get(finding, 0) + 1
    return found


def flipped(data, chance, times):
    for _ in range(times):
        at = chance.randrange(len(data))
        yield data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def cut(data, chance, times):
    for _ in range(times):
        start, length = chance.randrange(len(data)), chance.choice((1, 2, 3, 100, 5000))
        yield data[:start] + data[start + length :]


def lengthened(data, chance, times):
    for _ in range(times // 2):
        junk = chance.randbytes(chance.choice((1, 2, 16, 400)))
        yield data + junk
        yield junk + data


def updated(data, times):
    """Saved again by a PDF program as an incremental update, which leaves the signed bytes in place."""
    for n in range(times):
        writer = pypdf.PdfWriter(io.BytesIO(data), incremental=True)
        writer.add_metadata({"/Producer": f"Program {n}"})
        if n % 2:
            writer.pages[0].rotate(180)
        out = io.BytesIO()
        writer.write(out)
        assert out.getvalue().startswith(data) and len(out.getvalue()) > len(data)
        yield out.getvalue()


def test_every_original_is_accepted_and_only_by_its_own_certificate(issued):
    for own in issued:
        picture = baked_picture(own.proof.badge, own.kind.value)
        for data in (documents.read(own.file_key), own.proof.badge.encode(), picture):
            assert compare_file(own, data) is FileFinding.AS_ISSUED
            for other in (record for record in issued if record is not own):
                finding = compare_file(other, data)
                assert finding in {FileFinding.ANOTHER_PDF, FileFinding.ANOTHER_BADGE}


def test_no_altered_pdf_is_accepted(issued, chance):
    total = 0
    for certificate in issued:
        pdf = documents.read(certificate.file_key)
        altered = [
            *flipped(pdf, chance, FLIPS // 3),
            *cut(pdf, chance, CUTS // 3),
            *lengthened(pdf, chance, JUNK // 3),
            *updated(pdf, UPDATES // 3),
        ]
        assert pdf not in altered
        found = findings(certificate, altered)
        refusals = {
            FileFinding.ALTERED_PDF,
            FileFinding.RESIGNED_PDF,
            FileFinding.STRANGE_PDF,
            FileFinding.UNREADABLE,
        }
        assert set(found) <= refusals
        assert found[FileFinding.ALTERED_PDF] > 0.9 * len(altered)
        total += len(altered)
    assert total > 700


def altered_badges(badge, chance, times):
    """Members added, changed and taken away at any depth; never the same document again."""
    for _ in range(times):
        document = json.loads(badge)
        places = list(objects_in(document))
        place = chance.choice(places)
        name = chance.choice(sorted(place))
        kind = chance.randrange(4)
        if kind == 0:
            place[f"remark{chance.randrange(9)}"] = chance.choice(("x", 1, True, None, [], {}))
        elif kind == 1:
            place[name] = spoiled(place[name], chance)
        elif kind == 2:
            del place[name]
        else:
            place[name.swapcase()] = place.pop(name)
        yield document


def objects_in(node):
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from objects_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from objects_in(value)


def spoiled(value, chance):
    if isinstance(value, str):
        at = chance.randrange(len(value) + 1)
        return value[:at] + chance.choice("aZ0 .é") + value[at:]
    if isinstance(value, list):
        return [*value, *value] or ["x"]
    return [value]


def test_no_altered_badge_is_accepted(issued, chance):
    certificate = issued[0]
    badge = certificate.proof.badge
    altered = [json.dumps(document).encode() for document in altered_badges(badge, chance, MEMBERS)]
    found = findings(certificate, altered)
    assert set(found) <= {FileFinding.ALTERED_BADGE, FileFinding.STRANGE_BADGE}
    assert sum(found.values()) == MEMBERS


def test_the_order_of_members_and_blanks_mean_nothing(issued, chance):
    document = json.loads(issued[0].proof.badge)
    for indent in (None, 1, 4):
        names = list(document)
        chance.shuffle(names)
        text = json.dumps(
            {name: document[name] for name in names}, indent=indent, ensure_ascii=indent is None
        )
        assert compare_file(issued[0], text.encode()) is FileFinding.AS_ISSUED


def chunks(png):
    at = 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += 12 + length


def packed(parts):
    whole = b"\x89PNG\r\n\x1a\n"
    for kind, data in parts:
        sum_ = zlib.crc32(kind + data).to_bytes(4, "big")
        whole += len(data).to_bytes(4, "big") + kind + data + sum_
    return whole


def altered_pictures(png, chance, times):
    """Chunks added, doubled, taken away and moved, pixels changed, bytes appended; sums made right again."""
    parts = list(chunks(png))
    for n in range(times):
        changed, at = list(parts), chance.randrange(1, len(parts) - 1)
        if n % 4 == 0:
            changed.insert(at, (b"tEXt", f"Comment\0{n}".encode()))
        elif n % 4 == 1:
            changed.insert(at, changed[at])
        elif n % 4 == 2:
            kind, data = changed[at]
            changed[at] = (kind, data[:-1] + bytes([data[-1] ^ 1]))
        else:
            del changed[at]
        yield packed(changed)
    yield png + b"\n"
    yield from flipped(png, chance, times)


def test_no_altered_picture_is_accepted_as_ours(issued, chance):
    certificate = issued[0]
    png = baked_picture(certificate.proof.badge, certificate.kind.value)
    assert packed(chunks(png)) == png
    found = findings(certificate, altered_pictures(png, chance, 60))
    assert FileFinding.AS_ISSUED not in found
    assert found[FileFinding.ALTERED_PICTURE] > 10
    elsewhere = bake(png, issued[1].proof.badge)
    assert compare_file(certificate, elsewhere) is FileFinding.ANOTHER_BADGE
