//! `signoff keys`

use std::path::PathBuf;

use clap::Subcommand;

use crate::key_file;

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
    /// The key's file.
    #[arg(env = "SIGNOFF_KEY_FILE", default_value = crate::config::KEY_FILE)]
    file: PathBuf,
}

/// Needs no other setting, no database and no server.
pub(super) fn run(action: &Action) -> anyhow::Result<()> {
    let public = match action {
        Action::New(KeyFile { file }) => {
            let public = key_file::make(file)?;
            eprintln!(
                "The key is in {}. Keep a copy where nobody but you gets at it, and not with the backups of the \
                 database: whoever has both can forge a history, and without the key nobody can go on with this one.",
                file.display()
            );
            public
        }
        Action::Show(KeyFile { file }) => key_file::read(file)?.public(),
    };
    println!("{public}");
    Ok(())
}
