//! The demo: people, and a launch half way through its items, for a first look around.
//!
//! It is made through the same code as a person's clicks: accounts by `accounts`, files by the evidence store, and
//! every change of the launch by the record, with its rules, its events and its history. Only the clock is the demo's
//! own: it lets three weeks of work pass.

mod launch;
mod people;

use std::path::Path;

use anyhow::Context as _;

pub use people::DemoPerson;

use crate::{accounts, ambient, checklists, state::AppState};

/// Creates the demo, unless there are accounts already. Returns the people with their passwords, which are only in the
/// result and in `file`.
pub async fn create_demo(state: &AppState, file: &Path) -> anyhow::Result<Option<Vec<DemoPerson>>> {
    if accounts::has_any_account(&state.db).await? {
        return Ok(None);
    }
    checklists::shipped::publish_if_no_checklist(&state.db, state.clock.now(), ambient::new_id()).await?;
    let people = people::create_people(state).await.context("the demo people could not be made")?;
    // Written before the launch is made: whatever fails later, these people can sign in.
    people::write_credentials(file, &people).context("the file of demo people could not be written")?;
    launch::create_launch(state, &people).await.context("the demo launch could not be made")?;
    Ok(Some(people))
}
