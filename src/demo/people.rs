//! The people of the demo, with passwords that are drawn anew each time.

use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use crate::{
    accounts::{self, NewPerson},
    ambient,
    domain::{
        ids::UserId,
        role::{InstallationRole, InstallationRoles},
        text::{Email, PersonName},
    },
    state::AppState,
};

/// Somebody to sign in as.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    /// Whose account.
    pub id: UserId,
    /// `admin`, `member`, `auditor`, or the role they hold in the demo launch.
    pub role: &'static str,
    /// Their name.
    pub name: &'static str,
    /// Where they sign in.
    pub email: String,
    /// With what.
    pub password: String,
}

/// Role, name, and rights.
const CAST: [(&str, &str, &[InstallationRole]); 8] = [
    ("admin", "Nadia Petrov", &[InstallationRole::Admin]),
    ("member", "Lior Ben", &[InstallationRole::Member]),
    ("member", "Sofia Lind", &[InstallationRole::Member]),
    ("tech_lead", "Jonas Reyes", &[InstallationRole::Member]),
    ("operations", "Mei Sato", &[InstallationRole::Member]),
    ("security", "Tomas Pereira", &[InstallationRole::Member]),
    ("product", "Ana Okafor", &[InstallationRole::Member]),
    ("auditor", "Ruth Adeyemi", &[InstallationRole::Auditor]),
];

pub(super) async fn make(state: &AppState) -> anyhow::Result<Vec<DemoPerson>> {
    let mut people = Vec::with_capacity(CAST.len());
    for (role, name, rights) in CAST {
        let first = name.split(' ').next().unwrap_or(name).to_lowercase();
        let email = format!("{first}@example.com");
        let password = password();
        let person = NewPerson {
            email: Email::new(&email)?,
            name: PersonName::new(name)?,
            roles: InstallationRoles::new(rights.iter().copied())?,
            password: password.clone(),
        };
        let account = accounts::add(state, person).await?;
        people.push(DemoPerson { id: account.id, role, name, email, password });
    }
    Ok(people)
}

/// 15 random bytes, as 24 letters and digits in groups of six that can be read out.
fn password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let letters = ambient::random::<24>().map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
    let groups: Vec<String> = letters.chunks(6).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// Writes a line each: role, e-mail, password, separated by tabs. Only its owner may read the file.
pub(super) fn write(file: &Path, people: &[DemoPerson]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)?;
    // One that was there already keeps its mode when opened.
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    for person in people {
        writeln!(file, "{}\t{}\t{}", person.role, person.email, person.password)?;
    }
    file.sync_all()
}
