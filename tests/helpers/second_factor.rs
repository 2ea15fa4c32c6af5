//! An authenticator app, and the second factor of people who have one.

use data_encoding::BASE32_NOPAD;
use signoff::{
    access::second_factor,
    ambient,
    domain::totp::{TotpSecret, step_at},
};

use super::{Person, TestApp};

/// An app with a secret, and the recovery codes that belong to it.
pub(crate) struct Authenticator {
    pub(crate) secret: TotpSecret,
    pub(crate) recovery: Vec<String>,
}

impl Authenticator {
    /// An app with the secret of a page, in the form for typing in.
    pub(crate) fn from_secret(text: &str) -> Self {
        let bytes = BASE32_NOPAD.decode(text.replace(' ', "").as_bytes()).unwrap();
        Self { secret: TotpSecret::new(bytes.try_into().unwrap()), recovery: Vec::new() }
    }

    /// The current code.
    pub(crate) fn code(&self, app: &TestApp) -> String {
        self.secret.code_at(step_at(app.state.clock.now()))
    }

    /// The next code, which nobody has used yet.
    pub(crate) fn next_code(&self, app: &TestApp) -> String {
        app.state.clock.advance(30);
        self.code(app)
    }
}

impl TestApp {
    /// Gives somebody a second factor, without the pages; their sessions continue.
    pub(crate) async fn second_factor(&self, person: &Person) -> Authenticator {
        let secret = TotpSecret::new(ambient::random_bytes());
        let (key, now) = (second_factor::encryption_key(&self.state).unwrap(), self.state.clock.now());
        let mut conn = self.owner.acquire().await.unwrap();
        let codes =
            second_factor::store_enrolment(&mut conn, key, person.id, (&secret, 0), now).await.unwrap().unwrap();
        Authenticator { secret, recovery: codes.to_grouped_strings() }
    }

    /// Makes a second factor required for leads and admins, without the page.
    pub(crate) async fn require_second_factors(&self) {
        sqlx::query("UPDATE settings SET second_factor = 'leads_and_admins'").execute(&self.owner).await.unwrap();
    }
}
