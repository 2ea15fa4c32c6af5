//! A database that the holder of the key has made consistent, except that it breaks one rule.

use serde_json::{Value, json};
use signoff::{
    domain::{
        canonical,
        ids::{RenewalId, UserId},
        installation::InstallationEvent,
        launch::{credential_renewal::RenewalKind, event::PersonRef},
        text::PersonName,
        time::Moment,
    },
    record::{
        installation_log,
        renewals::{self, NewRenewal},
    },
};

use super::{
    database::{
        assert_finding, launch_with_checkpoint, rebuild_tree, record_what_was_inserted, resign_checkpoints, sentences,
        verify_all,
    },
    *,
};

/// Edits the newest event of a kind, and updates its bytes, the tree and the checkpoints.
async fn forge(launch: &Launch, kind: &str, edit: impl FnOnce(&mut Value)) {
    let newest = "SELECT seq, bytes FROM events WHERE launch_id = $1 AND kind = $2 ORDER BY seq DESC LIMIT 1";
    let (seq, bytes): (i64, Vec<u8>) =
        sqlx::query_as(newest).bind(launch.id).bind(kind).fetch_one(&launch.app.owner).await.unwrap();
    let mut event: Value = serde_json::from_slice(&bytes).unwrap();
    edit(&mut event);
    let bytes = hex::encode(canonical::to_bytes(&event));
    let id = launch.id;
    let write = format!("UPDATE events SET bytes = decode('{bytes}', 'hex') WHERE launch_id = '{id}' AND seq = {seq}");
    tamper(launch, &[&write]).await;
    rebuild_tree(launch).await;
    resign_checkpoints(launch, &launch.app.key).await;
}

/// The kind of the altered event, the alteration, the statements that update other rows, and the finding.
type Row = (&'static str, fn(&mut Value), &'static [&'static str], &'static str);

/// Hashes, signatures and tables are consistent: only the rules reveal the alteration.
#[tokio::test]
async fn database_whose_history_breaks_a_rule_is_refused_though_everything_else_fits() {
    let rows: [Row; 5] = [
        ("signed", |_| (), &[], ""),
        (
            "item_marked",
            |event| event["data"]["old"]["state"] = "blocked".into(),
            &[],
            "does not follow from the history before it: by the rules its member `data.old.state` has another value",
        ),
        (
            "signature_withdrawn",
            |event| event["data"]["role"] = "operations".into(),
            &[],
            "does not follow from the history before it: by the rules its member `data.role` has another value",
        ),
        (
            "signed",
            |event| event["data"]["digest"] = "00".repeat(32).into(),
            &[
                "UPDATE signatures SET digest = decode(repeat('00', 32), 'hex') WHERE seq = (SELECT max(seq) FROM signatures)",
                // As whoever alters the history may do, so that the next look computes it anew.
                "UPDATE launch_summaries SET holds_until = '-infinity'",
            ],
            "its digest is not that of the scope",
        ),
        (
            "signed",
            |event| event["data"]["renewed"] = json!([]),
            &[],
            "it has a member `data.renewed`, which none of its kind has",
        ),
    ];
    for (kind, edit, fitting, words) in rows {
        let launch = launch_with_every_kind_of_content().await;
        record_what_was_inserted(&launch).await;
        forge(&launch, kind, edit).await;
        tamper(&launch, fitting).await;
        let found = verify_all(&launch, &[]).await;
        if words.is_empty() {
            assert_eq!(sentences(&found), Vec::<String>::new(), "what is signed anew as it was is good");
        } else {
            assert_finding(&found, words);
            assert_eq!(found.problems.len(), 1, "{kind}: nothing else tells: {:#?}", sentences(&found));
        }
    }
}

/// Each alteration removes somebody's waiting period or accuses another person, without changing the number of rows.
#[tokio::test]
async fn confirmed_renewal_that_was_altered_is_found() {
    let (launch, _) = launch_with_checkpoint().await;
    let id = |actor: &Client| actor.person.id;
    let (user, maker, other) = (id(&launch.security), id(&launch.owner), id(&launch.member));
    let at = launch.app.state.clock.now();
    let person = |id, name: &str| PersonRef { id, name: PersonName::new(name).unwrap() };
    // The entries that the program writes about a renewal, and the link of one.
    let log = async |how: RenewalKind, by: Option<UserId>, at: Moment| {
        let mut tx = installation_log::AuditedTransaction::begin(&launch.app.state.db).await.unwrap();
        let by = by.map(|by| person(by, "Olga Owner"));
        let events = match how {
            RenewalKind::SecondFactorRemoved => vec![InstallationEvent::SecondFactorRemoved { user }],
            RenewalKind::ResetLink => {
                vec![InstallationEvent::ResetMade { user }, InstallationEvent::PasswordReset { user, by: by.clone() }]
            }
        };
        for event in events {
            let actor = match &event {
                InstallationEvent::PasswordReset { .. } => Some(person(user, "Sven Security")),
                _ => by.clone(),
            };
            installation_log::append_event(&mut tx, actor.as_ref(), &event, None, ambient::new_id(), at).await.unwrap();
        }
        if how == RenewalKind::ResetLink {
            sqlx::query(
                "INSERT INTO password_resets (id, user_id, token_hash, made_by, made_at, expires_at, used_at)
                 VALUES ($1, $2, $3, $4, $5, $5, $5)",
            )
            .bind(ambient::new_id::<RenewalId>())
            .bind(user)
            .bind(ambient::random_bytes::<32>())
            .bind(by.map(|by| by.id))
            .bind(at)
            .execute(&mut *tx)
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
    };
    let confirm = async |renewal: RenewalId, how: RenewalKind, by: Option<UserId>| {
        log(how, by, at).await;
        let mut tx = installation_log::AuditedTransaction::begin(&launch.app.state.db).await.unwrap();
        renewals::insert_renewal(
            &mut tx,
            NewRenewal { id: renewal, user, kind: how, made_by: by, at, is_immediate: true },
        )
        .await
        .unwrap();
        assert!(renewals::record_confirmation(&mut tx, renewal, other, at).await.unwrap());
        let by = by.map(|by| person(by, "Olga Owner"));
        let event = InstallationEvent::RenewalConfirmed { user, how, by };
        let actor = person(other, "Mia Member");
        installation_log::append_event(&mut tx, Some(&actor), &event, None, ambient::new_id(), at).await.unwrap();
        tx.commit().await.unwrap();
    };
    let (link, factor) = (ambient::new_id(), ambient::new_id());
    confirm(link, RenewalKind::ResetLink, Some(maker)).await;
    confirm(factor, RenewalKind::SecondFactorRemoved, None).await;
    // An unconfirmed reset has another finding.
    let open: RenewalId = ambient::new_id();
    let later = at.plus_seconds(1);
    log(RenewalKind::ResetLink, Some(maker), later).await;
    let mut conn = launch.app.state.db.acquire().await.unwrap();
    let new = NewRenewal {
        id: open,
        user,
        kind: RenewalKind::ResetLink,
        made_by: Some(maker),
        at: later,
        is_immediate: true,
    };
    renewals::insert_renewal(&mut conn, new).await.unwrap();
    assert_eq!(sentences(&verify_all(&launch, &[]).await), Vec::<String>::new());

    let auditor = id(&launch.auditor);
    for (edit, back) in [
        (format!("confirmed_by = '{auditor}'"), format!("confirmed_by = '{other}'")),
        (format!("made_by = '{auditor}'"), format!("made_by = '{maker}'")),
        ("made_by = NULL".to_owned(), format!("made_by = '{maker}'")),
        ("how = 'second_factor_removed'".to_owned(), "how = 'reset_link'".to_owned()),
        (format!("user_id = '{auditor}'"), format!("user_id = '{user}'")),
        (
            "confirmed_at = confirmed_at - interval '1 day'".to_owned(),
            "confirmed_at = confirmed_at + interval '1 day'".to_owned(),
        ),
    ] {
        let update = |what: &str| format!("UPDATE way_in_renewals SET {what} WHERE id = '{link}'");
        tamper(&launch, &[&update(&edit)]).await;
        assert_finding(&verify_all(&launch, &[]).await, "The table way_in_renewals: ");
        tamper(&launch, &[&update(&back)]).await;
        assert_eq!(sentences(&verify_all(&launch, &[]).await), Vec::<String>::new(), "{back}");
    }
    // The waiting period of one that nobody confirmed is ended early, or laid to somebody else.
    for (edit, back) in [
        (
            "renewed_at = renewed_at - interval '1 day'".to_owned(),
            "renewed_at = renewed_at + interval '1 day'".to_owned(),
        ),
        ("renewed_at = NULL".to_owned(), "renewed_at = made_at".to_owned()),
        ("made_at = made_at - interval '1 day'".to_owned(), "made_at = made_at + interval '1 day'".to_owned()),
        ("made_by = NULL".to_owned(), format!("made_by = '{maker}'")),
        (format!("made_by = '{auditor}'"), format!("made_by = '{maker}'")),
        (format!("user_id = '{auditor}'"), format!("user_id = '{user}'")),
        ("how = 'second_factor_removed'".to_owned(), "how = 'reset_link'".to_owned()),
    ] {
        let update = |what: &str| format!("UPDATE way_in_renewals SET {what} WHERE id = '{open}'");
        tamper(&launch, &[&update(&edit)]).await;
        assert_finding(&verify_all(&launch, &[]).await, "The table way_in_renewals: ");
        tamper(&launch, &[&update(&back)]).await;
        assert_eq!(sentences(&verify_all(&launch, &[]).await), Vec::<String>::new(), "{back}");
    }
    let remove = format!("CREATE TABLE removed AS SELECT * FROM way_in_renewals WHERE id = '{open}'");
    tamper(&launch, &[&remove, &format!("DELETE FROM way_in_renewals WHERE id = '{open}'")]).await;
    assert_finding(&verify_all(&launch, &[]).await, "is missing, although the audit log has it");
    tamper(&launch, &["INSERT INTO way_in_renewals SELECT * FROM removed"]).await;
    // The confirmation is moved to another reset, for which the person has to wait.
    let swap = format!(
        "UPDATE way_in_renewals SET (confirmed_by, confirmed_at) = (SELECT confirmed_by, confirmed_at FROM way_in_renewals
         WHERE id = '{factor}') WHERE id = '{open}'"
    );
    let unconfirm =
        format!("UPDATE way_in_renewals SET confirmed_by = NULL, confirmed_at = NULL WHERE id = '{factor}'");
    tamper(&launch, &[&swap, &unconfirm]).await;
    assert_finding(&verify_all(&launch, &[]).await, "The table way_in_renewals: ");
}
