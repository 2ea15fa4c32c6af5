//! How many of something each person, or each address, has open in this process.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Counts of what is open, by whose it is. A clone is another handle to the same.
#[derive(Debug, Clone)]
pub struct OpenCount<K>(Arc<Mutex<HashMap<K, usize>>>);

impl<K> Default for OpenCount<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// Something that is open. Dropping it closes it.
#[derive(Debug)]
pub struct Opened<K: Eq + Hash> {
    of: OpenCount<K>,
    key: K,
}

impl<K: Eq + Hash + Clone> OpenCount<K> {
    /// Opens one more, unless `most` are open already.
    #[must_use]
    pub fn open(&self, key: K, most: usize) -> Option<Opened<K>> {
        let mut counts = self.counts();
        let count = counts.entry(key.clone()).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Opened { of: self.clone(), key })
    }
}

impl<K: Eq + Hash> OpenCount<K> {
    /// How many are open.
    #[must_use]
    pub fn count(&self, key: &K) -> usize {
        self.counts().get(key).copied().unwrap_or_default()
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Drop for Opened<K> {
    fn drop(&mut self) {
        let mut counts = self.of.counts();
        if let Some(count) = counts.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_closed_makes_room_and_one_does_not_count_for_another() {
        let open = OpenCount::default();
        let (one, two) = (open.open("ana", 2), open.open("ana", 2));
        assert!(one.is_some() && two.is_some());
        assert!(open.open("ana", 2).is_none() && open.open("ben", 1).is_some());
        assert_eq!((open.count(&"ana"), open.count(&"ben")), (2, 0));
        drop(one);
        assert!(open.open("ana", 2).is_some());
        drop(two);
        assert_eq!(open.count(&"ana"), 0);
        assert!(open.counts().is_empty(), "nothing is kept of who has none open");
    }
}
