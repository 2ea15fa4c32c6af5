//! What was material to a role at some time: its scope as it stood after an event.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use sqlx::PgExecutor;

use super::{
    Fault, Record,
    load::{Until, fetch},
};
use crate::domain::{
    digest::{Scope, scope},
    ids::LaunchId,
    launch::event::Seq,
    role::RoleSlug,
};

/// Scopes, by the event after which they were so and the role that they are of.
pub type PastScopes = HashMap<(Seq, RoleSlug), Arc<Scope>>;

impl Record {
    /// The scopes of roles as they stood after events. One statement, however many are asked for; none when all were
    /// asked for before, since what was never changes. An event that is not there has no scope.
    ///
    /// What a signature was given on stood right before its own event: its digest was compared under the lock with the
    /// launch as it was then. A signature is in no scope, so that the scope is the same right after, under the
    /// signature's own number. What the signer *saw* is told by the page they signed on, and is recorded rather than
    /// relied on.
    ///
    /// # Errors
    /// [`Fault`] when the database fails or the history is damaged.
    pub async fn past_scopes(
        &self,
        db: impl PgExecutor<'_>,
        launch: LaunchId,
        wanted: BTreeSet<(Seq, RoleSlug)>,
    ) -> Result<PastScopes, Fault> {
        let mut found = PastScopes::new();
        let mut missing: HashMap<Seq, Vec<RoleSlug>> = HashMap::new();
        for (seq, role) in wanted {
            match self.scopes.get(&(launch, seq, role.clone())) {
                Some(known) => drop(found.insert((seq, role), known)),
                None => missing.entry(seq).or_default().push(role),
            }
        }
        let Some(last) = missing.keys().max() else { return Ok(found) };
        let rows = fetch(db, &[launch], &[0], Some(Until::Seq(*last))).await?;
        self.replay(launch, None, rows, &mut |state| {
            for role in missing.remove(&state.seq).unwrap_or_default() {
                let scope = Arc::new(scope(state, &role));
                self.scopes.insert((launch, state.seq, role.clone()), Arc::clone(&scope));
                found.insert((state.seq, role), scope);
            }
        })?;
        Ok(found)
    }
}
