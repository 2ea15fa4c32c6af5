//! A launch on a phone, by touch alone: from signing in over a tick, evidence and a signature to the decision. No page is
//! wider than the screen on the way.

use signoff::domain::launch::event::ItemState;

use super::browser::{Browser, journey};
use crate::helpers::{launch::Launch, people::PASSWORD};

/// What is wider than the screen, or begins left of it.
const FIND_OVERFLOW: &str = r"
    const { scrollWidth, clientWidth } = document.scrollingElement;
    arguments[0](scrollWidth > clientWidth ? `${scrollWidth} of ${clientWidth} pixels` : '');
";

#[tokio::test]
async fn launch_is_prepared_signed_and_decided_on_a_phone() {
    let launch = Launch::payments().make().await;
    launch.mark(&launch.member, "runbook", ItemState::Done).await;
    let phone = Browser::start_phone(&launch.app, "phone").await;
    journey(&[&phone], prepare_and_decide(&launch, &phone)).await;
    phone.end().await;
}

async fn prepare_and_decide(launch: &Launch, phone: &Browser) {
    // The lead of security ticks what is theirs, and attaches what shows it.
    phone.sign_in(&launch.security.person.email, PASSWORD).await;
    fits(phone).await;
    phone.follow("Payments").await;
    fits(phone).await;
    let backups = format!("#item-{}", launch.item("backups"));
    phone.press(&format!("{backups} button.tick")).await;
    phone.find(&format!("{backups}[data-state=done]:not(:has([aria-busy]))")).await;
    phone.press(&format!("{backups} a.title")).await;
    let note = phone.form(&format!("{backups} #attach form")).await;
    note.fill("Link or note", "Restored on the spare server on Monday.").await;
    fits(phone).await;
    phone.press(&format!("{backups} #attach form .actions button")).await;
    phone.find(&format!("{backups} #evidence li[data-standing]")).await;
    fits(phone).await;

    // The menu of parts leads to what follows the launch.
    phone.unfold(".parts-menu").await;
    phone.press(".parts-menu a:nth-of-type(2)").await;
    fits(phone).await;

    // One step from the head to the form that signs.
    phone.visit(&launch.path("go-no-go")).await;
    phone.press(".head a[href='#sign-security']").await;
    sign(phone, "security").await;
    phone.sees("You signed GO").await;
    fits(phone).await;
    phone.sign_out().await;

    phone.sign_in(&launch.operations.person.email, PASSWORD).await;
    phone.follow("Sign as Operations").await;
    sign(phone, "operations").await;
    phone.sign_out().await;

    // The owner decides.
    phone.sign_in(&launch.owner.person.email, PASSWORD).await;
    phone.visit(&launch.path("go-no-go")).await;
    fits(phone).await;
    phone.press("#declare input[name=acknowledge]").await;
    let form = phone.form("#declare").await;
    form.fill("Confirm with your password", PASSWORD).await;
    form.submit_and_confirm("Declare GO").await;
    assert_eq!(phone.attribute("[data-decision]", "data-decision").await, "go");
    fits(phone).await;
}

async fn sign(phone: &Browser, role: &str) {
    let form = phone.form(&format!("#sign-{role} form")).await;
    form.tick("GO").await;
    fits(phone).await;
    form.fill("Confirm with your password", PASSWORD).await;
    form.submit("Sign GO").await;
}

/// Fails if the open page is wider than the screen.
#[track_caller]
fn fits(phone: &Browser) -> impl Future<Output = ()> + '_ {
    let caller = std::panic::Location::caller();
    async move {
        let overflow = phone.run(FIND_OVERFLOW, Vec::new()).await;
        assert_eq!(overflow, "", "the page is wider than the screen, {caller}");
    }
}
