//! Counts how many of something each person, or each address, has open in this process.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Counts open things by key. Clones share the counts.
#[derive(Debug, Clone)]
pub struct OpenCount<K>(Arc<Mutex<HashMap<K, usize>>>);

impl<K> Default for OpenCount<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// Something that is open. Dropping it closes it.
#[derive(Debug)]
pub struct OpenGuard<K: Eq + Hash> {
    counter: OpenCount<K>,
    key: K,
}

impl<K: Eq + Hash + Clone> OpenCount<K> {
    /// Opens one more, unless `limit` are open already.
    #[must_use]
    pub fn open(&self, key: K, limit: usize) -> Option<OpenGuard<K>> {
        let mut counts = self.lock_counts();
        let count = counts.entry(key.clone()).or_default();
        if *count >= limit {
            return None;
        }
        *count += 1;
        Some(OpenGuard { counter: self.clone(), key })
    }
}

impl<K: Eq + Hash> OpenCount<K> {
    #[must_use]
    pub fn count(&self, key: &K) -> usize {
        self.lock_counts().get(key).copied().unwrap_or_default()
    }

    /// How many are open of all keys together.
    #[must_use]
    pub fn total(&self) -> usize {
        self.lock_counts().values().sum()
    }

    fn lock_counts(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Drop for OpenGuard<K> {
    fn drop(&mut self) {
        let mut counts = self.counter.lock_counts();
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
    fn open_count_closing_makes_room_and_keys_are_separate() {
        let open = OpenCount::default();
        let (one, two) = (open.open("ana", 2), open.open("ana", 2));
        assert!(one.is_some() && two.is_some());
        assert!(open.open("ana", 2).is_none() && open.open("ben", 1).is_some());
        assert_eq!((open.count(&"ana"), open.count(&"ben"), open.total()), (2, 0, 2));
        drop(one);
        assert!(open.open("ana", 2).is_some());
        drop(two);
        assert_eq!(open.count(&"ana"), 0);
        assert!(open.lock_counts().is_empty(), "nothing is kept of who has none open");
    }
}
