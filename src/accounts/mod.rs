//! Accounts, from the side of the person who has one: coming in for the first time (the one-time address of the
//! first admin, an invitation), signing in and out, a forgotten password, and one's own password, second factor, time
//! zone and sessions.
//!
//! What it promises: a wrong address and a wrong password are answered alike, and as slowly; a one-time address works
//! once, whoever tries at the same moment; a new password or second factor ends every other session; a new password
//! leaves the second factor as it is.

use anyhow::Context as _;

use crate::{
    access::token::Token,
    state::AppState,
    web::route::{Right, Route},
};

mod actions;
mod add;
mod operator;
mod pages;
mod renewals;
mod reset;
mod second_factor;
mod sign_in;
mod store;
mod view;

pub use add::{NewPerson, NotAdded, add, any};
pub use operator::{remove_second_factor, reset_link};

/// The routes.
#[must_use]
pub fn routes() -> Vec<Route> {
    use Right::{Public, SignedIn};
    vec![
        Route::get("/login", Public, sign_in::login),
        Route::post("/login", Public, sign_in::sign_in),
        Route::get("/login/code", Public, sign_in::code),
        Route::post("/login/code", Public, sign_in::enter_code),
        Route::post("/logout", Public, sign_in::sign_out),
        Route::get("/forgotten-password", Public, reset::forgotten),
        Route::post("/forgotten-password", Public, reset::ask),
        Route::get("/password-resets/{token}", Public, reset::show),
        Route::post("/password-resets/{token}", Public, reset::choose),
        Route::get("/setup/{token}", Public, pages::setup),
        Route::post("/setup/{token}", Public, actions::set_up),
        Route::get("/invitations/{token}", Public, pages::invitation),
        Route::post("/invitations/{token}", Public, actions::accept_invitation),
        Route::get("/account", SignedIn, pages::account),
        Route::post("/account/password", SignedIn, actions::change_password),
        Route::get("/account/second-factor", SignedIn, second_factor::show),
        Route::post("/account/second-factor", SignedIn, second_factor::set_up),
        Route::post("/account/second-factor/recovery-codes", SignedIn, second_factor::renew),
        Route::post("/account/second-factor/removal", SignedIn, second_factor::remove),
        Route::post("/account/renewals/acknowledgement", SignedIn, renewals::acknowledge),
        Route::post("/account/zone", SignedIn, actions::change_zone),
        Route::post("/account/sessions/revocation", SignedIn, actions::end_other_sessions),
        Route::post("/account/sessions/{key}/revocation", SignedIn, actions::end_session),
    ]
}

/// The one-time address at which the first admin is made, when nobody has an account yet. Each call makes a new one,
/// and the one before stops working.
///
/// # Errors
/// When the database fails.
pub async fn setup_address(state: &AppState) -> anyhow::Result<Option<String>> {
    let token = Token::draw();
    let mut conn = state.db.acquire().await?;
    let made = store::replace_setup_token(&mut conn, token.hash(), state.clock.now())
        .await
        .context("the one-time address could not be kept")?;
    Ok(made.then(|| state.config.public_url.with_path(&format!("/setup/{}", token.text()))))
}
