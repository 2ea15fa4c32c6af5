//! `signoff keys`

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use clap::Subcommand;
use secrecy::zeroize::Zeroizing;
use sqlx::PgPool;

use crate::{
    ambient::{self, Clock},
    config::{Config, DEFAULT_KEY_FILE},
    db,
    domain::{
        key::{PrivateKey, PublicKey},
        key_chain::SignedKeyStatement,
    },
    env_file::EnvSettings,
    key_file,
    record::{
        keys::{KeyBefore, add_key, count_other_connections, load_key_chain},
        served_database,
    },
    schema,
};

/// What to do about the installation's key.
#[derive(Debug, Subcommand)]
pub(super) enum KeysAction {
    /// Make the key of a new installation, in a file that only its owner may read. Never overwrites one.
    New(KeyFileArgs),
    /// Print the public key: what to give to whoever is to verify something.
    Show(KeyFileArgs),
    /// Make a new key, which the present one signs, while no server runs. Histories and everything that is verified go on
    /// with the new one.
    Rotate(RotateArgs),
    /// Make a new key in place of one that was lost, while no server runs. Nothing joins it to the lost one: every
    /// verification says so from then on.
    ReplaceLost(Box<ReplaceLostArgs>),
}

#[derive(Debug, clap::Args)]
pub(super) struct KeyFileArgs {
    /// The key's file [default: the one that the setting SIGNOFF_KEY_FILE names, or else signoff.key]
    file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct RotateArgs {
    /// The file to make for the new key
    new_file: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct ReplaceLostArgs {
    /// The file to make for the new key
    new_file: PathBuf,
    /// The public key that was lost, `signoff/…+…+…`, so that no key of another database is replaced
    #[arg(long, value_name = "VKEY")]
    lost: PublicKey,
}

impl KeyFileArgs {
    fn path(&self, settings: &EnvSettings) -> PathBuf {
        let set = || settings.get("SIGNOFF_KEY_FILE").filter(|path| !path.trim().is_empty());
        self.file.clone().unwrap_or_else(|| set().unwrap_or_else(|| DEFAULT_KEY_FILE.to_owned()).into())
    }
}

impl KeysAction {
    /// Whether it works on the database, and so needs all settings.
    pub(super) const fn needs_database(&self) -> bool {
        matches!(self, Self::Rotate(_) | Self::ReplaceLost(_))
    }
}

/// The actions that need no other setting, no database and no server.
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
        KeysAction::Rotate(_) | KeysAction::ReplaceLost(_) => bail!("this needs the database"),
    };
    println!("{public}");
    Ok(())
}

/// The actions that work on the database.
pub(super) async fn run_with_database(config: &Config, action: &KeysAction) -> anyhow::Result<()> {
    ensure!(!config.drill, "This is a drill (SIGNOFF_DRILL): the key of a copy to look at is not changed");
    match action {
        KeysAction::New(_) | KeysAction::Show(_) => Ok(()),
        KeysAction::Rotate(args) => rotate(config, &args.new_file).await,
        KeysAction::ReplaceLost(args) => replace_lost(config, &args.new_file, &args.lost).await,
    }
}

async fn rotate(config: &Config, new_file: &Path) -> anyhow::Result<()> {
    let old = key_file::read(&config.key_file)?;
    let added = add_in_file(config, new_file, KeyBefore::Held(&old)).await?;
    let statement = added.unverified_statement();
    eprintln!(
        "Key {} follows key {}, which signed it. It is in {}: name that file in SIGNOFF_KEY_FILE, keep a copy of it apart from the \
         backups of the database, and start the server. Give the new public key to everybody who has the old one; they can also \
         go on with the old one, since every bundle has the statement below. The old file is needed for nothing more: destroy \
         it and its copies.",
        statement.number,
        statement.number - 1,
        new_file.display()
    );
    print!("{}\n\n{added}", statement.new);
    Ok(())
}

async fn replace_lost(config: &Config, new_file: &Path, lost: &PublicKey) -> anyhow::Result<()> {
    if key_file::read(&config.key_file).is_ok_and(|key| key.public_key() == *lost) {
        bail!(
            "The key is not lost: it is in {}. `signoff keys rotate` makes a new key that this one signs.",
            config.key_file.display()
        );
    }
    let added = add_in_file(config, new_file, KeyBefore::Lost(lost)).await?;
    let statement = added.unverified_statement();
    eprintln!(
        "Key {} replaced key {}, which was lost. It is in {}: name that file in SIGNOFF_KEY_FILE, keep a copy of it apart from the \
         backups of the database, and start the server. Nothing joins it to the lost key. Everybody who verifies needs the new \
         public key, from you; and only checkpoints that were kept elsewhere show that nothing was altered before.",
        statement.number,
        statement.number - 1,
        new_file.display()
    );
    print!("{}\n\n{added}", statement.new);
    Ok(())
}

/// Makes a new key in a file, and lets it follow the one before. If that fails, the file is removed.
async fn add_in_file(config: &Config, new_file: &Path, before: KeyBefore<'_>) -> anyhow::Result<SignedKeyStatement> {
    let options = db::connect_options(&config.database_url)?.application_name("signoff keys");
    let pool = db::create_pool(options, 1);
    schema::check_ready(&pool).await?;
    let installation = match &before {
        KeyBefore::Held(key) => key.public_key().installation(),
        KeyBefore::Lost(key) => key.installation(),
    };
    // In a copy, the new key would have the same number as another one in the original.
    let now = Clock::default().now();
    served_database::check_served(&pool, &config.checkpoint_dir, installation, now).await?;
    ensure_nothing_else_runs(&pool).await?;
    let new = PrivateKey::new(installation, &Zeroizing::new(ambient::random_bytes()));
    key_file::write_new(new_file, &new)?;
    let added = add_key(&pool, before, &new, ambient::new_id(), now).await;
    let added = match added {
        Ok(added) => Ok(added),
        Err(why) => settle_failure(&pool, new_file, &new.public_key(), why).await,
    };
    pool.close().await;
    added
}

/// Removes the file of a key that was not taken. The answer to a commit can be lost, so the database is asked again.
async fn settle_failure(
    pool: &PgPool,
    new_file: &Path,
    new: &PublicKey,
    why: anyhow::Error,
) -> anyhow::Result<SignedKeyStatement> {
    let file = new_file.display();
    match load_key_chain(pool).await {
        Ok(chain) if chain.newest() == new => chain.statements().last().cloned().ok_or(why),
        Ok(_) => {
            std::fs::remove_file(new_file)
                .with_context(|| format!("{file} has a key that was not taken: remove it"))?;
            Err(why)
        }
        Err(_) => Err(why.context(format!(
            "Whether the new key was taken is not known: keep {file}. A server that starts with it shows that it was"
        ))),
    }
}

async fn ensure_nothing_else_runs(pool: &PgPool) -> anyhow::Result<()> {
    match count_other_connections(pool).await? {
        0 => Ok(()),
        count => bail!(
            "A server or command of signoff works on this database ({count} connections of it). Stop all servers first: they \
             could sign nothing with the key that they have."
        ),
    }
}
