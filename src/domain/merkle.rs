//! The Merkle tree over a log (RFC 6962, section 2.1): one changed byte anywhere changes the root.
//!
//! Only complete subtrees are stored. An append writes its leaf and the nodes that it completes, and a root is computed
//! from at most one node per level. Proofs over the same nodes are in [`proof`].

pub mod proof;

use super::canonical::Sha256Hash;

/// SHA-256(0x00 ‖ bytes), as in RFC 6962: the prefix tells a leaf from a node.
#[must_use]
pub fn hash_leaf(bytes: &[u8]) -> Sha256Hash {
    Sha256Hash::compute_from_parts(&[&[0], bytes])
}

/// SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn hash_nodes(left: &Sha256Hash, right: &Sha256Hash) -> Sha256Hash {
    Sha256Hash::compute_from_parts(&[&[1], left.to_bytes(), right.to_bytes()])
}

/// The position of a complete subtree: its level, and its index within this level.
pub type NodePosition = (u8, u64);

/// A complete subtree. It covers the leaves from `index * 2^level` up to the first leaf of the next node on its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeNode {
    /// The height: 0 for a leaf.
    pub level: u8,
    /// The position within the level, from 0.
    pub index: u64,
    pub hash: Sha256Hash,
}

/// The right edge of a tree: the largest complete subtrees that together cover its leaves, from left to right.
/// There is one for each bit set in the size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RightEdge {
    size: u64,
    peaks: Vec<TreeNode>,
}

impl RightEdge {
    /// The positions (level, index) of the nodes on the right edge of a tree of this size, from left to right.
    pub fn node_positions(size: u64) -> impl DoubleEndedIterator<Item = NodePosition> {
        (0..64).rev().filter(move |level| size >> level & 1 == 1).map(move |level| (level, (size >> level) - 1))
    }

    /// The edge of a tree of this size, from the hashes of its nodes in the order of [`Self::node_positions`].
    ///
    /// `None` unless there are exactly as many hashes as positions.
    #[must_use]
    pub fn new(size: u64, hashes: &[Sha256Hash]) -> Option<Self> {
        let places: Vec<NodePosition> = Self::node_positions(size).collect();
        if places.len() != hashes.len() {
            return None;
        }
        let peaks = places.into_iter().zip(hashes).map(|((level, index), hash)| TreeNode { level, index, hash: *hash });
        Some(Self { size, peaks: peaks.collect() })
    }

    /// The number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf. Returns the new nodes: the leaf and those that it completes.
    pub fn append(&mut self, leaf: Sha256Hash) -> Vec<TreeNode> {
        let mut node = TreeNode { level: 0, index: self.size, hash: leaf };
        let mut added = vec![node];
        while let Some(left) = self.peaks.pop_if(|left| left.level == node.level) {
            node = TreeNode { level: node.level + 1, index: node.index >> 1, hash: hash_nodes(&left.hash, &node.hash) };
            added.push(node);
        }
        self.peaks.push(node);
        self.size += 1;
        added
    }

    /// The root. For an empty tree it is the hash of the empty string.
    #[must_use]
    pub fn root(&self) -> Sha256Hash {
        let hashes = self.peaks.iter().rev().map(|peak| peak.hash);
        hashes.reduce(|right, left| hash_nodes(&left, &right)).unwrap_or_else(|| Sha256Hash::compute(b""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The leaves of the test vectors that implementations of Certificate Transparency share.
    const LEAVES: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    /// The roots of the trees of 1 to 8 leaves.
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    #[test]
    fn merkle_root_matches_published_vectors() {
        let mut edge = RightEdge::default();
        assert_eq!(edge.root().to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (leaf, root) in LEAVES.iter().zip(ROOTS) {
            edge.append(hash_leaf(&hex::decode(leaf).unwrap()));
            assert_eq!(edge.root().to_string(), root);
        }
    }

    #[test]
    fn right_edge_restored_from_hashes_continues_unchanged() {
        let mut whole = RightEdge::default();
        let mut nodes = Vec::new();
        for n in 0_u64..70 {
            let hashes: Vec<_> = RightEdge::node_positions(n)
                .map(|place| nodes.iter().find(|node: &&TreeNode| (node.level, node.index) == place).unwrap().hash)
                .collect();
            assert_eq!(RightEdge::new(n, &hashes), Some(whole.clone()));
            nodes.extend(whole.append(hash_leaf(&n.to_be_bytes())));
        }
        assert_eq!(RightEdge::new(3, &[]), None);
    }
}
