//! The installation's key: on disk, and as registered in the database.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output},
};

use signoff::{
    ambient::{self, Clock},
    db,
    domain::key::PublicKey,
    key_file,
    record::keys::{KeyRegistrationError, register_key},
};
use sqlx::PgPool;

use crate::helpers::{database::TestDatabase, private_key, redis_url};

/// A database without a registered key, connected as the application.
async fn database() -> (TestDatabase, PgPool) {
    let database = TestDatabase::make().await;
    let options = db::connect_options(&database.owner_url().into()).unwrap().options([("role", "signoff_app")]);
    (database, db::create_pool(options, 4))
}

async fn offer_key(db: &PgPool, number: u8) -> Result<(), KeyRegistrationError> {
    register_key(db, &private_key(number).public_key(), ambient::new_id(), Clock::default().now()).await
}

async fn installation_log_kinds(db: &PgPool) -> Vec<String> {
    sqlx::query_scalar("SELECT kind FROM installation_events ORDER BY index").fetch_all(db).await.unwrap()
}

#[tokio::test]
async fn installation_key_first_used_is_remembered_and_others_are_refused() {
    let (_database, db) = database().await;
    for _ in 0..2 {
        offer_key(&db, 1).await.unwrap();
        assert_eq!(installation_log_kinds(&db).await, ["key_registered"], "told once");
    }
    let refused = offer_key(&db, 2).await.unwrap_err();
    let message = refused.to_string();
    assert!(matches!(refused, KeyRegistrationError::OtherKey { .. }), "{message}");
    for vkey in [private_key(1).public_key(), private_key(2).public_key()] {
        assert!(message.contains(&vkey.to_string()), "both are named: {message}");
    }
    // The same bytes under another installation's name are another key.
    assert_eq!(installation_log_kinds(&db).await, ["key_registered"]);
    let known: Vec<String> = sqlx::query_scalar("SELECT vkey FROM keys").fetch_all(&db).await.unwrap();
    assert_eq!(known, [private_key(1).public_key().to_string()]);
}

#[tokio::test]
async fn installation_keys_offered_at_once_leave_one_remembered() {
    let (_database, db) = database().await;
    let offers = futures_util::future::join_all((1..=4).map(|number| offer_key(&db, number))).await;
    assert_eq!(offers.iter().filter(|offer| offer.is_ok()).count(), 1, "{offers:?}");
    assert!(
        offers
            .iter()
            .flat_map(|offer| offer.as_ref().err())
            .all(|why| matches!(why, KeyRegistrationError::OtherKey { .. }))
    );
    assert_eq!(installation_log_kinds(&db).await, ["key_registered"]);
}

fn signoff(arguments: &[&str], set: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_signoff")).args(arguments).env_clear().envs(set.iter().copied()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn key_command_creates_a_key_and_prints_its_public_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.key");
    let file = path.to_str().unwrap();
    let made = signoff(&["keys", "new"], &[("SIGNOFF_KEY_FILE", file)]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let shown = signoff(&["keys", "show", file], &[]);
    assert_eq!(text(&shown.stdout), text(&made.stdout));
    let public: PublicKey = text(&shown.stdout).trim_end().parse().unwrap();
    assert_eq!(key_file::read(&path).unwrap().public_key(), public);
    let secret = fs::read_to_string(&path).unwrap();
    for output in [&made, &shown] {
        assert!(!text(&output.stderr).contains(secret.trim()) && !text(&output.stdout).contains("PRIVATE"));
    }
    let again = signoff(&["keys", "new", file], &[]);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("never overwritten"));
    assert_eq!(fs::read_to_string(&path).unwrap(), secret);
}

#[tokio::test]
async fn server_without_the_right_key_does_not_start() {
    let (database, db) = database().await;
    offer_key(&db, 1).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("signoff.key");
    let serve = |path: &Path| {
        let ended = signoff(
            &["serve"],
            &[
                ("DATABASE_URL", &database.app_url()),
                ("MIGRATION_DATABASE_URL", &database.owner_url()),
                ("REDIS_URL", &redis_url()),
                ("SIGNOFF_LISTEN", "127.0.0.1:9"),
                ("SIGNOFF_EVIDENCE_DIR", folder.path().join("evidence").to_str().unwrap()),
                ("SIGNOFF_KEY_FILE", path.to_str().unwrap()),
            ],
        );
        assert_eq!(ended.status.code(), Some(1));
        text(&ended.stderr)
    };
    assert!(serve(&path).contains("signoff keys new"), "no key");
    fs::write(&path, &*private_key(1).to_text()).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    assert!(serve(&path).contains("chmod 600"), "a key that others can read");
    let other = folder.path().join("other.key");
    key_file::create(&other).unwrap();
    let output = serve(&other);
    assert!(
        output.contains("belongs to another key") && output.contains(&private_key(1).public_key().to_string()),
        "{output}"
    );
    assert_eq!(installation_log_kinds(&db).await, ["key_registered"]);
}
