//! `signoff import`

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, bail};

use crate::{
    ambient::{self, Clock},
    checklists::{
        MAX_MARKDOWN_BYTES,
        publish::{PublishRequest, PublishTarget, publish},
        read_import::{ImportedChecklist, name_from_file, read_checklist},
    },
    config::Config,
    db,
    domain::{ids::ChecklistId, markdown_checklist::to_summary_json, plural::count_with_noun, text::Title},
    schema,
};

/// What is imported as what.
#[derive(Debug, clap::Args)]
pub(super) struct ImportArgs {
    /// Print what is understood of the file, as JSON, and publish nothing. Needs no database.
    #[arg(long)]
    pub dry_run: bool,
    /// The checklist's name [default: the title in the file, or else the file's name]
    #[arg(long)]
    name: Option<String>,
    /// Publish a new version of this checklist, instead of a new checklist.
    #[arg(long, value_name = "ID")]
    checklist: Option<ChecklistId>,
    /// The Markdown file, in UTF-8, of at most 2 MB.
    file: PathBuf,
}

/// Prints what would be imported. Fails after that where the import itself would.
pub(super) fn dry_run(args: &ImportArgs) -> anyhow::Result<()> {
    let understood = read_checklist_file(args)?;
    println!("{}", to_summary_json(&understood.parsed));
    understood.to_publishable()?;
    Ok(())
}

/// Publishes the checklist, and prints the result and what was left out.
pub(super) async fn run(config: &Config, args: &ImportArgs) -> anyhow::Result<()> {
    let understood = read_checklist_file(args)?;
    let draft = understood.to_publishable()?;
    let reading = understood.parsed;
    let pool = db::create_pool(db::connect_options(&config.database_url)?, 1);
    schema::check_ready(&pool).await?;
    let publishing = PublishRequest {
        content: draft,
        version_id: ambient::new_id(),
        target: args
            .checklist
            .map_or_else(|| PublishTarget::NewChecklist(ambient::new_id()), PublishTarget::ExistingChecklist),
        publisher: None,
        request: ambient::new_id(),
        now: Clock::default().now(),
    };
    let published = publish(&pool, publishing).await?;
    pool.close().await;
    let (name, items) = (&reading.checklist.name, reading.checklist.items().count());
    if published.is_new {
        let items = count_with_noun(items, "item");
        println!("Published “{name}” as version {} with {items}.", published.number);
    } else {
        println!("“{name}” has this content already, as version {}; nothing was published.", published.number);
    }
    println!("{}", config.public_url.with_path(&published.href()));
    println!("Its number, for `signoff export`: {}", published.checklist);
    reading.notices.iter().for_each(|notice| eprintln!("{notice}"));
    reading
        .omissions
        .iter()
        .for_each(|left| eprintln!("Line {} was left out: {}: {}", left.line, left.reason, left.text));
    Ok(())
}

fn read_checklist_file(args: &ImportArgs) -> anyhow::Result<ImportedChecklist> {
    let chosen = args.name.as_deref().map(Title::new).transpose().map_err(|error| anyhow!("--name: {error}"))?;
    let fallback = args.file.file_name().and_then(|name| name_from_file(&name.to_string_lossy()));
    let understood = read_checklist(&read_text(&args.file)?, chosen, fallback)?;
    if !understood.has_name && !args.dry_run {
        bail!("The checklist has no name: neither the file nor its own name gives one. Give it one with --name.");
    }
    Ok(understood)
}

fn read_text(path: &Path) -> anyhow::Result<String> {
    let file = File::open(path).with_context(|| format!("{} can't be read", path.display()))?;
    let mut bytes = Vec::new();
    let most = MAX_MARKDOWN_BYTES as u64;
    file.take(most + 1).read_to_end(&mut bytes).with_context(|| format!("{} can't be read", path.display()))?;
    if bytes.len() > MAX_MARKDOWN_BYTES {
        bail!("{} is more than 2 MB. Split the checklist, or leave out what is not part of it.", path.display());
    }
    String::from_utf8(bytes).map_err(|_| anyhow!("{} is not text in UTF-8", path.display()))
}
