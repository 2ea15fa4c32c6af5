//! `signoff redact`

use anyhow::{Context as _, bail, ensure};

use crate::{
    ambient::{self, Clock},
    blobs::Blobs,
    config::Config,
    db,
    domain::{
        canonical::Sha256Hash,
        ids::LaunchId,
        launch::{
            event::{Redaction, Seq},
            redaction::RedactionError,
            texts::{NewText, Salt, TextField},
        },
        text::{Email, Prose},
    },
    record::{
        Record, evidence_store,
        redact::{self, RecordRedactionError, RedactableText},
        served_database,
    },
};

/// What is destroyed, by whom and why.
#[derive(Debug, clap::Args)]
pub(super) struct RedactArgs {
    /// The launch, as its page's address names it
    launch: LaunchId,
    /// A text: the number of an event that names it
    #[arg(long, value_name = "SEQ", required_unless_present = "file", conflicts_with = "file")]
    event: Option<Seq>,
    /// Which of the texts that the event names, where there are several: `comment`, `file_name`, …
    #[arg(long, requires = "event")]
    field: Option<String>,
    /// A file: the SHA-256 of its bytes, as the history shows it
    #[arg(long, value_name = "SHA256")]
    file: Option<Sha256Hash>,
    /// Why. It is shown wherever what is destroyed would be, so it says nothing that is to be forgotten
    #[arg(long)]
    reason: String,
    /// The address of the account in whose name it is done
    #[arg(long, value_name = "EMAIL")]
    by: String,
}

/// Destroys it for good. The hashed bytes stay as they are, so that the history still verifies.
pub(super) async fn run(config: &Config, args: &RedactArgs) -> anyhow::Result<()> {
    ensure!(!config.drill, "This is a drill (SIGNOFF_DRILL): nothing of a copy to look at is destroyed");
    let url = config.redaction_database_url.as_ref().context(
        "REDACTION_DATABASE_URL is not set. The application's own login can destroy nothing; see the installation guide",
    )?;
    let pool = db::create_pool(db::connect_options(url)?, 2);
    // The evidence store may be that of the original.
    if let Some(installation) = evidence_store::load_installation_id(&pool).await? {
        served_database::check_no_copy(&pool, &config.checkpoint_dir, installation).await?;
    }
    let record = Record::default();
    let email = Email::new(&args.by).context("--by is not an e-mail address")?;
    let by =
        redact::find_active_person(&pool, &email).await?.context("Nobody with that address has an open account")?;
    let reason = Prose::new(&args.reason).context("--reason can't be taken")?;
    // Checked before the history records the redaction: otherwise the bytes would stay in a store that can't be
    // reached.
    let blobs = match args.file {
        None => None,
        Some(_) => {
            let blobs = Blobs::from_config(config)?;
            evidence_store::check_owner(&pool, &blobs).await?;
            Some(blobs)
        }
    };
    let redaction = find_redaction(&pool, args).await?;
    let reason = NewText { value: reason.to_string(), salt: Salt(ambient::random_bytes()) };
    let circumstances = (ambient::new_id(), Clock::default().now());
    match record.redact(&pool, &by, args.launch, redaction, reason, circumstances).await {
        Ok(event) => println!("Redacted, as event {} of the launch says.", event.seq),
        // The bytes may still be there, if they could not be removed the first time.
        Err(RecordRedactionError::Refused(RedactionError::AlreadyRedacted)) if args.file.is_some() => {
            println!("The history says already that this file was redacted.");
        }
        Err(error) => return Err(error.into()),
    }
    if let Some((sha256, blobs)) = args.file.zip(blobs) {
        destroy_file(&blobs, &record, &pool, args.launch, sha256).await?;
    }
    pool.close().await;
    Ok(())
}

async fn find_redaction(pool: &sqlx::PgPool, args: &RedactArgs) -> anyhow::Result<Redaction> {
    let (seq, sha256) = (args.event, args.file);
    if let Some(sha256) = sha256 {
        return Ok(Redaction::File { sha256 });
    }
    let named = redact::load_texts_of_event(pool, args.launch, seq.unwrap_or_default()).await?;
    let there = || {
        let texts =
            named.iter().map(|text| format!("\n  --field {}: {}", field_slug(text.field), excerpt(&text.value)));
        texts.collect::<String>()
    };
    if named.is_empty() {
        bail!("There is no such event, or it names no text that is still there");
    }
    let Ok(field) = args.field.as_deref().map(parse_field).transpose() else {
        bail!("No text is called so. These are there:{}", there());
    };
    let mut meant = named.iter().filter(|text| field.is_none_or(|field| field == text.field));
    match (meant.next(), meant.next()) {
        (Some(RedactableText { commitment, field, .. }), None) => {
            Ok(Redaction::Text { commitment: *commitment, field: *field })
        }
        (None, _) => bail!("That event names no such text that is still there. These are there:{}", there()),
        (Some(_), Some(_)) => bail!("That event names several texts. Say which:{}", there()),
    }
}

fn field_slug(field: TextField) -> String {
    serde_json::to_value(field).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn parse_field(name: &str) -> anyhow::Result<TextField> {
    serde_json::from_value(name.into()).ok().with_context(|| format!("No text is a {name:?}"))
}

fn excerpt(text: &str) -> String {
    let line: String = text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.len() < text.len() { format!("{line}…") } else { line }
}

async fn destroy_file(
    blobs: &Blobs,
    record: &Record,
    pool: &sqlx::PgPool,
    launch: LaunchId,
    sha256: Sha256Hash,
) -> anyhow::Result<()> {
    let state = record.load(pool, launch).await?.context("The launch is gone")?;
    for id in redact::evidence_with_file(&state, sha256) {
        blobs.destroy(id).await.context(
            "The history says that the file was redacted, and its bytes could not be removed. Run this again",
        )?;
    }
    println!("The bytes of the file and its pictures are removed.");
    for other in redact::find_other_launches_with_file(pool, launch, sha256).await? {
        println!("The same file was attached in launch {other} too, where it is as it was.");
    }
    Ok(())
}
