//! The overview of launches: tags, the board, saved filters.

use signoff::{
    ambient,
    domain::{
        ids::LaunchId,
        launch::{
            command::{Command, NewLaunch},
            event::{ItemState, Policy},
        },
        text::Tag,
        time::LocalTime,
    },
    record::execute::Requester,
    web::idempotency::new_text,
};

use crate::helpers::{
    Launch,
    client::{Answer, Client},
};

fn requester(of: &Launch) -> Requester {
    Requester { user: of.owner.person.id, request: ambient::new_id(), now: of.app.state.clock.now(), proof: None }
}

async fn run(of: &Launch, launch: LaunchId, command: Command) {
    of.app.state.record.execute(&of.app.state.db, requester(of), launch, vec![command]).await.unwrap();
}

/// Makes a launch of the same owner and checklist, with these tags.
async fn make_launch(of: &Launch, name: &str, restricted: bool, tags: &[&str]) -> LaunchId {
    let new = NewLaunch {
        id: ambient::new_id(),
        name: new_text(name),
        summary: None,
        target: LocalTime::parse("2098-03-10T09:00", "UTC".parse().unwrap()).unwrap(),
        policy: Policy::default(),
        restricted,
        version: of.version.clone(),
    };
    let id = new.id;
    of.app.state.record.create(&of.app.state.db, requester(of), new).await.unwrap();
    if !tags.is_empty() {
        run(of, id, Command::SetTags { tags: tags.iter().map(|tag| Tag::new(tag).unwrap()).collect() }).await;
    }
    id
}

async fn page(client: &Client, address: &str) -> Answer {
    let answer = client.get(address).await;
    assert_eq!(answer.status, 200, "{address}");
    answer
}

fn names(page: &Answer) -> Vec<String> {
    page.texts("tbody th > a")
}

#[tokio::test]
async fn tags_are_set_by_the_owner_and_filter_every_view() {
    let payments = Launch::payments().make().await;
    let blue = make_launch(&payments, "Archive", false, &["Team Blue"]).await;
    make_launch(&payments, "Secret", true, &["Hidden", "team blue"]).await;
    let (owner, member) = (&payments.owner, &payments.member);
    let settings = page(owner, &payments.path("settings")).await;
    let mut form = settings.form_fields(&format!("form[action='{}']", payments.path("tags")));
    form.iter_mut().find(|(name, _)| name == "tags").unwrap().1 = " Cafe\u{301}, Team Blue ,".to_owned();
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, &**value)).collect();
    owner.post(&payments.path("tags"), &form).await.expect_status(303);
    let head = page(member, payments.path("").trim_end_matches('/')).await;
    assert_eq!(head.texts(".head .tag"), ["Caf\u{e9}", "Team Blue"]);
    assert_eq!(head.attribute(".head .tag", "href").as_deref(), Some("/launches?show=all&tag=Caf%C3%A9"));
    // Each view finds them, whatever the case, and nobody learns of a launch by its tag.
    assert_eq!(names(&page(member, "/launches?tag=TEAM+blue").await), ["Archive", "Payments"]);
    assert_eq!(names(&page(member, "/launches?tag=hidden").await), [""; 0]);
    assert_eq!(names(&page(owner, "/launches?tag=hidden").await), ["Secret"]);
    let offered = page(member, "/launches").await.texts("#f-tag option");
    assert_eq!(offered, ["Any", "Caf\u{e9}", "Team Blue"]);
    let board = page(member, "/launches?view=board&tag=caf%C3%A9").await;
    assert_eq!(board.texts(".board h3"), ["Payments"]);
    let calendar = page(member, "/launches/calendar?month=2098-03&tag=team+blue").await;
    assert_eq!(calendar.texts(".entries li > a:first-child"), ["Archive"]);
    assert_eq!(page(member, "/launches/calendar?month=2098-03&tag=other").await.texts(".entries li").len(), 0);
    // Nobody else sets them, and a wrong form comes back as typed, with its error.
    member.post(&payments.path("tags"), &[("tags", "x"), ("seq", "1")]).await.expect_status(403);
    for (typed, seq, status) in [
        ("a, b, A", None, 422),
        ("a,b,c,d,e,f,g,h,i,j,k", None, 422),
        (&*"x".repeat(41), None, 422),
        ("mine", Some("1"), 409),
        ("mine", Some("x"), 422),
    ] {
        let fields = [Some(("tags", typed)), seq.map(|seq| ("seq", seq))];
        let fields: Vec<_> = fields.into_iter().flatten().collect();
        let answer = owner.post(&payments.path("tags"), &fields).await.expect_status(status);
        assert_eq!(answer.attribute("#f-tags", "value").as_deref(), Some(typed));
        assert!(!answer.texts(".error, .banner.bad, .problem").is_empty(), "{typed}: {}", answer.body);
    }
    // Without tags, the history says so.
    run(&payments, blue, Command::SetTags { tags: Vec::new() }).await;
    let history = page(member, &format!("/launches/{blue}/history")).await;
    assert!(history.texts("[data-kind=tags_changed]")[0].contains("removed all tags"), "{}", history.body);
    assert_eq!(names(&page(member, "/launches?tag=team+blue").await), ["Payments"]);
}

#[tokio::test]
async fn board_has_a_column_for_each_stage() {
    let payments = Launch::payments().make().await;
    let held = make_launch(&payments, "Billing", false, &[]).await;
    run(&payments, held, Command::Hold { reason: new_text("not yet") }).await;
    for n in 0..26 {
        make_launch(&payments, &format!("Launch {n:02}"), false, &[]).await;
    }
    make_launch(&payments, "Secret", true, &[]).await;
    let board = page(&payments.member, "/launches?view=board").await;
    assert_eq!(board.texts("[data-stage=held] h3"), ["Billing"]);
    assert_eq!(board.texts("[data-stage=preparing] h3").len(), 25);
    assert_eq!(board.texts("[data-stage=preparing] .section-head .num"), ["27"]);
    assert_eq!(
        board.attribute("[data-stage=preparing] > p a", "href").as_deref(),
        Some("/launches?show=preparing"),
        "the rest is in the list"
    );
    assert!(!board.body.contains("Secret"));
    let board = page(&payments.member, "/launches?view=board&q=bill&verdict=no_go").await;
    assert_eq!(board.texts(".board h3"), ["Billing"]);
    // The views keep the filter.
    assert_eq!(board.attributes(".views a", "href")[0], "/launches?verdict=no_go&q=bill");
    assert_eq!(page(&payments.member, "/launches?view=board&verdict=go").await.texts(".board h3"), [""; 0]);
}

#[tokio::test]
async fn filter_is_saved_by_each_person_for_themselves() {
    let payments = Launch::payments().make().await;
    let (member, other) = (&payments.member, &payments.other);
    let save = |client: Client, name: String, query: String| async move {
        client.post("/saved-filters", &[("name", &*name), ("query", &*query)]).await
    };
    let saved = save(member.clone(), " On hold ".into(), "show=held&after=x&evil=1".into()).await.expect_status(303);
    assert_eq!(saved.location(), "/launches?show=held");
    let list = page(member, "/launches?show=held").await;
    assert_eq!(list.texts(".saved-filters nav [aria-current]"), ["On hold"]);
    assert_eq!(list.attributes(".saved-filters nav a", "href"), ["/launches?show=held"]);
    assert_eq!(page(other, "/launches").await.texts(".saved-filters nav a"), [""; 0]);
    // The same filter again gets the new name.
    save(member.clone(), "Held".into(), "show=held".into()).await.expect_status(303);
    assert_eq!(page(member, "/launches").await.texts(".saved-filters nav a"), ["Held"]);
    // A wrong form comes back as typed, with its error.
    for (name, query) in [("", "show=held"), (&*"n".repeat(61), "show=held"), ("All", ""), ("None", "show=nonsense")] {
        let answer = save(member.clone(), name.into(), query.into()).await.expect_status(422);
        assert_eq!(answer.attribute("#f-name", "value").unwrap_or_default(), name);
    }
    // It is nobody else's to rename or delete.
    let id: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM saved_filters").fetch_one(&payments.app.owner).await.unwrap();
    other.post(&format!("/saved-filters/{id}/name"), &[("name", "Mine")]).await.expect_status(404);
    other.post(&format!("/saved-filters/{id}/removal"), &[]).await.expect_status(404);
    member.post(&format!("/saved-filters/{id}/name"), &[("name", "")]).await.expect_status(422);
    member.post(&format!("/saved-filters/{id}/name"), &[("name", "Waiting")]).await.expect_status(303);
    assert_eq!(page(member, "/launches").await.texts(".saved-filters nav a"), ["Waiting"]);
    for n in 1..20 {
        save(member.clone(), format!("Filter {n}"), format!("q={n}")).await.expect_status(303);
    }
    let full = save(member.clone(), "One more".into(), "q=more".into()).await.expect_status(422);
    assert!(full.body.contains("You have saved 20 filters"), "{}", full.body);
    member.post(&format!("/saved-filters/{id}/removal"), &[]).await.expect_status(303);
    assert_eq!(page(member, "/launches").await.texts(".saved-filters nav a").len(), 19);
}

/// The rows of a figure's table.
fn figure_rows(page: &Answer, figure: &str) -> Vec<String> {
    page.texts(&format!("#{figure} tbody tr"))
}

#[tokio::test]
async fn figures_count_what_the_reader_may_see() {
    let payments = Launch::payments().make().await;
    payments.resolve_all().await;
    payments.sign_all().await;
    run(&payments, payments.id, Command::SetTags { tags: vec![Tag::new("Payments").unwrap()] }).await;
    let secret = make_launch(&payments, "Secret", true, &["Secret"]).await;
    let open = make_launch(&payments, "Archive", false, &["Archive"]).await;
    let item = |launch: LaunchId| {
        let (app, id) = (&payments.app, launch);
        async move { app.state.record.load(&app.state.db, id).await.unwrap().unwrap().items[0].id }
    };
    for launch in [secret, open] {
        let item = item(launch).await;
        let block = Command::Mark { item, state: ItemState::Blocked, reason: Some(new_text("no time")), version: 1 };
        run(&payments, launch, block).await;
        let due = Some("2026-01-05".parse().unwrap());
        run(&payments, launch, Command::Assign { item, assignee: None, due }).await;
    }
    let member = &payments.member;
    let figures = page(member, "/figures").await;
    assert_eq!(figure_rows(&figures, "blocked").len(), 1, "{}", figures.body);
    assert!(figure_rows(&figures, "blocked")[0].ends_with("1 0 0 0"), "{:?}", figure_rows(&figures, "blocked"));
    assert_eq!(figures.texts("#late tbody tr > td:nth-child(2)"), ["Archive"]);
    assert!(!figures.body.contains("Secret"));
    assert_eq!(figure_rows(&figures, "stale"), [""; 0]);
    assert!(figures.texts("#gos")[0].contains("No GO was declared"));
    assert_eq!(figures.texts("#f-tag option"), ["Any", "Archive", "Payments"]);
    // The owner sees the restricted launch too; a tag counts its launches alone.
    let owner = &payments.owner;
    assert_eq!(page(owner, "/figures").await.texts("#late tbody tr").len(), 2);
    assert_eq!(page(owner, "/figures?tag=SECRET").await.texts("#late tbody tr > td:nth-child(2)"), ["Secret"]);
    assert_eq!(page(member, "/figures?tag=secret").await.texts("#late tbody tr").len(), 0);
    assert!(!page(member, "/figures?tag=%E2%80%8B").await.texts(".error, .banner.bad, .problem").is_empty());
    // A signature is stale once something in its scope has changed.
    payments.mark(&payments.member, "backups", ItemState::Open).await;
    let stale = page(member, "/figures?tag=payments").await;
    assert!(!figure_rows(&stale, "stale").is_empty(), "{}", stale.body);
    assert!(stale.attribute("#stale tbody a", "href").unwrap().contains("/go-no-go#role-"));
    // A GO that was declared is counted in its month.
    let archive = page(member, "/figures?tag=archive").await;
    assert!(archive.texts("#gos")[0].contains("No GO was declared"));
}
