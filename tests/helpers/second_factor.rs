//! An authenticator app, and the second factor of people who have one.

use data_encoding::BASE32_NOPAD;
use signoff::{
    access::second_factor,
    ambient,
    domain::totp::{TotpSecret, step_at},
};

use super::{Person, TestApp};

/// An app that has taken a secret over, and the recovery codes on paper beside it.
pub(crate) struct Authenticator {
    pub(crate) secret: TotpSecret,
    pub(crate) recovery: Vec<String>,
}

impl Authenticator {
    /// One that takes the secret from a page, as it is shown for typing in.
    pub(crate) fn typed_in(text: &str) -> Self {
        let bytes = BASE32_NOPAD.decode(text.replace(' ', "").as_bytes()).unwrap();
        Self { secret: TotpSecret::new(bytes.try_into().unwrap()), recovery: Vec::new() }
    }

    /// What it shows now.
    pub(crate) fn code(&self, app: &TestApp) -> String {
        self.secret.code(step_at(app.state.clock.now()))
    }

    /// What it shows once the next code has come, which nobody has used yet.
    pub(crate) fn next_code(&self, app: &TestApp) -> String {
        app.state.clock.advance(30);
        self.code(app)
    }
}

impl TestApp {
    /// Gives somebody a second factor, without the pages; their sessions go on.
    pub(crate) async fn second_factor(&self, person: &Person) -> Authenticator {
        let secret = TotpSecret::new(ambient::random());
        let (key, now) = (second_factor::key(&self.state).unwrap(), self.state.clock.now());
        let mut conn = self.owner.acquire().await.unwrap();
        let codes = second_factor::set_up(&mut conn, key, person.id, (&secret, 0), now).await.unwrap().unwrap();
        Authenticator { secret, recovery: codes.texts() }
    }

    /// Demands a second factor of leads and admins, without the page.
    pub(crate) async fn demand_second_factors(&self) {
        sqlx::query("UPDATE settings SET second_factor = 'leads_and_admins'").execute(&self.owner).await.unwrap();
    }
}
