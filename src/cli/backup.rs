//! `signoff verify --backup`

use std::{
    fs::File,
    io::{self, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{ExitCode, Stdio},
};

use anyhow::{Context as _, bail};

use crate::{
    backup::{CopyDefect, DUMP_TABLES, NamedFile, compare_copy, read_named_files},
    domain::ids::EvidenceId,
};

#[derive(Debug, clap::Args)]
#[group(skip)]
pub(super) struct BackupArgs {
    /// Verify that a backup is whole, instead: a folder with `signoff.dump` in it, and with every file in `evidence` that
    /// the dump names
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["bundle", "key", "checkpoint", "database"])]
    backup: Option<PathBuf>,
    /// What `pg_restore --data-only --table=evidence --table=events --file=-` prints of the dump, `-` for standard input
    /// [default: it is run]
    #[arg(long, value_name = "FILE", requires = "backup")]
    named: Option<PathBuf>,
}

/// How many missing files are listed.
const MAX_LISTED: usize = 20;

impl BackupArgs {
    /// Verifies the backup, if one is given, and prints the result on standard output: status 0 when it is complete, 1
    /// when it lacks something, 2 when it can't be read.
    pub(super) fn run(&self) -> Option<ExitCode> {
        let folder = self.backup.as_ref()?;
        let (status, report) = match verify_backup(folder, self.named.as_deref()) {
            Err(error) => (2, format!("{error:#}\n")),
            Ok((named, lacking)) if lacking.is_empty() => {
                (0, format!("Whole: all {named} files that the dump names are there.\n"))
            }
            Ok((named, lacking)) => (1, describe_defects(named, &lacking)),
        };
        drop(io::stdout().write_all(report.as_bytes()));
        Some(ExitCode::from(status))
    }
}

fn describe_defects(named: usize, lacking: &[(EvidenceId, CopyDefect)]) -> String {
    let mut report = String::new();
    for (id, lack) in lacking.iter().take(MAX_LISTED) {
        let how = match lack {
            CopyDefect::Missing => "is missing",
            CopyDefect::WrongSize => "has another size than the dump says",
            CopyDefect::WrongBytes => "has other bytes than the dump says",
        };
        report += &format!("The file of evidence {id} {how}.\n");
    }
    if lacking.len() > MAX_LISTED {
        report += &format!("… and {} more.\n", lacking.len() - MAX_LISTED);
    }
    report += &format!("Incomplete: {} of the {named} files that the dump names.\n", lacking.len());
    report
}

/// Returns how many files the dump names, and the ones that are missing.
fn verify_backup(folder: &Path, text: Option<&Path>) -> anyhow::Result<(usize, Vec<(EvidenceId, CopyDefect)>)> {
    let dump = folder.join("signoff.dump");
    match dump.metadata() {
        Ok(found) if found.is_file() => {}
        // Backups are readable by root alone.
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("{} can't be read", dump.display()));
        }
        _ => bail!("{} is not there: {} is no backup", dump.display(), folder.display()),
    }
    let named = match text {
        None => run_pg_restore(&dump)?,
        Some(path) if path == Path::new("-") => read_named_files(io::stdin().lock())?,
        Some(path) => {
            let file = File::open(path).with_context(|| format!("{} can't be read", path.display()))?;
            read_named_files(BufReader::new(file))?
        }
    };
    let lacking = compare_copy(&folder.join("evidence"), &named).context("a file of the copy can't be read")?;
    Ok((named.len(), lacking))
}

fn run_pg_restore(dump: &Path) -> anyhow::Result<std::collections::BTreeMap<EvidenceId, NamedFile>> {
    let mut command = std::process::Command::new("pg_restore");
    command.args(["--data-only", "--file=-"]).args(DUMP_TABLES.map(|table| format!("--table={table}"))).arg(dump);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context(
        "pg_restore can't be run. It comes with PostgreSQL's client programs; or give what it prints with --named",
    )?;
    let named = child.stdout.take().map(|text| read_named_files(BufReader::new(text)));
    if !child.wait()?.success() {
        bail!("pg_restore can't read {}", dump.display());
    }
    Ok(named.context("pg_restore printed nothing")??)
}
