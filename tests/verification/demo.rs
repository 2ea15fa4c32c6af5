//! The bundle of the demo launch, made and verified by both verifiers. `make demo-bundle` saves it with its public key,
//! as an example for people who write their own verifier.

use std::{collections::HashSet, env, fs};

use signoff::demo;

use super::{entries, lines, run_verifier};
use crate::helpers::{TestApp, auditor};

#[tokio::test]
async fn demo_launch_bundle_verifies() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    demo::create_demo(&app.state, &folder.path().join("people.txt")).await.unwrap().unwrap();
    let client = app.sign_in(auditor()).await;
    let launches: Vec<uuid::Uuid> = sqlx::query_scalar("SELECT id FROM launches").fetch_all(&app.owner).await.unwrap();
    assert!(!launches.is_empty());
    for launch in launches {
        let path = format!("/launches/{launch}/bundle.zip");
        let response = client.request(reqwest::Method::GET, &path).send().await.unwrap();
        let bytes = response.bytes().await.unwrap();
        let key = app.key.public_key().to_string();
        run_verifier(&bytes, &["--key", &key]).assert_status(0, "Good");
        if let Some(file) = env::var_os("SIGNOFF_KEEP_BUNDLE") {
            fs::write(&file, &bytes).unwrap();
            fs::write(std::path::Path::new(&file).with_extension("key"), format!("{key}\n")).unwrap();
        }
        let mut entries = entries(&bytes);
        let kinds: HashSet<String> = lines(&mut entries, "events.jsonl")
            .iter()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["kind"].to_string())
            .collect();
        assert!(kinds.len() > 5, "{kinds:?}");
    }
}
