//! `signoff user`

use std::io::{self, BufRead as _, IsTerminal as _};

use anyhow::{Context as _, anyhow};
use clap::Subcommand;

use super::open::open;
use crate::{
    accounts::{self, NewPerson},
    config::Config,
    domain::{
        role::{InstallationRole, InstallationRoles},
        text::{Email, PersonName},
    },
};

/// What to do about people.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Make an account. The password is read from standard input, one line.
    Add {
        /// The address to sign in with.
        email: String,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// What they may do: member, admin, auditor. Give it again for several; an auditor is nothing else.
        #[arg(long = "role", default_value = "member")]
        roles: Vec<String>,
    },
}

pub(super) async fn run(config: Config, action: &Action) -> anyhow::Result<()> {
    let Action::Add { email, name, roles } = action;
    let roles: Result<Vec<InstallationRole>, _> = roles.iter().map(|role| role.parse()).collect();
    let roles = roles.and_then(InstallationRoles::new);
    let person = NewPerson {
        email: Email::new(email)?,
        name: PersonName::new(name).map_err(|error| anyhow!("--name: {error}"))?,
        roles: roles.map_err(|_| anyhow!("--role: member, admin or both, or auditor alone"))?,
        password: read_password()?,
    };
    let state = open(config).await?;
    let account = accounts::add(&state, person).await?;
    println!("{} can sign in as {}.", account.name, account.email);
    state.db.close().await;
    Ok(())
}

fn read_password() -> anyhow::Result<String> {
    if io::stdin().is_terminal() {
        eprint!("Password: ");
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).context("no password could be read from standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
