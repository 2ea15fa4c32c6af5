//! A browser at the HTTP level: it stores cookies, sends the origin of its forms, and follows no redirect by itself.

use std::{net::SocketAddr, sync::Arc};

use reqwest::{
    Method, RequestBuilder, StatusCode, Url,
    cookie::{CookieStore as _, Jar},
    header::{HeaderMap, HeaderValue},
    redirect,
};
use scraper::{ElementRef, Html, Node, Selector};

use super::people::{PASSWORD, Person};

/// Gives reqwest its TLS, which it does not choose itself: it is built as the program needs it.
pub(crate) fn install_tls() {
    drop(rustls::crypto::ring::default_provider().install_default());
}

#[derive(Clone)]
pub(crate) struct Client {
    /// Who is signed in; nobody has an empty address.
    pub(crate) person: Person,
    http: reqwest::Client,
    jar: Arc<Jar>,
    base: Url,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Client {
    /// Sends a multipart form of one of the site's pages.
    pub(crate) async fn upload(&self, path: &str, form: reqwest::multipart::Form) -> Answer {
        let request = self.request(Method::POST, path).multipart(form);
        Self::send(request.header("sec-fetch-site", "same-origin")).await
    }

    /// A fresh browser at this address.
    pub(crate) fn new(address: SocketAddr) -> Self {
        let jar = Arc::new(Jar::default());
        install_tls();
        let http = reqwest::Client::builder()
            .cookie_provider(jar.clone())
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self { person: Person::nobody(), http, jar, base: format!("http://{address}").parse().unwrap() }
    }

    /// A request as this browser would send it, to be changed.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{}", self.base.as_str().trim_end_matches('/'), path))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Self::send(self.request(Method::GET, path)).await
    }

    /// Sends a form of one of the site's pages.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        Self::send(self.form(path, fields).header("sec-fetch-site", "same-origin")).await
    }

    /// A form without a header that says which site it comes from.
    pub(crate) fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        self.request(Method::POST, path).form(fields)
    }

    /// Sends a changed request.
    pub(crate) async fn send(request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        // In every test: an answer that asks to try again names the time.
        let asks_to_wait = matches!(status.as_u16(), 429 | 503 | 507);
        assert!(!asks_to_wait || headers.contains_key("retry-after"), "{status} without Retry-After");
        Answer { status, headers, body: String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned() }
    }

    /// The cookies it would send.
    pub(crate) fn cookies(&self) -> String {
        self.jar.cookies(&self.base).map_or_else(String::new, |line| line.to_str().unwrap().to_owned())
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        let all = self.cookies();
        all.split("; ")
            .filter_map(|pair| pair.split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, v)| v.to_owned())
    }

    /// Adds a cookie, as if the site had set it.
    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        let line = HeaderValue::from_str(&format!("{name}={value}; Path=/")).unwrap();
        self.jar.set_cookies(&mut [&line].into_iter(), &self.base);
    }

    /// Signs in through the login form.
    pub(crate) async fn change_name(&self, name: &str, password: &str) -> Answer {
        self.post("/account/name", &[("name", name), ("password", password)]).await
    }

    /// Requests to sign in with another address, with the password of everybody in the tests.
    pub(crate) async fn request_address(&self, email: &str) -> Answer {
        self.post("/account/address", &[("email", email), ("password", PASSWORD)]).await
    }

    pub(crate) async fn login(&self, email: &str, password: &str) -> Answer {
        self.post("/login", &[("email", email), ("password", password)]).await
    }
}

impl Answer {
    /// The target of a redirect, which the answer must be.
    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.header("location")
    }

    /// A header, or an empty text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn html(&self) -> Html {
        Html::parse_document(&self.body)
    }

    /// The texts of the elements that match a selector.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        let page = self.html();
        let texts = page.select(&selector).map(text_of);
        texts.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// An attribute of the first element that matches a selector.
    pub(crate) fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let selector = Selector::parse(selector).unwrap();
        self.html().select(&selector).next()?.attr(name).map(str::to_owned)
    }

    /// An attribute of every matching element that has it.
    pub(crate) fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.html().select(&selector).filter_map(|element| element.attr(name)).map(str::to_owned).collect()
    }

    /// Every field of a form with its value on the page, but its buttons: what a browser sends.
    #[track_caller]
    pub(crate) fn form_fields(&self, form: &str) -> Vec<(String, String)> {
        let html = self.html();
        let find = |selector: &str| Selector::parse(selector).unwrap();
        let form = html.select(&find(form)).next().unwrap_or_else(|| panic!("no {form}: {}", self.body));
        let fields = find("input[name], textarea[name], select[name]");
        let outside = form.attr("id").map(|id| find(&format!("input[name][form='{id}']")));
        let outside = outside.iter().flat_map(|selector| html.select(selector));
        form.select(&fields)
            .chain(outside)
            .filter_map(|field| Some((field.attr("name")?.to_owned(), sent_value(field)?)))
            .collect()
    }

    /// Asserts the status; a failure shows the page.
    #[track_caller]
    pub(crate) fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }
}

/// The value that a browser sends for a field; none for a box that is not ticked.
fn sent_value(field: ElementRef<'_>) -> Option<String> {
    let is_box = matches!(field.attr("type"), Some("checkbox" | "radio"));
    match field.value().name() {
        "textarea" => Some(field.text().collect::<String>().trim_start_matches('\n').to_owned()),
        "select" => {
            let options = Selector::parse("option").unwrap();
            let chosen = field.select(&options).find(|option| option.attr("selected").is_some());
            let chosen = chosen.or_else(|| field.select(&options).next());
            Some(chosen.and_then(|option| option.attr("value")).unwrap_or_default().to_owned())
        }
        _ if is_box && field.attr("checked").is_none() => None,
        _ => Some(field.attr("value").unwrap_or_default().to_owned()),
    }
}

/// The text of an element, with a space between two pieces; a name in a `<bdi>` is not a separate piece.
fn text_of(element: ElementRef<'_>) -> String {
    let mut texts = String::new();
    for node in element.descendants() {
        let Node::Text(text) = node.value() else { continue };
        let is_name = |element: &ElementRef<'_>| element.value().name() == "bdi";
        let follows_name = node.prev_sibling().and_then(ElementRef::wrap).is_some_and(|before| is_name(&before));
        let name = node.parent().and_then(ElementRef::wrap).filter(is_name);
        let follows_text = name.and_then(|name| name.prev_sibling()).is_some_and(|before| before.value().is_text());
        if !follows_name && !follows_text {
            texts.push(' ');
        }
        texts.push_str(text);
    }
    texts
}
