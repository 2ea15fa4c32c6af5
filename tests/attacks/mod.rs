//! What somebody tries who has read the sources: files that want to run, ids of others, forms with more in them than they
//! should have, old pages, made-up heads, and more of everything than there is room for.
//!
//! Attacks on signing in, on cookies and from other sites are in `security` and `accounts`; races in `races`; what each
//! route answers whom in `access`.

mod ceilings;
mod costs;
mod files;
mod ids;
mod limits;
mod markdown;
mod names;
mod people;
mod requests;
mod texts;
mod uploads;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::helpers::{TestApp, client::Answer};

/// How long the histories of all launches are together: an act that is refused adds nothing.
async fn events(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM events").fetch_one(&app.owner).await.unwrap()
}

/// Asserts that an answer is a refusal, and that nothing has happened since there were `before` events.
#[track_caller]
fn refused(answer: &Answer, (before, now): (i64, i64), what: &str) {
    assert!(answer.status.is_client_error(), "{what}: {}\n{}", answer.status, answer.body);
    assert_eq!(now, before, "{what}: {} and yet something happened", answer.status);
}

/// The names of all fields that any form or address may have: those of the types that are read from one.
fn field_names() -> BTreeSet<String> {
    fn sources(folder: &Path) -> Vec<PathBuf> {
        let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        all.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
    }
    let mut names = BTreeSet::new();
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
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
