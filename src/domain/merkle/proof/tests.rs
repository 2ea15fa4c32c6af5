//! Proofs against the published vectors, and against a tree that is naive: it keeps the leaves and computes everything
//! from the definitions.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::domain::merkle::leaf_hash;

/// The leaves of the vectors that Certificate Transparency's implementations share.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// Leaf, size, and the proof that it is in.
const INCLUSIONS: [(u64, u64, &[&str]); 5] = [
    (0, 1, &[]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

/// The size of the old tree and of the new one, and the proof that this begins with that.
const CONSISTENCIES: [(u64, u64, &[&str]); 5] = [
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
    (4, 8, &["6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
];

/// A tree that grows as logs do, with all that is stored of it.
struct Tree {
    edge: Edge,
    nodes: HashMap<Place, Sha256Hash>,
    leaves: Vec<Sha256Hash>,
}

impl Tree {
    fn of(leaves: impl IntoIterator<Item = Sha256Hash>) -> Self {
        let mut tree = Self { edge: Edge::default(), nodes: HashMap::new(), leaves: Vec::new() };
        for leaf in leaves {
            tree.nodes.extend(tree.edge.append(leaf).into_iter().map(|node| ((node.level, node.index), node.hash)));
            tree.leaves.push(leaf);
        }
        tree
    }

    fn published(size: u64) -> Self {
        Self::of(LEAVES[..usize::try_from(size).unwrap()].iter().map(|leaf| leaf_hash(&hex::decode(leaf).unwrap())))
    }

    fn numbered(size: u64) -> Self {
        Self::of((0..size).map(|number| leaf_hash(&number.to_be_bytes())))
    }

    fn head(&self) -> Head {
        Head { size: self.edge.size(), root: self.edge.root() }
    }

    /// As [`Plan::proof`], from what is stored.
    fn proof(&self, plan: &Plan) -> Vec<Sha256Hash> {
        plan.proof(|place| self.nodes.get(&place).copied()).unwrap()
    }
}

/// The root by its definition (RFC 9162, section 2.1.1).
fn naive_root(leaves: &[Sha256Hash]) -> Sha256Hash {
    match leaves {
        [] => Sha256Hash::of(b""),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(naive_split(leaves.len()));
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

fn naive_split(size: usize) -> usize {
    let mut split = 1;
    while split * 2 < size {
        split *= 2;
    }
    split
}

/// PATH by its definition (section 2.1.3.1).
fn naive_path(index: usize, leaves: &[Sha256Hash]) -> Vec<Sha256Hash> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(naive_split(leaves.len()));
    let (mut path, sibling) = if index < left.len() {
        (naive_path(index, left), naive_root(right))
    } else {
        (naive_path(index - left.len(), right), naive_root(left))
    };
    path.push(sibling);
    path
}

/// SUBPROOF by its definition (section 2.1.4.1).
fn naive_subproof(old: usize, leaves: &[Sha256Hash], whole: bool) -> Vec<Sha256Hash> {
    if old == leaves.len() {
        return if whole { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let (left, right) = leaves.split_at(naive_split(leaves.len()));
    let (mut proof, sibling) = if old <= left.len() {
        (naive_subproof(old, left, whole), naive_root(right))
    } else {
        (naive_subproof(old - left.len(), right, false), naive_root(left))
    };
    proof.push(sibling);
    proof
}

fn hashes(written: &[&str]) -> Vec<Sha256Hash> {
    written.iter().map(|hash| hash.parse().unwrap()).collect()
}

#[test]
fn proofs_are_those_of_the_published_vectors() {
    for (index, size, written) in INCLUSIONS {
        let tree = Tree::published(size);
        let proof = tree.proof(&Plan::inclusion(index, size).unwrap());
        assert_eq!(proof, hashes(written), "{index} in {size}");
        let leaf = tree.leaves[usize::try_from(index).unwrap()];
        assert!(includes(index, leaf, size, tree.edge.root(), &proof), "{index} in {size}");
    }
    for (old, new, written) in CONSISTENCIES {
        let tree = Tree::published(new);
        let proof = tree.proof(&Plan::consistency(old, new).unwrap());
        assert_eq!(proof, hashes(written), "{old} to {new}");
        assert!(extends(Tree::published(old).head(), tree.head(), &proof), "{old} to {new}");
    }
}

#[test]
fn every_proof_of_every_small_tree_is_that_of_the_definitions() {
    for size in 0..=33_u64 {
        let tree = Tree::numbered(size);
        assert_eq!(tree.edge.root(), naive_root(&tree.leaves));
        for index in 0..size {
            let at = usize::try_from(index).unwrap();
            let proof = tree.proof(&Plan::inclusion(index, size).unwrap());
            assert_eq!(proof, naive_path(at, &tree.leaves), "{index} in {size}");
            assert!(includes(index, tree.leaves[at], size, tree.edge.root(), &proof), "{index} in {size}");
        }
        for old in 0..=size {
            let proof = tree.proof(&Plan::consistency(old, size).unwrap());
            if old > 0 {
                let whole = naive_subproof(usize::try_from(old).unwrap(), &tree.leaves, true);
                assert_eq!(proof, whole, "{old} to {size}");
            }
            assert!(extends(Tree::numbered(old).head(), tree.head(), &proof), "{old} to {size}");
        }
    }
}

#[test]
fn what_can_not_be_is_not_proven() {
    assert_eq!((Plan::inclusion(0, 0), Plan::inclusion(7, 7), Plan::consistency(8, 7)), (None, None, None));
    let tree = Tree::numbered(7);
    let proof = tree.proof(&Plan::inclusion(3, 7).unwrap());
    assert!(!includes(7, tree.leaves[3], 7, tree.edge.root(), &proof));
    assert!(!includes(0, tree.leaves[0], 0, Sha256Hash::of(b""), &[]));
    let empty = Head { size: 0, root: Sha256Hash::of(b"") };
    assert!(extends(empty, tree.head(), &[]) && extends(empty, empty, &[]));
    assert!(!extends(empty, tree.head(), &proof), "with nothing to show, nothing may be shown");
    assert!(!extends(Head { size: 0, root: tree.edge.root() }, tree.head(), &[]));
    assert!(!extends(tree.head(), empty, &[]), "a log never shrinks");
    let other = Head { size: 7, root: Sha256Hash::of(b"another") };
    assert!(!extends(other, tree.head(), &[]), "two trees of one size");
    assert_eq!(Plan::inclusion(3, 7).unwrap().proof(|_| None), None, "without the nodes there is no proof");
}

/// However long the log, few rows are read.
#[test]
fn a_proof_reads_at_most_two_nodes_a_level() {
    for bits in 2..62_usize {
        for size in [(1_u64 << bits) - 1, 1 << bits, (1 << bits) + 1, (1 << bits) + (1 << (bits / 2))] {
            let most = 2 * (bits + 1);
            for index in [0, 1, size / 3, size / 2, size - 2, size - 1] {
                let inclusion = Plan::inclusion(index, size).unwrap();
                assert!(inclusion.places().count() <= most, "{index} in {size}");
                let consistency = Plan::consistency(index + 1, size).unwrap();
                assert!(consistency.places().count() <= most, "{index} to {size}");
            }
        }
    }
}

/// One bit of one hash of it is another.
fn altered(proof: &[Sha256Hash], at: usize, bit: usize) -> Vec<Sha256Hash> {
    let mut proof = proof.to_vec();
    let at = at % proof.len();
    proof[at].0[bit / 8 % 32] ^= 1 << (bit % 8);
    proof
}

proptest! {
    #[test]
    fn proofs_hold_and_altered_ones_do_not(
        size in 1..300_u64, pick in any::<u64>(), other in any::<u64>(), at in any::<usize>(), bit in 0..256_usize,
    ) {
        let tree = Tree::numbered(size);
        let Head { root, .. } = tree.head();
        let index = pick % size;
        let leaf = tree.leaves[usize::try_from(index).unwrap()];
        let proof = tree.proof(&Plan::inclusion(index, size).unwrap());
        prop_assert!(includes(index, leaf, size, root, &proof));
        prop_assert_eq!(&proof, &naive_path(usize::try_from(index).unwrap(), &tree.leaves));
        prop_assert!(!includes(index, Sha256Hash::of(b"another"), size, root, &proof));
        prop_assert!(!includes(index, leaf, size, Sha256Hash::of(b"another"), &proof));
        let elsewhere = other % (2 * size);
        prop_assert!(elsewhere == index || !includes(elsewhere, leaf, size, root, &proof));
        let longer = [proof.as_slice(), &[root]].concat();
        prop_assert!(!includes(index, leaf, size, root, &longer));
        if !proof.is_empty() {
            prop_assert!(!includes(index, leaf, size, root, &altered(&proof, at, bit)));
            prop_assert!(!includes(index, leaf, size, root, &proof[1..]));
            prop_assert!(!includes(index, leaf, size, root, &proof[..proof.len() - 1]));
        }

        let old = Tree::numbered(other % size + 1).head();
        let proof = tree.proof(&Plan::consistency(old.size, size).unwrap());
        prop_assert!(extends(old, tree.head(), &proof));
        let another = |head: Head| Head { root: Sha256Hash::of(b"another"), ..head };
        prop_assert!(!extends(another(old), tree.head(), &proof));
        prop_assert!(!extends(old, another(tree.head()), &proof));
        prop_assert!(!extends(old, tree.head(), &[proof.as_slice(), &[root]].concat()));
        if !proof.is_empty() {
            prop_assert!(!extends(old, tree.head(), &altered(&proof, at, bit)));
            prop_assert!(!extends(old, tree.head(), &proof[1..]));
            prop_assert!(!extends(old, tree.head(), &proof[..proof.len() - 1]));
        }
    }

    /// Whatever is sent as a proof, it is judged, and never runs on or stops the process.
    #[test]
    fn nonsense_is_refused(
        index in any::<u64>(), size in any::<u64>(), old in any::<u64>(), proof in prop::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let proof: Vec<Sha256Hash> = proof.into_iter().map(Sha256Hash).collect();
        let (leaf, root) = (Sha256Hash::of(b"leaf"), Sha256Hash::of(b"root"));
        prop_assert!(!includes(index, leaf, size, root, &proof));
        let (old, new) = (Head { size: old, root: leaf }, Head { size, root });
        prop_assert!(!extends(old, new, &proof));
    }
}
