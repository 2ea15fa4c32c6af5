//! Notifications: written with the change that causes them, shown in the inbox, and never to whom they do not concern.

use signoff::{
    ambient,
    domain::{
        checklist::{Checklist, ChecklistItem, ChecklistPart, ChecklistSection, Importance, Phase},
        ids::{LaunchId, UserId},
        launch::{
            command::{Command, NewLaunch},
            event::{ItemState, Policy},
            state::Item,
        },
        notification::MAX_NAMED_ITEMS,
        time::{LocalTime, Moment},
    },
    record::notifications::{delete_old_notifications, stop_pending_mails, write_time_notifications},
    web::idempotency::new_text,
};

use crate::helpers::{checklists, client::Client, launch::Launch};

/// The reasons and numbers of things of a person's notifications, the oldest first.
async fn stored(launch: &Launch, person: &Client) -> Vec<(String, i32)> {
    sqlx::query_as("SELECT reason, things FROM notifications WHERE user_id = $1 ORDER BY at, reason, id")
        .bind(person.person.id)
        .fetch_all(&launch.app.owner)
        .await
        .unwrap()
}

async fn forget_all(launch: &Launch) {
    sqlx::query("DELETE FROM notifications").execute(&launch.app.owner).await.unwrap();
}

fn rows(expected: &[(&str, i32)]) -> Vec<(String, i32)> {
    expected.iter().map(|(reason, things)| ((*reason).to_owned(), *things)).collect()
}

fn assign(launch: &Launch, key: &str, to: UserId) -> Command {
    Command::SetAssignee { item: launch.item(key), assignee: Some(to) }
}

async fn sentences(person: &Client, page: &str) -> Vec<String> {
    person.get(page).await.expect_status(200).texts("[data-notification] .title")
}

#[tokio::test]
async fn change_notifies_whom_it_concerns_in_its_own_transaction() {
    let launch = Launch::ledger().make().await;
    assert_eq!(stored(&launch, &launch.security).await, rows(&[("role_added", 1)]));
    assert_eq!(stored(&launch, &launch.owner).await, rows(&[]), "not of one's own act");
    launch.run_command(&launch.owner, assign(&launch, "advisory", launch.member.person.id)).await;
    assert_eq!(stored(&launch, &launch.member).await, rows(&[("assigned", 1)]));
    // A change that is refused notifies nobody.
    launch.member.post(&format!("/launches/{}/decision", launch.id), &[("decision", "hold")]).await.expect_status(403);
    assert_eq!(stored(&launch, &launch.security).await.len(), 1);
}

#[tokio::test]
async fn inbox_shows_opens_marks_and_undoes() {
    let launch = Launch::ledger().make().await;
    let inbox = launch.member.get("/notifications").await.expect_status(200);
    assert_eq!(inbox.texts(".empty h2"), ["You have read everything"]);
    assert!(inbox.attribute("[data-bell] [data-unread]", "hidden").is_some());
    launch.run_command(&launch.owner, assign(&launch, "advisory", launch.member.person.id)).await;
    launch.run_command(&launch.owner, Command::Hold { reason: new_text("rain") }).await;
    let inbox = launch.member.get("/notifications").await.expect_status(200);
    let titles = ["Olga Owner put the launch on HOLD", "Olga Owner assigned “The advisory item” to you"];
    assert_eq!(inbox.texts("[data-notification] .title").iter().map(|it| plain(it)).collect::<Vec<_>>(), titles);
    assert_eq!(inbox.texts("[data-bell] [data-unread]"), ["2"]);
    assert_eq!(inbox.texts("section h2"), ["Ledger"]);

    // Opening goes to the item and marks it as read.
    let open = inbox.attributes("[data-notification] form[action$='/open']", "action").remove(1);
    let opened = launch.member.post(&open, &[]).await.expect_status(303);
    assert_eq!(opened.location(), format!("/items/{}", launch.item("advisory")));
    let inbox = launch.member.get("/notifications").await.expect_status(200);
    assert_eq!(inbox.texts("[data-bell] [data-unread]"), ["1"]);
    assert_eq!(sentences(&launch.member, "/notifications?show=all").await.len(), 2);

    // Nobody else has it, and nobody else can mark it.
    launch.other.post(&open, &[]).await.expect_status(404);
    launch.other.post(&open.replace("/open", "/read"), &[]).await.expect_status(404);
    launch.other.post(&open.replace("/open", "/unread"), &[]).await.expect_status(404);
    launch.anon.post(&open, &[]).await.expect_status(401);

    // All are marked as read, which can be undone.
    let fields = inbox.form_fields("form[action='/notifications/read']");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    launch.member.post("/notifications/read", &fields).await.expect_status(303);
    let read = launch.member.get("/notifications").await.expect_status(200);
    assert!(read.texts(".flash").concat().contains("1 notification marked as read"));
    assert_eq!(read.texts("[data-notification]").len(), 0);
    launch.member.post(&read.attribute("form#undo", "action").unwrap(), &[]).await.expect_status(303);
    assert_eq!(sentences(&launch.member, "/notifications").await.len(), 1);
    // The one that was opened stays read.
    launch.member.post(&open.replace("/open", "/unread"), &[]).await.expect_status(303);
    assert_eq!(sentences(&launch.member, "/notifications").await.len(), 2);
}

/// A text without the characters that isolate the direction of its arguments.
fn plain(text: &str) -> String {
    text.replace(['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'], "")
}

#[tokio::test]
async fn inbox_answers_whatever_is_sent_and_pages_by_its_place() {
    let launch = Launch::ledger().make().await;
    for _ in 0..60 {
        launch.run_command(&launch.owner, Command::Hold { reason: new_text("rain") }).await;
        launch.run_command(&launch.owner, Command::Resume { reason: None }).await;
    }
    let mut page = launch.security.get("/notifications").await.expect_status(200);
    let mut seen = page.attributes("[data-notification]", "data-notification");
    while let Some(older) = page.attribute("a[rel='next']", "href") {
        page = launch.security.get(&older).await.expect_status(200);
        seen.extend(page.attributes("[data-notification]", "data-notification"));
    }
    assert_eq!(seen.len(), 121);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 121, "each once");
    assert_eq!(page.texts("[data-bell] [data-unread]"), ["99+"]);
    for query in ["after=x", "after=x~y", "show=x", "after=2026-01-01T00:00:00Z~x", "show=all&after="] {
        launch.security.get(&format!("/notifications?{query}")).await.expect_status(200);
    }
    launch.security.post("/notifications/undo?read_at=x", &[]).await.expect_status(400);
    launch.security.post("/notifications/x/open", &[]).await.expect_status(404);
    launch.security.post("/notifications/read", &[("launch", "x")]).await.expect_status(404);
    launch.security.post("/notifications/read", &[("until", "x")]).await.expect_status(303);
}

#[tokio::test]
async fn person_who_may_not_see_the_launch_any_more_reads_nothing_of_it() {
    let launch = Launch::ledger().restricted().make().await;
    let mia = launch.member.person.id;
    launch.run_command(&launch.owner, Command::AddParticipant { user: mia }).await;
    launch.run_command(&launch.owner, assign(&launch, "advisory", mia)).await;
    launch.run_command(&launch.owner, Command::SetAssignee { item: launch.item("advisory"), assignee: None }).await;
    launch.run_command(&launch.owner, Command::RemoveParticipant { user: mia }).await;
    let known = rows(&[("participant_added", 1), ("assigned", 1), ("unassigned", 1), ("participant_removed", 1)]);
    assert_eq!(stored(&launch, &launch.member).await, known);
    let page = launch.member.get("/notifications").await.expect_status(200);
    assert_eq!(page.texts("section h2"), ["A launch that you can no longer see"]);
    for name in ["Ledger", "The advisory item", "Olga"] {
        assert!(!page.body.contains(name), "{name}");
    }
    let open = format!(
        "{}/open",
        page.attributes("[data-notification] form[action$='/read']", "action")[0].trim_end_matches("/read")
    );
    assert_eq!(launch.member.post(&open, &[]).await.expect_status(303).location(), "/notifications");
    // Watching a launch gives no right to see it.
    sqlx::query("INSERT INTO watches (user_id, launch_id, muted) VALUES ($1, $2, false)")
        .bind(mia)
        .bind(launch.id)
        .execute(&launch.app.owner)
        .await
        .unwrap();
    launch.run_command(&launch.owner, Command::Hold { reason: new_text("rain") }).await;
    assert_eq!(stored(&launch, &launch.member).await, known);
}

#[tokio::test]
async fn deactivated_person_gets_nothing() {
    let launch = Launch::ledger().make().await;
    forget_all(&launch).await;
    sqlx::query("UPDATE users SET active = false WHERE id = $1")
        .bind(launch.security.person.id)
        .execute(&launch.app.owner)
        .await
        .unwrap();
    launch.run_command(&launch.owner, Command::Hold { reason: new_text("rain") }).await;
    assert_eq!(stored(&launch, &launch.security).await, rows(&[]));
    assert_eq!(stored(&launch, &launch.operations).await, rows(&[("held", 1)]));
}

#[tokio::test]
async fn marks_are_one_notification_until_it_is_read() {
    let launch = Launch::ledger().make().await;
    launch.mark(&launch.member, "critical", ItemState::Done).await;
    launch.mark(&launch.member, "critical", ItemState::Open).await;
    launch.mark(&launch.member, "advisory", ItemState::Done).await;
    assert_eq!(stored(&launch, &launch.owner).await, rows(&[("marked", 3)]));
    assert_eq!(
        stored(&launch, &launch.security).await,
        rows(&[("role_added", 1), ("role_resolved", 1), ("marked", 2)])
    );
    assert!(sentences(&launch.owner, "/notifications").await[0].contains("marked 3 times"));
    launch.owner.post("/notifications/read", &[]).await.expect_status(303);
    launch.mark(&launch.member, "advisory", ItemState::Open).await;
    assert_eq!(stored(&launch, &launch.owner).await, rows(&[("marked", 3), ("marked", 1)]));
    let facts: Vec<i32> =
        sqlx::query_scalar("SELECT jsonb_array_length(facts -> 'items') FROM notifications WHERE reason = 'marked'")
            .fetch_all(&launch.app.owner)
            .await
            .unwrap();
    assert!(facts.into_iter().all(|items| items > 0 && usize::try_from(items).unwrap() <= MAX_NAMED_ITEMS));
}

#[tokio::test]
async fn mentioned_person_is_notified_once_for_each_comment() {
    let launch = Launch::ledger().make().await;
    forget_all(&launch).await;
    let path = launch.item_path("critical", "/comments");
    let body = "@otto other and @Nobody, please look. @Mia Member wrote this.";
    launch.member.post(&path, &[("body", body)]).await.expect_status(303);
    assert_eq!(stored(&launch, &launch.other).await, rows(&[("mentioned", 1)]));
    assert_eq!(stored(&launch, &launch.member).await, rows(&[]), "not of one's own act");
    assert_eq!(stored(&launch, &launch.owner).await, rows(&[("commented", 1)]));
    let comment = launch.state().await.comments.keys().next().copied().unwrap();
    let body = new_text("@Otto Other and @Sven Security, please look.");
    launch.run_command(&launch.member, Command::EditComment { comment, body }).await;
    assert_eq!(stored(&launch, &launch.other).await, rows(&[("mentioned", 1)]), "once");
    assert_eq!(stored(&launch, &launch.security).await, rows(&[("commented", 1), ("mentioned", 1)]));
    // In notes, whoever is new in them.
    launch.run_command(&launch.owner, Command::WriteNotes { notes: Some(new_text("@Otto Other knows.")) }).await;
    launch.run_command(&launch.owner, Command::WriteNotes { notes: Some(new_text("@Otto Other knows it.")) }).await;
    assert_eq!(stored(&launch, &launch.other).await, rows(&[("mentioned", 1), ("mentioned", 1)]));
}

#[tokio::test]
async fn writer_is_warned_of_a_person_who_may_not_see_the_launch() {
    let launch = Launch::ledger().restricted().make().await;
    forget_all(&launch).await;
    let path = launch.item_path("critical", "/comments");
    launch.owner.post(&path, &[("body", "@Otto Other and @Sven Security")]).await.expect_status(303);
    let page = launch.owner.get(&launch.item_path("critical", "")).await.expect_status(200);
    let flash = plain(&page.texts(".flash").concat());
    assert!(flash.contains("Not notified") && flash.contains("Otto Other") && !flash.contains("Sven"), "{flash}");
    assert_eq!(stored(&launch, &launch.other).await, rows(&[]));
    assert_eq!(stored(&launch, &launch.security).await, rows(&[("mentioned", 1)]));
    // The names that are offered are those of people who may see the launch.
    let offered = async |typed: &str| {
        launch.owner.get(&launch.path(&format!("mentions.json?q={typed}"))).await.expect_status(200).body
    };
    assert_eq!(offered("sve").await, r#"{"names":["Sven Security"]}"#);
    assert_eq!(offered("security").await, r#"{"names":["Sven Security"]}"#);
    assert_eq!(offered("otto").await, r#"{"names":[]}"#);
    assert_eq!(offered("%25").await, r#"{"names":[]}"#);
    launch.other.get(&launch.path("mentions.json?q=s")).await.expect_status(404);
}

#[tokio::test]
async fn watch_and_mute_are_chosen_for_launch_and_item() {
    let launch = Launch::ledger().make().await;
    let page = launch.other.get(&launch.path("watch")).await.expect_status(200);
    assert_eq!(page.attributes("[data-place]", "data-place"), ["launch"]);
    launch.mark(&launch.member, "critical", ItemState::Done).await;
    assert_eq!(stored(&launch, &launch.other).await, rows(&[]));
    let choose = async |person: &Client, place: &str, choice: &str| {
        person.post(&launch.path("watch"), &[("place", place), ("choice", choice)]).await
    };
    choose(&launch.other, "launch", "watch").await.expect_status(303);
    launch.mark(&launch.member, "critical", ItemState::Open).await;
    assert_eq!(stored(&launch, &launch.other).await, rows(&[("marked", 1)]));
    let item = launch.item("critical").to_string();
    choose(&launch.other, &item, "mute").await.expect_status(303);
    launch.mark(&launch.member, "critical", ItemState::Done).await;
    assert_eq!(stored(&launch, &launch.other).await, rows(&[("marked", 1)]));
    let page = launch.other.get(&launch.path("watch")).await.expect_status(200);
    assert_eq!(page.attributes("[data-place]", "data-place"), ["launch", item.as_str()]);
    choose(&launch.other, &item, "usual").await.expect_status(303);
    launch.mark(&launch.member, "critical", ItemState::Open).await;
    assert_eq!(stored(&launch, &launch.other).await, rows(&[("marked", 2)]));
    for (place, status) in [("part-0", 303), ("part-9", 400), ("x", 400), ("", 400)] {
        choose(&launch.other, place, "watch").await.expect_status(status);
    }
    choose(&launch.other, "launch", "always").await.expect_status(400);
    launch.anon.post(&launch.path("watch"), &[("place", "launch"), ("choice", "watch")]).await.expect_status(401);
}

#[tokio::test]
async fn settings_decide_when_mails_are_due() {
    let launch = Launch::ledger().make().await;
    let settings = "/account/notifications";
    let due = async || {
        let due: Vec<Option<Moment>> =
            sqlx::query_scalar("SELECT mail_due_at FROM notifications WHERE user_id = $1 AND reason = 'held'")
                .bind(launch.security.person.id)
                .fetch_all(&launch.app.owner)
                .await
                .unwrap();
        due
    };
    launch.run_command(&launch.owner, Command::Hold { reason: new_text("rain") }).await;
    let at_once = due().await[0].unwrap();
    // What waits gets its new time.
    launch.security.post(settings, &[("decisions", "daily"), ("daily_hour", "9")]).await.expect_status(303);
    assert!(due().await[0].unwrap() > at_once || due().await[0].unwrap().to_string().contains("T09:00"));
    launch.security.post(settings, &[("decisions", "never"), ("daily_hour", "9")]).await.expect_status(303);
    assert_eq!(due().await, [None]);
    let page = launch.security.get(settings).await.expect_status(200);
    assert_eq!(page.attribute("#f-decisions option[selected]", "value").as_deref(), Some("never"));
    assert_eq!(page.attribute("#f-daily_hour option[selected]", "value").as_deref(), Some("9"));
    assert_eq!(page.texts("[data-preview]").len(), 1);
    let refused = launch.security.post(settings, &[("decisions", "often")]).await.expect_status(422);
    assert_eq!(refused.texts("#f-decisions-error").len(), 1);
    launch.security.post(settings, &[("quiet_from", "30"), ("quiet_until", "6")]).await.expect_status(422);
    launch.anon.get(settings).await.expect_status(303);
    // An admin's default counts for whoever did not choose.
    sqlx::query("INSERT INTO notification_defaults (reason_group, mail_delivery) VALUES ('decisions', 'never')")
        .execute(&launch.app.owner)
        .await
        .unwrap();
    launch.run_command(&launch.owner, Command::Resume { reason: None }).await;
    let pending: i64 =
        sqlx::query_scalar("SELECT count(*) FROM notifications WHERE reason = 'resumed' AND mail_due_at IS NOT NULL")
            .fetch_one(&launch.app.owner)
            .await
            .unwrap();
    assert_eq!(pending, 0);
}

#[tokio::test]
async fn what_time_brings_is_written_once_by_two_servers() {
    let launch = Launch::ledger().make().await;
    let (record, db) = (&launch.app.state.record, &launch.app.state.db);
    let due = "2098-05-04".parse().unwrap();
    launch.run_command(&launch.owner, assign(&launch, "advisory", launch.member.person.id)).await;
    launch.run_command(&launch.owner, Command::SetDue { item: launch.item("advisory"), due: Some(due) }).await;
    forget_all(&launch).await;
    let at = |text: &str| text.parse::<Moment>().unwrap();
    let first = write_time_notifications(record, db, at("2098-05-03T00:00:00Z")).await.unwrap();
    assert_eq!(first, 0, "the first look begins here");
    // Eight in the morning in Lisbon is seven.
    let morning = at("2098-05-03T07:00:00Z");
    let two =
        tokio::join!(write_time_notifications(record, db, morning), write_time_notifications(record, db, morning));
    two.0.unwrap();
    two.1.unwrap();
    assert_eq!(stored(&launch, &launch.member).await, rows(&[("due_tomorrow", 1)]));
    // The look is broken off before it is over, and begins again.
    sqlx::query("UPDATE notification_clock SET checked_until = '2098-05-03T00:00:00Z'")
        .execute(&launch.app.owner)
        .await
        .unwrap();
    write_time_notifications(record, db, morning).await.unwrap();
    assert_eq!(stored(&launch, &launch.member).await, rows(&[("due_tomorrow", 1)]));
    // No server runs for two days.
    write_time_notifications(record, db, at("2098-05-05T12:00:00Z")).await.unwrap();
    assert_eq!(stored(&launch, &launch.member).await, rows(&[("due_tomorrow", 1), ("overdue", 1)]));
    assert_eq!(delete_old_notifications(db, at("2098-08-03T07:00:00Z")).await.unwrap(), 1);
    assert_eq!(stored(&launch, &launch.member).await, rows(&[("overdue", 1)]));
}

#[tokio::test]
async fn adopted_copy_sends_no_mail_about_what_was_before() {
    let launch = Launch::ledger().make().await;
    let due = "SELECT count(*) FROM notifications WHERE mail_due_at IS NOT NULL";
    let count = async || sqlx::query_scalar::<_, i64>(due).fetch_one(&launch.app.owner).await.unwrap();
    assert!(count().await > 0);
    let mut connection = launch.app.state.db.acquire().await.unwrap();
    stop_pending_mails(&mut connection, launch.app.state.clock.now()).await.unwrap();
    assert_eq!(count().await, 0);
}

/// A launch with this number of items, made and owned by the owner of the other one.
async fn make_large_launch(launch: &Launch, items: usize) -> LaunchId {
    let item = |n: usize| ChecklistItem {
        key: format!("item-{n}").parse().unwrap(),
        title: format!("Item {n}").try_into().unwrap(),
        importance: Importance::Advisory,
        phase: Phase::Before,
        role: None,
        evidence_required: false,
        guidance: None,
        under: Vec::new(),
    };
    let checklist = Checklist {
        name: "Large".to_owned().try_into().unwrap(),
        introduction: None,
        parts: vec![ChecklistPart {
            title: None,
            sections: vec![ChecklistSection { title: None, items: (0..items).map(item).collect() }],
        }],
        required_roles: Vec::new(),
    };
    let version = checklists::publish(&launch.app, checklist).await;
    let id = ambient::new_id();
    let new = NewLaunch {
        id,
        name: new_text("Large"),
        summary: None,
        target: LocalTime::parse("2099-01-01T09:00", "Europe/Lisbon".parse().unwrap()).unwrap(),
        policy: Policy::default(),
        restricted: false,
        version,
    };
    launch.app.state.record.create(&launch.app.state.db, launch.requester(&launch.owner), new).await.unwrap();
    id
}

#[tokio::test]
#[ignore = "changes thousands of items, to measure what notifications add to the request"]
async fn bulk_change_of_2000_items_notifies_1000_watchers_in_its_request() {
    let launch = Launch::ledger().make().await;
    let mut figures = Vec::new();
    for watchers in [0, 1_000] {
        let id = make_large_launch(&launch, 2_000).await;
        sqlx::query(
            "WITH made AS (
                 INSERT INTO users (id, email, name, password_hash, roles, created_at)
                 SELECT gen_random_uuid(), 'watcher' || n || '@example.org', 'Watcher ' || n, 'none', '{member}', now()
                 FROM generate_series(1, $2) n RETURNING id)
             INSERT INTO watches (user_id, launch_id, muted) SELECT id, $1, false FROM made",
        )
        .bind(id)
        .bind(watchers)
        .execute(&launch.app.owner)
        .await
        .unwrap();
        let record = &launch.app.state.record;
        let state = record.load(&launch.app.state.db, id).await.unwrap().unwrap();
        let mark =
            |item: &Item| Command::Mark { item: item.id, state: ItemState::Done, reason: None, version: item.version };
        let commands = state.items.iter().map(mark).collect();
        let begun = ambient::monotonic_now();
        record.execute(&launch.app.state.db, launch.requester(&launch.member), id, commands).await.unwrap();
        figures.push(begun.elapsed());
        let stored: (i64, i32) = sqlx::query_as(
            "SELECT count(*), min(things) FROM notifications WHERE launch_id = $1 AND reason = 'marked'",
        )
        .bind(id)
        .fetch_one(&launch.app.owner)
        .await
        .unwrap();
        assert_eq!(stored, (i64::from(watchers) + 1, 2_000), "one for each watcher and the owner");
    }
    println!("a bulk change of 2,000 items: {:?} without watchers, {:?} with 1,000", figures[0], figures[1]);
}
