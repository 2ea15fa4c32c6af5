//! `signoff user`

use std::io::{self, BufRead as _, IsTerminal as _};

use anyhow::{Context as _, anyhow};
use clap::Subcommand;

use super::open_state::{EvidenceStoreUse, open_state};
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
pub(super) enum UserAction {
    /// Make an account. The password is read from standard input, one line.
    Add {
        /// The address to sign in with.
        email: String,
        /// The person's name, as pages and signatures show it.
        #[arg(long)]
        name: String,
        /// What they may do: member, admin, auditor. Give it again for several; an auditor is nothing else.
        #[arg(long = "role", default_value = "member")]
        roles: Vec<String>,
    },
    /// Print an address with which somebody chooses a new password: for an admin whom no other admin can help.
    ResetLink {
        /// The address they sign in with.
        email: String,
    },
    /// Take away somebody's second factor: for an admin who has lost theirs, and when SIGNOFF_SECRET_KEY is lost.
    RemoveSecondFactor {
        /// The address they sign in with.
        email: String,
    },
}

pub(super) async fn run(config: Config, action: &UserAction) -> anyhow::Result<()> {
    match action {
        UserAction::Add { email, name, roles } => add_user(config, (email, name, roles)).await,
        UserAction::ResetLink { email } => {
            let state = open_state(config, EvidenceStoreUse::Unused).await?;
            println!("{}", accounts::make_reset_link(&state, &Email::new(email)?).await?);
            state.db.close().await;
            Ok(())
        }
        UserAction::RemoveSecondFactor { email } => {
            let state = open_state(config, EvidenceStoreUse::Unused).await?;
            accounts::remove_second_factor(&state, &Email::new(email)?).await?;
            println!("{email} signs in with the password alone, until a second factor is set up again.");
            state.db.close().await;
            Ok(())
        }
    }
}

async fn add_user(config: Config, (email, name, roles): (&str, &str, &[String])) -> anyhow::Result<()> {
    let roles: Result<Vec<InstallationRole>, _> = roles.iter().map(|role| role.parse()).collect();
    let roles = roles.and_then(InstallationRoles::new);
    let person = NewPerson {
        email: Email::new_for_account(email)?,
        name: PersonName::new(name).map_err(|error| anyhow!("--name: {error}"))?,
        roles: roles.map_err(|_| anyhow!("--role: member, admin or both, or auditor alone"))?,
        password: read_password()?,
    };
    let state = open_state(config, EvidenceStoreUse::Unused).await?;
    let account = accounts::add_account(&state, person).await?;
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
