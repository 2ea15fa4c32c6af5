//! Accounts, from the side of the person who has one: coming in for the first time (the one-time address of the
//! first admin, an invitation), signing in and out, and one's own password, time zone and sessions.
//!
//! What it promises: a wrong address and a wrong password are answered alike, and as slowly; a one-time address works
//! once, whoever tries at the same moment; a new password ends every other session.

use anyhow::Context as _;

use crate::{
    access::token::Token,
    state::AppState,
    web::route::{Right, Route},
};

mod actions;
mod add;
mod pages;
mod store;
mod view;

pub use add::{NewPerson, NotAdded, add, any};

/// The routes.
#[must_use]
pub fn routes() -> Vec<Route> {
    use Right::{Public, SignedIn};
    vec![
        Route::get("/login", Public, pages::login),
        Route::post("/login", Public, actions::sign_in),
        Route::post("/logout", Public, actions::sign_out),
        Route::get("/setup/{token}", Public, pages::setup),
        Route::post("/setup/{token}", Public, actions::set_up),
        Route::get("/invitations/{token}", Public, pages::invitation),
        Route::post("/invitations/{token}", Public, actions::accept_invitation),
        Route::get("/account", SignedIn, pages::account),
        Route::post("/account/password", SignedIn, actions::change_password),
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
