import asyncio
import dataclasses
import hashlib
import io
import random
import re
import zlib
from datetime import UTC, datetime

import pytest
from pyhanko.pdf_utils.generic import DictionaryObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf

from certificates import (
    Attachment,
    Kind,
    Signer,
    example_content,
    make_development_key,
    render_certificate,
)
from certificates.inspection import SIZE_LIMIT, Problem, inspect_pdf
from certificates.pdffile import PdfFile, stream

TEACHER, MOMENT = example_content(Kind.TEACHER), datetime.now(UTC).replace(microsecond=0)
MUTANTS = 1_080


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return make_development_key(tmp_path_factory.mktemp("inspected"))


@pytest.fixture(scope="module")
def originals(key):
    """Signed files with and without a badge."""
    signer, badge = Signer(key), Attachment("badge.json", "application/ld+json", b'{"a": "b"}' * 300)
    people = [dataclasses.replace(TEACHER, number=f"GDT-2026-{place:06d}") for place in range(4)]
    return [
        render_certificate(person, signer=signer, signed_at=MOMENT, attachments=[badge] * (place % 2))
        for place, person in enumerate(people)
    ]


def _gap(data):
    """Where the signature itself stands: the only bytes that it cannot cover."""
    _first, opening, closing, _rest = map(int, re.search(rb"/ByteRange\[(.*?)\]", data)[1].split())
    return opening, closing


def _flip(data, chance):
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def _overwrite(data, chance):
    at, size = chance.randrange(len(data)), chance.randrange(1, 40)
    return data[:at] + chance.randbytes(size) + data[at + size :]


def _cut_the_end(data, chance):
    return data[: chance.choice((len(data) - chance.randrange(1, 30), chance.randrange(len(data))))]


def _cut_the_middle(data, chance):
    at = chance.randrange(len(data) - 1)
    return data[:at] + data[at + chance.randrange(1, 60) :]


def _insert(data, chance):
    at = chance.randrange(1, len(data))
    return data[:at] + chance.choice((b" ", b"\n", b"%x\n", b"0", chance.randbytes(9))) + data[at:]


def _append(data, chance):
    junk = (b"\n", b" ", b"\0", b"%%EOF\n", b"% nothing\n%%EOF", chance.randbytes(chance.randrange(1, 900)))
    return data + chance.choice(junk)


def _prefix(data, chance):
    return chance.choice((b"\n", b"%PDF-1.7\n", b"\xef\xbb\xbf", chance.randbytes(7))) + data


def _update(data, chance):
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    if chance.random() < 0.5:
        writer.set_info(DictionaryObject({pdf_name("/Title"): pdf_string(f"{chance.random()}")}))
    else:
        writer.root["/Lang"] = pdf_string(f"x-{chance.randrange(10**6)}")
        writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


WAYS = {
    _flip: 450,
    _overwrite: 120,
    _cut_the_end: 100,
    _cut_the_middle: 100,
    _insert: 100,
    _append: 90,
    _prefix: 60,
    _update: 60,
}


def test_originals_are_accepted(originals, key):
    for data in originals:
        report = inspect_pdf(data, [key.chain[-1]])
        assert report.is_unaltered
        assert report.signature.is_trusted
        assert report.signature.is_canonical
        assert not report.signature.permits_changes
        assert (report.signature.key_id, report.signature.signed_at) == (key.id, MOMENT)
        assert report.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_every_altered_file_is_refused(originals, key, way):
    """Promise P5: by the whole-file hash always, by the signature wherever signed bytes changed."""
    issued = {hashlib.sha256(data).hexdigest() for data in originals}
    chance, unnoticed = random.Random(way.__name__), 0
    for place in range(WAYS[way]):
        data = originals[place % len(originals)]
        altered = way(data, chance)
        if altered == data:
            continue
        report = inspect_pdf(altered, [key.chain[-1]])
        assert report.sha256 not in issued
        opening, closing = _gap(data)
        same_signed_bytes = altered[: opening + 1] == data[: opening + 1] and (
            altered[closing - 1 :] == data[closing - 1 :]
        )
        assert not report.is_unaltered or same_signed_bytes
        assert not report.is_unaltered or not report.signature.is_canonical
        unnoticed += report.is_unaltered
    assert unnoticed <= WAYS[way] // 20


def test_a_thousand_alterations_are_tried():
    assert sum(WAYS.values()) == MUTANTS


def test_no_bit_of_the_signature_itself_can_be_changed(originals):
    """Not even one that the rules of CMS leave open: then it is no longer as we write it."""
    data, chance = originals[0], random.Random(8)
    opening, closing = _gap(data)
    for _try in range(400):
        at = chance.randrange(opening + 1, closing - 1)
        altered = data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
        report = inspect_pdf(altered)
        assert not report.is_unaltered or not report.signature.is_canonical


def test_an_event_loop_that_runs_already_does_not_matter(originals):
    async def inspect():
        return inspect_pdf(originals[0])

    assert asyncio.run(inspect()).is_unaltered


def test_a_signature_moved_to_another_file_does_not_fit(originals):
    (opening, closing), (start, end) = _gap(originals[0]), _gap(originals[2])
    moved = originals[0][:opening] + originals[2][start:end] + originals[0][closing:]
    report = inspect_pdf(moved)
    assert (report.problem, report.signature.is_intact) == (Problem.ALTERED, False)


def test_an_update_that_looks_harmless_is_named(originals):
    report = inspect_pdf(_append(originals[0], random.Random(1)))
    assert report.problem == Problem.NOT_WHOLLY_SIGNED


def _sign_with_pyhanko(data, folder, field):
    signer = SimpleSigner.load_pkcs12(str(folder / "development-key.p12"))
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    return sign_pdf(writer, PdfSignatureMetadata(field_name=field), signer).getvalue()


def test_files_that_others_signed_are_understood(tmp_path):
    root = make_development_key(tmp_path).chain[-1]
    once = _sign_with_pyhanko(render_certificate(TEACHER), tmp_path, "One")
    report = inspect_pdf(once, [root])
    assert (report.is_unaltered, report.signature.is_trusted) == (True, True)
    assert report.signature.permits_changes
    assert not report.signature.is_canonical
    twice = _sign_with_pyhanko(once, tmp_path, "Two")
    assert inspect_pdf(twice, [root]).problem == Problem.SEVERAL_SIGNATURES


def test_an_unsigned_file_and_a_foreign_root_are_named(originals, tmp_path):
    assert inspect_pdf(render_certificate(TEACHER)).problem == Problem.UNSIGNED
    report = inspect_pdf(originals[0], [make_development_key(tmp_path).chain[-1]])
    assert (report.problem, report.signature.is_trusted) == (None, False)
    assert inspect_pdf(originals[0]).signature.is_trusted is None


def _hostile():
    bomb = zlib.compress(bytes(200_000_000), 9)
    chained = zlib.compress(bomb, 9)
    yield "nothing", b""
    yield "header", b"%PDF-1.7\n"
    yield "noise", random.Random(5).randbytes(50_000)
    yield "nested", b"%PDF-1.7\n" + b"[" * 500_000 + b"\nstartxref\n9\n%%EOF\n"
    trailer = b"trailer\n<</Size 1/Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n"
    loop = b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \n" + trailer
    yield "endless revisions", loop
    yield "endless table", loop.replace(b"0 1\n0", b"0 999999999\n0")
    yield "zeros", bytes(SIZE_LIMIT + 1)
    for name, body in {
        "bomb": b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(bomb), bomb),
        "chained bomb": b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream"
        % (len(chained), chained),
        "no stream": b"<<>>",
    }.items():
        yield name, _with_attached(body)
    yield "endless tree", _file(b"/Names<</EmbeddedFiles 1 0 R>>", b"<</Kids[1 0 R 1 0 R 1 0 R 1 0 R]>>")
    yield "endless form", _file(b"/AcroForm<</Fields[1 0 R]>>", b"<</FT/Sig/Kids[1 0 R 1 0 R]/T(a)>>")
    yield (
        "odd form",
        _file(b"/AcroForm<</Fields[1 0 R]>>", b"<</FT/Sig/T(a)/V<</Contents<30>/ByteRange 7>>>>"),
    )
    wide = [b"<</FT/Sig/T(a)/Kids[%s]>>" % (b"%d 0 R " % below * 1000) for below in range(2, 9)]
    yield "wide form", _file(b"/AcroForm<</Fields[1 0 R]>>", *wide, b"<</T(b)>>")
    yield "wide tree", _file(b"/Names<</EmbeddedFiles 1 0 R>>", *wide, b"<</Names[]>>")
    yield "form of itself", _file(b"/AcroForm<</Fields 1 0 R>>", b"1 0 R")
    yield "odd names", _file(b"/Names 7", b"null")


def _with_attached(body):
    names = b"/Names<</EmbeddedFiles<</Names[(x)<</EF<</F 1 0 R>>>>]>>>>"
    return _file(names, body)


def _file(catalogue, *objects):
    file = PdfFile()
    for body in objects:
        file.add(body, packed=False)
    pages = file.add(b"<</Type/Pages/Count 0/Kids[]>>").encode()
    root = file.add(b"<</Type/Catalog/Pages %s%s>>" % (pages, catalogue), packed=False)
    return file.finish(root, "null")


@pytest.mark.parametrize(("name", "data"), [pytest.param(n, d, id=n) for n, d in _hostile()])
def test_hostile_files_neither_raise_nor_take_long(name, data):
    report = inspect_pdf(data)
    assert report.problem is not None
    assert report.detail
    assert sum(len(entry.data) for entry in report.attachments) < 64_000_000, name


def test_many_attached_copies_of_one_large_stream_are_refused():
    body = stream(bytes(30_000_000))
    names = b"".join(b"(%03d)<</EF<</F 1 0 R>>>>" % place for place in range(60))
    report = inspect_pdf(_file(b"/Names<</EmbeddedFiles<</Names[%s]>>>>" % names, body))
    assert report.problem is not None
    assert report.attachments == ()
