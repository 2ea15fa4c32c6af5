//! The tree over a log (RFC 6962, section 2.1): one changed byte anywhere changes the root.
//!
//! Only complete subtrees are kept, so that an append writes its leaf and the nodes it completes, and a root is
//! folded from at most one node a level. Proofs over the same nodes are in [`proof`].

pub mod proof;

use super::canonical::Sha256Hash;

/// The hash of a leaf: SHA-256(0x00 ‖ bytes).
#[must_use]
pub fn leaf_hash(bytes: &[u8]) -> Sha256Hash {
    Sha256Hash::of_parts(&[&[0], bytes])
}

/// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: &Sha256Hash, right: &Sha256Hash) -> Sha256Hash {
    Sha256Hash::of_parts(&[&[1], left.bytes(), right.bytes()])
}

/// Where a complete subtree stands: its level, and its number among those of its level.
pub type Place = (u8, u64);

/// A complete subtree: it covers the leaves `index * 2^level` up to the next such node's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// Its height: 0 for a leaf.
    pub level: u8,
    /// Its number among those of its level, from 0.
    pub index: u64,
    /// Its hash.
    pub hash: Sha256Hash,
}

/// The right edge of a tree: the largest complete subtrees that together cover its leaves, from left to right.
/// There is one for each bit set in the size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    peaks: Vec<Node>,
}

impl Edge {
    /// The places, as (level, index), of the nodes that make up the edge of a tree of this size, from left to
    /// right.
    pub fn places(size: u64) -> impl DoubleEndedIterator<Item = Place> {
        (0..64).rev().filter(move |level| size >> level & 1 == 1).map(move |level| (level, (size >> level) - 1))
    }

    /// The edge of a tree of this size, from the hashes of its nodes in the order of [`Self::places`].
    ///
    /// Nothing when there are not exactly as many hashes as places.
    #[must_use]
    pub fn new(size: u64, hashes: &[Sha256Hash]) -> Option<Self> {
        let places: Vec<Place> = Self::places(size).collect();
        if places.len() != hashes.len() {
            return None;
        }
        let peaks = places.into_iter().zip(hashes).map(|((level, index), hash)| Node { level, index, hash: *hash });
        Some(Self { size, peaks: peaks.collect() })
    }

    /// How many leaves the tree has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf, and says which nodes came to be: the leaf's and those that it completes.
    pub fn append(&mut self, leaf: Sha256Hash) -> Vec<Node> {
        let mut node = Node { level: 0, index: self.size, hash: leaf };
        let mut added = vec![node];
        while let Some(left) = self.peaks.pop_if(|left| left.level == node.level) {
            node = Node { level: node.level + 1, index: node.index >> 1, hash: node_hash(&left.hash, &node.hash) };
            added.push(node);
        }
        self.peaks.push(node);
        self.size += 1;
        added
    }

    /// The root: the hash of the empty string for an empty tree.
    #[must_use]
    pub fn root(&self) -> Sha256Hash {
        let hashes = self.peaks.iter().rev().map(|peak| peak.hash);
        hashes.reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(|| Sha256Hash::of(b""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The leaves of the test vectors that Certificate Transparency's implementations share.
    const LEAVES: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    /// Their roots, for the trees of 1 to 8 leaves.
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
    fn roots_are_those_of_the_published_vectors() {
        let mut edge = Edge::default();
        assert_eq!(edge.root().to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (leaf, root) in LEAVES.iter().zip(ROOTS) {
            edge.append(leaf_hash(&hex::decode(leaf).unwrap()));
            assert_eq!(edge.root().to_string(), root);
        }
    }

    #[test]
    fn an_edge_read_back_goes_on_as_if_it_had_never_been_put_down() {
        let mut whole = Edge::default();
        let mut nodes = Vec::new();
        for n in 0_u64..70 {
            let hashes: Vec<_> = Edge::places(n)
                .map(|place| nodes.iter().find(|node: &&Node| (node.level, node.index) == place).unwrap().hash)
                .collect();
            assert_eq!(Edge::new(n, &hashes), Some(whole.clone()));
            nodes.extend(whole.append(leaf_hash(&n.to_be_bytes())));
        }
        assert_eq!(Edge::new(3, &[]), None);
    }
}
