//! `signoff keys`

use std::path::PathBuf;

use clap::Subcommand;

use crate::{config::DEFAULT_KEY_FILE, env_file::EnvSettings, key_file};

/// What to do about the installation's key.
#[derive(Debug, Subcommand)]
pub(super) enum KeysAction {
    /// Make the key of a new installation, in a file that only its owner may read. Never overwrites one.
    New(KeyFileArgs),
    /// Print the public key: what to give to whoever is to verify something.
    Show(KeyFileArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct KeyFileArgs {
    /// The key's file [default: the one that the setting SIGNOFF_KEY_FILE names, or else signoff.key]
    file: Option<PathBuf>,
}

impl KeyFileArgs {
    fn path(&self, settings: &EnvSettings) -> PathBuf {
        let set = || settings.get("SIGNOFF_KEY_FILE").filter(|path| !path.trim().is_empty());
        self.file.clone().unwrap_or_else(|| set().unwrap_or_else(|| DEFAULT_KEY_FILE.to_owned()).into())
    }
}

/// Needs no other setting, no database and no server.
pub(super) fn run(action: &KeysAction, settings: &EnvSettings) -> anyhow::Result<()> {
    let public = match action {
        KeysAction::New(file) => {
            let file = file.path(settings);
            let public = key_file::create(&file)?;
            eprintln!(
                "The key is in {}. Keep a copy where nobody but you gets at it, and not with the backups of the \
                 database: whoever has both can forge a history, and without the key nobody can go on with this one.",
                file.display()
            );
            public
        }
        KeysAction::Show(file) => key_file::read(&file.path(settings))?.public_key(),
    };
    println!("{public}");
    Ok(())
}
