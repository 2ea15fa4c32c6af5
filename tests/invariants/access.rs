//! Who has access to what: the table of `docs/access.md`, made from the application's own list of routes and from the
//! rules below, which are written from the specification and not from the code; every cell of it is tried with a real
//! request.
//!
//! A route without a rule fails, and so does a cell whose answer differs from the table. `BLESS=1` rewrites the
//! document.

use std::{collections::BTreeMap, env, fmt::Write as _, fs, path::Path};

use reqwest::{Method, multipart};
use signoff::{
    app,
    domain::{
        launch::{access::ActKind, command::Command},
        role::InstallationRole::{Admin, Member},
    },
    web::route::{Right, Route},
};
use strum::IntoEnumIterator as _;
use uuid::Uuid;

use crate::helpers::{
    client::{Answer, Client},
    installation::Installation,
    launch::Launch,
    people::TestPerson,
};

/// How a request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Allowed: the rest depends on the input and on the state of the launch.
    Yes,
    /// 403: the person may know that it exists, but has no right to it.
    No,
    /// 404, as for something that does not exist.
    Hidden,
    /// Led to the login page: 303 to it, or 401.
    SignIn,
}

use Access::{Hidden, No, SignIn, Yes};

impl Access {
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

type Row = [Access; PEOPLE.len()];

const EVERYBODY: Row = [Yes; 8];
const SIGNED_IN: Row = [SignIn, Yes, Yes, Yes, Yes, Yes, Yes, Yes];
const ADMINS: Row = [SignIn, No, No, No, No, No, No, Yes];
const MEMBERS: Row = [SignIn, Yes, Yes, Yes, Yes, Yes, No, No];

/// Routes whose handlers demand more than the route's right says.
const EXCEPTIONS: [(&str, &str, Row); 2] = [("GET", "/launches/new", MEMBERS), ("POST", "/launches", MEMBERS)];

/// Routes that only the holder of a secret address may open: the address is the right, and nobody in this test has it.
const BY_ADDRESS: [(&str, &str); 9] = [
    ("/password-resets/", "anyone with the address of a password reset"),
    ("/setup/", "anyone with the address that the server prints while no account exists"),
    ("/invitations/", "anyone with the address of an invitation"),
    ("/calendars/", "anyone with the address of a person’s calendar"),
    ("/unsubscribe/", "anyone with the address in a mail"),
    ("/account/address/", "the person who requested the address"),
    ("/account/sessions/", "the person whose session it is"),
    ("/saved-filters/", "the person who saved the filter"),
    ("/notifications/", "the person who is notified"),
];

/// Who may do what on a launch.
const fn expected_row_on_launch(act: ActKind) -> Row {
    match act {
        ActKind::View => [SignIn, Hidden, Yes, Yes, Yes, Yes, Yes, Yes],
        ActKind::Mark
        | ActKind::Attach
        | ActKind::Comment
        | ActKind::Assign
        | ActKind::AskWaiver
        | ActKind::AnswerRequest
        | ActKind::WriteNotes
        | ActKind::Participate => PARTICIPANTS,
        ActKind::RequestEvidence => [SignIn, Hidden, Yes, Yes, Yes, Yes, Yes, No],
        // The author.
        ActKind::EditComment => [SignIn, Hidden, No, Yes, No, No, No, No],
        ActKind::WithdrawEvidence => [SignIn, Hidden, No, Yes, No, Yes, No, No],
        // A holder of the item's role who did not make the request.
        ActKind::Agree | ActKind::DecideWaiver | ActKind::Sign | ActKind::WithdrawSignature => {
            [SignIn, Hidden, No, No, Yes, No, No, No]
        }
        ActKind::RevokeWaiver => [SignIn, Hidden, No, No, Yes, Yes, No, No],
        ActKind::HideComment
        | ActKind::AskSignatures
        | ActKind::Decide
        | ActKind::ManageLifecycle
        | ActKind::ChangeSettings
        | ActKind::ManageHolders
        | ActKind::ManageParticipants => OWNER_ONLY,
        ActKind::Transfer => OWNER_OR_ADMIN,
    }
}

const PARTICIPANTS: Row = [SignIn, Hidden, Yes, Yes, Yes, Yes, No, No];
const OWNER_ONLY: Row = [SignIn, Hidden, No, No, No, Yes, No, No];
const OWNER_OR_ADMIN: Row = [SignIn, Hidden, No, No, No, Yes, No, Yes];

/// The expected access of each person to a route; `Err` describes who may use it where the address itself is the right.
fn expected_row(route: &Route) -> Result<Row, &'static str> {
    if let Some((_, whose)) = BY_ADDRESS.iter().find(|(begins, _)| route.path.starts_with(begins)) {
        // Ending all one's other sessions has no id in its path.
        if route.path.contains('{') {
            return Err(whose);
        }
    }
    if let Some((.., row)) = EXCEPTIONS.iter().find(|(method, path, _)| route.method == *method && route.path == *path)
    {
        return Ok(*row);
    }
    Ok(match route.right {
        Right::Public => EVERYBODY,
        Right::SignedIn => SIGNED_IN,
        Right::AuditReader => [SignIn, No, No, No, No, No, Yes, Yes],
        Right::Admin => ADMINS,
        Right::Launch(act) => expected_row_on_launch(act),
    })
}

/// A restricted launch with one object of each kind, and an open launch on which a member is a participant without
/// being named.
struct World {
    restricted: Installation,
    open: Installation,
    outsider: Client,
    admin: Client,
}

impl World {
    async fn make() -> Self {
        let restricted = Launch::ledger().restricted().make().await;
        restricted.run_command(&restricted.owner, Command::AddParticipant { user: restricted.member.person.id }).await;
        let mut restricted = Self::with_file(Installation::of(restricted).await).await;
        let outsider = restricted.launch.other.clone();
        // An admin who is not also a member, since a member would be a participant.
        let person =
            restricted.launch.app.person(&TestPerson { name: "Adam Only".to_owned(), roles: vec![Admin] }).await;
        let admin = restricted.launch.app.session(&person).await;
        let scapegoat =
            restricted.launch.app.person(&TestPerson { name: "Gil Goat".to_owned(), roles: vec![Member] }).await;
        restricted.ids.retain(|(beginning, _)| *beginning != "/admin/people/");
        restricted.ids.push(("/admin/people/", scapegoat.id.to_string()));
        let open = Self::with_file(Installation::of(Launch::ledger().make().await).await).await;
        Self { restricted, open, outsider, admin }
    }

    /// Makes the evidence whose id the addresses contain a picture, so that it has a file and thumbnails.
    async fn with_file(mut installation: Installation) -> Installation {
        let mut png = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(4, 4).write_to(&mut png, image::ImageFormat::Png).unwrap();
        let part = multipart::Part::bytes(png.into_inner()).file_name("seen.png");
        let launch = &installation.launch;
        launch
            .member
            .upload(&launch.item_path("advisory", "/evidence"), multipart::Form::new().part("files", part))
            .await
            .expect_status(303);
        let state = launch.state().await;
        let (evidence, _) =
            state.evidence.iter().find(|(_, candidate)| candidate.item == launch.item("advisory")).unwrap();
        let named = installation.ids.iter_mut().find(|(beginning, _)| *beginning == "/evidence/").unwrap();
        named.1 = evidence.to_string();
        installation
    }

    /// The installation and the browser that a column's person uses.
    fn person(&self, column: &str) -> (&Installation, &Client) {
        let launch = &self.restricted.launch;
        let client = match column {
            "signed out" => &launch.anon,
            "outsider" => &self.outsider,
            "member" => return (&self.open, &self.open.launch.other),
            "participant" => &launch.member,
            "holder" => &launch.operations,
            "owner" => &launch.owner,
            "auditor" => &launch.auditor,
            "admin" => &self.admin,
            _ => panic!("who is {column}?"),
        };
        (&self.restricted, client)
    }

    /// How this route answers this person, and whether the request may have changed something.
    async fn request_as(&self, route: &Route, column: &str) -> (Access, bool) {
        let (installation, client) = self.person(column);
        let address = installation.address(route, None);
        let request = match route.method {
            // The form contains only the role, since holders sign for theirs, and the part of a draft; all other fields
            // are missing.
            Method::POST => {
                let part =
                    installation.ids.iter().find(|(beginning, _)| *beginning == "/draft/parts/").unwrap().1.as_str();
                let form = [("role", "operations"), ("node", part), ("to", part)];
                client.form(&address, &form).header("sec-fetch-site", "same-origin")
            }
            _ => client.request(Method::GET, &address),
        };
        // The body is not read: an event stream has no end.
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
async fn access_table_for_every_route_and_person_holds() {
    let (mut world, mut worn) = (World::make().await, false);
    let mut otherwise = Vec::new();
    for route in &app::routes() {
        let Ok(row) = expected_row(route) else { continue };
        for (column, expected) in PEOPLE.iter().zip(row) {
            let (mut found, mut changed) = world.request_as(route, column).await;
            // An allowed request may have changed the object that this person's request needs: try again in a fresh
            // world.
            if found != expected && worn {
                (world, worn) = (World::make().await, false);
                (found, changed) = world.request_as(route, column).await;
            }
            worn |= changed;
            if found != expected {
                otherwise.push(format!("{} {}, {column}: {expected:?} expected, {found:?}", route.method, route.path));
            }
        }
    }
    assert!(otherwise.is_empty(), "{otherwise:#?}");
}

/// An answer without what differs between any two requests: request id, time, and the requested ids.
fn answer_without_ids(answer: &Answer, ids: &[&str]) -> (u16, Vec<(String, String)>, String) {
    let request = answer.header("x-request-id").to_owned();
    let plain = |text: &str| ids.iter().fold(text.replace(&request, "REQUEST"), |text, id| text.replace(id, "ID"));
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| (name.to_string(), plain(value.to_str().unwrap()))).collect();
    (answer.status.as_u16(), headers, plain(&answer.body))
}

#[tokio::test]
async fn hidden_launch_at_every_route_answers_as_a_missing_one() {
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
        let (hidden, missing) = (ask(&hidden).await.expect_status(404), ask(&missing).await.expect_status(404));
        assert_eq!(
            answer_without_ids(&hidden, &[id]),
            answer_without_ids(&missing, &[&nowhere]),
            "{} {}",
            route.method,
            route.path
        );
        tried += 1;
    }
    assert!(tried > 40, "{tried}");
}

#[test]
fn access_rule_without_a_route_does_not_exist() {
    let routes = app::routes();
    for act in ActKind::iter() {
        assert!(routes.iter().any(|route| route.right == Right::Launch(act)), "no route demands {act:?}");
    }
    for (method, path, _) in EXCEPTIONS {
        assert!(routes.iter().any(|route| route.method == method && route.path == path), "{method} {path}");
    }
}

const HEAD: &str = "\
# Routes and who may use them

This page lists every route of the application and how the application answers each kind of person. A test writes this page
from the application's own list of routes (`BLESS=1 cargo test access_document_lists_every_route` writes it again). Another
test requests every route as each of these people.

- **yes**: the request reaches the handler. The rest depends on the form that was sent, on the launch's stage, and on the
  rules of that form.
- **–**: 403. The person may know that it exists, but has no right to it.
- **hidden**: 404, with exactly the answer for something that does not exist.
- **sign in**: a page redirects to sign-in (303); any other request is answered with 401.

The people: an *outsider* is a member whom a restricted launch does not name. A *member* takes part in a launch that is open
to everyone who is signed in. All others are tried on the restricted launch: a *participant* whom it names, and who in this
test wrote the comment, attached the evidence, marked the item and asked for the waiver; a *holder* of the item's sign-off
role, who in this test made the signature; its *owner*, who holds no role; an *auditor*; and an *admin* who is not also a
member. A person who is several of these may do what each of them may do, but an auditor can be nothing else.
";

#[test]
fn access_document_lists_every_route() {
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
            let cells = match expected_row(&route) {
                Ok(row) => row.map(Access::word).join(" | "),
                Err(whose) => format!("{whose}{}", " |".repeat(PEOPLE.len() - 1)),
            };
            writeln!(text, "| `{} {}` | {cells} |", route.method, route.path).unwrap();
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/access.md");
    if env::var_os("BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == text, "docs/access.md is not what the routes and rules make; BLESS=1 writes it anew");
}
