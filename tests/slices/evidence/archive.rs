//! All evidence of a launch as one ZIP archive.

use std::io::{Cursor, Read as _};

use super::*;

/// Downloads the archive; returns its names and contents, in order.
async fn download_archive(launch: &Launch, client: &Client) -> Vec<(String, Vec<u8>)> {
    let response = client.request(Method::GET, &path(launch)).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/zip");
    assert!(response.headers()["content-disposition"].to_str().unwrap().contains("filename=\"Ledger evidence.zip\""));
    assert!(!response.headers().contains_key("content-length"), "nobody knows yet how long it will be");
    let mut zip = zip::ZipArchive::new(Cursor::new(response.bytes().await.unwrap())).unwrap();
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn path(launch: &Launch) -> String {
    format!("/launches/{}/evidence.zip", launch.id)
}

/// The rows of the index, by their headings.
fn index(files: &[(String, Vec<u8>)]) -> Vec<std::collections::HashMap<String, String>> {
    let (name, bytes) = files.last().unwrap();
    assert_eq!(name, "evidence.csv");
    let text = std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}');
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
}

#[tokio::test]
async fn evidence_archive_has_every_file_once_and_an_index() {
    let launch = Launch::ledger().make().await;
    let files = form(&[("log.txt", b"first"), ("LOG.txt", b"second"), ("=cmd|x.csv", b"third")]);
    let files = files.text("url", "https://example.org/run/1").text("note", "=HYPERLINK(\"https://evil.example\")");
    attach(&launch, &launch.member, files.text("observed_on", "2026-01-02").text("valid_until", "2026-01-03"))
        .await
        .expect_status(303);
    let ids = evidence(&launch, "required").await;
    let again = Form::new().text("existing", ids[0].to_string());
    launch.other.upload(&launch.item_path("critical", "/evidence"), again).await.expect_status(303);
    let reason = [("reason", "The wrong cluster.")];
    for id in &ids[..2] {
        launch.member.post(&format!("/evidence/{id}/withdrawal"), &reason).await.expect_status(303);
    }

    let files = download_archive(&launch, &launch.auditor).await;
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["critical/log.txt", "required/=cmd_x.csv", "_withdrawn/required/LOG.txt", "evidence.csv"]);
    assert_eq!([&*files[0].1, &*files[1].1, &*files[2].1], [&b"first"[..], b"third", b"second"]);
    let rows = index(&files);
    assert_eq!(rows.len(), 6);
    let column = |name: &str| rows.iter().map(|row| row[name].as_str()).collect::<Vec<_>>();
    assert_eq!(column("kind"), ["file", "file", "file", "file", "link", "note"]);
    assert_eq!(column("item")[..2], ["The critical item", "The required item"]);
    assert_eq!(column("standing"), ["lapsed", "withdrawn", "withdrawn", "lapsed", "lapsed", "lapsed"]);
    assert_eq!(column("file in this archive")[..2], ["critical/log.txt"; 2]);
    assert_eq!(column("its bytes"), ["as attached", "as attached", "as attached", "as attached", "", ""]);
    assert_eq!(column("attached by")[..2], ["Otto Other", "Mia Member"]);
    assert_eq!(column("why withdrawn")[1], "The wrong cluster.");
    assert_eq!(column("used again from")[0], "The required item");
    assert_eq!((column("observed on")[0], column("valid until")[0]), ("2026-01-02", "2026-01-03"));
    // Formulas are written as text.
    assert_eq!(
        column("name or text")[3..],
        ["'=cmd|x.csv", "https://example.org/run/1", "'=HYPERLINK(\"https://evil.example\")"]
    );

    let page = launch.auditor.get(&format!("/launches/{}/evidence", launch.id)).await.expect_status(200);
    assert_eq!(page.attribute("a[href$=\".zip\"]", "href"), Some(path(&launch)));
}

#[tokio::test]
async fn evidence_archive_reports_missing_and_altered_files() {
    let launch = Launch::ledger().make().await;
    attach(&launch, &launch.member, form(&[("a.txt", b"aa"), ("b.txt", b"bb"), ("c.txt", b"cc")]))
        .await
        .expect_status(303);
    for file in stored_files(&launch) {
        match &*std::fs::read(&file).unwrap() {
            b"aa" => std::fs::remove_file(file).unwrap(),
            b"bb" => std::fs::write(file, "bx").unwrap(),
            _ => {}
        }
    }
    let files = download_archive(&launch, &launch.member).await;
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["required/c.txt", "evidence.csv"], "what is not as it was attached is left out");
    let states: Vec<String> = index(&files).into_iter().map(|mut row| row.remove("its bytes").unwrap()).collect();
    assert_eq!(
        states,
        ["missing from the evidence store", "left out: not as attached, the SHA-256 differs", "as attached"]
    );
}

#[tokio::test]
async fn evidence_archive_needs_access_and_its_download_is_recorded() {
    let launch = Launch::ledger().restricted().make().await;
    launch.member.get(&path(&launch)).await.expect_status(404);
    // A request for a hidden launch is logged after the answer.
    while !launch.app.state.tasks.is_empty() {
        tokio::task::yield_now().await;
    }
    let before = launch.app.installation_log().await.len();
    assert!(launch.anon.get(&path(&launch)).await.location().starts_with("/login"));
    let head = Client::send(launch.auditor.request(Method::HEAD, &path(&launch))).await.expect_status(200);
    assert_eq!((head.header("content-type"), &*head.body), ("application/zip", ""));
    assert_eq!(launch.app.installation_log().await.len(), before, "nothing was taken");

    attach(&launch, &launch.operations, form(&[("a.txt", b"a")]).text("note", "n")).await.expect_status(303);
    assert_eq!(index(&download_archive(&launch, &launch.auditor).await).len(), 2);
    assert_eq!(launch.app.installation_log().await[before..], ["evidence_exported"]);
    let (bytes, launch_id, seq): (Vec<u8>, uuid::Uuid, i64) =
        sqlx::query_as("SELECT bytes, launch_id, launch_seq FROM installation_events ORDER BY index DESC LIMIT 1")
            .fetch_one(&launch.app.owner)
            .await
            .unwrap();
    assert_eq!((launch_id, seq), (launch.id.uuid(), launch.state().await.seq));
    let entry: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(entry["event"], serde_json::json!({ "kind": "evidence_exported", "pieces": 2, "files": 1 }));
    assert_eq!(entry["actor"]["id"], launch.auditor.person.id.to_string());
}

#[tokio::test]
async fn evidence_archive_downloads_over_the_rate_limit_are_refused() {
    let launch = Launch::ledger().make().await;
    for _ in 0..20 {
        launch.auditor.get(&path(&launch)).await.expect_status(200);
    }
    let answer = launch.auditor.get(&path(&launch)).await.expect_status(429);
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    // Other people, and other requests, are not limited.
    launch.member.get(&path(&launch)).await.expect_status(200);
    launch.auditor.get(&format!("/launches/{}/evidence", launch.id)).await.expect_status(200);
}

/// Item keys that are device names on Windows, and a file name that begins with a dot.
#[tokio::test]
async fn evidence_archive_folder_names_are_valid_on_windows() {
    let launch = Launch::ledger().make().await;
    let admin = launch.app.sign_in(crate::helpers::admin()).await;
    let import = Form::new()
        .text("markdown", include_str!("../../fixtures/import/device-keys.md"))
        .text("step", "publish")
        .text("unsigned", "on");
    admin.upload("/checklists/import", import).await.expect_status(303);
    let version: uuid::Uuid = sqlx::query_scalar("SELECT id FROM checklist_versions WHERE name = 'T'")
        .fetch_one(&launch.app.owner)
        .await
        .unwrap();
    let version = version.to_string();
    let fields = [("name", "T"), ("checklist", &*version), ("target", "2099-01-01T09:00"), ("zone", "UTC")];
    let made = launch.owner.post("/launches", &fields).await.location().to_owned();
    let launch_id = made.split('/').nth(2).unwrap();
    for key in ["con", "nul", "com1"] {
        let item = signoff::domain::ids::ItemId::from_key(launch_id.parse().unwrap(), &key.parse().unwrap());
        launch.owner.upload(&format!("/items/{item}/evidence"), form(&[(".env", b"A=1")])).await.expect_status(303);
    }
    let response =
        launch.owner.request(Method::GET, &format!("/launches/{launch_id}/evidence.zip")).send().await.unwrap();
    let zip = zip::ZipArchive::new(Cursor::new(response.bytes().await.unwrap())).unwrap();
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    for name in ["_con/.env", "_nul/.env", "_com1/.env"] {
        assert!(names.iter().any(|known| known == name), "{names:?}");
    }
    let evidence: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM evidence LIMIT 1").fetch_one(&launch.app.owner).await.unwrap();
    let file = launch.owner.get(&format!("/evidence/{evidence}/file")).await.expect_status(200);
    assert_eq!(file.header("content-disposition"), r#"attachment; filename=".env"; filename*=UTF-8''.env"#);
}
