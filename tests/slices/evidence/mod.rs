//! Evidence: attaching files, links and notes, safe delivery of files, withdrawing, evidence requests.

mod archive;
mod reuse;
mod thumbnails;

use std::path::{Path, PathBuf};

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use signoff::{ambient, domain::ids::EvidenceId};

use crate::helpers::{
    Setting,
    client::{Answer, Client},
    launch::Launch,
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01";

fn form(files: &[(&str, &[u8])]) -> Form {
    files.iter().fold(Form::new(), |form, (name, bytes)| {
        form.part("files", Part::bytes(bytes.to_vec()).file_name((*name).to_owned()))
    })
}

/// Every file in the evidence store.
fn stored_files(launch: &Launch) -> Vec<PathBuf> {
    fn files(folder: &Path) -> Vec<PathBuf> {
        let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        all.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
    }
    files(&launch.app.state.config.evidence_dir)
}

/// The evidence of an item, in order.
async fn evidence(launch: &Launch, key: &str) -> Vec<EvidenceId> {
    launch.item_state(key).await.evidence
}

async fn attach(launch: &Launch, client: &Client, form: Form) -> Answer {
    client.upload(&launch.item_path("required", "/evidence"), form).await
}

#[tokio::test]
async fn evidence_form_attaches_files_link_and_note_together() {
    let launch = Launch::ledger().make().await;
    let html = b"<!doctype html><script>alert(1)</script>";
    // The fields come after the files.
    let form = form(&[("../../etc/Prüfung\u{202e}gnp.html", html), ("shot.txt", PNG), ("", b"")])
        .text("url", "https://ci.example.org/restore/4711")
        .text("note", "All five tables are equal.")
        .text("observed_on", "2026-01-02")
        .text("valid_until", "2098-12-31");
    assert_eq!(attach(&launch, &launch.member, form).await.location(), launch.item_path("required", "#evidence"));
    assert_eq!(launch.kinds().await, ["evidence_attached"; 4]);
    assert_eq!(stored_files(&launch).len(), 2);

    let page = launch.other.get(&launch.item_path("required", "")).await.expect_status(200);
    let rows = page.texts(".evidence > li");
    assert_eq!(rows.len(), 4);
    assert!(rows[0].contains("Prüfunggnp.html") && rows[0].contains("40 bytes") && rows[0].contains("Mia Member"));
    assert!(rows[0].contains("observed 2 Jan 2026") && rows[0].contains("valid until 31 Dec 2098"), "{}", rows[0]);
    assert!(rows[3].contains("All five tables are equal."));
    assert_eq!(
        page.attribute(".evidence [data-kind=link] .name", "href").as_deref(),
        Some("https://ci.example.org/restore/4711")
    );

    let ids = evidence(&launch, "required").await;
    let file = launch.auditor.get(&format!("/evidence/{}/file", ids[0])).await.expect_status(200);
    assert_eq!(file.body.as_bytes(), html);
    assert_eq!(file.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(file.header("content-length"), "40");
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"Pr_funggnp.html\"; filename*=UTF-8''Pr%C3%BCfunggnp.html"
    );
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert_eq!(file.header("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(file.header("cache-control"), "private, no-store");
    let path = format!("/evidence/{}/file", ids[1]);
    let head = Client::send(launch.member.request(Method::HEAD, &path).header("accept-encoding", "gzip"))
        .await
        .expect_status(200);
    assert_eq!((head.header("content-type"), head.header("content-encoding")), ("image/png", ""));
    assert_eq!(head.header("content-length"), PNG.len().to_string());
    // A link and a note have no file.
    for id in &ids[2..] {
        launch.member.get(&format!("/evidence/{id}/file")).await.expect_status(404);
    }
}

#[tokio::test]
async fn evidence_file_is_served_uncompressed_as_stored() {
    let launch = Launch::ledger().make().await;
    let log = "restored\n".repeat(1_000);
    attach(&launch, &launch.member, form(&[("restore.log", log.as_bytes())])).await.expect_status(303);
    let path = format!("/evidence/{}/file", evidence(&launch, "required").await[0]);
    let file = Client::send(launch.member.request(Method::GET, &path).header("accept-encoding", "gzip, br")).await;
    assert_eq!((file.header("content-length"), file.header("content-encoding")), ("9000", ""));
    assert_eq!(file.body, log);
}

#[tokio::test]
async fn evidence_file_name_loses_misleading_characters() {
    let launch = Launch::ledger().make().await;
    let long = format!("{}.log", "x".repeat(500));
    for (sent, expected) in [
        ("C:\\Users\\mia\\report.pdf", "report.pdf"),
        ("..", "file"),
        (".htaccess", ".htaccess"),
        ("a\u{202e}gnp.exe", "agnp.exe"),
        (&long, &format!("{}.log", "x".repeat(196))),
    ] {
        attach(&launch, &launch.member, form(&[(sent, b"a")])).await.expect_status(303);
        let page = launch.member.get(&launch.item_path("required", "")).await.expect_status(200);
        assert_eq!(page.texts(".evidence .name").last().unwrap(), expected, "{sent:?}");
    }
    // The store names each file by its id, whatever its own name is.
    let files = self::stored_files(&launch);
    assert_eq!(files.len(), 5);
    let ids: Vec<String> = evidence(&launch, "required").await.iter().map(ToString::to_string).collect();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(ids.iter().any(|id| *id == name || id.replace('-', "") == name), "{}", file.display());
    }
}

#[tokio::test]
async fn evidence_upload_by_script_answers_json_or_an_error_page() {
    let launch = Launch::ledger().make().await;
    let once = ambient::new_opaque_id::<uuid::Uuid>().to_string();
    let send = |form: Form| {
        let request = launch.member.request(Method::POST, &launch.item_path("required", "/evidence")).multipart(form);
        Client::send(request.header("sec-fetch-site", "same-origin").header("accept", "application/json"))
    };
    for _ in 0..2 {
        let answer = send(form(&[("a.txt", b"a")]).text("once", once.clone())).await.expect_status(201);
        assert_eq!((&*answer.body, answer.header("set-cookie")), (r#"{"attached":1}"#, ""));
    }
    assert_eq!(launch.kinds().await, ["evidence_attached"]);
    let page = send(form(&[("empty.log", b"")])).await.expect_status(422);
    assert!(page.texts("#attach .error")[0].contains("“empty.log” is empty"));
    let large = vec![b'x'; 1_000_001];
    let page = send(form(&[("large.bin", &large)])).await.expect_status(413);
    assert_eq!(page.texts("#attach .error"), ["large.bin is larger than 1 MB."]);
    launch.cancel().await;
    let page = send(form(&[("late.txt", b"a")])).await.expect_status(409);
    assert!(page.texts("main [role=alert]")[0].contains("This launch is cancelled"));
    assert_eq!(stored_files(&launch).len(), 1);
}

#[tokio::test]
async fn evidence_form_with_errors_explains_them_and_stores_nothing() {
    let launch = Launch::ledger().make().await;
    let fifty_one: Vec<_> = (0..51).map(|_| ("a.txt", &b"a"[..])).collect();
    let file = || form(&[("a.txt", b"a")]);
    let three_hundred: Vec<_> = (0..300).map(|_| ("a.txt", &b"a"[..])).collect();
    let long = format!("https://example.org/{}", "x".repeat(2_100));
    for (form, field) in [
        (Form::new(), "files"),
        (form(&[("", b"")]), "files"),
        (form(&[("a.txt", b"a"), ("empty.log", b"")]), "files"),
        (form(&fifty_one), "files"),
        (form(&three_hundred), "files"),
        (file().text("url", "javascript:alert(1)"), "attach-text"),
        (file().text("url", "example.org/no-scheme"), "attach-text"),
        (file().text("url", "data:text/html,<script>alert(1)</script>"), "attach-text"),
        (file().text("url", "https://me:secret@example.org/"), "attach-text"),
        (file().text("url", long), "attach-text"),
        (file().text("note", "x".repeat(4_001)), "attach-text"),
        (file().text("note", "turned \u{202e}around"), "attach-text"),
        (file().text("observed_on", "yesterday"), "attach-observed_on"),
        (file().text("observed_on", "2026-02-30"), "attach-observed_on"),
        (file().text("valid_until", "2098-13-01"), "attach-valid_until"),
        (file().text("observed_on", "2098-01-01"), "attach-observed_on"),
        (file().text("valid_until", "2020-01-01"), "attach-valid_until"),
    ] {
        let page = attach(&launch, &launch.member, form.text("next", "/launches")).await.expect_status(422);
        assert_eq!(page.texts(&format!("#f-{field}-error")).len(), 1, "{field}: {:?}", page.texts(".error"));
        assert!(stored_files(&launch).is_empty(), "{field}");
    }
    let page = attach(&launch, &launch.member, file().text("url", "javascript:x").text("note", "kept"))
        .await
        .expect_status(422);
    assert_eq!(page.texts("#f-attach-text"), ["javascript:x kept"]);
    assert!(page.texts(".problem")[0].contains("Choose the files again"));
    assert!(launch.kinds().await.is_empty());
}

#[tokio::test]
async fn evidence_upload_too_large_or_broken_stores_nothing() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/evidence");
    let large = vec![b'x'; 1_000_001];
    // The page comes back with its form, the file's name, the limit, and all typed text, whether before or after the
    // file.
    let form_of_three = form(&[("a.txt", b"a"), ("large.bin", &large), ("b.txt", b"b")]);
    let form_of_three = form_of_three.text("observed_on", "2026-01-02").text("valid_until", "2098-12-31");
    let page = attach(&launch, &launch.member, form_of_three.text("note", "Of the drill.")).await.expect_status(413);
    assert_eq!(page.texts("#f-files-error"), ["large.bin is larger than 1 MB."]);
    let typed = |name: &str| page.attribute(&format!("#attach [name={name}]"), "value").unwrap_or_default();
    assert_eq!((&*typed("observed_on"), &*typed("valid_until")), ("2026-01-02", "2098-12-31"));
    assert_eq!(page.texts("#attach [name=text]"), ["Of the drill."]);
    assert!(stored_files(&launch).is_empty());
    assert!(launch.kinds().await.is_empty());
    attach(&launch, &launch.member, Form::new().text("note", "x".repeat(300_000))).await.expect_status(413);

    let send = |kind: &'static str, body: &'static str| {
        let request = launch.member.request(Method::POST, &path).header("content-type", kind).body(body);
        Client::send(request.header("sec-fetch-site", "same-origin"))
    };
    let cut = "--b\r\ncontent-disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\nhalf of i";
    let first =
        "--b\r\ncontent-disposition: form-data; name=\"files\"; filename=\"a.txt\"\r\n\r\nwhole\r\n--b\r\nnonsense";
    let bell =
        "--b\r\ncontent-disposition: form-data; name=\"files\"; filename=\"bell\u{7}.txt\"\r\n\r\nwhole\r\n--b--\r\n";
    for body in [cut, first, bell, "", "nothing of the kind"] {
        let page = send("multipart/form-data; boundary=b", body).await.expect_status(400);
        assert!(page.body.contains("Send it again"), "{body}");
        assert!(stored_files(&launch).is_empty(), "{body}");
    }
    send("application/x-www-form-urlencoded", "note=x").await.expect_status(422);
    // A file of exactly the limit is accepted.
    attach(&launch, &launch.member, form(&[("just.bin", &large[1..])])).await.expect_status(303);
    assert_eq!(launch.kinds().await, ["evidence_attached"]);
}

#[tokio::test]
async fn evidence_upload_without_a_right_is_refused_and_stores_nothing() {
    let launch = Launch::ledger().restricted().make().await;
    let file = || form(&[("a.txt", b"a")]);
    attach(&launch, &launch.anon, file()).await.expect_status(401);
    attach(&launch, &launch.auditor, file()).await.expect_status(403);
    attach(&launch, &launch.member, file()).await.expect_status(404);
    launch.owner.upload(&launch.item_path("afterwards", "/evidence"), file()).await.expect_status(409);
    let request = launch.owner.request(Method::POST, &launch.item_path("required", "/evidence")).multipart(file());
    Client::send(request.header("sec-fetch-site", "cross-site")).await.expect_status(403);
    assert!(stored_files(&launch).is_empty() && launch.kinds().await.is_empty());

    attach(&launch, &launch.operations, file()).await.expect_status(303);
    let path = format!("/evidence/{}/file", evidence(&launch, "required").await[0]);
    launch.member.get(&path).await.expect_status(404);
    launch.member.get(&format!("/launches/{}/evidence", launch.id)).await.expect_status(404);
    assert_eq!(launch.anon.get(&path).await.location().split('?').next(), Some("/login"));
    launch.auditor.get(&path).await.expect_status(200);

    launch.cancel().await;
    let page = attach(&launch, &launch.owner, file().text("note", "A long story.")).await.expect_status(409);
    assert!(page.texts("[aria-labelledby=input-h]")[0].contains("A long story."));
    assert_eq!(stored_files(&launch).len(), 1);
}

#[tokio::test]
async fn evidence_form_sent_twice_attaches_once() {
    let launch = Launch::ledger().make().await;
    let once = ambient::new_opaque_id::<uuid::Uuid>().to_string();
    let same = || form(&[("a.txt", b"one"), ("b.txt", b"two")]).text("note", "n").text("once", once.clone());
    let (one, other) = tokio::join!(attach(&launch, &launch.member, same()), attach(&launch, &launch.member, same()));
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (303, 303));
    attach(&launch, &launch.member, same()).await.expect_status(303);
    assert_eq!(launch.kinds().await, ["evidence_attached"; 3]);
    assert_eq!(stored_files(&launch).len(), 2);
    // Other bytes under the same idempotency key are other evidence; so are the same bytes from somebody else.
    let changed = form(&[("a.txt", b"1"), ("b.txt", b"two")]).text("note", "n").text("once", once.clone());
    attach(&launch, &launch.member, changed).await.expect_status(303);
    assert_eq!(launch.kinds().await, ["evidence_attached"; 4]);
    attach(&launch, &launch.other, same()).await.expect_status(303);
    let ids = evidence(&launch, "required").await;
    assert_eq!((ids.len(), stored_files(&launch).len()), (7, 5));
    assert_eq!(launch.member.get(&format!("/evidence/{}/file", ids[0])).await.body, "one");
    // A refused form does not use up its idempotency key.
    let again =
        |until: &'static str| form(&[("c.txt", b"three")]).text("valid_until", until).text("once", once.clone());
    attach(&launch, &launch.member, again("2020-01-01")).await.expect_status(422);
    attach(&launch, &launch.member, again("2098-01-01")).await.expect_status(303);
    assert_eq!(stored_files(&launch).len(), 6);
}

#[tokio::test]
async fn withdrawn_evidence_keeps_its_reason_and_stays_readable() {
    let launch = Launch::ledger().make().await;
    attach(&launch, &launch.member, form(&[("a.txt", b"a")])).await.expect_status(303);
    attach(&launch, &launch.member, Form::new().text("note", "Seen.")).await.expect_status(303);
    let ids = evidence(&launch, "required").await;
    let path = format!("/evidence/{}/withdrawal", ids[0]);
    let reason = [("reason", "The wrong cluster.")];
    launch.anon.post(&path, &reason).await.expect_status(401);
    launch.other.post(&path, &reason).await.expect_status(403);
    launch.auditor.post(&path, &reason).await.expect_status(403);
    launch
        .member
        .post(&format!("/evidence/{}/withdrawal", ambient::new_id::<EvidenceId>()), &reason)
        .await
        .expect_status(404);
    let page = launch.member.post(&path, &[("reason", "")]).await.expect_status(422);
    assert_eq!(page.texts(&format!("#f-{}-reason-error", ids[0])).len(), 1);
    launch.member.post(&path, &reason).await.expect_status(303);
    let page = launch.member.post(&path, &[("reason", "Again.")]).await.expect_status(409);
    assert!(page.texts("[aria-labelledby=input-h]")[0].contains("Again."));
    // The owner may withdraw what others attached.
    launch.owner.post(&format!("/evidence/{}/withdrawal", ids[1]), &reason).await.expect_status(303);
    assert_eq!(launch.kinds().await[2..], ["evidence_withdrawn"; 2]);
    let page = launch.other.get(&launch.item_path("required", "")).await;
    assert!(page.texts(".evidence .withdrawn")[0].contains("withdrawn by Mia Member"));
    assert!(page.texts(".evidence .withdrawn")[0].contains("The wrong cluster."));
    assert_eq!(launch.other.get(&format!("/evidence/{}/file", ids[0])).await.expect_status(200).body, "a");
}

#[tokio::test]
async fn evidence_file_altered_or_missing_in_the_store_is_reported() {
    let launch = Launch::ledger().make().await;
    attach(&launch, &launch.member, form(&[("a.txt", b"whole")])).await.expect_status(303);
    let path = format!("/evidence/{}/file", evidence(&launch, "required").await[0]);
    let file = stored_files(&launch).remove(0);
    std::fs::write(&file, "cut").unwrap();
    assert!(
        launch.member.get(&path).await.expect_status(503).body.contains("This file is not the one that was attached")
    );
    std::fs::remove_file(&file).unwrap();
    assert!(
        launch.member.get(&path).await.expect_status(503).body.contains("not in the evidence store as they should be")
    );
}

#[tokio::test]
async fn evidence_index_lists_and_filters_all_evidence() {
    let launch = Launch::ledger().make().await;
    let index = format!("/launches/{}/evidence", launch.id);
    assert!(launch.auditor.get(&index).await.expect_status(200).texts(".empty")[0].contains("No evidence yet"));
    attach(&launch, &launch.member, form(&[("a.txt", b"a")]).text("note", "Seen.")).await.expect_status(303);
    let lapsing = Form::new()
        .text("url", "https://example.org/")
        .text("observed_on", "2026-01-01")
        .text("valid_until", "2026-01-02");
    launch.other.upload(&launch.item_path("critical", "/evidence"), lapsing).await.expect_status(303);
    let note = evidence(&launch, "required").await[1];
    launch.member.post(&format!("/evidence/{note}/withdrawal"), &[("reason", "Not so.")]).await.expect_status(303);

    let page = launch.auditor.get(&index).await.expect_status(200);
    // By item, in the checklist's order.
    assert_eq!(page.texts("h2 a"), ["The critical item", "The required item"]);
    assert_eq!(page.texts(".evidence > li").len(), 3);
    assert!(page.texts(".evidence > li")[0].contains("lapsed on 2 Jan 2026"));
    for (query, count) in [
        ("?kind=file", 1),
        ("?kind=note", 1),
        ("?standing=standing", 1),
        ("?standing=lapsed", 1),
        ("?standing=withdrawn", 1),
        ("?kind=file&standing=withdrawn", 0),
        ("?kind=nonsense", 3),
    ] {
        let page = launch.auditor.get(&format!("{index}{query}")).await.expect_status(200);
        assert_eq!(page.texts(".evidence > li").len(), count, "{query}");
    }
    assert_eq!(page.texts(".choices-bar a").concat(), "All 3Files 1Links 1Notes 1All 3Valid 1Lapsed 1Withdrawn 1");
}

#[tokio::test]
async fn evidence_request_by_an_auditor_is_answered_by_a_member() {
    let launch = Launch::ledger().make().await;
    let path = launch.item_path("required", "/evidence-requests");
    let once = ambient::new_opaque_id::<uuid::Uuid>().to_string();
    launch.anon.post(&path, &[("text", "x")]).await.expect_status(401);
    launch.auditor.post(&path, &[("text", " ")]).await.expect_status(422);
    for _ in 0..2 {
        let form = [("text", "Show the log of the restore."), ("once", &*once)];
        assert_eq!(launch.auditor.post(&path, &form).await.location(), launch.item_path("required", "#requests"));
    }
    assert_eq!(launch.kinds().await, ["evidence_requested"]);
    let request = launch.item_state("required").await.evidence_requests[0];
    let answer = format!("/evidence-requests/{request}/answer");
    launch.anon.post(&answer, &[("text", "x")]).await.expect_status(401);
    launch.auditor.post(&answer, &[("text", "x")]).await.expect_status(403);
    let page = launch.member.post(&answer, &[("text", "")]).await.expect_status(422);
    assert_eq!(page.texts(&format!("#f-{request}-text-error")).len(), 1);
    launch.member.post(&answer, &[("text", "It is attached now.")]).await.expect_status(303);
    let page = launch.member.post(&answer, &[("text", "Once more.")]).await.expect_status(409);
    assert!(page.body.contains("Once more."));
    let page = launch.auditor.get(&launch.item_path("required", "")).await;
    let shown = &page.texts("#requests")[0];
    assert!(shown.contains("Show the log of the restore.") && shown.contains("It is attached now."), "{shown}");
}

#[tokio::test]
async fn evidence_upload_cut_off_stores_nothing() {
    use futures_util::{StreamExt as _, stream};
    let launch = Launch::ledger()
        .setting(Setting { set: vec![("SIGNOFF_EVIDENCE_MAX_MB", "50".to_owned())], ..Setting::default() })
        .make()
        .await;
    let pieces = stream::iter((0..100).map(|_| Ok::<_, std::io::Error>(vec![7; 100_000])));
    let cut = pieces.chain(stream::iter([Err(std::io::Error::other("unplugged"))]));
    let part = Part::stream(reqwest::Body::wrap_stream(cut)).file_name("large.bin");
    let request = launch.member.request(Method::POST, &launch.item_path("required", "/evidence"));
    let sent = request.multipart(Form::new().part("files", part)).header("sec-fetch-site", "same-origin").send().await;
    assert!(sent.is_err());
    // The server goes on for a moment after the client has disconnected.
    for _ in 0..100 {
        if stored_files(&launch).is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(stored_files(&launch).is_empty() && launch.kinds().await.is_empty());
}
