//! The demo: people, and a launch half way through its items, for a first look round.
//!
//! It is made through the same doors a person's clicks go through: accounts by `accounts`, files by the evidence
//! store, and every change of the launch by the record, with its rules, its events and its history. Only the clock
//! is the demo's own: three weeks of work are told as if they had just gone by.

mod launch;
mod people;

use std::path::Path;

use anyhow::Context as _;

pub use people::DemoPerson;

use crate::{accounts, ambient, checklists, state::AppState};

/// Makes the demo, unless somebody has an account already. Answers the people with their passwords, which are in
/// nothing but this answer and, for who may read it, the file.
///
/// # Errors
/// When a store fails.
pub async fn make(state: &AppState, file: &Path) -> anyhow::Result<Option<Vec<DemoPerson>>> {
    if accounts::any(&state.db).await? {
        return Ok(None);
    }
    checklists::shipped::ensure(&state.db, state.clock.now(), ambient::new_id()).await?;
    let people = people::make(state).await.context("the demo people could not be made")?;
    // Written before the launch is made: whatever fails then, these people can sign in.
    people::write(file, &people).context("the file of demo people could not be written")?;
    launch::make(state, &people).await.context("the demo launch could not be made")?;
    Ok(Some(people))
}
