//! Forms that are refused say why, where the form is.

use reqwest::Method;
use signoff::{app, domain::launch::command::Command, web::idempotency::new_text};

use crate::helpers::{Launch, client::Answer, installation::Installation};

/// The sentences on a page that say what is wrong.
fn sentences(page: &Answer) -> Vec<String> {
    page.texts("main .error, main [role=alert], main .error-page p")
}

#[tokio::test]
async fn every_refused_form_says_why() {
    let made = Installation::make().await;
    let launch = &made.launch;
    let mut refused = 0;
    for route in app::routes().into_iter().filter(|route| route.method == Method::POST) {
        let address = made.address(&route, None);
        // Signing out ends the session of all later forms.
        if address == "/logout" {
            continue;
        }
        for client in [&launch.owner, &launch.security, &launch.member, &made.admin] {
            for fields in [&[][..], &[("action", "add"), ("role", "nobody"), ("state", "x"), ("verdict", "x")]] {
                let answer = client.post(&address, fields).await;
                if matches!(answer.status.as_u16(), 400 | 409 | 422) && answer.header("content-type").contains("html") {
                    refused += 1;
                    assert!(!sentences(&answer).is_empty(), "{address} {fields:?}: {}", answer.body);
                }
            }
        }
    }
    assert!(refused > 40, "{refused}");
}

#[tokio::test]
async fn form_for_a_person_shows_its_error_at_that_form() {
    let launch = Launch::ledger().make().await;
    let mia = launch.member.person.id.to_string();
    let (at_role, at_participants, on_top) =
        ("#f-security-user-error", "#f-participant-user-error", "main [role=alert]");
    for (form, fields, place) in [
        ("holders", vec![("role", "security"), ("action", "add"), ("user", "")], at_role),
        ("holders", vec![("role", "security"), ("action", "remove"), ("user", "")], on_top),
        ("holders", vec![("role", "nobody"), ("action", "add"), ("user", &*mia)], on_top),
        ("holders", vec![("action", "add"), ("user", "")], on_top),
        ("holders", vec![("role", "security"), ("action", "perhaps"), ("user", &mia)], on_top),
        ("participants", vec![("action", "add"), ("user", "")], at_participants),
        ("participants", vec![("action", "perhaps"), ("user", &mia)], on_top),
    ] {
        let page = launch.owner.post(&launch.path(form), &fields).await.expect_status(422);
        assert_eq!(page.texts(place).len(), 1, "{form} {fields:?}: {:?}", sentences(&page));
        assert_eq!(sentences(&page).len(), 1, "{form} {fields:?}: {:?}", sentences(&page));
    }
    // A form that the page no longer has says at its top what is wrong.
    launch.cancel().await;
    let page = launch.owner.post(&launch.path("details"), &[("name", "")]).await.expect_status(422);
    assert_eq!(page.texts(on_top).len(), 1);
}

#[tokio::test]
async fn form_of_an_item_that_is_no_longer_offered_says_what_is_wrong() {
    let launch = Launch::ledger().make().await;
    let (item, expires_on) = (launch.item("required"), "2099-01-01".parse().unwrap());
    let (reason, control) = (new_text("No time."), new_text("By hand."));
    let waiver = signoff::ambient::new_id();
    launch.run_command(&launch.member, Command::AskWaiver { item, waiver, reason, control, expires_on }).await;
    let form = [("reason", "As well."), ("control", "By hand, too."), ("expires_on", "")];
    let page = launch.member.post(&launch.item_path("required", "/waivers"), &form).await.expect_status(422);
    assert_eq!(sentences(&page).len(), 1, "{:?}", sentences(&page));
    assert!(page.body.contains("By hand, too."), "what was typed is there");
}

#[tokio::test]
async fn owner_who_gives_a_restricted_launch_away_lands_on_a_page_they_may_see() {
    for restricted in [true, false] {
        let made = Launch::ledger();
        let launch = if restricted { made.restricted() } else { made }.make().await;
        let mia = launch.member.person.id.to_string();
        let answer = launch.owner.post(&launch.path("owner"), &[("owner", &*mia)]).await.expect_status(303);
        let page = launch.owner.get(answer.location()).await.expect_status(200);
        assert!(page.texts(".flash").concat().contains("The launch has a new owner"), "{restricted}");
    }
}
