//! Accounts, for the person who has one: joining (through the one-time address of the first admin or an invitation),
//! signing in and out, a forgotten password, and the person's own name, address, password, second factor, settings and
//! sessions.
//!
//! Guarantees: a wrong address and a wrong password get the same answer in the same time; a one-time address works
//! once, even if several people try at the same moment; a new password or second factor ends every other session; a new
//! password does not change the second factor.

use anyhow::Context as _;

use crate::{
    access::token::Token,
    state::AppState,
    web::route::{Right, Route},
};

mod actions;
mod add_account;
mod address;
mod name;
mod one_time_address;
mod operator;
mod pages;
mod renewals;
mod reset;
mod second_factor;
mod sign_in;
mod store;
mod view;

pub use add_account::{AddAccountError, NewPerson, add_account, has_any_account};
pub use operator::{make_reset_link, remove_second_factor};

#[must_use]
pub fn routes() -> Vec<Route> {
    use Right::{Public, SignedIn};
    vec![
        Route::get("/login", Public, sign_in::show_sign_in),
        Route::post("/login", Public, sign_in::sign_in),
        Route::get("/login/code", Public, sign_in::show_code_page),
        Route::post("/login/code", Public, sign_in::submit_code),
        Route::post("/logout", Public, sign_in::sign_out),
        Route::get("/forgotten-password", Public, reset::show_forgotten),
        Route::post("/forgotten-password", Public, reset::send_reset_link),
        Route::get("/password-resets/{token}", Public, reset::show_reset),
        Route::post("/password-resets/{token}", Public, reset::reset_password),
        Route::get("/setup/{token}", Public, pages::show_setup),
        Route::post("/setup/{token}", Public, actions::set_up),
        Route::get("/invitations/{token}", Public, pages::show_invitation),
        Route::post("/invitations/{token}", Public, actions::accept_invitation),
        Route::get("/account", SignedIn, pages::show_account),
        Route::post("/account/password", SignedIn, actions::change_password),
        Route::get("/account/second-factor", SignedIn, second_factor::show),
        Route::post("/account/second-factor", SignedIn, second_factor::set_up),
        Route::post("/account/second-factor/recovery-codes", SignedIn, second_factor::renew_recovery_codes),
        Route::post("/account/second-factor/removal", SignedIn, second_factor::remove),
        Route::post("/account/renewals/acknowledgement", SignedIn, renewals::acknowledge),
        Route::post("/account/name", SignedIn, name::change_name),
        Route::post("/account/address", SignedIn, address::request_address),
        Route::get("/account/address/{token}", SignedIn, address::show_new_address),
        Route::post("/account/address/{token}", SignedIn, address::confirm_address),
        Route::post("/account/scheme", SignedIn, actions::change_scheme),
        Route::post("/account/language", SignedIn, actions::change_language),
        Route::post("/account/zone", SignedIn, actions::change_zone),
        Route::post("/account/sessions/revocation", SignedIn, actions::end_other_sessions),
        Route::post("/account/sessions/{key}/revocation", SignedIn, actions::end_session),
    ]
}

/// The one-time address for creating the first admin, while nobody has an account. Each call creates a new address and
/// invalidates the previous one.
pub async fn setup_address(state: &AppState) -> anyhow::Result<Option<String>> {
    let token = Token::generate();
    let mut conn = state.db.acquire().await?;
    let made = store::replace_setup_token(&mut conn, token.hash(), state.clock.now())
        .await
        .context("the one-time address could not be kept")?;
    Ok(made.then(|| state.config.public_url.with_path(&format!("/setup/{}", token.to_text()))))
}
