//! `signoff demo`

use std::path::PathBuf;

use super::open_state::{EvidenceStoreUse, open_state};
use crate::{config::Config, demo};

/// Where the people go.
#[derive(Debug, clap::Args)]
pub(super) struct DemoArgs {
    /// Write the demo people into this file, which only its owner may read: role, e-mail and password, separated by
    /// tabs.
    #[arg(long, value_name = "FILE")]
    people: PathBuf,
}

pub(super) async fn run(config: Config, args: &DemoArgs) -> anyhow::Result<()> {
    let state = open_state(config, EvidenceStoreUse::Used).await?;
    if let Some(people) = demo::create_demo(&state, &args.people).await? {
        println!("Demo people, shown this once:\n");
        for person in people {
            println!("  {:<12} {:<16} {:<22} {}", person.role, person.name, person.email, person.password);
        }
        println!();
    }
    state.db.close().await;
    Ok(())
}
