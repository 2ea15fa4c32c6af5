//! Attacks by somebody who has read the sources: active files, ids of others, forged form fields, old pages, forged
//! headers, and requests over every limit.
//!
//! Attacks on signing in, on cookies and from other sites are in `security` and `accounts`; races are in `races`; each
//! route's answer to each person is in `access`.

mod account_reset_waiting;
mod costs;
mod files;
mod form_bases;
mod fuzz;
mod ids;
mod limits;
mod markdown;
mod own_account;
mod person_names;
mod privileges;
mod quotas;
mod refused_forms;
mod requests;
mod returned_texts;
mod security;
mod stale_forms;
mod texts;
mod unexpected_forms;
mod uploads;
mod wrong_queries;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::helpers::{TestApp, client::Answer};

/// The number of events of all launches: a refused request adds none.
async fn count_events(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM events").fetch_one(&app.owner).await.unwrap()
}

/// Asserts that an answer is a refusal, and that the number of events has not changed.
#[track_caller]
fn assert_refused(answer: &Answer, (before, now): (i64, i64), what: &str) {
    assert!(answer.status.is_client_error(), "{what}: {}\n{}", answer.status, answer.body);
    assert_eq!(now, before, "{what}: {} and yet something happened", answer.status);
}

/// All files in a folder of the project.
fn source_files(folder: &str) -> Vec<PathBuf> {
    fn all_files(folder: &Path) -> Vec<PathBuf> {
        let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        all.flat_map(|path| if path.is_dir() { all_files(&path) } else { vec![path] }).collect()
    }
    all_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
}

/// The names of all fields of any form or address: the fields of the types that are deserialised from one.
fn field_names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for path in source_files("src") {
        let (mut read, mut within) = (false, false);
        for line in fs::read_to_string(path).unwrap().lines().map(str::trim) {
            read |= line.starts_with("#[derive(") && line.contains("Deserialize");
            within |= read && line.contains("struct ") && line.ends_with('{');
            if line == "}" {
                (read, within) = (false, false);
            }
            let field = line.strip_suffix(',').and_then(|line| line.split_once(": "));
            if let Some((name, _)) = field.filter(|_| within) {
                names.insert(name.rsplit(' ').next().unwrap().to_owned());
            }
        }
    }
    for known in ["state", "reason", "version", "digest", "password", "note", "lifts", "roles"] {
        assert!(names.contains(known), "{known} is not among {names:?}");
    }
    names
}
