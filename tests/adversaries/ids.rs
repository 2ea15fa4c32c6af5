//! Ids that belong to others, one at a time, in every place where an id is accepted: in addresses, in any spelling, and
//! in form fields, hidden ones too.

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use signoff::{
    ambient,
    domain::{
        ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, LaunchId, SignatureId, WaiverId},
        launch::{
            command::{Command, NewEvidence, NewLaunch},
            event::Policy,
        },
    },
    web::idempotency::new_text,
};
use uuid::Uuid;

use super::{assert_refused, count_events};
use crate::helpers::{client::Client, launch::Launch, people::PASSWORD};

/// One object of each kind of somebody else's launch.
struct OtherLaunch {
    id: LaunchId,
    item: ItemId,
    evidence: EvidenceId,
    waiver: WaiverId,
    comment: CommentId,
    request: EvidenceRequestId,
    signature: SignatureId,
}

impl OtherLaunch {
    /// Makes a launch in the same installation that Otto Other owns and signs.
    async fn make(launch: &Launch, restricted: bool) -> Self {
        let otto = launch.other.person.id;
        let known = launch.state().await;
        let id: LaunchId = ambient::new_id();
        let new = NewLaunch {
            id,
            name: new_text("Elsewhere"),
            summary: None,
            target: known.details.target.clone(),
            policy: Policy::default(),
            restricted,
            version: known.version.clone(),
        };
        let (record, db) = (&launch.app.state.record, &launch.app.state.db);
        record.create(db, launch.requester(&launch.other), new).await.unwrap();
        let item = ItemId::from_key(id, &"required".parse().unwrap());
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
        record.execute(db, launch.requester(&launch.other), id, commands).await.unwrap();
        let objection = [("role", "security"), ("verdict", "no_go"), ("comment", "No."), ("password", PASSWORD)];
        let page: serde_json::Value =
            serde_json::from_str(&launch.other.get(&format!("/launches/{id}/readiness.json")).await.body).unwrap();
        let digest = page["digest"]["security"].as_str().unwrap();
        let form = [&objection[..], &[("digest", digest)]].concat();
        launch.other.post(&format!("/launches/{id}/signatures"), &form).await.expect_status(303);
        let state = record.load(db, id).await.unwrap().unwrap();
        Self { id, item, evidence, waiver, comment, request, signature: state.signatures[0].record.id }
    }
}

/// The owner and the holders of one launch request every address of every object of another launch, which is hidden
/// from them.
#[tokio::test]
async fn id_of_a_hidden_launch_in_any_address_is_not_found() {
    let launch = Launch::ledger().make().await;
    let OtherLaunch { id, item, evidence, waiver, comment, request, signature } =
        OtherLaunch::make(&launch, true).await;
    let before = count_events(&launch.app).await;
    let anybody = launch.member.person.id.to_string();
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
        (format!("/launches/{id}/notes"), &[("notes", "Hello.")]),
        (format!("/launches/{id}/holders"), &[("role", "security"), ("user", &anybody), ("action", "add")]),
        (format!("/launches/{id}/participants"), &[("user", &anybody), ("action", "add")]),
        (format!("/launches/{id}/owner"), &[("owner", &anybody)]),
        (format!("/launches/{id}/restriction"), &[("restricted", "off")]),
    ];
    for client in [&launch.owner, &launch.security, &launch.member] {
        for (path, form) in &tried {
            let answer = client.post(path, form).await.expect_status(404);
            assert_refused(&answer, (before, count_events(&launch.app).await), path);
        }
        // Its item in a bulk change together with one's own.
        let both = [launch.item("required"), item].map(|item| format!("{item}.1"));
        let form = [("act", "done"), ("item", &*both[0]), ("item", &*both[1])];
        let answer = client.post(&format!("/launches/{}/items", launch.id), &form).await.expect_status(404);
        assert_refused(&answer, (before, count_events(&launch.app).await), "many items");
    }
}

/// Ids of another launch in the fields of one's own launch, with and without the right to see the other one.
#[tokio::test]
async fn id_of_another_launch_in_any_address_is_not_found() {
    for restricted in [true, false] {
        let launch = Launch::ledger().make().await;
        let there = OtherLaunch::make(&launch, restricted).await;
        let before = count_events(&launch.app).await;
        let now = || count_events(&launch.app);
        let at = |rest: &str| format!("/launches/{}{rest}", launch.id);

        // Evidence to reuse.
        let again = |id: &str| Form::new().text("existing", id.to_owned());
        let answer =
            launch.member.upload(&launch.item_path("advisory", "/evidence"), again(&there.evidence.to_string())).await;
        assert_refused(&answer.expect_status(404), (before, now().await), "existing");

        // The objection that a signature lifts, and the conditions that a decision or a closing names.
        let page: serde_json::Value =
            serde_json::from_str(&launch.security.get(&at("/readiness.json")).await.body).unwrap();
        let digest = page["digest"]["security"].as_str().unwrap();
        let signing = [("role", "security"), ("verdict", "go"), ("digest", digest), ("password", PASSWORD)];
        let lifts = there.signature.to_string();
        let form = [&signing[..], &[("lifts", &lifts), ("comment", "It is settled.")]].concat();
        assert_refused(&launch.security.post(&at("/signatures"), &form).await, (before, now().await), "lifts");
        let condition = format!("waiver:{}", there.waiver);
        let form = [("decision", "go"), ("acknowledge", &*condition), ("password", PASSWORD)];
        assert_refused(
            &launch.owner.post(&at("/decision"), &form).await.expect_status(409),
            (before, now().await),
            "acknowledge",
        );
        let form = [("step", "close"), ("condition", &*condition), ("note", "Done.")];
        assert_refused(&launch.owner.post(&at("/lifecycle"), &form).await, (before, now().await), "condition");

        // Items, and versions of them.
        for odd in [format!("{}.1", there.item), format!("{}.1", there.evidence), format!("{}.1", there.id)] {
            let form = [("act", "done"), ("item", &*odd)];
            assert_refused(
                &launch.member.post(&at("/items"), &form).await.expect_status(404),
                (before, now().await),
                "item",
            );
        }
        // Events that somebody else may undo, or that cannot be undone.
        for seq in ["1", "2", "3", "999"] {
            let answer = launch.member.post(&at(&format!("/events/{seq}/undo")), &[]).await;
            assert_refused(&answer, (before, now().await), "undo");
        }
        // The same requests with the launch's own ids succeed.
        launch.security.post(&at("/signatures"), &signing).await.expect_status(303);
        let own = launch.item("required");
        launch.member.post(&at("/items"), &[("act", "done"), ("item", &format!("{own}.1"))]).await.expect_status(303);
        launch
            .member
            .upload(&launch.item_path("required", "/evidence"), Form::new().text("note", "n"))
            .await
            .expect_status(303);
        let own = launch.item_state("required").await.evidence[0].to_string();
        launch.member.upload(&launch.item_path("advisory", "/evidence"), again(&own)).await.expect_status(303);
    }
}

/// Ids of people who are not eligible for what the form names them as.
#[tokio::test]
async fn form_naming_an_unsuitable_person_is_refused() {
    let launch = Launch::ledger().make().await;
    let gone = launch.app.person(&crate::helpers::member().named("Gone Gunther")).await;
    sqlx::query("UPDATE users SET active = false WHERE id = $1")
        .bind(gone.id)
        .execute(&launch.app.owner)
        .await
        .unwrap();
    let before = count_events(&launch.app).await;
    let at = |rest: &str| format!("/launches/{}{rest}", launch.id);
    let nobody = Uuid::new_v4().to_string();
    let (item, auditor) = (launch.item("required").to_string(), launch.auditor.person.id.to_string());
    for odd in [nobody.as_str(), &gone.id.to_string(), &item, &auditor, "", "me", "%00", "../admin"] {
        for (path, form) in [
            (at("/holders"), vec![("role", "security"), ("user", odd), ("action", "add")]),
            (at("/participants"), vec![("user", odd), ("action", "add")]),
            (at("/owner"), vec![("owner", odd)]),
        ] {
            assert_refused(
                &launch.owner.post(&path, &form).await,
                (before, count_events(&launch.app).await),
                &format!("{path} {odd}"),
            );
        }
        if !odd.is_empty() {
            let answer = launch.member.post(&launch.item_path("required", "/assignment"), &[("assignee", odd)]).await;
            assert_refused(&answer, (before, count_events(&launch.app).await), &format!("assignee {odd}"));
        }
        let form =
            [("name", "Mine"), ("checklist", odd), ("target", "2099-01-01T09:00"), ("zone", "UTC"), ("once", odd)];
        assert_refused(
            &launch.member.post("/launches", &form).await,
            (before, count_events(&launch.app).await),
            "checklist",
        );
    }
    for role in ["", "admin", "king", "../security", "SECURITY"] {
        let member = launch.member.person.id.to_string();
        let form = [("role", role), ("user", &*member), ("action", "add")];
        assert_refused(
            &launch.owner.post(&at("/holders"), &form).await,
            (before, count_events(&launch.app).await),
            role,
        );
    }
    let member = launch.member.person.id.to_string();
    let form = [("role", "security"), ("user", &*member), ("action", "add")];
    launch.owner.post(&at("/holders"), &form).await.expect_status(303);
}

/// A member who cannot see a restricted launch, but knows all its ids.
#[tokio::test]
async fn data_of_another_person_is_unreachable_at_every_address() {
    let launch = Launch::ledger().restricted().make().await;
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(4, 4).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let part = Part::bytes(png.into_inner()).file_name("quokka-plan.png");
    let form = Form::new().part("files", part).text("note", "quokka");
    launch.operations.upload(&launch.item_path("required", "/evidence"), form).await.expect_status(303);
    let (file, launch_id) = (launch.item_state("required").await.evidence[0].to_string(), launch.id.to_string());
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
                    let answer = Client::send(launch.member.request(method.clone(), &path).header(name, value)).await;
                    assert_eq!(answer.status, 404, "{method} {path}, {name}");
                    assert!(!answer.body.contains("quokka"), "{path}");
                }
            }
            let entitled = launch.operations.get(&path).await;
            assert!(!entitled.status.is_server_error(), "{path}: {}", entitled.body);
        }
    }
    launch.operations.get(&format!("/evidence/{file}/file")).await.expect_status(200);

    // It leaves no trace in lists, counts, choices, exports or search results either.
    let hers = OtherLaunch::make(&launch, false).await;
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
        format!("/launches/{}", hers.id),
        format!("/launches/{}/evidence", hers.id),
    ] {
        let page = launch.member.get(&path).await.expect_status(200);
        // The page repeats what was typed: in its field, and in links that contain the query.
        let typed = ["value=\"quokka\"", "value=\"Ledger\"", "q=quokka", "q=Ledger", "“quokka”", "“Ledger”"];
        let page_text = typed.iter().fold(page.body, |page_text, typed| page_text.replace(typed, ""));
        for trace in ["-plan.png", "Ledger", launch_id.as_str(), file.as_str()] {
            assert!(!page_text.contains(trace), "{path} tells of {trace}: {page_text}");
        }
    }
    assert!(launch.operations.get("/search?q=quokka").await.body.contains("-plan.png"), "who may see it finds it");
}
