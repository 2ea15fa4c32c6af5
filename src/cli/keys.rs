//! `signoff keys`

use std::path::PathBuf;

use clap::Subcommand;

use crate::{config::KEY_FILE, env_file::Settings, key_file};

/// What to do about the installation's key.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Make the key of a new installation, in a file that only its owner may read. Never overwrites one.
    New(KeyFile),
    /// Print the public key: what to give to whoever is to verify something.
    Show(KeyFile),
}

/// Which file.
#[derive(Debug, clap::Args)]
pub(super) struct KeyFile {
    /// The key's file [default: the one that the setting SIGNOFF_KEY_FILE names, or else signoff.key]
    file: Option<PathBuf>,
}

impl KeyFile {
    fn path(&self, settings: &Settings) -> PathBuf {
        let set = || settings.get("SIGNOFF_KEY_FILE").filter(|path| !path.trim().is_empty());
        self.file.clone().unwrap_or_else(|| set().unwrap_or_else(|| KEY_FILE.to_owned()).into())
    }
}

/// Needs no other setting, no database and no server.
pub(super) fn run(action: &Action, settings: &Settings) -> anyhow::Result<()> {
    let public = match action {
        Action::New(file) => {
            let file = file.path(settings);
            let public = key_file::make(&file)?;
            eprintln!(
                "The key is in {}. Keep a copy where nobody but you gets at it, and not with the backups of the \
                 database: whoever has both can forge a history, and without the key nobody can go on with this one.",
                file.display()
            );
            public
        }
        Action::Show(file) => key_file::read(&file.path(settings))?.public(),
    };
    println!("{public}");
    Ok(())
}
