//! Who gets through to what: the table of `docs/access.md`, made from the application's own list of routes and from the
//! rules below, which are written from the specification and not from the code; and every cell of it tried for real.
//!
//! A route without a rule, and a cell that answers otherwise than it says, fails. `BLESS=1` writes the document anew.

use std::{collections::BTreeMap, env, fmt::Write as _, fs, path::Path};

use reqwest::{Method, multipart};
use signoff::{
    app,
    domain::{
        launch::command::Command,
        role::InstallationRole::{Admin, Member},
    },
    web::route::{Right, Route},
};
use uuid::Uuid;

use crate::{
    helpers::{
        client::{Answer, Client},
        launch::Team,
        people::Who,
    },
    routes::Installation,
};

/// What somebody is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    /// They get through to it: what follows depends on what they send and on how the launch stands.
    Yes,
    /// 403: they may know of it, and are not entitled.
    No,
    /// 404, as for what is not there.
    Hidden,
    /// They are led to where one signs in: 303 there, or 401.
    SignIn,
}

use Cell::{Hidden, No, SignIn, Yes};

impl Cell {
    const fn word(self) -> &'static str {
        match self {
            Yes => "yes",
            No => "–",
            Hidden => "hidden",
            SignIn => "sign in",
        }
    }
}

/// The columns, in the order of the document.
const PEOPLE: [&str; 8] = ["signed out", "outsider", "member", "participant", "holder", "owner", "auditor", "admin"];

type Row = [Cell; PEOPLE.len()];

const EVERYBODY: Row = [Yes; 8];
const SIGNED_IN: Row = [SignIn, Yes, Yes, Yes, Yes, Yes, Yes, Yes];
const ADMINS: Row = [SignIn, No, No, No, No, No, No, Yes];
const MEMBERS: Row = [SignIn, Yes, Yes, Yes, Yes, Yes, No, No];

/// Routes whose right says less than their handlers ask.
const OTHERWISE: [(&str, &str, Row); 2] = [("GET", "/launches/new", MEMBERS), ("POST", "/launches", MEMBERS)];

/// What only who holds an address may open: the address is the right, and nobody here has it.
const BY_ADDRESS: [(&str, &str); 4] = [
    ("/password-resets/", "whoever has the address that was made for a new password"),
    ("/setup/", "whoever has the address that is printed while nobody has an account"),
    ("/invitations/", "whoever has the address of an invitation"),
    ("/account/sessions/", "whose session it is"),
];

/// Who may do what on a launch, by the names that routes give their rights.
const ON_A_LAUNCH: [(&str, Row); 24] = [
    ("see", [SignIn, Hidden, Yes, Yes, Yes, Yes, Yes, Yes]),
    // Whoever takes part.
    ("mark", TAKES_PART),
    ("attach", TAKES_PART),
    ("comment", TAKES_PART),
    ("assign", TAKES_PART),
    ("ask_waiver", TAKES_PART),
    ("answer_request", TAKES_PART),
    ("write_notes", TAKES_PART),
    ("take_part", TAKES_PART),
    ("request_evidence", [SignIn, Hidden, Yes, Yes, Yes, Yes, Yes, No]),
    // Whoever made it.
    ("edit_comment", [SignIn, Hidden, No, Yes, No, No, No, No]),
    ("withdraw_evidence", [SignIn, Hidden, No, Yes, No, Yes, No, No]),
    // A holder of the item's role who did not ask.
    ("agree", [SignIn, Hidden, No, No, Yes, No, No, No]),
    ("decide_waiver", [SignIn, Hidden, No, No, Yes, No, No, No]),
    ("revoke_waiver", [SignIn, Hidden, No, No, Yes, Yes, No, No]),
    ("sign", [SignIn, Hidden, No, No, Yes, No, No, No]),
    ("withdraw_signature", [SignIn, Hidden, No, No, Yes, No, No, No]),
    // The owner.
    ("hide_comment", OWNS),
    ("ask_signatures", OWNS),
    ("decide", OWNS),
    ("live", OWNS),
    ("change_settings", OWNS),
    ("manage_holders", OWNS),
    ("manage_participants", OWNS),
];
const TAKES_PART: Row = [SignIn, Hidden, Yes, Yes, Yes, Yes, No, No];
const OWNS: Row = [SignIn, Hidden, No, No, No, Yes, No, No];
const TRANSFERS: Row = [SignIn, Hidden, No, No, No, Yes, No, Yes];

/// Who is let through to a route; `Err` says in words whose it is, where an address is its own right.
fn rule(route: &Route) -> Result<Row, &'static str> {
    if let Some((_, whose)) = BY_ADDRESS.iter().find(|(begins, _)| route.path.starts_with(begins)) {
        // Ending all one's other sessions names none.
        if route.path.contains('{') {
            return Err(whose);
        }
    }
    if let Some((.., row)) = OTHERWISE.iter().find(|(method, path, _)| route.method == *method && route.path == *path) {
        return Ok(*row);
    }
    Ok(match route.right {
        Right::Public => EVERYBODY,
        Right::SignedIn => SIGNED_IN,
        Right::Auditing => [SignIn, No, No, No, No, No, Yes, Yes],
        Right::Admin => ADMINS,
        Right::Launch("transfer") => TRANSFERS,
        Right::Launch(name) => {
            ON_A_LAUNCH
                .iter()
                .find(|(known, _)| *known == name)
                .unwrap_or_else(|| panic!("who may {name:?} on a launch? {} {}", route.method, route.path))
                .1
        }
    })
}

/// A restricted launch with one of each, and an open one on which a member takes part without being named.
struct World {
    restricted: Installation,
    open: Installation,
    outsider: Client,
    admin: Client,
}

impl World {
    async fn make() -> Self {
        let restricted = Team::restricted().await;
        restricted.does(Command::AddParticipant { user: restricted.member_id }).await;
        let mut restricted = Self::with_file(Installation::of(restricted).await).await;
        let outsider = restricted.team.other.clone();
        // Who only administers: being a member besides would let them take part.
        let person = restricted.team.app.person(&Who { name: "Adam Only".to_owned(), roles: vec![Admin] }).await;
        let admin = restricted.team.app.session(&person).await;
        let scapegoat = restricted.team.app.person(&Who { name: "Gil Goat".to_owned(), roles: vec![Member] }).await;
        restricted.ids.retain(|(beginning, _)| *beginning != "/admin/people/");
        restricted.ids.push(("/admin/people/", scapegoat.id.to_string()));
        let open = Self::with_file(Installation::of(Team::start().await).await).await;
        Self { restricted, open, outsider, admin }
    }

    /// The evidence that addresses name is a picture, which has a file and what is drawn of it.
    async fn with_file(mut installation: Installation) -> Installation {
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(4, 4).write_to(&mut png, image::ImageFormat::Png).unwrap();
        let part = multipart::Part::bytes(png.into_inner()).file_name("seen.png");
        let team = &installation.team;
        team.member
            .upload(&team.path("advisory", "/evidence"), multipart::Form::new().part("files", part))
            .await
            .is(303);
        let state = team.state().await;
        let (evidence, _) = state.evidence.iter().find(|(_, kept)| kept.item == team.item("advisory")).unwrap();
        let named = installation.ids.iter_mut().find(|(beginning, _)| *beginning == "/evidence/").unwrap();
        named.1 = evidence.to_string();
        installation
    }

    /// Whoever stands in a column, and where they ask.
    fn person(&self, column: &str) -> (&Installation, &Client) {
        let team = &self.restricted.team;
        let client = match column {
            "signed out" => &team.anon,
            "outsider" => &self.outsider,
            "member" => return (&self.open, &self.open.team.other),
            "participant" => &team.member,
            "holder" => &team.operations,
            "owner" => &team.owner,
            "auditor" => &team.auditor,
            "admin" => &self.admin,
            _ => panic!("who is {column}?"),
        };
        (&self.restricted, client)
    }

    /// What this route answers this person, and whether it may have changed something.
    async fn ask(&self, route: &Route, column: &str) -> (Cell, bool) {
        let (installation, client) = self.person(column);
        let address = installation.address(route, None);
        let request = match route.method {
            // A form that says for which role, since holders sign for theirs, and which part of a draft; nothing else
            // that is wanted.
            Method::POST => {
                let part =
                    installation.ids.iter().find(|(beginning, _)| *beginning == "/draft/parts/").unwrap().1.as_str();
                let form = [("role", "operations"), ("node", part), ("to", part)];
                client.form(&address, &form).header("sec-fetch-site", "same-origin")
            }
            _ => client.request(Method::GET, &address),
        };
        // The answer's body is left alone: a stream of events has no end.
        let answer = request.send().await.unwrap();
        let to = answer.headers().get("location").map_or("", |to| to.to_str().unwrap());
        let cell = match answer.status().as_u16() {
            401 => SignIn,
            303 if to.starts_with("/login") && !route.path.starts_with("/log") => SignIn,
            403 => No,
            404 => Hidden,
            status if status < 500 => Yes,
            status => panic!("{} {address}, {column}: {status}", route.method),
        };
        (cell, route.changes && answer.status().as_u16() < 400)
    }
}

#[tokio::test]
async fn every_cell_of_the_table_holds() {
    let (mut world, mut worn) = (World::make().await, false);
    let mut otherwise = Vec::new();
    for route in &app::routes() {
        let Ok(row) = rule(route) else { continue };
        for (column, expected) in PEOPLE.iter().zip(row) {
            let (mut found, mut changed) = world.ask(route, column).await;
            // What somebody was let through to do may be what this one was to be tried on.
            if found != expected && worn {
                (world, worn) = (World::make().await, false);
                (found, changed) = world.ask(route, column).await;
            }
            worn |= changed;
            if found != expected {
                otherwise.push(format!("{} {}, {column}: {expected:?} expected, {found:?}", route.method, route.path));
            }
        }
    }
    assert!(otherwise.is_empty(), "{otherwise:#?}");
}

/// An answer without what differs between any two requests: their number and time, and the ids that were asked for.
fn told(answer: &Answer, ids: &[&str]) -> (u16, Vec<(String, String)>, String) {
    let request = answer.header("x-request-id").to_owned();
    let plain = |text: &str| ids.iter().fold(text.replace(&request, "REQUEST"), |text, id| text.replace(id, "ID"));
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| (name.to_string(), plain(value.to_str().unwrap()))).collect();
    (answer.status.as_u16(), headers, plain(&answer.body))
}

#[tokio::test]
async fn what_is_hidden_answers_as_what_does_not_exist() {
    let world = World::make().await;
    let nowhere = Uuid::new_v4().to_string();
    let mut tried = 0;
    for route in &app::routes() {
        if !matches!(route.right, Right::Launch(_)) {
            continue;
        }
        let hidden = world.restricted.address(route, None);
        let id = hidden.split('/').nth(2).unwrap();
        let missing = world.restricted.address(route, Some((0, &nowhere)));
        let ask = async |address: &str| match route.method {
            Method::POST => world.outsider.post(address, &[("role", "operations"), ("reason", "because")]).await,
            _ => world.outsider.get(address).await,
        };
        let (hidden, missing) = (ask(&hidden).await.is(404), ask(&missing).await.is(404));
        assert_eq!(told(&hidden, &[id]), told(&missing, &[&nowhere]), "{} {}", route.method, route.path);
        tried += 1;
    }
    assert!(tried > 40, "{tried}");
}

#[test]
fn every_rule_is_some_routes() {
    let routes = app::routes();
    for (name, _) in ON_A_LAUNCH {
        assert!(routes.iter().any(|route| route.right == Right::Launch(name)), "no route demands {name:?}");
    }
    for (method, path, _) in OTHERWISE {
        assert!(routes.iter().any(|route| route.method == method && route.path == path), "{method} {path}");
    }
}

const HEAD: &str = "\
# Who gets through to what

Every route of the application, and what each kind of person is answered. This page is written by a test from the
application's own list of routes (`BLESS=1 cargo test every_route_is_in_the_document` writes it anew), and another test
asks every route as every one of these people.

- **yes**: they get through. What follows depends on what they send, on the launch's stage, and on what each form says.
- **–**: 403. They may know of it, and are not entitled.
- **hidden**: 404, with the very answer of what does not exist.
- **sign in**: they are led to where one signs in (303), or told to (401).

The people: an *outsider* is a member whom a restricted launch does not name; a *member* takes part in a launch that is
open to everyone signed in; the others are asked about the restricted one: a *participant* it names, who here wrote the
comment, attached the evidence, marked the item and asked for the waiver; a *holder* of the item's sign-off role, who
here made the signature; its *owner*, who holds no role; an *auditor*; and an *admin* who is not a member as well. Who is
several of these may do what any of them may, but an auditor is nothing else.
";

#[test]
fn every_route_is_in_the_document() {
    let mut groups: BTreeMap<&str, Vec<Route>> = BTreeMap::new();
    for route in app::routes() {
        let group = match route.path.split('/').nth(1).unwrap_or_default() {
            "" | "search" | "audit" | "live" => "Across launches",
            "launches" => "Launches",
            "items" | "evidence" | "waivers" | "comments" | "evidence-requests" => "Items",
            "signatures" => "Signatures",
            "checklists" => "Checklists",
            "admin" => "Administration",
            "assets" | "healthz" | "readyz" => "The site",
            _ => "Accounts",
        };
        groups.entry(group).or_default().push(route);
    }
    let mut text = HEAD.to_owned();
    for (group, mut routes) in groups {
        routes.sort_by_key(|route| (route.path, route.changes));
        write!(text, "\n## {group}\n\n| route | {} |\n|---|{}\n", PEOPLE.join(" | "), "---|".repeat(PEOPLE.len()))
            .unwrap();
        for route in routes {
            let cells = match rule(&route) {
                Ok(row) => row.map(Cell::word).join(" | "),
                Err(whose) => format!("{whose}{}", " |".repeat(PEOPLE.len() - 1)),
            };
            writeln!(text, "| `{} {}` | {cells} |", route.method, route.path).unwrap();
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/access.md");
    if env::var_os("BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "docs/access.md is not what the routes and rules make; BLESS=1 writes it anew");
}
