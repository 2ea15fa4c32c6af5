//! Past scopes: what a role's signature covered after an event.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use sqlx::PgExecutor;

use super::{
    Record, RecordError,
    load::{ReplayEnd, fetch_rows},
};
use crate::domain::{
    digest::{Scope, build_scope},
    ids::LaunchId,
    launch::event::Seq,
    role::RoleSlug,
};

/// Scopes by event and role.
pub type PastScopes = HashMap<(Seq, RoleSlug), Arc<Scope>>;

impl Record {
    /// The scopes of roles after events. One statement, however many; none when all are cached, since past scopes never
    /// change. An event that does not exist has no scope.
    ///
    /// The scope that a signature covers is the one right before its own event: its digest was compared under the lock
    /// with the launch at that point. No scope contains signatures, so the scope is the same right after that event,
    /// under the signature's own number. What the signer *saw* is known only from the page on which they signed; it is
    /// recorded, but nothing relies on it.
    ///
    /// # Errors
    /// [`RecordError`] when the database fails or the history is damaged.
    pub async fn load_past_scopes(
        &self,
        db: impl PgExecutor<'_>,
        launch: LaunchId,
        requested: BTreeSet<(Seq, RoleSlug)>,
    ) -> Result<PastScopes, RecordError> {
        let mut scopes = PastScopes::new();
        let mut missing: HashMap<Seq, Vec<RoleSlug>> = HashMap::new();
        for (seq, role) in requested {
            match self.scopes.get(&(launch, seq, role.clone())) {
                Some(scope) => drop(scopes.insert((seq, role), scope)),
                None => missing.entry(seq).or_default().push(role),
            }
        }
        let Some(last) = missing.keys().max() else { return Ok(scopes) };
        let rows = fetch_rows(db, &[launch], &[0], Some(ReplayEnd::Seq(*last))).await?;
        self.replay(launch, None, rows, &mut |state| {
            for role in missing.remove(&state.seq).unwrap_or_default() {
                let scope = Arc::new(build_scope(state, &role));
                self.scopes.insert((launch, state.seq, role.clone()), Arc::clone(&scope));
                scopes.insert((state.seq, role), scope);
            }
        })?;
        Ok(scopes)
    }
}
