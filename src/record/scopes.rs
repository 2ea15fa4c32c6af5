//! What was signed: the scope of a role as it stood when somebody signed in it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use sqlx::PgExecutor;

use super::{
    Fault, Record,
    load::{Until, fetch},
};
use crate::domain::{
    digest::{Scope, scope},
    ids::{LaunchId, SignatureId},
    launch::{event::Seq, state::Signature},
};

impl Record {
    /// The scopes that these signatures of a launch were given on. One statement, however many; none when all have
    /// been asked for before, since what was signed never changes.
    ///
    /// A signature's own event tells where to look: its digest was compared under the lock with the launch right
    /// before it, and a signature is in no scope, so that its scope is the same right after. What the signer *saw*
    /// is told by the page they signed on, and is recorded rather than relied on.
    ///
    /// # Errors
    /// [`Fault`] when the database fails or the history is damaged.
    pub async fn signed_scopes(
        &self,
        db: impl PgExecutor<'_>,
        launch: LaunchId,
        signatures: &[&Signature],
    ) -> Result<HashMap<SignatureId, Arc<Scope>>, Fault> {
        let mut found = HashMap::new();
        let mut wanted: BTreeMap<Seq, &Signature> = BTreeMap::new();
        for signature in signatures {
            match self.scopes.get(&signature.record.id) {
                Some(known) => drop(found.insert(signature.record.id, known)),
                None => drop(wanted.insert(signature.seq, signature)),
            }
        }
        let Some((last, _)) = wanted.last_key_value() else { return Ok(found) };
        let rows = fetch(db, &[launch], &[0], Some(Until::Seq(*last))).await?;
        self.replay(launch, None, rows, &mut |state| {
            if let Some(signature) = wanted.get(&state.seq) {
                let scope = Arc::new(scope(state, &signature.record.role));
                self.scopes.insert(signature.record.id, Arc::clone(&scope));
                found.insert(signature.record.id, scope);
            }
        })?;
        Ok(found)
    }
}
