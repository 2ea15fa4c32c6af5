//! Proofs over a log's tree (RFC 9162, sections 2.1.3 and 2.1.4): that a leaf is in it, and that a later tree begins
//! with an earlier one.
//!
//! Making a proof has two steps, since the nodes are in a database and nothing here reads one: a [`Plan`] says which
//! of the stored nodes the proof needs, at most two a level of the tree, and puts their hashes together. Checking one
//! takes nothing but hashes.

use super::{Edge, Place, node_hash};
use crate::domain::canonical::Sha256Hash;

/// What a proof is made of: for each of its hashes, in order, the complete subtrees that together are it, from left to
/// right. All but one of the hashes are a single such node; that one is the ragged right edge of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan(Vec<Vec<Place>>);

impl Plan {
    /// The proof that the leaf of this number, from 0, is in a tree of this size; none when it can't be.
    #[must_use]
    pub fn inclusion(index: u64, size: u64) -> Option<Self> {
        if index >= size {
            return None;
        }
        let mut hashes = Vec::new();
        let (mut begin, mut end) = (0, size);
        while end - begin > 1 {
            let split = begin + split(end - begin);
            if index < split {
                hashes.push(cover(split, end));
                end = split;
            } else {
                hashes.push(cover(begin, split));
                begin = split;
            }
        }
        hashes.reverse();
        Some(Self(hashes))
    }

    /// The proof that a tree of the new size begins with all of the tree of the old one; none when it is the smaller.
    /// Nothing has to be shown when either is empty or both are the same.
    #[must_use]
    pub fn consistency(old: u64, new: u64) -> Option<Self> {
        if old > new {
            return None;
        }
        let mut hashes = Vec::new();
        let (mut begin, mut end) = (0, if old == 0 { 0 } else { new });
        while old != end {
            let split = begin + split(end - begin);
            if old <= split {
                hashes.push(cover(split, end));
                end = split;
            } else {
                hashes.push(cover(begin, split));
                begin = split;
            }
        }
        // Where the old tree is a whole subtree of the new one, its root is known to who checks.
        if begin > 0 {
            hashes.push(cover(begin, end));
        }
        hashes.reverse();
        Some(Self(hashes))
    }

    /// The nodes that have to be read.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        self.0.iter().flatten().copied()
    }

    /// The proof, from the hashes of those nodes; none when one is missing.
    #[must_use]
    pub fn proof(&self, hash_of: impl Fn(Place) -> Option<Sha256Hash>) -> Option<Vec<Sha256Hash>> {
        let fold = |places: &Vec<Place>| -> Option<Sha256Hash> {
            let mut hashes = places.iter().rev().map(|place| hash_of(*place));
            let last = hashes.next()??;
            hashes.try_fold(last, |right, left| Some(node_hash(&left?, &right)))
        };
        self.0.iter().map(fold).collect()
    }
}

/// How many leaves are left of where a tree of this size, of two leaves or more, divides: the largest power of two
/// below it.
const fn split(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// The complete subtrees that cover the leaves from `begin` up to `end`, a range that dividing a tree has come to: its
/// beginning is a multiple of any power of two that fits into it.
fn cover(begin: u64, end: u64) -> Vec<Place> {
    Edge::places(end - begin).map(|(level, index)| (level, (begin >> level) + index)).collect()
}

/// Whether a proof shows that the leaf of this number and hash is in the tree of this size and root (RFC 9162, section
/// 2.1.3.2).
#[must_use]
pub fn includes(index: u64, leaf: Sha256Hash, size: u64, root: Sha256Hash, proof: &[Sha256Hash]) -> bool {
    if index >= size {
        return false;
    }
    let mut way = Way { node: index, last: size - 1 };
    let mut hash = leaf;
    for sibling in proof {
        match way.up() {
            Some(Side::Left) => hash = node_hash(sibling, &hash),
            Some(Side::Right) => hash = node_hash(&hash, sibling),
            None => return false,
        }
    }
    way.last == 0 && hash == root
}

/// A tree by its size and root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many leaves it has.
    pub size: u64,
    /// Its root.
    pub root: Sha256Hash,
}

/// Whether a proof shows that the new tree begins with all of the old one (RFC 9162, section 2.1.4.2). Every tree
/// begins with the empty one, whose proof is empty.
#[must_use]
pub fn extends(old: Head, new: Head, proof: &[Sha256Hash]) -> bool {
    if old.size == 0 {
        return old.root == Sha256Hash::of(b"") && proof.is_empty();
    }
    if old.size >= new.size {
        return old == new && proof.is_empty();
    }
    // A whole subtree of the new tree is left out of the proof, since its root is that of the old one.
    let (start, rest) = if old.size.is_power_of_two() {
        (old.root, proof)
    } else {
        let Some((first, rest)) = proof.split_first() else { return false };
        (*first, rest)
    };
    let mut way = Way { node: old.size - 1, last: new.size - 1 };
    way.skip_right_edges();
    let (mut before, mut after) = (start, start);
    for sibling in rest {
        match way.up() {
            Some(Side::Left) => {
                before = node_hash(sibling, &before);
                after = node_hash(sibling, &after);
            }
            Some(Side::Right) => after = node_hash(&after, sibling),
            None => return false,
        }
    }
    way.last == 0 && before == old.root && after == new.root
}

/// The way from a node up to the root: the node's number on its level, and the last one's there.
struct Way {
    node: u64,
    last: u64,
}

/// On which side of the node the sibling is that a proof gives next.
enum Side {
    Left,
    Right,
}

impl Way {
    /// Goes up by one sibling, past the levels on which the node, the last of its level, has none. None at the root.
    fn up(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            while self.node & 1 == 0 {
                self.node >>= 1;
                self.last >>= 1;
            }
            Side::Left
        } else {
            Side::Right
        };
        self.node >>= 1;
        self.last >>= 1;
        Some(side)
    }

    /// Goes up to the largest complete subtree that ends with the node.
    fn skip_right_edges(&mut self) {
        while self.node & 1 == 1 {
            self.node >>= 1;
            self.last >>= 1;
        }
    }
}

#[cfg(test)]
mod tests;
