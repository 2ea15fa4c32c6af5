//! From an invitation to a signature with a second factor; and ending a session on another device.

use std::time::Duration;

use super::browser::{Browser, Script, journey};
use crate::helpers::{Launch, TestApp, admin, people::PASSWORD, second_factor::Authenticator};

const INVITED_PASSWORD: &str = "copper lantern orchard";
const EMAIL: &str = "ina.invited@example.org";

#[tokio::test]
async fn invited_lead_signs_with_second_factor_and_ends_another_session() {
    let launch = Launch::payments().make().await;
    launch.resolve_all().await;
    let desk = Browser::start(&launch.app, "desk", Script::On).await;
    let hers = Browser::start(&launch.app, "hers", Script::On).await;
    let other = Browser::start(&launch.app, "other", Script::On).await;
    journey(&[&desk, &hers, &other], run_journey(&launch, &desk, &hers, &other)).await;
    desk.end().await;
    hers.end().await;
    other.end().await;
}

async fn run_journey(launch: &Launch, desk: &Browser, hers: &Browser, other: &Browser) {
    let address = she_is_invited(&launch.app, desk).await;
    she_comes_in(hers, &address).await;
    let phone = she_sets_up_a_second_factor(&launch.app, hers).await;
    she_is_made_a_lead(launch, desk).await;
    she_signs(launch, hers, &phone).await;
    she_signs_in_elsewhere(&launch.app, other, &phone).await;
    she_ends_that_session(launch, hers, other).await;
}

async fn she_is_invited(app: &TestApp, desk: &Browser) -> String {
    let ann = app.person(&admin()).await;
    desk.sign_in(&ann.email, PASSWORD).await;
    desk.visit("/admin").await;
    let form = desk.form("form[action='/admin/invitations']").await;
    form.fill("People", &format!("Ina Invited, {EMAIL}")).await;
    form.submit("Invite").await;
    desk.attribute("#f-link", "value").await
}

async fn she_comes_in(hers: &Browser, address: &str) {
    hers.visit(address).await;
    let form = hers.form("form[action^='/invitations/']").await;
    form.fill("New password", INVITED_PASSWORD).await;
    form.submit("Create account").await;
    hers.sees("Your account is ready.").await;
}

async fn she_sets_up_a_second_factor(app: &TestApp, hers: &Browser) -> Authenticator {
    hers.visit("/account").await;
    hers.follow("Set up a second factor").await;
    hers.find("svg.qr path").await;
    let phone = Authenticator::from_secret(&hers.text("[data-secret]").await);
    let confirm = async |code: &str| {
        let form = hers.form("form[action='/account/second-factor']").await;
        form.fill("Code", code).await;
        form.fill("Your password", INVITED_PASSWORD).await;
        form.submit("Turn on").await;
    };
    // A mistyped code: the same secret is still there.
    hers.expect(422);
    confirm("000000").await;
    hers.sees("This is not the code that the app shows").await;
    assert_eq!(
        Authenticator::from_secret(&hers.text("[data-secret]").await).secret.to_base32_groups(),
        phone.secret.to_base32_groups()
    );
    confirm(&phone.code(app)).await;
    assert_eq!(hers.count(".recovery-codes li").await, 10);
    hers.follow("I have kept them").await;
    hers.sees("nobody can sign in with your password alone").await;
    phone
}

async fn she_is_made_a_lead(launch: &Launch, desk: &Browser) {
    desk.sign_out().await;
    desk.sign_in(&launch.owner.person.email, PASSWORD).await;
    desk.visit(&launch.path("settings")).await;
    desk.form("#holders [data-role=security]").await.choose("Add a holder of Security", "Ina Invited").await;
    desk.form("#holders form").await.submit("Save who signs").await;
    desk.sees("Ina Invited").await;
}

async fn she_signs(launch: &Launch, hers: &Browser, phone: &Authenticator) {
    hers.visit(&launch.path("go-no-go")).await;
    let sign = async |code: &str| {
        let form = hers.form("#sign-security form").await;
        form.tick("GO").await;
        form.fill("Confirm with your password", INVITED_PASSWORD).await;
        form.fill("Code", code).await;
        form.submit("Sign GO").await;
    };
    hers.expect(422);
    sign("000000").await;
    hers.sees("This code is wrong, or was used already.").await;
    sign(&phone.next_code(&launch.app)).await;
    hers.find("[data-role=security][data-signature=go]").await;
    hers.sees("You signed GO as Security.").await;
}

async fn she_signs_in_elsewhere(app: &TestApp, other: &Browser, phone: &Authenticator) {
    other.visit("/login").await;
    let form = other.form("form[action='/login']").await;
    form.fill("E-mail address", EMAIL).await;
    form.fill("Password", INVITED_PASSWORD).await;
    form.submit("Sign in").await;
    assert_eq!(other.path().await, "/login/code");
    let form = other.form("form[action='/login/code']").await;
    form.fill("Code", &phone.next_code(app)).await;
    form.submit("Sign in").await;
    other.find("form[action='/logout']").await;
}

/// The page that is open there notices it by itself, within half a minute.
async fn she_ends_that_session(launch: &Launch, hers: &Browser, other: &Browser) {
    other.expect_cut();
    other.visit(&launch.path("go-no-go")).await;
    hers.visit("/account").await;
    assert_eq!(hers.count("[data-session]").await, 2);
    hers.form("form[action='/account/sessions/revocation']").await.submit("End all other sessions").await;
    hers.sees("Your other sessions are ended.").await;
    assert_eq!(hers.count("[data-session]").await, 1);
    tokio::time::sleep(Duration::from_millis(200)).await;
    other.visit("/account").await;
    assert_eq!(other.path().await, "/login");
}
