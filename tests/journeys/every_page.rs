//! Every page, with names of any length and script, on every screen, in both colour schemes: nothing makes a page wider
//! than the screen, no text is cut off for good, and nothing keeps anybody from using it.

use std::collections::BTreeSet;

use serde_json::Value;
use signoff::{
    accounts,
    domain::{canonical::Sha256Hash, notification::ReasonGroup},
    notification_mail,
};

use super::{
    browser::{Browser, Script, journey},
    page_routes::find_pages_without_address,
};
use crate::helpers::{
    Person, TestApp, admin,
    client::Client,
    filled_launch::{fill_launch, ids_in},
    member,
    people::{PASSWORD, TestPerson},
};

/// Small and large phones, a tablet and a desktop screen, in CSS pixels.
const SCREENS: [(u32, u32); 4] = [(320, 640), (375, 812), (768, 1024), (1280, 800)];

/// What does not fit on the open page: elements beyond its right edge, texts of which a part is hidden though no `title`
/// has the whole, texts that run out of their box, and people's circles that are none.
const FIND_MISFITS: &str = r"
    const root = document.scrollingElement, faults = [];
    const name = (e) => `${e.tagName.toLowerCase()}.${e.className?.baseVal ?? e.className} ${e.textContent.trim().slice(0, 30)}`;
    const style = (e) => getComputedStyle(e);
    const scrolls = (e) => e !== null && (['auto', 'scroll'].includes(style(e).overflowX) || scrolls(e.parentElement));
    if (root.scrollWidth > root.clientWidth) {
      const wide = [...document.body.querySelectorAll('*')].filter((e) => {
        const box = e.getBoundingClientRect();
        return (box.right > root.clientWidth + 1 || box.left < -1) && !scrolls(e.parentElement);
      });
      faults.push(`${root.scrollWidth} pixels wide: ${wide.slice(-2).map(name)}`);
    }
    for (const e of document.body.querySelectorAll('*')) {
      if (!e.checkVisibility()) continue;
      const overflow = style(e).overflowX, isWide = e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0;
      if (e.matches('textarea') && e.clientWidth < 100) faults.push(`${e.clientWidth} pixels for what is typed: ${e.id}`);
      // A person can move the cursor through a field.
      const forReaders = style(e).clipPath !== 'none' || e.closest('input, select, textarea, svg, progress, .visually-hidden') !== null;
      if (forReaders) continue;
      if (isWide && ['hidden', 'clip'].includes(overflow) && e.closest('[title]') === null) faults.push(`cut off: ${name(e)}`);
      const hasText = [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
      if (isWide && overflow === 'visible' && hasText && style(e).display !== 'inline') {
        const range = document.createRange();
        range.selectNodeContents(e);
        const [text, box] = [range.getBoundingClientRect(), e.getBoundingClientRect()];
        if (text.right > box.right + 2 || text.left < box.left - 2) faults.push(`runs out of its box: ${name(e)}`);
      }
      if (e.matches('.who') && Math.abs(e.offsetWidth - e.offsetHeight) > 1) faults.push(`no circle: ${name(e)}`);
    }
    arguments[0](faults);
";

/// What keeps people from using the open page.
const FIND_BARRIERS: &str = include_str!("accessibility.js");

/// Opens every fold and menu.
const UNFOLD: &str =
    "document.querySelectorAll('details').forEach((e) => { e.removeAttribute('name'); e.open = true }); arguments[0]()";

struct Filled {
    app: TestApp,
    /// Addresses of pages for those who are signed in.
    pages: Vec<String>,
    /// Addresses of pages for those who are not.
    public: Vec<String>,
    /// E-mail addresses of the owner, of a holder and of an admin.
    people: [String; 3],
}

/// The path with a secret that a page contains.
fn secret_path(page: &str, beginning: &str) -> String {
    let is_secret = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let ends = page.split(beginning).skip(1).map(|rest| rest.split(|c| !is_secret(c)).next().unwrap_or_default());
    let secret = ends.max_by_key(|secret| secret.len()).unwrap_or_else(|| panic!("no {beginning} in {page}"));
    format!("{beginning}{secret}")
}

/// Creates an account. An address that is made of the name can't always be typed into a browser; then it is this one.
async fn create_person(app: &TestApp, who: &TestPerson, address: &str) -> Person {
    let mut person = app.person(who).await;
    if !person.email.is_ascii() {
        person.email = format!("{address}@example.org");
        let update = sqlx::query("UPDATE users SET email = $1 WHERE id = $2").bind(&person.email).bind(person.id);
        update.execute(&app.owner).await.unwrap();
    }
    person
}

/// Has two people request other addresses, and returns the path at which the second confirms theirs.
async fn request_addresses(app: &TestApp, clients: &[Client; 3]) -> String {
    for (client, address) in clients.iter().zip(["olga@new.example", "sven@new.example"]) {
        let form = [("email", address), ("password", PASSWORD)];
        client.post("/account/address", &form).await.expect_status(303);
    }
    // As if it had been mailed.
    let hash = Sha256Hash::compute(&[0; 32]);
    let update = sqlx::query("UPDATE address_changes SET token_hash = $1 WHERE email LIKE 'sven%'")
        .bind(hash.to_bytes().as_slice());
    assert_eq!(update.execute(&app.owner).await.unwrap().rows_affected(), 1);
    format!("/account/address/{}", "A".repeat(43))
}

/// An installation where every name is this text, or what of it a name may have.
async fn fill(text: &str, file: &str, person: &str) -> Filled {
    let app = TestApp::start().await;
    let named = |who: &str| format!("{who}{person}");
    let owner = create_person(&app, &member().named(&named("Olga")), "olga").await;
    let holder = create_person(&app, &member().named(&named("Sven")), "sven").await;
    let admin = create_person(&app, &admin().named(&named("Anna")), "anna").await;
    let clients: [Client; 3] = [app.session(&owner).await, app.session(&holder).await, app.session(&admin).await];
    // A new name may not mix scripts.
    let invitation = [("name", person.trim()), ("email", "ines@example.org"), ("roles", "member")];
    clients[2].post("/admin/invitations", &invitation).await.expect_status(303);
    let invitation = secret_path(&clients[2].get("/admin").await.body, "/invitations/");
    let reset = app.person(&member().named(&named("Rita"))).await;
    clients[2].post(&format!("/admin/people/{}/password-reset", reset.id), &[]).await.expect_status(303);
    let reset = secret_path(&clients[2].get("/admin").await.body, "/password-resets/");
    let who = (&clients[0], &clients[1], &*holder.id.to_string(), &clients[2]);
    let mut pages = fill_launch(&app, (text, file), who).await;
    let launch = ids_in(&app, "launches").await.remove(0);
    pages.extend(
        ["/verification", "/as-of/9/go-no-go", "/as-of/9/evidence"].map(|page| format!("/launches/{launch}{page}")),
    );
    let tag: String = text.chars().take(40).collect();
    clients[0].post(&format!("/launches/{launch}/tags"), &[("tags", &*tag)]).await.expect_status(303);
    let saved = [("name", &*text.chars().take(60).collect::<String>()), ("query", "view=board")];
    clients[0].post("/saved-filters", &saved).await.expect_status(303);
    pages.extend(["/launches?view=board", "/figures", "/notifications?show=all"].map(str::to_owned));
    pages.extend(["/launches?show=all&sort=changed", "/admin/statements", "/account/second-factor"].map(str::to_owned));
    pages.push(format!("/audit/rights/{}", holder.id));
    let start: String = url::form_urlencoded::byte_serialize(tag.as_bytes()).collect();
    pages.extend([format!("/go?q={start}"), "/help".to_owned(), "/help/owner".to_owned()]);
    pages.push(request_addresses(&app, &clients).await);
    pages.push(format!("/launches?q={}", "x".repeat(301)));
    let groups = [ReasonGroup::Assignments, ReasonGroup::Dates].into();
    let unsubscribe = notification_mail::unsubscribe_address(&app.state, holder.id, &groups).unwrap();
    let unsubscribe = unsubscribe.strip_prefix(&app.state.config.public_url.with_path("")).unwrap().to_owned();
    let public = vec![invitation, reset, unsubscribe, "/login".to_owned(), "/forgotten-password".to_owned()];
    let people = [owner, holder, admin].map(|person| person.email);
    Filled { app, pages, public, people }
}

impl Filled {
    /// Visits every page as somebody who may see it, and checks it.
    async fn visit(self, name: &'static str, check: impl AsyncFn(&Browser, &str) -> Vec<String>) {
        let Self { app, pages, public, people } = self;
        let missing = find_pages_without_address(&[&*pages, &*public].concat());
        assert!(missing.is_empty(), "helpers/filled_launch.rs lacks these pages: {missing:?}");
        let browser = Browser::start(&app, name, Script::On).await;
        journey(&[&browser], async {
            let (mut faults, mut unseen) = (BTreeSet::new(), BTreeSet::from_iter(&pages));
            for page in &public {
                browser.visit(page).await;
                assert_eq!(browser.count(".error-page").await, 0, "{page}");
                faults.extend(check(&browser, page).await);
            }
            for email in &people {
                browser.sign_in(email, PASSWORD).await;
                for page in &pages {
                    browser.visit(page).await;
                    if browser.count(".error-page").await == 0 {
                        unseen.remove(page);
                        faults.extend(check(&browser, page).await);
                    }
                    // An item is open in its row, too.
                    if *page == pages[0] && browser.count("li.item a.title").await > 0 {
                        browser.visit(page).await;
                        browser.press("li.item a.title").await;
                        browser.find(".opened .item-page").await;
                        faults.extend(check(&browser, &format!("{page}, an item open")).await);
                    }
                }
                // Its menu is not open there.
                browser.visit("/").await;
                browser.sign_out().await;
            }
            assert!(unseen.is_empty(), "nobody may see {unseen:?}");
            assert!(
                faults.is_empty(),
                "{} faults:\n{}",
                faults.len(),
                faults.into_iter().collect::<Vec<_>>().join("\n")
            );
        })
        .await;
    }
}

async fn list(browser: &Browser, script: &str, at: &str) -> Vec<String> {
    let Value::Array(found) = browser.run(script, vec![]).await else { panic!("no list") };
    found.iter().map(|fault| format!("{at}: {}", fault.as_str().unwrap_or_default())).collect()
}

/// What does not fit on a page, folded or unfolded, on any screen.
async fn find_misfits(browser: &Browser, page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for fold in ["folded", "unfolded"] {
        if fold == "unfolded" {
            browser.run(UNFOLD, vec![]).await;
        }
        for (width, height) in SCREENS {
            browser.pose((width, height)).await;
            faults.extend(list(browser, FIND_MISFITS, &format!("{page} at {width}, {fold}")).await);
        }
    }
    faults
}

/// What keeps people from using a page, in both schemes, on a phone and on a desktop screen.
async fn find_barriers(browser: &Browser, page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    browser.run(UNFOLD, vec![]).await;
    for scheme in ["light", "dark"] {
        browser.show_in(scheme).await;
        for (width, height) in [SCREENS[1], SCREENS[3]] {
            browser.pose((width, height)).await;
            faults.extend(list(browser, FIND_BARRIERS, &format!("{page} at {width}, {scheme}")).await);
        }
    }
    faults
}

#[tokio::test]
async fn long_words_fit_every_page_on_every_screen() {
    let filled = fill(&"W".repeat(200), &"W".repeat(200), &"w".repeat(100)).await;
    filled.visit("long-words", find_misfits).await;
}

#[tokio::test]
async fn many_emoji_fit_every_page_on_every_screen() {
    // The second is one sign of four joined ones, which browsers do not break.
    let text = "\u{1f680}\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}".repeat(42);
    let filled = fill(&text, &"\u{1f680}".repeat(40), &"m".repeat(100)).await;
    filled.visit("many-emoji", find_misfits).await;
}

#[tokio::test]
async fn long_words_from_right_to_left_fit_every_page_on_every_screen() {
    // Arabic and Hebrew letters, with a Latin word between them.
    let word = "\u{642}\u{627}\u{626}\u{645}\u{629}".repeat(20);
    let text = format!("{word}GO{}", "\u{5d1}\u{5d3}\u{5d9}\u{5e7}\u{5d4}".repeat(19));
    let filled = fill(&text, &"\u{645}".repeat(100), &"\u{5d0}".repeat(100)).await;
    filled.visit("right-to-left", find_misfits).await;
}

#[tokio::test]
async fn every_page_can_be_used_in_both_schemes() {
    let filled = fill("Rehearse Zo\u{eb}'s \u{5d2}\u{5d1}\u{5d0} plan", "plan", " \u{645}\u{629}").await;
    filled.visit("usable", find_barriers).await;
}

#[tokio::test]
async fn page_of_a_new_installation_fits_and_can_be_used() {
    let app = TestApp::start().await;
    let setup = accounts::setup_address(&app.state).await.unwrap().unwrap();
    let browser = Browser::start(&app, "setup", Script::On).await;
    journey(&[&browser], async {
        browser.visit(&secret_path(&setup, "/setup/")).await;
        browser.find("form input[name=name]").await;
        let faults = [find_misfits(&browser, "setup").await, find_barriers(&browser, "setup").await].concat();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    })
    .await;
}
