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

/// The places of a page that name this person without a mark nearby.
fn unmarked_names(page: &Answer, name: &str) -> (usize, Vec<String>) {
    let html = page.html();
    let names = html.select(&Selector::parse("bdi").unwrap()).collect::<Vec<_>>();
    let names: Vec<_> = names.into_iter().filter(|bdi| bdi.text().collect::<String>() == name).collect();
    let is_unmarked = |near: &ElementRef<'_>| !near.text().collect::<String>().contains("deactivated");
    let unmarked = names.iter().filter_map(find_block).filter(is_unmarked);
    (names.len(), unmarked.map(|near| near.html().chars().take(300).collect()).collect())
}

#[tokio::test]
async fn deactivated_person_is_marked_on_every_page_that_names_them() {
    let app = TestApp::start().await;
    let (owner, admin) = (app.sign_in(member().named("Olga Owner")).await, app.sign_in(admin()).await);
    let hilde = app.person(&member().named("Hilde Holder")).await;
    let holder = app.session(&hilde).await;
    let pages = fill_launch(&app, ("Remark", "log"), (&owner, &holder, &hilde.id.to_string(), &admin)).await;
    let item = pages.iter().filter(|page| page.starts_with("/items/")).nth(2).unwrap().clone();
    holder.post(&format!("{item}/comments"), &[("body", "Seen.")]).await.expect_status(303);
    holder.post(&format!("{item}/evidence-requests"), &[("text", "More?")]).await.expect_status(303);
    admin.post(&format!("/admin/people/{}/deactivation", hilde.id), &[]).await.expect_status(303);
    let (mut wrong, mut places) = (Vec::new(), 0);
    for page in &pages {
        for client in [&owner, &admin] {
            let answer = client.get(page).await;
            let (named, unmarked) = unmarked_names(&answer, "Hilde Holder");
            if page.contains("/as-of/") {
                let marked = answer.texts(".chip").iter().filter(|chip| *chip == "deactivated").count();
                assert_eq!(marked, 0, "{page}: what was is shown as it was");
                continue;
            }
            places += named;
            wrong.extend(unmarked.into_iter().map(|near| format!("{page}: {near}")));
        }
    }
    assert!(places > 25, "{places} places name her");
    assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), wrong.join("\n"));
    // Reactivated, she is marked nowhere.
    admin.post(&format!("/admin/people/{}/reactivation", hilde.id), &[]).await.expect_status(303);
    for page in pages.iter().filter(|page| !page.starts_with("/admin") && !page.starts_with("/audit")) {
        let chips = owner.get(page).await.texts(".chip");
        assert!(!chips.contains(&"deactivated".to_owned()), "{page}: {chips:?}");
    }
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
