//! The people of the demo, with passwords that are generated each time.

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

/// A person to sign in as.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    pub id: UserId,
    /// `admin`, `member`, `auditor`, or the role they hold in the demo launch.
    pub role: &'static str,
    pub name: &'static str,
    pub email: String,
    pub password: String,
}

/// Role, name and rights.
const DEMO_PEOPLE: [(&str, &str, &[InstallationRole]); 8] = [
    ("admin", "Nadia Petrov", &[InstallationRole::Admin]),
    ("member", "Lior Ben", &[InstallationRole::Member]),
    ("member", "Sofia Lind", &[InstallationRole::Member]),
    ("tech_lead", "Jonas Reyes", &[InstallationRole::Member]),
    ("operations", "Mei Sato", &[InstallationRole::Member]),
    ("security", "Tomas Pereira", &[InstallationRole::Member]),
    ("product", "Ana Okafor", &[InstallationRole::Member]),
    ("auditor", "Ruth Adeyemi", &[InstallationRole::Auditor]),
];

pub(super) async fn create_people(state: &AppState) -> anyhow::Result<Vec<DemoPerson>> {
    let mut people = Vec::with_capacity(DEMO_PEOPLE.len());
    for (role, name, rights) in DEMO_PEOPLE {
        let first = name.split(' ').next().unwrap_or(name).to_lowercase();
        let email = format!("{first}@example.com");
        let password = generate_password();
        let person = NewPerson {
            email: Email::new(&email)?,
            name: PersonName::new(name)?,
            roles: InstallationRoles::new(rights.iter().copied())?,
            password: password.clone(),
        };
        let account = accounts::add_account(state, person).await?;
        people.push(DemoPerson { id: account.id, role, name, email, password });
    }
    Ok(people)
}

/// 24 random characters (120 bits) in groups of six, from letters and digits that can be read out without confusion.
fn generate_password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let letters = ambient::random_bytes::<24>().map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
    let groups: Vec<String> = letters.chunks(6).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// Writes a line per person: role, e-mail and password, separated by tabs. Only the owner may read the file.
pub(super) fn write_credentials(file: &Path, people: &[DemoPerson]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)?;
    // An existing file keeps its mode when it is opened.
    file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    for person in people {
        writeln!(file, "{}\t{}\t{}", person.role, person.email, person.password)?;
    }
    file.sync_all()
}
