//! An admin who resets somebody's password or second factor could sign in as that person: the account must wait before
//! it signs, approves or decides, the person is notified, and their signatures are marked.

use reqwest::StatusCode;
use signoff::{
    accounts,
    domain::{launch::credential_renewal::RenewalKind, text::Email},
    jobs,
};

use crate::helpers::{
    Launch, Person, Setting, TestApp, admin,
    client::{Answer, Client},
    people::PASSWORD,
    smtp::MailServer,
};
use crate::verification;

const NEW_PASSWORD: &str = "copper lantern orchard";
const DAY: i64 = 86_400;

/// A launch, two admins, and the server that takes the mail.
struct World {
    launch: Launch,
    ann: Client,
    bob: Client,
    bobs: Person,
    mail: MailServer,
}

impl World {
    async fn make() -> Self {
        Self::make_with(Vec::new()).await
    }

    async fn make_with(set: Vec<(&'static str, String)>) -> Self {
        let mail = MailServer::start().await;
        let set = [mail.settings(), set].concat();
        let launch = Launch::payments().setting(Setting { set, ..Setting::default() }).make().await;
        let ann = launch.app.sign_in(admin()).await;
        let bobs = launch.app.person(&admin().named("Bob Admin")).await;
        let bob = launch.app.session(&bobs).await;
        Self { launch, ann, bob, bobs, mail }
    }

    fn app(&self) -> &TestApp {
        &self.launch.app
    }

    /// An admin creates a reset link; returns its path.
    async fn link(&self, admin: &Client, person: &Person) -> String {
        let path = format!("/admin/people/{}/password-reset", person.id);
        admin.post(&path, &[("password", PASSWORD)]).await.expect_status(303);
        let link = admin.get("/admin").await.attribute("#f-link", "value").unwrap();
        url::Url::parse(&link).unwrap().path().to_owned()
    }

    /// Ann resets somebody's password and signs in with it.
    async fn take_over(&self, person: &Person) -> Client {
        let path = self.link(&self.ann, person).await;
        self.app().client().post(&path, &[("password", NEW_PASSWORD)]).await.expect_status(303);
        self.sign_in_with_new_password(person).await
    }

    async fn sign_in_with_new_password(&self, person: &Person) -> Client {
        let browser = self.app().client();
        assert_eq!(browser.login(&person.email, NEW_PASSWORD).await.location(), "/");
        browser
    }

    async fn sign(&self, browser: &Client, role: &str, verdict: &str, more: &[(&str, &str)]) -> Answer {
        let digest = self.launch.digest(role).await;
        let mut form =
            vec![("role", role), ("verdict", verdict), ("digest", digest.as_str()), ("comment", "as I see it")];
        form.extend([("password", NEW_PASSWORD)].iter().chain(more));
        browser.post(&self.launch.path("signatures"), &form).await
    }

    /// The addresses at which an admin may confirm a reset.
    async fn confirmations(&self, admin: &Client) -> Vec<String> {
        admin.get("/admin").await.expect_status(200).attributes("[data-renewal] form", "action")
    }

    /// The mails received: recipient and text.
    async fn letters(&self) -> Vec<(String, String)> {
        while jobs::send_due_mails(&self.app().state).await.unwrap() > 0 {}
        self.mail.take_letters().into_iter().map(|letter| (letter.to.clone(), letter.text())).collect()
    }

    async fn events(&self) -> i64 {
        self.launch.state().await.seq
    }
}

#[tokio::test]
async fn reset_lead_account_cannot_sign_or_approve_for_a_day() {
    let world = World::make().await;
    let launch = &world.launch;
    let item = |key: &str, rest: &str| format!("/items/{}{rest}", launch.item(key));
    let member = &launch.member;
    let gone = [("state", "not_applicable"), ("reason", "There is no such server."), ("version", "1")];
    member.post(&item("backups", "/state"), &gone).await.expect_status(303);
    let ask = [("reason", "No time."), ("control", "By hand."), ("expires_on", "2099-06-01")];
    member.post(&item("runbook", "/waivers"), &ask).await.expect_status(303);
    let waiver = launch.state().await.item(launch.item("runbook")).unwrap().waivers[0];
    launch.sign(&launch.operations, "operations", "no_go", &[("comment", "two findings")]).await.expect_status(303);
    let signature = launch.state().await.signatures[0].record.id;

    let security = world.take_over(&launch.security.person).await;
    let operations = world.take_over(&launch.operations.person).await;
    let before = world.events().await;
    let page = security.get(&launch.path("go-no-go")).await.expect_status(200);
    let shown = page.texts("[data-waiting]");
    assert!(
        shown[0].contains("password was reset with a link of Ann Admin") && shown[0].contains("Until "),
        "{shown:?}"
    );
    assert!(page.attribute("form [name=digest]", "value").is_none(), "no form to sign is offered");
    for verdict in ["go", "no_go"] {
        let refused = world.sign(&security, "security", verdict, &[]).await.expect_status(409);
        assert!(refused.body.contains("as I see it"), "what was typed is kept");
        assert!(refused.body.contains("password was reset with a link of Ann Admin"));
    }
    security.post(&item("backups", "/agreement"), &[("verdict", "agree")]).await.expect_status(409);
    operations.post(&format!("/waivers/{waiver}/approval"), &[("verdict", "approve")]).await.expect_status(409);
    let form = [("comment", "mended"), ("password", NEW_PASSWORD)];
    operations.post(&format!("/signatures/{signature}/withdrawal"), &form).await.expect_status(409);
    assert_eq!(world.events().await, before);
    // Acts that nobody relies on are still allowed.
    security.post(&item("status", "/comments"), &[("body", "I am back.")]).await.expect_status(303);

    // To the exact minute.
    world.app().state.clock.advance(DAY - 60);
    let security = world.sign_in_with_new_password(&launch.security.person).await;
    world.sign(&security, "security", "no_go", &[]).await.expect_status(409);
    world.app().state.clock.advance(60);
    world.sign(&security, "security", "no_go", &[]).await.expect_status(303);
    approve_waiver_as_operations(&world, waiver.to_string()).await;
}

async fn approve_waiver_as_operations(world: &World, waiver: String) {
    let operations = world.sign_in_with_new_password(&world.launch.operations.person).await;
    operations.post(&format!("/waivers/{waiver}/approval"), &[("verdict", "approve")]).await.expect_status(303);
}

#[tokio::test]
async fn reset_owner_account_cannot_decide_or_assign_roles() {
    let world = World::make().await;
    let launch = &world.launch;
    launch.resolve_all().await;
    launch.sign_all().await;
    let owner = world.take_over(&launch.owner.person).await;
    let before = world.events().await;
    let (deputy, member) = (launch.deputy.person.id.to_string(), launch.member.person.id.to_string());
    for (page, form) in [
        ("decision", vec![("decision", "go"), ("password", NEW_PASSWORD)]),
        ("decision", vec![("decision", "hold"), ("reason", "Mine."), ("password", NEW_PASSWORD)]),
        ("decision", vec![("decision", "hold"), ("reason", "Mine.")]),
        ("lifecycle", vec![("step", "cancel"), ("reason", "Mine.")]),
        ("owner", vec![("owner", member.as_str())]),
        ("holders", vec![("role", "security"), ("user", deputy.as_str()), ("action", "remove")]),
        ("holders", vec![("role", "security"), ("user", member.as_str()), ("action", "add")]),
        ("participants", vec![("user", member.as_str()), ("action", "add")]),
        ("restriction", vec![("restricted", "on")]),
        ("policy", vec![("slip_days", "30"), ("separation_of_duties", "on")]),
        ("details", vec![("name", "Mine"), ("target", "2099-01-01T09:00"), ("zone", "UTC")]),
    ] {
        let refused = owner.post(&launch.path(page), &form).await.expect_status(409);
        assert!(refused.body.contains("password was reset with a link of Ann Admin"), "{page}: {}", refused.body);
    }
    assert_eq!(world.events().await, before);
    let page = owner.get(&launch.path("go-no-go")).await.expect_status(200);
    assert!(page.attribute("#declare", "action").is_none() && !page.texts("[data-waiting]").is_empty());
    world.app().state.clock.advance(DAY);
    let owner = world.sign_in_with_new_password(&launch.owner.person).await;
    owner.post(&launch.path("decision"), &[("decision", "go"), ("password", NEW_PASSWORD)]).await.expect_status(303);
}

#[tokio::test]
async fn signature_within_thirty_days_of_a_reset_is_marked_everywhere() {
    let world = World::make().await;
    let launch = &world.launch;
    world.take_over(&launch.security.person).await;
    world.app().state.clock.advance(DAY);
    let security = world.sign_in_with_new_password(&launch.security.person).await;
    world.sign(&security, "security", "no_go", &[]).await.expect_status(303);
    let state = launch.state().await;
    let (seq, id) = (state.seq, state.signatures[0].record.id);
    let words = "password reset with a link of Ann Admin on";
    // Everybody who sees the signature sees the mark, the owner first. Their sessions of the day before have ended.
    let owner = world.app().session(&launch.owner.person).await;
    for page in ["go-no-go", &format!("as-of/{seq}/go-no-go"), "history", &format!("history/{seq}"), "history.csv"] {
        let shown = owner.get(&launch.path(page)).await.expect_status(200);
        assert!(shown.body.contains(words), "{page}: {}", shown.body);
    }
    let receipt = owner.get(&format!("/signatures/{id}")).await.expect_status(200);
    assert!(receipt.texts("[data-renewed]")[0].contains(words));
    assert!(receipt.body.contains("&#34;renewed&#34;") || receipt.body.contains("\"renewed\""), "the event has it");
    let bundle = verification::bundle(launch, &owner).await;
    verification::run_verifier(&bundle, &[]).assert_status(0, "");
    let mut entries = verification::entries(&bundle);
    let report = String::from_utf8(verification::entry(&mut entries, "report.html").clone()).unwrap();
    assert_eq!(report.matches(words).count(), 2, "with the signature and in the history");
    let signatures: serde_json::Value =
        serde_json::from_slice(verification::entry(&mut entries, "signatures.json")).unwrap();
    assert_eq!(signatures[0]["renewed"][0]["by"]["name"], "Ann Admin");

    // Withdrawn and given again after 30 days, the signature has no mark.
    world.app().state.clock.advance(29 * DAY);
    let security = world.sign_in_with_new_password(&launch.security.person).await;
    world.sign(&security, "security", "go", &[]).await.expect_status(303);
    let state = launch.state().await;
    let of = |n: usize| state.signatures[n].record.renewed.len();
    assert_eq!((of(0), of(1)), (1, 0));
}

#[tokio::test]
async fn reset_account_with_its_old_second_factor_may_act_at_once() {
    let world = World::make().await;
    let launch = &world.launch;
    let phone = world.app().second_factor(&launch.security.person).await;
    let path = world.link(&world.ann, &launch.security.person).await;
    world.app().client().post(&path, &[("password", NEW_PASSWORD)]).await.expect_status(303);
    let browser = world.app().client();
    assert_eq!(browser.login(&launch.security.person.email, NEW_PASSWORD).await.location(), "/login/code");
    browser.post("/login/code", &[("code", &phone.next_code(world.app()))]).await.expect_status(303);
    assert!(browser.get(&launch.path("go-no-go")).await.texts("[data-waiting]").is_empty());
    world.sign(&browser, "security", "go", &[("code", &phone.next_code(world.app()))]).await.expect_status(303);
    assert_eq!(launch.state().await.signatures[0].record.renewed.len(), 1, "the mark is there all the same");
}

/// An admin who resets both the password and the second factor, and sets up a second factor of their own, gains
/// nothing.
#[tokio::test]
async fn reset_and_removed_second_factor_each_need_confirmation() {
    let world = World::make().await;
    let launch = &world.launch;
    let person = &launch.security.person;
    world.app().second_factor(person).await;
    world.ann.post(&format!("/admin/people/{}/second-factor/removal", person.id), &[]).await.expect_status(303);
    let browser = world.take_over(person).await;
    world.sign(&browser, "security", "go", &[]).await.expect_status(409);
    let phone = world.app().second_factor(person).await;
    let code = phone.next_code(world.app());
    world.sign(&browser, "security", "go", &[("code", &code)]).await.expect_status(409);

    assert!(world.confirmations(&world.ann).await.is_empty(), "who did it confirms none of it");
    let confirmations = world.confirmations(&world.bob).await;
    assert_eq!(confirmations.len(), 2);
    world.bob.post(&confirmations[0], &[]).await.expect_status(303);
    let code = phone.next_code(world.app());
    world.sign(&browser, "security", "go", &[("code", &code)]).await.expect_status(409);
    world.bob.post(&confirmations[1], &[]).await.expect_status(303);
    let code = phone.next_code(world.app());
    world.sign(&browser, "security", "go", &[("code", &code)]).await.expect_status(303);
    let renewed = launch.state().await.signatures[0].record.renewed.clone();
    let kinds: Vec<RenewalKind> = renewed.iter().map(|one| one.how).collect();
    assert_eq!(kinds, [RenewalKind::SecondFactorRemoved, RenewalKind::ResetLink]);
    assert!(renewed.iter().all(|one| one.confirmed_by.as_ref().is_some_and(|by| by.name.as_str() == "Bob Admin")));
}

#[tokio::test]
async fn reset_is_confirmed_only_by_another_unreset_admin() {
    let world = World::make().await;
    let (launch, app) = (&world.launch, world.app());
    // The person is an admin too, so that they could try to confirm it themselves.
    let pia = app.person(&admin().named("Pia Person")).await;
    let pias = world.take_over(&pia).await;
    let [path] = &world.confirmations(&world.bob).await[..] else { panic!("one waits") };
    for (who, browser) in [("the person", &pias), ("who did it", &world.ann), ("a member", &launch.member)] {
        assert_eq!(browser.post(path, &[("password", PASSWORD)]).await.status, StatusCode::FORBIDDEN, "{who}");
    }
    // Ann signs in as the other admin, by the same means.
    let as_bob = world.take_over(&world.bobs).await;
    let refused = as_bob.post(path, &[]).await.expect_status(409);
    assert!(refused.body.contains("password was reset with a link of Ann Admin"), "{}", refused.body);
    let reset = format!("/admin/people/{}/password-reset", launch.security.person.id);
    as_bob.post(&reset, &[]).await.expect_status(409);
    let logged = app.installation_log().await;
    assert!(!logged.contains(&"renewal_confirmed".to_owned()), "{logged:?}");

    let cleo = app.sign_in(admin().named("Cleo Admin")).await;
    cleo.post(path, &[]).await.expect_status(303);
    cleo.post(path, &[]).await.expect_status(303);
    cleo.post("/admin/renewals/00000000-0000-0000-0000-000000000000/confirmation", &[]).await.expect_status(404);
    let logged = app.installation_log().await;
    assert_eq!(logged.iter().filter(|kind| *kind == "renewal_confirmed").count(), 1);
    let words = cleo.get("/admin/security?kind=credentials").await.texts(".log .what");
    assert_eq!(words[0], "Cleo Admin confirmed that Pia Person had asked Ann Admin for a link for a new password");
    assert!(!world.confirmations(&cleo).await.contains(path));
}

#[tokio::test]
async fn reset_notifies_the_person_by_mail_and_page_until_acknowledged() {
    let world = World::make().await;
    let (app, mia) = (world.app(), &world.launch.member.person);
    let here = &world.launch.member;
    let notice = async |browser: &Client| {
        browser.get("/").await.expect_status(200).texts("[data-renewed-notice] [data-sentence]")
    };
    assert!(notice(here).await.is_empty());
    let path = world.link(&world.ann, mia).await;
    let [(to, text)] = &world.letters().await[..] else { panic!("one letter") };
    assert_eq!(to, &mia.email);
    assert!(text.contains("Ann Admin made a link with which a new password can be chosen"), "{text}");
    let shown = notice(here).await;
    assert!(shown[0].contains("Ann Admin made a link"), "{shown:?}");
    assert_eq!(notice(here).await, shown, "it stays");
    assert!(notice(&world.ann).await.is_empty(), "nobody else is told so");
    acknowledge(here).await;
    assert!(notice(here).await.is_empty());
    assert_eq!(app.installation_log().await, ["reset_made", "renewal_seen"]);

    // The use of the link is notified again.
    app.client().post(&path, &[("password", NEW_PASSWORD)]).await.expect_status(303);
    let [(to, text)] = &world.letters().await[..] else { panic!("one letter") };
    assert_eq!(to, &mia.email);
    assert!(text.contains("Your password was changed with a link that Ann Admin had made"), "{text}");
    let browser = world.sign_in_with_new_password(mia).await;
    assert!(notice(&browser).await[0].contains("with a link that Ann Admin had made"));
    let account = browser.get("/account").await.expect_status(200).texts("#way-in");
    assert!(account[0].contains("you can’t sign, approve or decide"), "{account:?}");
    acknowledge(&browser).await;
    assert!(notice(&browser).await.is_empty());
    assert_eq!(browser.get("/account").await.texts("#way-in li").len(), 1, "it is there to be looked up");

    app.second_factor(mia).await;
    world.bob.post(&format!("/admin/people/{}/second-factor/removal", mia.id), &[]).await.expect_status(303);
    let [(to, text)] = &world.letters().await[..] else { panic!("one letter") };
    assert_eq!(to, &mia.email);
    assert!(text.contains("Bob Admin removed your second factor"), "{text}");
    let browser = world.sign_in_with_new_password(mia).await;
    assert!(notice(&browser).await[0].contains("Bob Admin removed your second factor"));
    browser.post("/account/renewals/acknowledgement", &[("renewed", "no id")]).await.expect_status(422);
}

/// Confirms having seen what the page shows.
async fn acknowledge(browser: &Client) {
    let page = browser.get("/").await.expect_status(200);
    let fields = ["made", "renewed"].map(|name| {
        let values = page.attributes(&format!("[data-renewed-notice] [name={name}]"), "value");
        values.into_iter().map(move |value| (name, value)).collect::<Vec<_>>()
    });
    let fields = fields.concat();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post("/account/renewals/acknowledgement", &fields).await.expect_status(303);
}

/// A link used between the page and the click does not count as seen.
#[tokio::test]
async fn reset_after_the_page_was_shown_is_not_acknowledged_unseen() {
    let world = World::make().await;
    let mia = &world.launch.member.person;
    let path = world.link(&world.ann, mia).await;
    let page = world.launch.member.get("/").await.expect_status(200);
    let shown = page.attribute("[data-renewed-notice] [name=made]", "value").unwrap();
    world.app().client().post(&path, &[("password", NEW_PASSWORD)]).await.expect_status(303);
    let browser = world.sign_in_with_new_password(mia).await;
    browser.post("/account/renewals/acknowledgement", &[("made", &shown)]).await.expect_status(303);
    assert!(!browser.get("/").await.texts("[data-renewed-notice]").is_empty());
    // Nor for somebody else.
    world.bob.post("/account/renewals/acknowledgement", &[("renewed", &shown)]).await.expect_status(303);
    assert!(!browser.get("/").await.texts("[data-renewed-notice]").is_empty());
}

#[tokio::test]
async fn reset_by_command_line_notifies_and_waits_like_an_admins() {
    let world = World::make().await;
    let (launch, app) = (&world.launch, world.app());
    let person = &launch.security.person;
    app.second_factor(person).await;
    let email = Email::new(&person.email).unwrap();
    accounts::remove_second_factor(&app.state, &email).await.unwrap();
    let link = accounts::make_reset_link(&app.state, &email).await.unwrap();
    let path = url::Url::parse(&link).unwrap().path().to_owned();
    app.client().post(&path, &[("password", NEW_PASSWORD)]).await.expect_status(303);
    let letters = world.letters().await;
    assert_eq!(letters.len(), 3);
    assert!(
        letters
            .iter()
            .all(|(to, text)| to == &person.email && text.to_lowercase().contains("an operator of the server"))
    );
    let browser = world.sign_in_with_new_password(person).await;
    world.sign(&browser, "security", "go", &[]).await.expect_status(409);
    for path in world.confirmations(&world.ann).await {
        world.ann.post(&path, &[]).await.expect_status(303);
    }
    world.sign(&browser, "security", "go", &[]).await.expect_status(303);
    let shown = launch.owner.get(&launch.path("go-no-go")).await.texts("[data-renewed]");
    assert!(shown[0].contains("server’s command line") && shown[0].contains("confirmed by Ann Admin"), "{shown:?}");
}

/// The owner of the mailbox asked for it themselves: nobody else could have signed in.
#[tokio::test]
async fn reset_by_mail_link_needs_no_waiting_and_no_mark() {
    let world = World::make().await;
    let (launch, app) = (&world.launch, world.app());
    let person = &launch.security.person;
    app.client().post("/forgotten-password", &[("email", &person.email)]).await.expect_status(303);
    while !app.state.tasks.is_empty() {
        tokio::task::yield_now().await;
    }
    jobs::send_due_mails(&app.state).await.unwrap();
    let path = world.mail.take_letters()[0].link();
    app.client().post(&path, &[("password", NEW_PASSWORD)]).await.expect_status(303);
    let browser = world.sign_in_with_new_password(person).await;
    assert!(browser.get("/").await.texts("[data-renewed-notice]").is_empty());
    world.sign(&browser, "security", "go", &[]).await.expect_status(303);
    assert!(launch.state().await.signatures[0].record.renewed.is_empty());
}

#[tokio::test]
async fn reset_waiting_switched_off_is_shown_and_signatures_stay_marked() {
    let world = World::make_with(vec![("SIGNOFF_RESET_HOLD_HOURS", "0".to_owned())]).await;
    let launch = &world.launch;
    assert!(
        world.ann.get("/admin/security").await.expect_status(200).texts("[data-wait='0']")[0]
            .contains("There is no waiting period")
    );
    let browser = world.take_over(&launch.security.person).await;
    world.sign(&browser, "security", "go", &[]).await.expect_status(303);
    assert_eq!(launch.state().await.signatures[0].record.renewed.len(), 1);

    let world = World::make().await;
    assert!(world.ann.get("/admin/security").await.texts("[data-wait='24']")[0].contains("24 hours"));
}
