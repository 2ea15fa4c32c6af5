//! Actors as values: `app.sign_in(member()).await` is a browser in which a member is signed in.

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

/// Its hash, with parameters that make it quick: a hash is verified by its own.
static HASH: LazyLock<String> = LazyLock::new(|| {
    let quick = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
    quick.hash_password_with_salt(PASSWORD.as_bytes(), b"a salt for tests").unwrap().to_string()
});

/// Who somebody is to be.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    /// Their name; the address is made from it.
    pub(crate) name: String,
    /// What they may do; nothing for nobody.
    pub(crate) roles: Vec<InstallationRole>,
}

impl Who {
    fn new(name: &str, roles: &[InstallationRole]) -> Self {
        Self { name: name.to_owned(), roles: roles.to_vec() }
    }

    /// The same, by another name.
    pub(crate) fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }
}

/// Nobody: not signed in.
pub(crate) fn anon() -> Who {
    Who::new("Nobody", &[])
}

/// A member.
pub(crate) fn member() -> Who {
    Who::new("Mia Member", &[InstallationRole::Member])
}

/// A member who is to hold this sign-off role, and is named after it; the launch says who holds what.
pub(crate) fn lead(role: &str) -> Who {
    Who::new(&format!("Lee {role}"), &[InstallationRole::Member])
}

/// An auditor.
pub(crate) fn auditor() -> Who {
    Who::new("Ada Auditor", &[InstallationRole::Auditor])
}

/// An admin who is a member too.
pub(crate) fn admin() -> Who {
    Who::new("Ann Admin", &[InstallationRole::Admin, InstallationRole::Member])
}

/// Somebody with an account.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) email: String,
}

impl TestApp {
    /// Makes an account.
    pub(crate) async fn person(&self, who: &Who) -> Person {
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

    /// A browser in which this person has a session, without the wait for their password.
    pub(crate) async fn session(&self, person: &Person) -> Client {
        let account = store::account(&mut self.owner.acquire().await.unwrap(), person.id).await.unwrap().unwrap();
        let whence = ("Firefox on Linux".to_owned(), "127.0.0.1".to_owned());
        let token = session::begin(&self.state.redis, &account, whence, self.state.clock.now()).await.unwrap();
        let client = self.client();
        client.set_cookie("signoff", &token.text());
        client
    }

    /// Makes an account and signs it in; nobody is a browser without a session.
    pub(crate) async fn sign_in(&self, who: Who) -> Client {
        if who.roles.is_empty() {
            return self.client();
        }
        let person = self.person(&who).await;
        self.session(&person).await
    }
}
