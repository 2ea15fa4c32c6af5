//! The server under measurement, and people who send it requests.

use std::{
    env, fs,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use reqwest::{Client, RequestBuilder, Response, multipart, redirect};
use scraper::{Html, Selector};

use crate::figures::Times;

/// How many requests one measurement of a page takes.
const TIMES: usize = 60;

/// The time limit of any step, after which the measurement is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server with the demo data.
pub(crate) struct Server {
    child: Child,
    pub(crate) site: String,
    people: Vec<(String, String, String)>,
}

impl Server {
    /// Creates the demo data and starts the server on it, with the settings of `scripts/bench.sh`.
    pub(crate) async fn start() -> Self {
        let program = env!("CARGO_BIN_EXE_signoff");
        let list = env::var("SIGNOFF_BENCH_PEOPLE").expect("SIGNOFF_BENCH_PEOPLE: run this with `make bench`");
        for arguments in [&["migrate"][..], &["keys", "new"], &["demo", "--people", &list]] {
            let done = Command::new(program).args(arguments).stdout(Stdio::null()).status().unwrap();
            assert!(done.success(), "signoff {arguments:?} failed");
        }
        let child = Command::new(program).arg("serve").stdout(Stdio::null()).spawn().unwrap();
        let site = format!("http://{}", env::var("SIGNOFF_LISTEN").unwrap());
        let people = fs::read_to_string(list).unwrap();
        let people = people.lines().map(|line| {
            let mut words = line.split('\t').map(str::to_owned);
            (words.next().unwrap(), words.next().unwrap(), words.next().unwrap())
        });
        let server = Self { child, site, people: people.collect() };
        let client = Client::new();
        let begun = Instant::now();
        while client.get(format!("{}/readyz", server.site)).send().await.is_err() {
            assert!(begun.elapsed() < PATIENCE, "the server did not start");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        server
    }

    /// A person of the demo, signed in.
    pub(crate) async fn person(&self, role: &str) -> Person {
        let (email, password) = self.credentials(role);
        drop(rustls::crypto::ring::default_provider().install_default());
        let http =
            Client::builder().cookie_store(true).redirect(redirect::Policy::none()).timeout(PATIENCE).build().unwrap();
        let person = Person { http, site: self.site.clone() };
        person.post("/login", &[("email", email), ("password", password)]).await;
        person
    }

    /// The email address and password of the demo's person with this role.
    pub(crate) fn credentials(&self, role: &str) -> (&str, &str) {
        let (_, email, password) = self.people.iter().find(|(known, ..)| known == role).unwrap();
        (email, password)
    }

    /// The process's resident memory, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1_000
    }

    /// Makes a launch of a checklist with this many items, in sections of fifty; returns its address.
    pub(crate) async fn launch(&self, owner: &Person, admin: &Person, items: usize) -> String {
        let mut text = format!("# Measured with {items} items\n");
        for item in 0..items {
            if item % 250 == 0 {
                text.push_str(&format!("\n## Part {}\n", item / 250 + 1));
            }
            if item % 50 == 0 {
                text.push_str(&format!("\n### Section {}\n\n", item / 50 + 1));
            }
            let marks = ["critical; ", "", "", "advisory; "][item % 4];
            text.push_str(&format!(
                "- [ ] The service answers within its objective, case {item} {{{marks}role=operations}}\n"
            ));
        }
        text.push_str("\n## Sign-off\n\n**Operations:** ____ {role=operations}\n");
        let form = multipart::Form::new().text("markdown", text).text("step", "publish");
        let answer = admin.send(admin.http.post(admin.address("/checklists/import")).multipart(form)).await;
        assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
        let name = format!("Measured with {items} items");
        let page = owner.html("/launches/new").await;
        let options = Selector::parse("select[name=checklist] option").unwrap();
        let version = page.select(&options).find(|option| option.text().collect::<String>().contains(&name)).unwrap();
        let fields = [
            ("name", name.as_str()),
            ("checklist", version.attr("value").unwrap()),
            ("target", "2099-01-01T09:00"),
            ("zone", "Europe/Lisbon"),
        ];
        let answer = owner.post("/launches", &fields).await;
        answer.headers()["location"].to_str().unwrap().trim_end_matches("/settings").to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A person with a session.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) http: Client,
    site: String,
}

impl Person {
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.site)
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Response {
        request.header("sec-fetch-site", "same-origin").send().await.unwrap()
    }

    /// Sends a form, which must succeed.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let answer = self.send(self.http.post(self.address(path)).form(fields)).await;
        assert_eq!(answer.status(), 303, "{path}");
        answer
    }

    pub(crate) async fn page(&self, path: &str) -> Vec<u8> {
        let answer = self.send(self.http.get(self.address(path))).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.bytes().await.unwrap().to_vec()
    }

    /// Requests a page repeatedly and measures each request.
    pub(crate) async fn times(&self, path: &str) -> Times {
        let mut times = Vec::with_capacity(TIMES);
        self.page(path).await;
        for _ in 0..TIMES {
            let begun = Instant::now();
            self.page(path).await;
            times.push(begun.elapsed());
        }
        Times::new(times)
    }

    pub(crate) async fn html(&self, path: &str) -> Html {
        Html::parse_document(&String::from_utf8(self.page(path).await).unwrap())
    }

    /// The items of a launch with their versions, in order.
    pub(crate) async fn items(&self, launch: &str) -> Vec<(String, i64)> {
        let rows = Selector::parse(".item[data-item]").unwrap();
        let page = self.html(launch).await;
        let row = |row: scraper::ElementRef<'_>| {
            (row.attr("data-item").unwrap().to_owned(), row.attr("data-version").unwrap().parse().unwrap())
        };
        page.select(&rows).map(row).collect()
    }

    /// Ticks or unticks an item; returns how long that took.
    pub(crate) async fn tick(&self, (item, version): &mut (String, i64)) -> Duration {
        let state = if *version % 2 == 1 { "done" } else { "open" };
        let begun = Instant::now();
        self.post(&format!("/items/{item}/state"), &[("state", state), ("version", &version.to_string())]).await;
        *version += 1;
        begun.elapsed()
    }
}
