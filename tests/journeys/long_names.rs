//! Names of any length on every page: nothing makes a page wider than the screen, and no text is cut off for good.

use serde_json::Value;

use super::browser::{Browser, Script, journey};
use crate::helpers::{
    TestApp, admin,
    client::Client,
    filled_launch::{fill_launch, ids_in},
    member,
    people::PASSWORD,
};

/// Small and large phones, a tablet and a desktop screen, in CSS pixels.
const SCREENS: [(u32, u32); 4] = [(320, 640), (375, 812), (768, 1024), (1280, 800)];

/// What is wrong with the open page: elements beyond its right edge, and texts of which a part is hidden though no
/// `title` has the whole.
const FIND_FAULTS: &str = r"
    const root = document.scrollingElement, faults = [];
    const name = (e) => `${e.tagName.toLowerCase()}.${e.className?.baseVal ?? e.className} ${e.textContent.trim().slice(0, 30)}`;
    const style = (e) => getComputedStyle(e);
    const scrolls = (e) => e !== null && (['auto', 'scroll'].includes(style(e).overflowX) || scrolls(e.parentElement));
    if (root.scrollWidth > root.clientWidth) {
      const wide = [...document.body.querySelectorAll('*')]
        .filter((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(e.parentElement));
      faults.push(`${root.scrollWidth} pixels wide: ${wide.slice(-2).map(name)}`);
    }
    for (const e of document.body.querySelectorAll('*')) {
      const hides = ['hidden', 'clip'].includes(style(e).overflowX) && e.scrollWidth > e.clientWidth + 1;
      // A person can move the cursor through a field.
      const forReaders = style(e).clipPath !== 'none' || e.closest('input, svg, progress, .visually-hidden') !== null;
      if (hides && !forReaders && e.closest('[title]') === null) faults.push(`cut off: ${name(e)}`);
    }
    arguments[0](faults);
";

/// Opens every fold and menu.
const UNFOLD: &str =
    "document.querySelectorAll('details').forEach((e) => { e.removeAttribute('name'); e.open = true }); arguments[0]()";

struct Filled {
    app: TestApp,
    pages: Vec<String>,
    /// Addresses of the owner, of a holder and of an admin.
    people: [String; 3],
}

/// An installation where every name is this text, or what of it a name may have.
async fn fill(text: &str, file: &str, person: &str) -> Filled {
    let app = TestApp::start().await;
    let named = |who: &str| format!("{who}{person}");
    let owner = app.person(&member().named(&named("Olga"))).await;
    let holder = app.person(&member().named(&named("Sven"))).await;
    let admin = app.person(&admin().named(&named("Anna"))).await;
    let clients: [Client; 3] = [app.session(&owner).await, app.session(&holder).await, app.session(&admin).await];
    let invited = named("Ines");
    let email = format!("{}@example.org", invited.to_lowercase());
    let invitation = [("name", &*invited), ("email", &*email), ("roles", "member")];
    clients[2].post("/admin/invitations", &invitation).await.expect_status(303);
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
    pages.extend(["/launches?view=board", "/figures"].map(str::to_owned));
    pages.extend(["/launches?show=all&sort=changed", "/admin/statements", "/account/second-factor"].map(str::to_owned));
    pages.push(format!("/audit/rights/{}", holder.id));
    pages.push(format!("/launches?q={}", "x".repeat(301)));
    Filled { app, pages, people: [owner.email, holder.email, admin.email] }
}

async fn assert_every_page_fits(name: &'static str, filled: Filled) {
    let Filled { app, pages, people } = filled;
    let browser = Browser::start(&app, name, Script::On).await;
    journey(&[&browser], async {
        let (mut faults, mut seen) = (Vec::new(), 0);
        for email in &people {
            browser.sign_in(email, PASSWORD).await;
            for page in &pages {
                browser.visit(page).await;
                if browser.count(".fault").await > 0 {
                    continue;
                }
                seen += 1;
                for unfolded in [false, true] {
                    if unfolded {
                        browser.run(UNFOLD, vec![]).await;
                    }
                    for (width, height) in SCREENS {
                        browser.pose((width, height)).await;
                        let Value::Array(found) = browser.run(FIND_FAULTS, vec![]).await else { panic!("no list") };
                        let at = |fault: &Value| format!("{page} at {width}, unfolded {unfolded}: {fault}");
                        faults.extend(found.iter().map(at));
                    }
                }
            }
            // Its menu is not open there.
            browser.visit("/").await;
            browser.sign_out().await;
        }
        faults.dedup();
        assert!(seen > 80, "{seen} pages");
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn long_words_fit_every_page_on_every_screen() {
    let filled = fill(&"W".repeat(200), &"W".repeat(200), &"w".repeat(100)).await;
    assert_every_page_fits("long-words", filled).await;
}

#[tokio::test]
async fn many_emoji_fit_every_page_on_every_screen() {
    // The second is one sign of four joined ones, which browsers do not break.
    let text = "\u{1f680}\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}".repeat(42);
    let filled = fill(&text, &"\u{1f680}".repeat(40), &"m".repeat(100)).await;
    assert_every_page_fits("many-emoji", filled).await;
}
