//! Proofs over a log's tree (RFC 9162, sections 2.1.3 and 2.1.4): a leaf is in the tree, or a later tree begins with an
//! earlier one.
//!
//! The nodes are in a database, and this module does no input or output. So a proof is made in two steps: a
//! [`ProofPlan`] lists the stored nodes that the proof needs, at most two per level of the tree, and then combines
//! their hashes. To verify a proof, only hashes are needed.

use super::{NodePosition, RightEdge, hash_nodes};
use crate::domain::canonical::Sha256Hash;

/// The nodes of a proof: for each of its hashes, in order, the complete subtrees that are hashed together to make it,
/// from left to right. All but one of the hashes are a single such node; that one is the incomplete right edge of the
/// tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofPlan(Vec<Vec<NodePosition>>);

impl ProofPlan {
    /// Plans the proof that the leaf of this index, from 0, is in a tree of this size. `None` if the index is too
    /// large.
    #[must_use]
    pub fn for_inclusion(index: u64, size: u64) -> Option<Self> {
        if index >= size {
            return None;
        }
        let mut hashes = Vec::new();
        let (mut begin, mut end) = (0, size);
        while end - begin > 1 {
            let split = begin + left_leaf_count(end - begin);
            if index < split {
                hashes.push(cover_range(split, end));
                end = split;
            } else {
                hashes.push(cover_range(begin, split));
                begin = split;
            }
        }
        hashes.reverse();
        Some(Self(hashes))
    }

    /// Plans the proof that a tree of the new size begins with all of the tree of the old size. `None` if the new tree
    /// is smaller. The proof is empty if either tree is empty or both have the same size.
    #[must_use]
    pub fn for_consistency(old: u64, new: u64) -> Option<Self> {
        if old > new {
            return None;
        }
        let mut hashes = Vec::new();
        let (mut begin, mut end) = (0, if old == 0 { 0 } else { new });
        while old != end {
            let split = begin + left_leaf_count(end - begin);
            if old <= split {
                hashes.push(cover_range(split, end));
                end = split;
            } else {
                hashes.push(cover_range(begin, split));
                begin = split;
            }
        }
        // If the old tree is a complete subtree of the new one, the verifier already knows its root.
        if begin > 0 {
            hashes.push(cover_range(begin, end));
        }
        hashes.reverse();
        Some(Self(hashes))
    }

    /// The nodes that have to be read from the database.
    pub fn node_positions(&self) -> impl Iterator<Item = NodePosition> {
        self.0.iter().flatten().copied()
    }

    /// Builds the proof from the hashes of those nodes. `None` if one is missing.
    #[must_use]
    pub fn build_proof(&self, hash_of: impl Fn(NodePosition) -> Option<Sha256Hash>) -> Option<Vec<Sha256Hash>> {
        let fold = |places: &Vec<NodePosition>| -> Option<Sha256Hash> {
            let mut hashes = places.iter().rev().map(|place| hash_of(*place));
            let last = hashes.next()??;
            hashes.try_fold(last, |right, left| Some(hash_nodes(&left?, &right)))
        };
        self.0.iter().map(fold).collect()
    }
}

/// The number of leaves in the left half of a tree of this size (two leaves or more): the largest power of two below
/// the size.
const fn left_leaf_count(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// The complete subtrees that cover the leaves from `begin` up to `end`. The range must come from dividing a tree:
/// `begin` is a multiple of any power of two that fits into it.
fn cover_range(begin: u64, end: u64) -> Vec<NodePosition> {
    RightEdge::node_positions(end - begin).map(|(level, index)| (level, (begin >> level) + index)).collect()
}

/// Whether the proof shows that the leaf of this index and hash is in the tree of this size and root (RFC 9162, section
/// 2.1.3.2).
#[must_use]
pub fn verify_inclusion(index: u64, leaf: Sha256Hash, size: u64, root: Sha256Hash, proof: &[Sha256Hash]) -> bool {
    if index >= size {
        return false;
    }
    let mut way = ProofPath { node: index, last: size - 1 };
    let mut hash = leaf;
    for sibling in proof {
        match way.step_up() {
            Some(SiblingSide::Left) => hash = hash_nodes(sibling, &hash),
            Some(SiblingSide::Right) => hash = hash_nodes(&hash, sibling),
            None => return false,
        }
    }
    way.last == 0 && hash == root
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeHead {
    /// The number of leaves.
    pub size: u64,
    pub root: Sha256Hash,
}

/// Whether the proof shows that the new tree begins with all of the old one (RFC 9162, section 2.1.4.2). Every tree
/// begins with the empty tree, whose proof is empty.
#[must_use]
pub fn verify_consistency(old: TreeHead, new: TreeHead, proof: &[Sha256Hash]) -> bool {
    if old.size == 0 {
        return old.root == Sha256Hash::compute(b"") && proof.is_empty();
    }
    if old.size >= new.size {
        return old == new && proof.is_empty();
    }
    // If the old tree is a complete subtree of the new one, the proof omits it, because its hash is the old root.
    let (start, rest) = if old.size.is_power_of_two() {
        (old.root, proof)
    } else {
        let Some((first, rest)) = proof.split_first() else { return false };
        (*first, rest)
    };
    let mut way = ProofPath { node: old.size - 1, last: new.size - 1 };
    way.skip_right_edges();
    let (mut before, mut after) = (start, start);
    for sibling in rest {
        match way.step_up() {
            Some(SiblingSide::Left) => {
                before = hash_nodes(sibling, &before);
                after = hash_nodes(sibling, &after);
            }
            Some(SiblingSide::Right) => after = hash_nodes(&after, sibling),
            None => return false,
        }
    }
    way.last == 0 && before == old.root && after == new.root
}

/// The path from a node up to the root: the node's index on its level, and the index of the last node there.
struct ProofPath {
    node: u64,
    last: u64,
}

/// The side of the node on which the next sibling of the proof is.
enum SiblingSide {
    Left,
    Right,
}

impl ProofPath {
    /// Goes up by one sibling. It skips the levels on which the node is the last and has no sibling. `None` at the
    /// root.
    fn step_up(&mut self) -> Option<SiblingSide> {
        if self.last == 0 {
            return None;
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            while self.node & 1 == 0 {
                self.node >>= 1;
                self.last >>= 1;
            }
            SiblingSide::Left
        } else {
            SiblingSide::Right
        };
        self.node >>= 1;
        self.last >>= 1;
        Some(side)
    }

    /// Goes up to the largest complete subtree that ends with this node.
    fn skip_right_edges(&mut self) {
        while self.node & 1 == 1 {
            self.node >>= 1;
            self.last >>= 1;
        }
    }
}

#[cfg(test)]
mod tests;
