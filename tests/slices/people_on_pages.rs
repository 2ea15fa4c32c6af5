//! People on pages: a deactivated account is marked wherever its person is named, and people of one name can be told
//! apart.

use scraper::{ElementRef, Selector};
use signoff::{
    accounts::{NewPerson, add_account},
    domain::{
        role::{InstallationRole, InstallationRoles},
        text::{Email, PersonName},
    },
};

use crate::helpers::{
    TestApp, admin, client::Answer, filled_launch::fill_launch, launch::Launch, member, people::PASSWORD,
};

/// The row, paragraph or other block that an element is in.
fn find_block<'a>(element: &ElementRef<'a>) -> Option<ElementRef<'a>> {
    let is_block =
        |it: &ElementRef<'_>| matches!(it.value().name(), "li" | "tr" | "p" | "dd" | "dl" | "header" | "section");
    element.ancestors().filter_map(ElementRef::wrap).find(is_block)
}

/// The places of a page that name this person without this mark: beside a name, and in the words of a sentence, an
/// option or a title. Also how many places name the person.
fn unmarked_names(page: &Answer, name: &str, mark: &str) -> (usize, Vec<String>) {
    let html = page.html();
    let (mut places, mut unmarked) = (0, Vec::new());
    let marked_name = format!("{name} ({mark})");
    // The bytes of an event are shown as they are.
    let elements = html.select(&Selector::parse("main *:not(code)").unwrap()).collect::<Vec<_>>();
    for element in elements {
        let start: String = element.html().chars().take(300).collect();
        let words = element.children().filter_map(|child| child.value().as_text().map(|text| text.trim()));
        for words in words.filter(|words| words.contains(name)) {
            places += 1;
            let by_itself = words == name && element.value().name() == "bdi";
            let near = if by_itself { find_block(&element) } else { None };
            let is_marked = match near {
                Some(near) => near.text().collect::<String>().contains(mark),
                None => !words.replace(&marked_name, "").contains(name),
            };
            if !is_marked {
                unmarked.push(start.clone());
            }
        }
        for title in ["title", "aria-label", "alt"].iter().filter_map(|name| element.value().attr(name)) {
            if title.replace(&marked_name, "").contains(name) {
                unmarked.push(start.clone());
            }
        }
    }
    (places, unmarked)
}

#[tokio::test]
async fn deactivated_person_is_marked_on_every_page_that_names_them() {
    let app = TestApp::start().await;
    let (owner, admin) = (app.sign_in(member().named("Olga Owner")).await, app.sign_in(admin()).await);
    let hilde = app.person(&member().named("Hilde Holder")).await;
    let holder = app.session(&hilde).await;
    let pages = fill_launch(&app, ("Remark", "log"), (&owner, &holder, &hilde.id.to_string(), &admin)).await;
    let launch = pages[0].clone();
    let items: Vec<String> = pages.iter().filter(|page| page.starts_with("/items/")).cloned().collect();
    holder.post(&format!("{}/comments", items[2]), &[("body", "Seen.")]).await.expect_status(303);
    holder.post(&format!("{}/evidence-requests", items[2]), &[("text", "More?")]).await.expect_status(303);
    // What she marks and asks for last is named by conflicts, comparisons and My work.
    let state = [("state", "blocked"), ("reason", "Waits."), ("version", "1")];
    holder.post(&format!("{}/state", items[2]), &state).await.expect_status(303);
    let waiver = [("reason", "Late."), ("control", "By hand."), ("expires_on", "2098-12-31")];
    holder.post(&format!("{}/waivers", items[2]), &waiver).await.expect_status(303);
    admin.post(&format!("/admin/people/{}/deactivation", hilde.id), &[]).await.expect_status(303);
    assert!(admin.get("/admin").await.texts(".flash")[0].contains("Hilde Holder can no longer sign in."));
    let name = "Hilde Holder";
    let (mut wrong, mut places) = (Vec::new(), 0);
    for page in &pages {
        for client in [&owner, &admin] {
            let answer = client.get(page).await;
            let (named, unmarked) = unmarked_names(&answer, name, "deactivated");
            if page.contains("/as-of/") {
                let marked = answer.texts("main").concat().matches("deactivated").count();
                assert_eq!(marked, 0, "{page}: what was is shown as it was");
                continue;
            }
            places += named;
            wrong.extend(unmarked.into_iter().map(|near| format!("{page}: {near}")));
        }
    }
    assert!(places > 40, "{places} places name her");
    // Answers to changes that came too late name her too.
    let stale = [("state", "done"), ("reason", ""), ("version", "1")];
    let assignment = [("assignee", ""), ("due", ""), ("seq", "1")];
    let (to_item, to_assign) = (format!("{}/state", items[2]), format!("{}/assignment", items[0]));
    for (path, fields) in [(to_item, &stale[..]), (to_assign, &assignment[..])] {
        let answer = owner.post(&path, fields).await.expect_status(409);
        assert!(answer.texts("main").concat().contains(name), "{path}");
        wrong.extend(unmarked_names(&answer, name, "deactivated").1.into_iter().map(|near| format!("{path}: {near}")));
    }
    assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), wrong.join("\n"));
    let exported = owner.get(&format!("{launch}/readiness.json")).await.expect_status(200).body;
    assert!(exported.contains(name) && !exported.contains("(deactivated)"), "{exported}");
    // Reactivated, she is marked nowhere.
    admin.post(&format!("/admin/people/{}/reactivation", hilde.id), &[]).await.expect_status(303);
    for page in pages.iter().filter(|page| !page.starts_with("/admin") && !page.starts_with("/audit")) {
        let words = owner.get(page).await.texts("main").concat();
        assert!(!words.contains("(deactivated)"), "{page}");
        let chips = owner.get(page).await.texts(".chip");
        assert!(!chips.contains(&"deactivated".to_owned()), "{page}: {chips:?}");
    }
}

#[tokio::test]
async fn signer_and_assignee_without_the_role_of_a_member_are_marked() {
    let app = TestApp::start().await;
    let (owner, admin) = (app.sign_in(member().named("Olga Owner")).await, app.sign_in(admin()).await);
    let hilde = app.person(&member().named("Hilde Holder")).await;
    let holder = app.session(&hilde).await;
    let pages = fill_launch(&app, ("Remark", "log"), (&owner, &holder, &hilde.id.to_string(), &admin)).await;
    let roles = [("roles", "auditor")];
    admin.post(&format!("/admin/people/{}/roles", hilde.id), &roles).await.expect_status(303);
    let reasons = owner.get(&format!("{}/go-no-go", pages[0])).await.texts(".reasons").concat();
    assert!(reasons.contains("Hilde Holder (no longer a member)"), "{reasons}");
    let item = pages.iter().find(|page| page.starts_with("/items/")).unwrap();
    let options = owner.get(item).await.texts("select[name=assignee] option");
    assert!(options.contains(&"Hilde Holder (no longer a member)".to_owned()), "{options:?}");
}

#[tokio::test]
async fn people_of_one_name_are_distinguished_by_address_on_every_page() {
    let launch = Launch::ledger().make().await;
    let named = async |email: &str| {
        let new = NewPerson {
            email: Email::new(email).unwrap(),
            name: PersonName::stored("Sam Same").unwrap(),
            roles: InstallationRoles::new([InstallationRole::Member]).unwrap(),
            password: PASSWORD.to_owned(),
        };
        let account = add_account(&launch.app.state, new).await.unwrap();
        let person = crate::helpers::Person { id: account.id, email: email.to_owned() };
        launch.app.session(&person).await
    };
    let (first, second) = (named("sam@example.org").await, named("sam.two@example.org").await);
    let item = format!("/items/{}", launch.item("advisory"));
    for client in [&first, &second] {
        client.post(&format!("{item}/comments"), &[("body", "Seen.")]).await.expect_status(303);
        client.post(&format!("{item}/evidence-requests"), &[("text", "More?")]).await.expect_status(303);
    }
    let address = format!("/launches/{}", launch.id);
    let audit = "/audit?kind=comments".to_owned();
    for page in [item.clone(), format!("{address}/history"), audit, "/search?q=Seen".to_owned()] {
        let answer = launch.auditor.get(&page).await.expect_status(200);
        let names: Vec<String> = answer.texts("bdi").into_iter().filter(|name| name.starts_with("Sam Same")).collect();
        assert!(names.contains(&"Sam Same".to_owned()), "{page}: {names:?}");
        assert!(names.contains(&"Sam Same (sam.two@example.org)".to_owned()), "{page}: {names:?}");
    }
    let options = launch.auditor.get(&format!("{address}/history")).await.texts("select[name=actor] option");
    let equal = |option: &&String| option.starts_with("Sam Same");
    let mut same: Vec<&String> = options.iter().filter(equal).collect();
    same.dedup();
    assert_eq!(same.len(), 2, "{options:?}");
}
