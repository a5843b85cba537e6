import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.merkle import (
    EMPTY_ROOT,
    Frontier,
    InvalidProof,
    Tree,
    check_consistency,
    check_inclusion,
    leaf_hash,
    node_hash,
)

# The entries and roots with which the reference implementations of RFC 6962 and 9162 are tested.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def naive_root(leaves):
    """MTH of RFC 9162 section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    k = largest_power_below(len(leaves))
    return node_hash(naive_root(leaves[:k]), naive_root(leaves[k:]))


def naive_path(m, leaves):
    """PATH of RFC 9162 section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_proof(m, leaves, whole=True):
    """SUBPROOF of RFC 9162 section 2.1.4.1."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return [*naive_proof(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_proof(m - k, leaves[k:], False), naive_root(leaves[:k])]


def largest_power_below(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def tree_of(leaves):
    return Tree(map(leaf_hash, leaves))


def test_the_known_roots_come_out():
    tree = tree_of(ENTRIES)
    assert [tree.root(size).hex() for size in range(1, 9)] == ROOTS
    assert Tree().root() == tree.root(0) == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_the_known_inclusion_proofs_come_out(index, size):
    proof = tree_of(ENTRIES).inclusion_proof(index, size)
    assert [hash_.hex() for hash_ in proof] == INCLUSION[index, size]
    check_inclusion(index, size, leaf_hash(ENTRIES[index]), proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_the_known_consistency_proofs_come_out(old, new):
    proof = tree_of(ENTRIES).consistency_proof(old, new)
    assert [hash_.hex() for hash_ in proof] == CONSISTENCY[old, new]
    check_consistency(old, new, proof, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.binary(max_size=4), min_size=1, max_size=70), st.data())
def test_every_proof_is_the_naive_one_and_convinces(leaves, data):
    cut = data.draw(st.integers(0, len(leaves)))
    tree = tree_of(leaves[:cut])
    tree.extend(map(leaf_hash, leaves[cut:]))
    size = data.draw(st.integers(1, len(leaves)))
    index = data.draw(st.integers(0, size - 1))
    root = naive_root(leaves[:size])
    assert tree.root(size) == root
    frontier = Frontier().extended(map(leaf_hash, leaves[:cut])).extended(map(leaf_hash, leaves[cut:]))
    assert (frontier.size, frontier.root) == (len(leaves), naive_root(leaves))
    assert tree.inclusion_proof(index, size) == naive_path(index, leaves[:size])
    check_inclusion(index, size, leaf_hash(leaves[index]), tree.inclusion_proof(index, size), root)
    old = data.draw(st.integers(1, size))
    proof = tree.consistency_proof(old, size)
    assert proof == naive_proof(old, leaves[:size])
    check_consistency(old, size, proof, naive_root(leaves[:old]), root)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 40), st.data())
def test_no_bent_proof_convinces(size, data):
    leaves = [bytes([place]) for place in range(size)]
    tree = tree_of(leaves)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    for proof in bent(tree.inclusion_proof(index), data):
        with pytest.raises(InvalidProof):
            check_inclusion(index, size, leaf_hash(leaves[index]), proof, tree.root())
    for proof in bent(tree.consistency_proof(old), data):
        with pytest.raises(InvalidProof):
            check_consistency(old, size, proof, tree.root(old), tree.root())
    with pytest.raises(InvalidProof):
        check_inclusion(index, size, leaf_hash(b"another"), tree.inclusion_proof(index), tree.root())
    with pytest.raises(InvalidProof):
        check_consistency(old, size, tree.consistency_proof(old), leaf_hash(b"x"), tree.root())


def bent(proof, data):
    stranger = hashlib.sha256(b"stranger").digest()
    yield [*proof, stranger]
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        yield proof[:place] + proof[place + 1 :]
        yield [*proof[:place], stranger, *proof[place + 1 :]]


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 40), st.data())
def test_a_log_that_changed_an_entry_cannot_prove_that_it_only_grew(size, data):
    honest = [bytes([place]) for place in range(size)]
    old = data.draw(st.integers(1, size))
    changed = data.draw(st.integers(0, old - 1))
    rewritten = [b"forged" if place == changed else leaf for place, leaf in enumerate(honest)]
    before, after = tree_of(honest), tree_of(rewritten)
    for proof in (before.consistency_proof(old), after.consistency_proof(old)):
        with pytest.raises(InvalidProof):
            check_consistency(old, size, proof, before.root(old), after.root())


@pytest.mark.parametrize(
    "ask",
    [
        lambda tree: tree.root(9),
        lambda tree: tree.inclusion_proof(8),
        lambda tree: tree.inclusion_proof(-1),
        lambda tree: tree.inclusion_proof(3, 3),
        lambda tree: tree.consistency_proof(0),
        lambda tree: tree.consistency_proof(5, 4),
        lambda tree: tree.consistency_proof(5, 9),
        lambda _tree: check_inclusion(3, 3, EMPTY_ROOT, [], EMPTY_ROOT),
        lambda _tree: check_consistency(4, 3, [], EMPTY_ROOT, EMPTY_ROOT),
        lambda _tree: check_consistency(0, 3, [EMPTY_ROOT], EMPTY_ROOT, EMPTY_ROOT),
        lambda _tree: check_consistency(3, 4, [], EMPTY_ROOT, EMPTY_ROOT),
    ],
)
def test_what_a_tree_does_not_have_is_refused(ask):
    with pytest.raises(InvalidProof):
        ask(tree_of(ENTRIES))


@pytest.mark.parametrize("parts", [(1, ()), (0, (EMPTY_ROOT,)), (-1, ()), (1, (b"short",))])
def test_a_frontier_that_cannot_be_is_refused(parts):
    with pytest.raises(ValueError, match="peak"):
        Frontier(*parts)


def test_a_hash_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        Tree([b"short"])
