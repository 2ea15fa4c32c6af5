//! Ids that belong to others, one at a time, in every place where an id is accepted: in addresses, in any spelling, and
//! in form fields, hidden ones too.

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use signoff::{
    ambient,
    domain::{
        ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, LaunchId, SignatureId, UserId, WaiverId},
        launch::{
            command::{Command, NewEvidence, NewLaunch},
            event::Policy,
        },
    },
    web::idempotency::new_text,
};
use uuid::Uuid;

use super::{assert_refused, count_events};
use crate::helpers::{client::Client, people::PASSWORD, team::Team};

/// One object of each kind of somebody else's launch.
struct OtherLaunch {
    launch: LaunchId,
    item: ItemId,
    evidence: EvidenceId,
    waiver: WaiverId,
    comment: CommentId,
    request: EvidenceRequestId,
    signature: SignatureId,
}

impl OtherLaunch {
    /// Makes a launch in the same installation that Otto Other owns and signs.
    async fn make(team: &Team, restricted: bool) -> Self {
        let otto: UserId = sqlx::query_scalar("SELECT id FROM users WHERE name = 'Otto Other'")
            .fetch_one(&team.app.owner)
            .await
            .unwrap();
        let known = team.state().await;
        let launch: LaunchId = ambient::new_id();
        let new = NewLaunch {
            id: launch,
            name: new_text("Elsewhere"),
            summary: None,
            target: known.details.target.clone(),
            policy: Policy::default(),
            restricted,
            version: known.version.clone(),
        };
        let (record, db) = (&team.app.state.record, &team.app.state.db);
        record.create(db, team.asker_for(otto), new).await.unwrap();
        let item = ItemId::from_key(launch, &"required".parse().unwrap());
        let (evidence, waiver) = (ambient::new_id(), ambient::new_id());
        let (comment, request) = (ambient::new_id(), ambient::new_id());
        let content = NewEvidence::Note(new_text("of another launch"));
        let expires_on = "2099-01-01".parse().unwrap();
        let (reason, control) = (new_text("no time"), new_text("by hand"));
        let commands = vec![
            Command::AddHolder { role: "security".parse().unwrap(), user: otto },
            Command::AttachEvidence { item, evidence, content, observed_on: None, valid_until: None },
            Command::AskWaiver { item, waiver, reason, control, expires_on },
            Command::AddComment { item, comment, body: new_text("a remark") },
            Command::RequestEvidence { item, request, text: new_text("the log") },
        ];
        record.execute(db, team.asker_for(otto), launch, commands).await.unwrap();
        let objection = [("role", "security"), ("verdict", "no_go"), ("comment", "No."), ("password", PASSWORD)];
        let page: serde_json::Value =
            serde_json::from_str(&team.other.get(&format!("/launches/{launch}/readiness.json")).await.body).unwrap();
        let digest = page["digest"]["security"].as_str().unwrap();
        let form = [&objection[..], &[("digest", digest)]].concat();
        team.other.post(&format!("/launches/{launch}/signatures"), &form).await.expect_status(303);
        let state = record.load(db, launch).await.unwrap().unwrap();
        Self { launch, item, evidence, waiver, comment, request, signature: state.signatures[0].record.id }
    }
}

/// The owner and the holders of one launch request every address of every object of another launch, which is hidden
/// from them.
#[tokio::test]
async fn id_of_a_hidden_launch_in_any_address_is_not_found() {
    let team = Team::start().await;
    let OtherLaunch { launch, item, evidence, waiver, comment, request, signature } =
        OtherLaunch::make(&team, true).await;
    let before = count_events(&team.app).await;
    let anybody = team.member_id.to_string();
    let withdrawal = [("comment", "Mine now."), ("password", PASSWORD)];
    let waiver_form = [("reason", "x"), ("control", "y"), ("expires_on", "2099-01-01")];
    let tried: [(String, &[(&str, &str)]); 19] = [
        (format!("/items/{item}/state"), &[("state", "done"), ("version", "1")]),
        (format!("/items/{item}/comments"), &[("body", "Hello.")]),
        (format!("/items/{item}/assignment"), &[("assignee", &anybody)]),
        (format!("/items/{item}/waivers"), &waiver_form),
        (format!("/items/{item}/evidence-requests"), &[("text", "More.")]),
        (format!("/items/{item}/agreement"), &[("verdict", "agree")]),
        (format!("/evidence/{evidence}/withdrawal"), &[("reason", "x")]),
        (format!("/waivers/{waiver}/approval"), &[("verdict", "approve")]),
        (format!("/waivers/{waiver}/revocation"), &[("reason", "x")]),
        (format!("/comments/{comment}"), &[("body", "Hello.")]),
        (format!("/comments/{comment}/deletion"), &[]),
        (format!("/comments/{comment}/hiding"), &[("hidden", "yes")]),
        (format!("/evidence-requests/{request}/answer"), &[("text", "Here.")]),
        (format!("/signatures/{signature}/withdrawal"), &withdrawal),
        (format!("/launches/{launch}/notes"), &[("notes", "Hello.")]),
        (format!("/launches/{launch}/holders"), &[("role", "security"), ("user", &anybody), ("action", "add")]),
        (format!("/launches/{launch}/participants"), &[("user", &anybody), ("action", "add")]),
        (format!("/launches/{launch}/owner"), &[("owner", &anybody)]),
        (format!("/launches/{launch}/restriction"), &[("restricted", "off")]),
    ];
    for client in [&team.owner, &team.security, &team.member] {
        for (path, form) in &tried {
            let answer = client.post(path, form).await.expect_status(404);
            assert_refused(&answer, (before, count_events(&team.app).await), path);
        }
        // Its item in a bulk change together with one's own.
        let both = [team.item("required"), item].map(|item| format!("{item}.1"));
        let form = [("act", "done"), ("item", &*both[0]), ("item", &*both[1])];
        let answer = client.post(&format!("/launches/{}/items", team.launch), &form).await.expect_status(404);
        assert_refused(&answer, (before, count_events(&team.app).await), "many items");
    }
}

/// Ids of another launch in the fields of one's own launch, with and without the right to see the other one.
#[tokio::test]
async fn id_of_another_launch_in_any_address_is_not_found() {
    for restricted in [true, false] {
        let team = Team::start().await;
        let there = OtherLaunch::make(&team, restricted).await;
        let before = count_events(&team.app).await;
        let now = || count_events(&team.app);
        let launch = |rest: &str| format!("/launches/{}{rest}", team.launch);

        // Evidence to reuse.
        let again = |id: &str| Form::new().text("existing", id.to_owned());
        let answer = team.member.upload(&team.path("advisory", "/evidence"), again(&there.evidence.to_string())).await;
        assert_refused(&answer.expect_status(404), (before, now().await), "existing");

        // The objection that a signature lifts, and the conditions that a decision or a closing names.
        let page: serde_json::Value =
            serde_json::from_str(&team.security.get(&launch("/readiness.json")).await.body).unwrap();
        let digest = page["digest"]["security"].as_str().unwrap();
        let signing = [("role", "security"), ("verdict", "go"), ("digest", digest), ("password", PASSWORD)];
        let lifts = there.signature.to_string();
        let form = [&signing[..], &[("lifts", &lifts), ("comment", "It is settled.")]].concat();
        assert_refused(&team.security.post(&launch("/signatures"), &form).await, (before, now().await), "lifts");
        let condition = format!("waiver:{}", there.waiver);
        let form = [("decision", "go"), ("acknowledge", &*condition), ("password", PASSWORD)];
        assert_refused(
            &team.owner.post(&launch("/decision"), &form).await.expect_status(409),
            (before, now().await),
            "acknowledge",
        );
        let form = [("step", "close"), ("condition", &*condition), ("note", "Done.")];
        assert_refused(&team.owner.post(&launch("/lifecycle"), &form).await, (before, now().await), "condition");

        // Items, and versions of them.
        for odd in [format!("{}.1", there.item), format!("{}.1", there.evidence), format!("{}.1", there.launch)] {
            let form = [("act", "done"), ("item", &*odd)];
            assert_refused(
                &team.member.post(&launch("/items"), &form).await.expect_status(404),
                (before, now().await),
                "item",
            );
        }
        // Events that somebody else may undo, or that cannot be undone.
        for seq in ["1", "2", "3", "999"] {
            let answer = team.member.post(&launch(&format!("/events/{seq}/undo")), &[]).await;
            assert_refused(&answer, (before, now().await), "undo");
        }
        // The same requests with the launch's own ids succeed.
        team.security.post(&launch("/signatures"), &signing).await.expect_status(303);
        let own = team.item("required");
        team.member.post(&launch("/items"), &[("act", "done"), ("item", &format!("{own}.1"))]).await.expect_status(303);
        team.member.upload(&team.path("required", "/evidence"), Form::new().text("note", "n")).await.expect_status(303);
        let own = team.item_state("required").await.evidence[0].to_string();
        team.member.upload(&team.path("advisory", "/evidence"), again(&own)).await.expect_status(303);
    }
}

/// Ids of people who are not eligible for what the form names them as.
#[tokio::test]
async fn form_naming_an_unsuitable_person_is_refused() {
    let team = Team::start().await;
    let gone = team.app.person(&crate::helpers::member().named("Gone Gunther")).await;
    sqlx::query("UPDATE users SET active = false WHERE id = $1").bind(gone.id).execute(&team.app.owner).await.unwrap();
    let before = count_events(&team.app).await;
    let launch = |rest: &str| format!("/launches/{}{rest}", team.launch);
    let nobody = Uuid::new_v4().to_string();
    let (item, auditor) = (team.item("required").to_string(), team.auditor_id.to_string());
    for odd in [nobody.as_str(), &gone.id.to_string(), &item, &auditor, "", "me", "%00", "../admin"] {
        for (path, form) in [
            (launch("/holders"), vec![("role", "security"), ("user", odd), ("action", "add")]),
            (launch("/participants"), vec![("user", odd), ("action", "add")]),
            (launch("/owner"), vec![("owner", odd)]),
        ] {
            assert_refused(
                &team.owner.post(&path, &form).await,
                (before, count_events(&team.app).await),
                &format!("{path} {odd}"),
            );
        }
        if !odd.is_empty() {
            let answer = team.member.post(&team.path("required", "/assignment"), &[("assignee", odd)]).await;
            assert_refused(&answer, (before, count_events(&team.app).await), &format!("assignee {odd}"));
        }
        let form =
            [("name", "Mine"), ("checklist", odd), ("target", "2099-01-01T09:00"), ("zone", "UTC"), ("once", odd)];
        assert_refused(
            &team.member.post("/launches", &form).await,
            (before, count_events(&team.app).await),
            "checklist",
        );
    }
    for role in ["", "admin", "king", "../security", "SECURITY"] {
        let member = team.member_id.to_string();
        let form = [("role", role), ("user", &*member), ("action", "add")];
        assert_refused(
            &team.owner.post(&launch("/holders"), &form).await,
            (before, count_events(&team.app).await),
            role,
        );
    }
    let member = team.member_id.to_string();
    let form = [("role", "security"), ("user", &*member), ("action", "add")];
    team.owner.post(&launch("/holders"), &form).await.expect_status(303);
}

/// A member who cannot see a restricted launch, but knows all its ids.
#[tokio::test]
async fn data_of_another_person_is_unreachable_at_every_address() {
    let team = Team::restricted().await;
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(4, 4).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let part = Part::bytes(png.into_inner()).file_name("quokka-plan.png");
    let form = Form::new().part("files", part).text("note", "quokka");
    team.operations.upload(&team.path("required", "/evidence"), form).await.expect_status(303);
    let (file, launch) = (team.item_state("required").await.evidence[0].to_string(), team.launch.to_string());
    let simple = file.replace('-', "");
    let spellings = [
        file.clone(),
        file.to_uppercase(),
        simple,
        format!("{{{file}}}"),
        format!("%7B{file}%7D"),
        format!("urn:uuid:{file}"),
        file.replace('-', "%2D"),
        format!("{file}%20"),
        format!("{file}%00"),
        format!("./{file}"),
        format!("x/../{file}"),
        format!("{file}/."),
    ];
    for spelling in &spellings {
        for page in ["file", "thumbnail", "preview"] {
            // A client that resolves dots itself requests the resolved path.
            let path = format!("/evidence/{spelling}/{page}");
            for method in [Method::GET, Method::HEAD] {
                for (name, value) in [
                    ("accept", "image/*"),
                    ("range", "bytes=0-0"),
                    ("if-none-match", "*"),
                    ("x-original-url", "/login"),
                    ("x-forwarded-for", "127.0.0.1"),
                    ("authorization", "Basic YWRtaW46YWRtaW4="),
                ] {
                    let answer = Client::send(team.member.request(method.clone(), &path).header(name, value)).await;
                    assert_eq!(answer.status, 404, "{method} {path}, {name}");
                    assert!(!answer.body.contains("quokka"), "{path}");
                }
            }
            let entitled = team.operations.get(&path).await;
            assert!(!entitled.status.is_server_error(), "{path}: {}", entitled.body);
        }
    }
    team.operations.get(&format!("/evidence/{file}/file")).await.expect_status(200);

    // It leaves no trace in lists, counts, choices, exports or search results either.
    let hers = OtherLaunch::make(&team, false).await;
    for path in [
        "/".to_owned(),
        "/launches".to_owned(),
        "/launches?q=Ledger".to_owned(),
        "/launches?state=all&sort=verdict".to_owned(),
        "/launches/calendar?month=2099-01".to_owned(),
        "/launches/new".to_owned(),
        "/search?q=quokka".to_owned(),
        "/search?q=Ledger".to_owned(),
        format!("/items/{}", hers.item),
        format!("/launches/{}", hers.launch),
        format!("/launches/{}/evidence", hers.launch),
    ] {
        let page = team.member.get(&path).await.expect_status(200);
        // The page repeats what was typed: in its field, and in links that contain the query.
        let typed = ["value=\"quokka\"", "value=\"Ledger\"", "q=quokka", "q=Ledger", "“quokka”", "“Ledger”"];
        let said = typed.iter().fold(page.body, |said, typed| said.replace(typed, ""));
        for trace in ["-plan.png", "Ledger", launch.as_str(), file.as_str()] {
            assert!(!said.contains(trace), "{path} tells of {trace}: {said}");
        }
    }
    assert!(team.operations.get("/search?q=quokka").await.body.contains("-plan.png"), "who may see it finds it");
}
