//! People as values: `app.sign_in(member()).await` is a browser in which a member is signed in.

use std::sync::LazyLock;

use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher as _};
use signoff::{
    access::{session, store},
    ambient,
    domain::{
        ids::UserId,
        role::{InstallationRole, InstallationRoles},
    },
};

use super::{TestApp, client::Client};

/// Everybody's password in tests.
pub(crate) const PASSWORD: &str = "violet anchor tundra";

/// Its hash, with cheap parameters: a hash is verified with the parameters it contains.
static HASH: LazyLock<String> = LazyLock::new(|| {
    let quick = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
    quick.hash_password_with_salt(PASSWORD.as_bytes(), b"a salt for tests").unwrap().to_string()
});

/// A person to be created.
#[derive(Debug, Clone)]
pub(crate) struct TestPerson {
    /// The email address is derived from the name.
    pub(crate) name: String,
    /// Empty for somebody without an account.
    pub(crate) roles: Vec<InstallationRole>,
}

impl TestPerson {
    fn new(name: &str, roles: &[InstallationRole]) -> Self {
        Self { name: name.to_owned(), roles: roles.to_vec() }
    }

    /// The same person under another name.
    pub(crate) fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }
}

/// Nobody: not signed in.
pub(crate) fn anon() -> TestPerson {
    TestPerson::new("Nobody", &[])
}

pub(crate) fn member() -> TestPerson {
    TestPerson::new("Mia Member", &[InstallationRole::Member])
}

/// A member who is to hold this sign-off role, and is named after it; the launch says who holds which role.
pub(crate) fn lead(role: &str) -> TestPerson {
    TestPerson::new(&format!("Lee {role}"), &[InstallationRole::Member])
}

pub(crate) fn auditor() -> TestPerson {
    TestPerson::new("Ada Auditor", &[InstallationRole::Auditor])
}

/// An admin who is a member too.
pub(crate) fn admin() -> TestPerson {
    TestPerson::new("Ann Admin", &[InstallationRole::Admin, InstallationRole::Member])
}

/// A person with an account.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) email: String,
}

impl Person {
    pub(crate) fn nobody() -> Self {
        Self { id: uuid::Uuid::nil().into(), email: String::new() }
    }
}

impl TestApp {
    /// Creates an account.
    pub(crate) async fn person(&self, who: &TestPerson) -> Person {
        let id: UserId = ambient::new_id();
        let email = format!("{}@example.org", who.name.to_lowercase().replace(' ', "."));
        let roles = InstallationRoles::new(who.roles.iter().copied()).unwrap();
        sqlx::query(
            "INSERT INTO users (id, email, name, password_hash, roles, created_at) VALUES ($1, $2, $3, $4, $5, now())",
        )
        .bind(id)
        .bind(&email)
        .bind(&who.name)
        .bind(HASH.as_str())
        .bind(roles.slugs())
        .execute(&self.owner)
        .await
        .unwrap();
        Person { id, email }
    }

    /// A browser in which this person has a session, without the slow password check.
    pub(crate) async fn session(&self, person: &Person) -> Client {
        let account = store::find_account(&mut self.owner.acquire().await.unwrap(), person.id).await.unwrap().unwrap();
        let whence = ("Firefox on Linux".to_owned(), "127.0.0.1".to_owned());
        let token = session::start(&self.state.redis, &account, whence, self.state.clock.now()).await.unwrap();
        let mut client = self.client();
        client.person = person.clone();
        client.set_cookie("signoff", &token.to_text());
        client
    }

    /// Creates an account and signs it in; `anon()` gives a browser without a session.
    pub(crate) async fn sign_in(&self, who: TestPerson) -> Client {
        if who.roles.is_empty() {
            return self.client();
        }
        let person = self.person(&who).await;
        self.session(&person).await
    }
}
