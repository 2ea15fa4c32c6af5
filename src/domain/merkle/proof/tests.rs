//! Tests proofs against the published vectors, and against a naive tree that keeps all leaves and computes everything
//! from the definitions.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::domain::merkle::hash_leaf;

/// The leaves of the test vectors that implementations of Certificate Transparency share.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// Leaf index, tree size and inclusion proof.
const PUBLISHED_INCLUSION_PROOFS: [(u64, u64, &[&str]); 5] = [
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

/// Size of the old tree, size of the new tree and consistency proof.
const PUBLISHED_CONSISTENCY_PROOFS: [(u64, u64, &[&str]); 5] = [
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

/// A tree that grows as logs do, with all its stored nodes.
struct TestTree {
    edge: RightEdge,
    nodes: HashMap<NodePosition, Sha256Hash>,
    leaves: Vec<Sha256Hash>,
}

impl TestTree {
    fn from_leaves(leaves: impl IntoIterator<Item = Sha256Hash>) -> Self {
        let mut tree = Self { edge: RightEdge::default(), nodes: HashMap::new(), leaves: Vec::new() };
        for leaf in leaves {
            tree.nodes.extend(tree.edge.append(leaf).into_iter().map(|node| ((node.level, node.index), node.hash)));
            tree.leaves.push(leaf);
        }
        tree
    }

    fn from_published_leaves(size: u64) -> Self {
        Self::from_leaves(
            LEAVES[..usize::try_from(size).unwrap()].iter().map(|leaf| hash_leaf(&hex::decode(leaf).unwrap())),
        )
    }

    fn with_numbered_leaves(size: u64) -> Self {
        Self::from_leaves((0..size).map(|number| hash_leaf(&number.to_be_bytes())))
    }

    fn head(&self) -> TreeHead {
        TreeHead { size: self.edge.size(), root: self.edge.root() }
    }

    /// As [`ProofPlan::build_proof`], from the stored nodes.
    fn build_proof(&self, plan: &ProofPlan) -> Vec<Sha256Hash> {
        plan.build_proof(|place| self.nodes.get(&place).copied()).unwrap()
    }
}

/// The root by its definition (RFC 9162, section 2.1.1).
fn naive_root(leaves: &[Sha256Hash]) -> Sha256Hash {
    match leaves {
        [] => Sha256Hash::compute(b""),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(naive_split(leaves.len()));
            hash_nodes(&naive_root(left), &naive_root(right))
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

fn parse_hashes(written: &[&str]) -> Vec<Sha256Hash> {
    written.iter().map(|hash| hash.parse().unwrap()).collect()
}

#[test]
fn merkle_proofs_match_published_vectors() {
    for (index, size, written) in PUBLISHED_INCLUSION_PROOFS {
        let tree = TestTree::from_published_leaves(size);
        let proof = tree.build_proof(&ProofPlan::for_inclusion(index, size).unwrap());
        assert_eq!(proof, parse_hashes(written), "{index} in {size}");
        let leaf = tree.leaves[usize::try_from(index).unwrap()];
        assert!(verify_inclusion(index, leaf, size, tree.edge.root(), &proof), "{index} in {size}");
    }
    for (old, new, written) in PUBLISHED_CONSISTENCY_PROOFS {
        let tree = TestTree::from_published_leaves(new);
        let proof = tree.build_proof(&ProofPlan::for_consistency(old, new).unwrap());
        assert_eq!(proof, parse_hashes(written), "{old} to {new}");
        assert!(verify_consistency(TestTree::from_published_leaves(old).head(), tree.head(), &proof), "{old} to {new}");
    }
}

#[test]
fn merkle_proofs_of_small_trees_match_the_rfc_definitions() {
    for size in 0..=33_u64 {
        let tree = TestTree::with_numbered_leaves(size);
        assert_eq!(tree.edge.root(), naive_root(&tree.leaves));
        for index in 0..size {
            let at = usize::try_from(index).unwrap();
            let proof = tree.build_proof(&ProofPlan::for_inclusion(index, size).unwrap());
            assert_eq!(proof, naive_path(at, &tree.leaves), "{index} in {size}");
            assert!(verify_inclusion(index, tree.leaves[at], size, tree.edge.root(), &proof), "{index} in {size}");
        }
        for old in 0..=size {
            let proof = tree.build_proof(&ProofPlan::for_consistency(old, size).unwrap());
            if old > 0 {
                let whole = naive_subproof(usize::try_from(old).unwrap(), &tree.leaves, true);
                assert_eq!(proof, whole, "{old} to {size}");
            }
            assert!(
                verify_consistency(TestTree::with_numbered_leaves(old).head(), tree.head(), &proof),
                "{old} to {size}"
            );
        }
    }
}

#[test]
fn merkle_proof_of_impossible_claims_is_refused() {
    assert_eq!(
        (ProofPlan::for_inclusion(0, 0), ProofPlan::for_inclusion(7, 7), ProofPlan::for_consistency(8, 7)),
        (None, None, None)
    );
    let tree = TestTree::with_numbered_leaves(7);
    let proof = tree.build_proof(&ProofPlan::for_inclusion(3, 7).unwrap());
    assert!(!verify_inclusion(7, tree.leaves[3], 7, tree.edge.root(), &proof));
    assert!(!verify_inclusion(0, tree.leaves[0], 0, Sha256Hash::compute(b""), &[]));
    let empty = TreeHead { size: 0, root: Sha256Hash::compute(b"") };
    assert!(verify_consistency(empty, tree.head(), &[]) && verify_consistency(empty, empty, &[]));
    assert!(!verify_consistency(empty, tree.head(), &proof), "with nothing to show, nothing may be shown");
    assert!(!verify_consistency(TreeHead { size: 0, root: tree.edge.root() }, tree.head(), &[]));
    assert!(!verify_consistency(tree.head(), empty, &[]), "a log never shrinks");
    let other = TreeHead { size: 7, root: Sha256Hash::compute(b"another") };
    assert!(!verify_consistency(other, tree.head(), &[]), "two trees of one size");
    assert_eq!(
        ProofPlan::for_inclusion(3, 7).unwrap().build_proof(|_| None),
        None,
        "without the nodes there is no proof"
    );
}

/// The number of rows that are read stays small, however long the log is.
#[test]
fn merkle_proof_reads_at_most_two_nodes_per_level() {
    for bits in 2..62_usize {
        for size in [(1_u64 << bits) - 1, 1 << bits, (1 << bits) + 1, (1 << bits) + (1 << (bits / 2))] {
            let most = 2 * (bits + 1);
            for index in [0, 1, size / 3, size / 2, size - 2, size - 1] {
                let inclusion = ProofPlan::for_inclusion(index, size).unwrap();
                assert!(inclusion.node_positions().count() <= most, "{index} in {size}");
                let consistency = ProofPlan::for_consistency(index + 1, size).unwrap();
                assert!(consistency.node_positions().count() <= most, "{index} to {size}");
            }
        }
    }
}

/// A copy of the proof with one bit of one hash flipped.
fn flip_bit(proof: &[Sha256Hash], at: usize, bit: usize) -> Vec<Sha256Hash> {
    let mut proof = proof.to_vec();
    let at = at % proof.len();
    proof[at].0[bit / 8 % 32] ^= 1 << (bit % 8);
    proof
}

proptest! {
    #[test]
    fn merkle_proof_with_any_altered_bit_is_refused(
        size in 1..300_u64, pick in any::<u64>(), other in any::<u64>(), at in any::<usize>(), bit in 0..256_usize,
    ) {
        let tree = TestTree::with_numbered_leaves(size);
        let TreeHead { root, .. } = tree.head();
        let index = pick % size;
        let leaf = tree.leaves[usize::try_from(index).unwrap()];
        let proof = tree.build_proof(&ProofPlan::for_inclusion(index, size).unwrap());
        prop_assert!(verify_inclusion(index, leaf, size, root, &proof));
        prop_assert_eq!(&proof, &naive_path(usize::try_from(index).unwrap(), &tree.leaves));
        prop_assert!(!verify_inclusion(index, Sha256Hash::compute(b"another"), size, root, &proof));
        prop_assert!(!verify_inclusion(index, leaf, size, Sha256Hash::compute(b"another"), &proof));
        let elsewhere = other % (2 * size);
        prop_assert!(elsewhere == index || !verify_inclusion(elsewhere, leaf, size, root, &proof));
        let longer = [proof.as_slice(), &[root]].concat();
        prop_assert!(!verify_inclusion(index, leaf, size, root, &longer));
        if !proof.is_empty() {
            prop_assert!(!verify_inclusion(index, leaf, size, root, &flip_bit(&proof, at, bit)));
            prop_assert!(!verify_inclusion(index, leaf, size, root, &proof[1..]));
            prop_assert!(!verify_inclusion(index, leaf, size, root, &proof[..proof.len() - 1]));
        }

        let old = TestTree::with_numbered_leaves(other % size + 1).head();
        let proof = tree.build_proof(&ProofPlan::for_consistency(old.size, size).unwrap());
        prop_assert!(verify_consistency(old, tree.head(), &proof));
        let another = |head: TreeHead| TreeHead { root: Sha256Hash::compute(b"another"), ..head };
        prop_assert!(!verify_consistency(another(old), tree.head(), &proof));
        prop_assert!(!verify_consistency(old, another(tree.head()), &proof));
        prop_assert!(!verify_consistency(old, tree.head(), &[proof.as_slice(), &[root]].concat()));
        if !proof.is_empty() {
            prop_assert!(!verify_consistency(old, tree.head(), &flip_bit(&proof, at, bit)));
            prop_assert!(!verify_consistency(old, tree.head(), &proof[1..]));
            prop_assert!(!verify_consistency(old, tree.head(), &proof[..proof.len() - 1]));
        }
    }

    /// Any input is judged as a proof and never causes an endless loop or a crash.
    #[test]
    fn merkle_proof_of_random_hashes_is_refused(
        index in any::<u64>(), size in any::<u64>(), old in any::<u64>(), proof in prop::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let proof: Vec<Sha256Hash> = proof.into_iter().map(Sha256Hash).collect();
        let (leaf, root) = (Sha256Hash::compute(b"leaf"), Sha256Hash::compute(b"root"));
        prop_assert!(!verify_inclusion(index, leaf, size, root, &proof));
        let (old, new) = (TreeHead { size: old, root: leaf }, TreeHead { size, root });
        prop_assert!(!verify_consistency(old, new, &proof));
    }
}
