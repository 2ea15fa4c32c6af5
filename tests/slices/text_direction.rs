//! Text in both directions: user text is isolated, so that it does not reorder the text around it.

use scraper::{ElementRef, Html, Node};

use crate::helpers::{TestApp, admin, filled_launch::fill_launch, member};

/// `alef, bet, gimel`, with digits and a bracket that a browser would place elsewhere.
const RTL: &str = "\u{5d0}\u{5d1}\u{5d2} (12)";

fn is_rtl(text: &str) -> bool {
    text.chars().any(|c| ('\u{590}'..='\u{8ff}').contains(&c))
}

/// Removes the text between U+2068 and U+2069, which isolate text where there are no elements.
fn without_isolates(text: &str) -> String {
    let mut outside = text.split('\u{2068}');
    let mut remaining = outside.next().unwrap_or_default().to_owned();
    remaining.extend(outside.map(|rest| rest.split_once('\u{2069}').map_or(rest, |(_, after)| after)));
    remaining
}

/// The right-to-left texts of a page that are not isolated, each with its element.
fn texts_without_isolation(page: &Html) -> Vec<String> {
    let mut found = Vec::new();
    for node in page.tree.nodes() {
        let Node::Text(text) = node.value() else { continue };
        if !is_rtl(&without_isolates(text)) {
            continue;
        }
        let around: Vec<ElementRef<'_>> = node.ancestors().filter_map(ElementRef::wrap).collect();
        // A window's title is plain text; what a script makes elements of is isolated then.
        let apart = |it: &ElementRef<'_>| {
            matches!(it.value().name(), "bdi" | "title" | "template")
                || it.attr("dir") == Some("auto")
                // The bytes of an event are shown in their order.
                || (it.value().name() == "pre" && it.attr("dir") == Some("ltr"))
        };
        if !around.iter().any(apart) {
            let parent = around.first().map_or_else(String::new, ElementRef::html);
            found.push(parent.chars().take(200).collect());
        }
    }
    found
}

/// Attributes that a person reads as one text, in which such a text is beside other words and not isolated.
fn attributes_without_isolation(page: &Html) -> Vec<String> {
    let mut found = Vec::new();
    for element in page.tree.nodes().filter_map(ElementRef::wrap) {
        for name in ["title", "aria-label", "data-confirm", "placeholder"] {
            let Some(value) = element.attr(name) else { continue };
            // A name alone, as it is in the fixture, is one text of its own.
            let rest = value.replace(RTL, "");
            let has_words = !["", "Olga", "Sven", "Ann", "new", "child"].contains(&rest.trim());
            if has_words && is_rtl(&without_isolates(value)) {
                found.push(format!("{name}={value}"));
            }
        }
    }
    found
}

/// The fields that contain such a text without `dir="auto"`.
fn fields_without_direction(page: &Html) -> Vec<String> {
    let fields = scraper::Selector::parse("input:not([type=hidden]):not([hidden]), textarea, option").unwrap();
    let fields = page.select(&fields).filter(|field| {
        let text = format!("{}{}", field.attr("value").unwrap_or_default(), field.text().collect::<String>());
        is_rtl(&text) && field.attr("dir") != Some("auto")
    });
    fields.map(|field| field.html().chars().take(200).collect()).collect()
}

#[tokio::test]
async fn right_to_left_text_is_isolated_on_every_page() {
    let app = TestApp::start().await;
    let owner = app.sign_in(member().named(&format!("Olga {RTL}"))).await;
    let person = app.person(&member().named(&format!("{RTL} Sven"))).await;
    let holder = app.session(&person).await;
    let admin = app.sign_in(admin().named(&format!("Ann {RTL}"))).await;
    let pages = fill_launch(&app, (RTL, RTL), (&owner, &holder, &person.id.to_string(), &admin)).await;
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for (who, client) in [("owner", &owner), ("holder", &holder), ("admin", &admin)] {
        for page in &pages {
            let answer = client.get(page).await;
            if answer.status != 200 {
                continue;
            }
            let html = answer.html();
            seen += usize::from(is_rtl(&answer.body));
            wrong.extend(texts_without_isolation(&html).into_iter().map(|found| format!("{who} {page}: {found}")));
            wrong.extend(attributes_without_isolation(&html).into_iter().map(|found| format!("{who} {page}: {found}")));
            wrong.extend(
                fields_without_direction(&html).into_iter().map(|found| format!("{who} {page}, field: {found}")),
            );
        }
    }
    assert!(seen > 40, "{seen} pages have such a text");
    assert!(wrong.is_empty(), "{} places:\n{}", wrong.len(), wrong.join("\n"));
}
