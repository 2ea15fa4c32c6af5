//! A notice belongs to the request that caused it: the page of another tab neither shows it nor takes it away.

use reqwest::{Method, RequestBuilder};

use crate::helpers::{
    client::{Answer, Client},
    launch::Launch,
};

/// A tab of a browser: it says which page it shows, as browsers do.
struct Tab<'a> {
    browser: &'a Client,
    page: &'a str,
}

impl Tab<'_> {
    fn say_where(&self, request: RequestBuilder, destination: &str) -> RequestBuilder {
        let page = format!("http://signoff.example.org{}", self.page);
        request.header("referer", page).header("sec-fetch-site", "same-origin").header("sec-fetch-dest", destination)
    }

    async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let sent = self.say_where(self.browser.form(path, fields), "document");
        Client::send(sent).await.location().to_owned()
    }

    /// Opens a page from this tab: follows a link or a redirect.
    async fn open(&self, path: &str) -> Answer {
        Client::send(self.say_where(self.browser.request(Method::GET, path), "document")).await.expect_status(200)
    }

    /// Fetches a page by a script, as pages do that refresh themselves.
    async fn fetch(&self, path: &str) -> Answer {
        Client::send(self.say_where(self.browser.request(Method::GET, path), "empty")).await.expect_status(200)
    }
}

fn notices(answer: &Answer) -> Vec<String> {
    answer.texts(".flash")
}

#[tokio::test]
async fn notice_is_shown_by_the_tab_that_caused_it_and_by_no_other() {
    let launch = Launch::ledger().make().await;
    let (browser, item) = (&launch.member, format!("/items/{}", launch.item("advisory")));
    let launch_path = format!("/launches/{}", launch.id);
    let tab = Tab { browser, page: &item };
    let to = tab.submit(&format!("{item}/comments"), &[("body", "One")]).await;
    assert_eq!(to, format!("{item}#comments"), "the address has nothing of the notice");
    // Another tab opens other pages, and the same one by a link; a script of it refreshes the same page.
    let other = Tab { browser, page: &launch_path };
    for page in ["/", "/launches", &launch_path, "/account", &item] {
        assert_eq!(notices(&other.open(page).await), [""; 0], "{page}");
    }
    assert_eq!(notices(&tab.fetch(&item).await), [""; 0], "a page that refreshes itself");
    // A page that is not there neither.
    let lost = tab.say_where(browser.request(Method::GET, "/nowhere"), "document");
    assert_eq!(notices(&Client::send(lost).await.expect_status(404)), [""; 0]);
    assert_eq!(notices(&tab.open(&item).await), ["Comment added."]);
    assert_eq!(notices(&tab.open(&item).await), [""; 0], "once");
}

#[tokio::test]
async fn notices_of_two_interleaved_tabs_each_reach_their_tab() {
    let launch = Launch::ledger().make().await;
    let browser = &launch.member;
    let [one, two] = ["advisory", "required"].map(|key| format!("/items/{}", launch.item(key)));
    let (first, second) = (Tab { browser, page: &one }, Tab { browser, page: &two });
    first.submit(&format!("{one}/comments"), &[("body", "One")]).await;
    second.submit(&format!("{two}/state"), &[("state", "done"), ("version", "1")]).await;
    assert_eq!(notices(&first.open(&one).await), ["Comment added."]);
    let marked = notices(&second.open(&two).await);
    assert!(marked.len() == 1 && !marked[0].contains("comment"), "{marked:?}");
    // Both tabs show the same page: each shows its own, in the order of the changes.
    let third = Tab { browser, page: &one };
    first.submit(&format!("{one}/comments"), &[("body", "Two")]).await;
    third.submit(&format!("{one}/state"), &[("state", "done"), ("version", "1")]).await;
    assert_eq!(notices(&first.open(&one).await), ["Comment added."]);
    assert_eq!(notices(&third.open(&one).await), marked);
    assert_eq!(notices(&first.open(&one).await), [""; 0]);
}

/// A browser that loads no pages does not collect cookies without end; a program that does not say where it is keeps the
/// newest notice for each page.
#[tokio::test]
async fn notices_that_nobody_looks_at_are_at_most_four() {
    let launch = Launch::ledger().make().await;
    let item = format!("/items/{}", launch.item("advisory"));
    let tab = Tab { browser: &launch.member, page: &item };
    for at in 0..9 {
        tab.submit(&format!("{item}/comments"), &[("body", &format!("Number {at}"))]).await;
    }
    assert_eq!(launch.member.cookies().matches("signoff-flash").count(), 4);
    launch.other.post(&format!("{item}/comments"), &[("body", "One")]).await.expect_status(303);
    launch.other.post(&format!("{item}/state"), &[("state", "done"), ("version", "1")]).await.expect_status(303);
    assert_eq!(launch.other.cookies().matches("signoff-flash").count(), 1);
    let shown = notices(&launch.other.get(&item).await);
    assert!(shown.len() == 1 && !shown[0].contains("comment"), "{shown:?}");
}
