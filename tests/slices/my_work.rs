//! My work: what it lists for whom, and what it does not.

use std::sync::Arc;

use signoff::{
    ambient,
    checklists::{
        publish::{PublishRequest, PublishTarget, PublishableChecklist, publish},
        shipped,
    },
    domain::{
        digest::digest,
        ids::{ItemId, LaunchId, WaiverId},
        launch::{
            command::{Command, NewLaunch, NewSignature, Proof},
            event::{ItemState, Policy, ProofMethod, SignatureMeaning, Vote},
            state::LaunchState,
            texts::{NewText, Salt},
        },
        markdown_checklist::parse_markdown,
        role::RoleSlug,
        text::Title,
        time::{Day, LocalTime, Zone},
    },
    record::execute::Requester,
};

use crate::helpers::{Person, TestApp, admin, anon, auditor, client::Answer, lead, member};

const LIST: &str = "# Small\n\n## Database\n\n- [ ] Backups {critical; role=operations}\n\
    - [ ] Indexes {role=operations; evidence}\n- [ ] Wording {advisory; role=product}\n\
    - [ ] Next day {after 24h; role=operations}\n\n## Sign-off\n\n**Operations:** ____\n\n**Product:** ____\n";

fn text(value: &str) -> NewText {
    NewText { value: value.to_owned(), salt: Salt(ambient::random_bytes()) }
}

fn role(slug: &str) -> RoleSlug {
    slug.parse().unwrap()
}

struct Launch<'a> {
    app: &'a TestApp,
    id: LaunchId,
}

impl<'a> Launch<'a> {
    /// Makes a launch with its target in this many days.
    async fn make(app: &'a TestApp, owner: &Person, list: &str, name: &str, days: i64) -> Self {
        let checklist = parse_markdown(list, &Title::new("Untitled").unwrap()).checklist;
        let published = publish(
            &app.state.db,
            PublishRequest {
                content: PublishableChecklist::new(&checklist).unwrap(),
                version_id: ambient::new_id(),
                target: PublishTarget::NewChecklist(ambient::new_id()),
                publisher: None,
                request: ambient::new_id(),
                now: app.state.clock.now(),
            },
        )
        .await
        .unwrap();
        let (db, record) = (&app.state.db, &app.state.record);
        let version = signoff::checklists::load_version(db, record, published.checklist, None).await.unwrap().unwrap();
        let target = app.state.clock.now().plus_seconds(days * 86_400 + 60).to_local(&Zone::UTC);
        let new = NewLaunch {
            id: ambient::new_id(),
            name: text(name),
            summary: None,
            target: LocalTime { local: target, zone: Zone::UTC },
            policy: Policy::default(),
            restricted: false,
            version,
        };
        let id = new.id;
        record.create(db, asker(app, owner), new).await.unwrap();
        Self { app, id }
    }

    async fn state(&self) -> Arc<LaunchState> {
        self.app.state.record.load(&self.app.state.db, self.id).await.unwrap().unwrap()
    }

    async fn run(&self, who: &Person, command: Command) {
        let asker = asker(self.app, who);
        self.app.state.record.execute(&self.app.state.db, asker, self.id, vec![command]).await.unwrap();
    }

    async fn hold(&self, owner: &Person, slug: &str, user: &Person) {
        self.run(owner, Command::AddHolder { role: role(slug), user: user.id }).await;
    }

    /// The item at this position.
    async fn item(&self, at: usize) -> ItemId {
        self.state().await.items[at].id
    }

    async fn mark(&self, who: &Person, at: usize, state: ItemState, reason: Option<&str>) {
        let item = self.item(at).await;
        let version = self.state().await.items[at].version;
        self.run(who, Command::Mark { item, state, reason: reason.map(text), version }).await;
    }

    async fn sign(&self, who: &Person, slug: &str, verdict: Vote) {
        let new = NewSignature {
            id: ambient::new_id(),
            role: role(slug),
            verdict,
            meaning: SignatureMeaning::Approval,
            statement_version: 1,
            statement: "I have read what I sign.".to_owned(),
            comment: Some(text("Because.")),
            digest: digest(&*self.state().await, &role(slug)),
            saw: None,
            lifts: None,
            address: text("127.0.0.1"),
            user_agent: text("Firefox"),
        };
        self.run(who, Command::Sign(Box::new(new))).await;
    }

    async fn assign(&self, owner: &Person, at: usize, assignee: Option<&Person>, due: Option<Day>) {
        let item = self.item(at).await;
        self.run(owner, Command::Assign { item, assignee: assignee.map(|person| person.id), due }).await;
    }
}

fn asker(app: &TestApp, who: &Person) -> Requester {
    let now = app.state.clock.now();
    let proof = Proof { user: who.id, method: ProofMethod::Password, at: now, credential_version: 1 };
    Requester { user: who.id, request: ambient::new_id(), now, proof: Some(proof) }
}

/// The page as somebody sees it.
async fn page(app: &TestApp, who: &Person) -> Answer {
    app.session(who).await.get("/").await.expect_status(200)
}

/// The entries of one group for somebody.
async fn waiting_entries(app: &TestApp, who: &Person, group: &str) -> Vec<String> {
    page(app, who).await.texts(&format!("#{group} .work-list .title"))
}

#[tokio::test]
async fn my_work_when_signed_out_redirects_to_login() {
    let app = TestApp::start().await;
    assert_eq!(app.sign_in(anon()).await.get("/").await.location(), "/login");
}

#[tokio::test]
async fn my_work_without_launches_says_what_to_do_first() {
    let app = TestApp::start().await;
    let ann = app.person(&admin()).await;
    let first = page(&app, &ann).await;
    assert_eq!(first.texts(".empty h2"), ["Invite your team"]);
    assert_eq!(first.texts(".empty a"), ["Invite people", "New checklist", "Make a launch"]);
    shipped::publish_if_no_checklist(&app.state.db, app.state.clock.now(), ambient::new_id()).await.unwrap();
    assert_eq!(page(&app, &ann).await.texts(".empty a"), ["Invite people", "Look at the checklist", "Make a launch"]);

    let mia = app.person(&member()).await;
    assert_eq!(page(&app, &mia).await.texts(".empty a"), ["Make a launch", "Look at the checklist"]);
    let ada = app.person(&auditor()).await;
    assert_eq!(page(&app, &ada).await.texts(".empty a"), ["See all launches", "Look at the checklist"]);
    // When there are other people, making a launch is the first suggestion.
    assert_eq!(page(&app, &ann).await.texts(".empty a")[0], "Make a launch");
    for path in ["/admin", "/checklists", "/launches/new", "/launches?show=all"] {
        app.session(&ann).await.get(path).await.expect_status(200);
    }
}

#[tokio::test]
async fn my_work_lists_a_signature_until_a_holder_has_signed() {
    let app = TestApp::start().await;
    let mia = app.person(&member()).await;
    let (ola, oda) = (app.person(&lead("operations")).await, app.person(&lead("operations").named("Oda")).await);
    let launch = Launch::make(&app, &mia, LIST, "Payments", 7).await;
    assert_eq!(waiting_entries(&app, &mia, "decisions").await, ["Name who signs"]);
    launch.hold(&mia, "operations", &ola).await;
    launch.hold(&mia, "operations", &oda).await;
    assert_eq!(waiting_entries(&app, &ola, "signatures").await, ["Sign as Operations"]);
    assert_eq!(waiting_entries(&app, &oda, "signatures").await, ["Sign as Operations"]);
    assert!(waiting_entries(&app, &mia, "signatures").await.is_empty(), "she holds nothing");

    launch.run(&mia, Command::AskSignatures).await;
    assert_eq!(page(&app, &ola).await.texts("#signatures .chip"), ["asked for"]);
    launch.sign(&ola, "operations", Vote::Go).await;
    assert!(waiting_entries(&app, &ola, "signatures").await.is_empty());
    assert!(waiting_entries(&app, &oda, "signatures").await.is_empty(), "any holder signs for the role");

    launch.mark(&mia, 0, ItemState::Done, None).await;
    assert_eq!(waiting_entries(&app, &ola, "signatures").await, ["Sign again as Operations"]);
    assert_eq!(waiting_entries(&app, &oda, "signatures").await, ["Sign as Operations"]);
    launch.mark(&mia, 0, ItemState::Open, None).await;
    assert!(waiting_entries(&app, &ola, "signatures").await.is_empty(), "the change was undone");

    // One's own objection counts as an answer; no signature is pending.
    launch.sign(&ola, "operations", Vote::NoGo).await;
    assert!(waiting_entries(&app, &ola, "signatures").await.is_empty());
    assert_eq!(waiting_entries(&app, &oda, "signatures").await, ["Sign as Operations"]);
}

#[tokio::test]
async fn my_work_asks_no_second_role_of_a_signer() {
    let app = TestApp::start().await;
    let mia = app.person(&member()).await;
    let launch = Launch::make(&app, &mia, LIST, "Payments", 7).await;
    launch.hold(&mia, "operations", &mia).await;
    launch.hold(&mia, "product", &mia).await;
    assert_eq!(waiting_entries(&app, &mia, "signatures").await, ["Sign as Operations", "Sign as Product"]);
    launch.sign(&mia, "product", Vote::Go).await;
    assert!(waiting_entries(&app, &mia, "signatures").await.is_empty());
    let policy = Policy { separation_of_duties: false, ..Policy::default() };
    launch.run(&mia, Command::ChangePolicy { policy }).await;
    assert_eq!(waiting_entries(&app, &mia, "signatures").await, ["Sign again as Product", "Sign as Operations"]);
}

#[tokio::test]
async fn my_work_lists_requests_for_those_who_may_answer() {
    let app = TestApp::start().await;
    let (mia, ola) = (app.person(&member()).await, app.person(&lead("operations")).await);
    let (pia, ada) = (app.person(&lead("product").named("Pia")).await, app.person(&auditor()).await);
    let launch = Launch::make(&app, &mia, LIST, "Payments", 7).await;
    launch.hold(&mia, "operations", &ola).await;
    launch.hold(&mia, "product", &pia).await;

    let (item, waiver): (_, WaiverId) = (launch.item(1).await, ambient::new_id());
    let expires_on = Day::from_moment(app.state.clock.now().plus_seconds(9 * 86_400), &Zone::UTC);
    let (reason, control) = (text("No time"), text("We watch it"));
    launch.run(&mia, Command::AskWaiver { item, waiver, reason, control, expires_on }).await;
    assert_eq!(waiting_entries(&app, &ola, "waivers").await, ["Indexes"]);
    for other in [&mia, &pia, &ada] {
        assert!(waiting_entries(&app, other, "waivers").await.is_empty());
    }
    launch.run(&ola, Command::DecideWaiver { waiver, approve: true, reason: None }).await;
    assert!(waiting_entries(&app, &ola, "waivers").await.is_empty());

    launch.mark(&mia, 0, ItemState::NotApplicable, Some("No database")).await;
    assert_eq!(waiting_entries(&app, &ola, "agreements").await, ["Backups"]);
    assert!(waiting_entries(&app, &mia, "agreements").await.is_empty(), "she marked it");
    assert!(waiting_entries(&app, &pia, "agreements").await.is_empty(), "it is not of her role");
    let item = launch.item(0).await;
    launch.run(&ola, Command::Agree { item, agree: false, reason: Some(text("There is one")), version: None }).await;
    assert!(waiting_entries(&app, &ola, "agreements").await.is_empty());
    assert_eq!(page(&app, &ola).await.texts("#items .chip")[0], "critical");
    assert!(page(&app, &ola).await.texts("#items .chip").contains(&"agreement refused".to_owned()));

    let (item, request) = (launch.item(2).await, ambient::new_id());
    launch.run(&ada, Command::RequestEvidence { item, request, text: text("Who <b>read</b> it?") }).await;
    let pia_page = page(&app, &pia).await;
    assert_eq!(pia_page.texts("#requests .soft"), ["Payments · Ada Auditor asks: Who <b>read</b> it?"]);
    assert!(waiting_entries(&app, &ola, "requests").await.is_empty());
    launch.run(&pia, Command::AnswerRequest { request, text: text("I did") }).await;
    assert!(waiting_entries(&app, &pia, "requests").await.is_empty());
}

#[tokio::test]
async fn my_work_orders_open_items_by_urgency() {
    let app = TestApp::start().await;
    let (mia, ola) = (app.person(&member()).await, app.person(&lead("operations")).await);
    let launch = Launch::make(&app, &mia, LIST, "Payments", 20).await;
    launch.hold(&mia, "operations", &ola).await;
    // Post-launch items are not open before the launch, and items of another role are not hers.
    assert_eq!(waiting_entries(&app, &ola, "items").await, ["Backups", "Indexes"]);
    assert!(waiting_entries(&app, &mia, "items").await.is_empty());

    let today = Day::from_moment(app.state.clock.now(), &Zone::UTC);
    launch.assign(&mia, 2, Some(&ola), Some(today)).await;
    let shown = page(&app, &ola).await;
    assert_eq!(shown.texts("#items .title"), ["Wording", "Backups", "Indexes"]);
    assert_eq!(shown.texts("#items .section-head .soft"), ["1 assigned to you, 2 to your roles"]);
    assert_eq!(shown.texts("#items .due"), ["due today"]);
    app.state.clock.advance(2 * 86_400);
    let shown = page(&app, &ola).await;
    assert_eq!(shown.texts("#items .due.late"), ["due 2 days late"]);
    assert_eq!(shown.attribute("#items li", "data-state").as_deref(), Some("open"));

    // An item done without its evidence is still open; an item assigned to somebody else is shown with their name.
    launch.mark(&mia, 1, ItemState::Done, None).await;
    launch.mark(&mia, 2, ItemState::Done, None).await;
    launch.assign(&mia, 0, Some(&mia), None).await;
    let shown = page(&app, &ola).await;
    assert_eq!(shown.texts("#items .title"), ["Backups", "Indexes"]);
    assert!(shown.texts("#items .meta")[0].contains("with Mia Member"));
    assert!(shown.texts("#items .meta")[1].contains("evidence needed"));
    assert_eq!(waiting_entries(&app, &mia, "items").await, ["Backups"]);
}

#[tokio::test]
async fn item_is_ticked_on_my_work_without_script() {
    let app = TestApp::start().await;
    let mia = app.person(&member()).await;
    let launch = Launch::make(&app, &mia, LIST, "Payments", 7).await;
    launch.assign(&mia, 0, Some(&mia), None).await;
    let client = app.session(&mia).await;
    let shown = client.get("/").await.expect_status(200);
    let item = launch.item(0).await;
    let tick = format!("li[data-item='{item}'] > button.tick");
    assert_eq!(shown.attribute(&tick, "aria-checked").as_deref(), Some("false"));
    let (address, state) = (shown.attribute(&tick, "formaction").unwrap(), shown.attribute(&tick, "value").unwrap());
    let next = shown.attribute("form.ticks input[name=next]", "value").unwrap();
    let answer = client.post(&address, &[("state", &state), ("next", &next)]).await.expect_status(303);
    assert_eq!(answer.location(), format!("/#item-{item}"));
    assert_eq!(launch.state().await.item(item).unwrap().status.state, ItemState::Done);
    let shown = client.get("/").await.expect_status(200);
    assert!(shown.texts(".flash")[0].contains("Marked done."));
    assert!(shown.texts(&tick).is_empty());
    // From an older page it is refused, and nothing changes.
    client.post(&address, &[("state", "open"), ("next", "/")]).await.expect_status(409);
}

#[tokio::test]
async fn my_work_shows_fifty_items_and_links_to_the_rest() {
    let app = TestApp::start().await;
    let mia = app.person(&member()).await;
    let many: String = (0..60).map(|at| format!("- [ ] Item {at} {{role=operations}}\n")).collect();
    let launch = Launch::make(&app, &mia, &many, "Large", 30).await;
    launch.hold(&mia, "operations", &mia).await;
    let shown = page(&app, &mia).await;
    assert_eq!(shown.texts("#items .title").len(), 50);
    assert_eq!(shown.texts("#items > ul.soft a"), ["10 more in Large"]);
    let more = shown.attribute("#items > ul.soft a", "href").unwrap();
    assert_eq!(more, format!("/launches/{}?show=my_roles", launch.id));
    assert_eq!(app.session(&mia).await.get(&more).await.expect_status(200).texts(".item .title").len(), 60);
}

#[tokio::test]
async fn my_work_shows_upcoming_launches_with_verdict_and_time_left() {
    let app = TestApp::start().await;
    let (mia, ada) = (app.person(&member()).await, app.person(&auditor()).await);
    let later = Launch::make(&app, &mia, LIST, "<b>Later</b>", 30).await;
    Launch::make(&app, &mia, LIST, "Sooner", 3).await;
    for who in [&mia, &ada] {
        let shown = page(&app, who).await;
        assert_eq!(shown.texts(".launch-card h3"), ["Sooner", "<b>Later</b>"]);
        assert_eq!(shown.attribute(".launch-card .verdict", "data-verdict").as_deref(), Some("no_go"));
        assert!(shown.texts(".launch-card .left")[0].starts_with("T−3 d"));
    }
    let shown = page(&app, &ada).await;
    assert!(shown.texts("#items, #signatures, #owned").is_empty());
    assert_eq!(shown.texts("#stages li a").len(), 6);
    // A restricted launch is not listed for people without access.
    let oda = app.person(&member().named("Oda")).await;
    later.run(&mia, Command::ChangeRestriction { restricted: true }).await;
    assert_eq!(page(&app, &oda).await.texts(".launch-card h3"), ["Sooner"]);
    assert_eq!(page(&app, &mia).await.texts(".launch-card h3").len(), 2);
    later.run(&mia, Command::Cancel { reason: text("No") }).await;
    assert_eq!(page(&app, &mia).await.texts(".launch-card h3"), ["Sooner"]);
}

#[tokio::test]
async fn my_work_leads_the_owner_from_go_to_closing() {
    let app = TestApp::start().await;
    let (mia, ola) = (app.person(&member()).await, app.person(&lead("operations")).await);
    let list = "- [ ] Backups {role=operations}\n- [ ] Next day {after 24h; role=operations}\n\n## Sign-off\n\n**Operations:** __\n";
    let launch = Launch::make(&app, &mia, list, "Payments", 1).await;
    launch.hold(&mia, "operations", &ola).await;
    assert!(waiting_entries(&app, &mia, "decisions").await.is_empty());
    launch.mark(&ola, 0, ItemState::Done, None).await;
    launch.sign(&ola, "operations", Vote::Go).await;
    assert_eq!(waiting_entries(&app, &mia, "decisions").await, ["Declare GO"]);
    assert!(waiting_entries(&app, &ola, "decisions").await.is_empty(), "only the owner decides");
    launch.run(&mia, Command::DeclareGo { acknowledged: Vec::new(), saw: None }).await;
    assert_eq!(waiting_entries(&app, &mia, "decisions").await, ["Record the launch"]);
    launch.run(&mia, Command::Launch { at: None, past: None }).await;
    assert!(waiting_entries(&app, &mia, "decisions").await.is_empty());
    assert_eq!(waiting_entries(&app, &ola, "items").await, ["Next day"]);
    launch.mark(&ola, 1, ItemState::Done, None).await;
    assert!(page(&app, &ola).await.body.contains("Nothing waits for you"));
    assert_eq!(waiting_entries(&app, &mia, "decisions").await, ["Close the launch"]);
}

/// The launches that somebody owns, each with its steps.
async fn owned_launches(app: &TestApp, who: &Person) -> Vec<(String, Vec<String>)> {
    use scraper::Selector;
    let select = |selector| Selector::parse(selector).unwrap();
    let (row, title, step) = (select("#owned .work-list > li"), select("a.title"), select(".next-steps a"));
    let page = page(app, who).await;
    let html = page.html();
    let text = |element: scraper::ElementRef<'_>| element.text().collect::<String>().trim().to_owned();
    html.select(&row)
        .map(|row| (text(row.select(&title).next().unwrap()), row.select(&step).map(text).collect()))
        .collect()
}

#[tokio::test]
async fn my_work_shows_an_owner_what_each_launch_needs_next() {
    let app = TestApp::start().await;
    let (olga, mia) = (app.person(&member().named("Olga")).await, app.person(&member()).await);
    let (ops, prod) = (app.person(&lead("operations")).await, app.person(&lead("product").named("Pia")).await);
    let far = Launch::make(&app, &olga, LIST, "Later", 20).await;
    let near = Launch::make(&app, &olga, LIST, "Sooner", 10).await;
    let of = |name: &str, steps: &[&str]| (name.to_owned(), steps.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(owned_launches(&app, &mia).await, []);
    let new =
        ["2 roles that must sign have no holder", "2 items block it", "2 signatures missing: Operations, Product"];
    assert_eq!(owned_launches(&app, &olga).await, [of("Sooner", &new), of("Later", &new)]);
    near.hold(&olga, "operations", &ops).await;
    near.hold(&olga, "product", &prod).await;
    near.mark(&olga, 0, ItemState::Done, None).await;
    near.sign(&ops, "operations", Vote::Go).await;
    near.sign(&prod, "product", Vote::NoGo).await;
    near.mark(&olga, 0, ItemState::Open, None).await;
    let steps = owned_launches(&app, &olga).await.remove(0).1;
    assert_eq!(steps, ["2 items block it", "1 objection: Product", "1 signature is stale: Operations"]);
    let page = page(&app, &olga).await;
    assert_eq!(
        page.attributes("#owned .next-steps a", "href")[1],
        format!("/launches/{}/go-no-go#role-product", near.id)
    );
    assert!(page.texts(".empty").is_empty(), "an owner has something to do");
    near.run(&olga, Command::Hold { reason: text("a storm") }).await;
    assert!(owned_launches(&app, &olga).await[0].1[0].starts_with("On hold."));
    far.run(&olga, Command::Cancel { reason: text("no longer") }).await;
    assert_eq!(owned_launches(&app, &olga).await.len(), 1);
    // Ten are shown, and the list has the others.
    for n in 0..10 {
        Launch::make(&app, &olga, LIST, &format!("Launch {n}"), 30).await;
    }
    assert_eq!(owned_launches(&app, &olga).await.len(), 10);
    let page = self::page(&app, &olga).await;
    assert_eq!(page.texts("#owned .section-head a"), ["1 more launch you own"]);
}

#[tokio::test]
async fn auditors_desk_shows_what_happened_and_what_waits() {
    let app = TestApp::start().await;
    let olga = app.person(&member().named("Olga")).await;
    let (ops, ada) = (app.person(&lead("operations")).await, app.person(&auditor()).await);
    let launch = Launch::make(&app, &olga, LIST, "Sooner", 10).await;
    let other = Launch::make(&app, &olga, LIST, "Later", 20).await;
    launch.hold(&olga, "operations", &ops).await;
    launch.sign(&ops, "operations", Vote::Go).await;
    other.run(&olga, Command::Hold { reason: text("a storm") }).await;
    let item = launch.item(0).await;
    launch.run(&ada, Command::RequestEvidence { item, request: ambient::new_id(), text: text("Show it.") }).await;
    let client = app.session(&ada).await;
    let desk = client.get("/").await.expect_status(200);
    assert_eq!(
        desk.texts("#stages li a")[..3],
        ["1 in preparation", "0 GO declared", "1 on hold"].map(str::to_owned),
        "{:?}",
        desk.texts("#stages li a")
    );
    assert_eq!(desk.texts("#changes h2"), ["In the last 7 days"]);
    assert_eq!(desk.texts("#changes .work-list .title")[..2], ["Sooner", "Later"].map(str::to_owned));
    let about = desk.texts("#changes .work-list p.soft");
    assert_eq!(about, ["4 events · 1 about a signature", "2 events · 1 decision"]);
    assert_eq!(desk.texts("#checkpoints .title"), ["Later", "Sooner"]);
    assert_eq!(desk.texts("#requests .title"), ["Backups"]);
    assert_eq!(desk.attribute("#requests .title", "href"), Some(format!("/items/{item}#requests")));
    for address in desk.attributes("#main a", "href") {
        client.get(address.split('#').next().unwrap()).await.expect_status(200);
    }
    // What was seen is not shown again; what comes after the page was made is.
    app.state.clock.advance(60);
    let until = desk.form_fields("form[action='/desk/visit']");
    other.run(&olga, Command::Resume { reason: None }).await;
    let until: Vec<(&str, &str)> = until.iter().map(|(name, value)| (&**name, &**value)).collect();
    let client = app.session(&ada).await;
    client.post("/desk/visit", &until).await.expect_status(303);
    let desk = client.get("/").await.expect_status(200);
    assert_eq!(desk.texts("#changes h2"), ["Since you last looked"]);
    assert_eq!(desk.texts("#changes .work-list p.soft"), ["1 event · 1 decision"]);
    for odd in ["", "x", "2999-01-01T00:00:00Z", "1999-01-01T00:00:00Z"] {
        client.post("/desk/visit", &[("until", odd)]).await.expect_status(303);
        assert_eq!(
            client.get("/").await.expect_status(200).texts("#changes .work-list p.soft"),
            ["No launch has changed."],
            "{odd}"
        );
    }
    // A refusal is counted.
    let mia = app.person(&member()).await;
    app.state.clock.advance(60);
    app.session(&mia).await.get("/audit").await.expect_status(403);
    app.session(&mia).await.post("/desk/visit", &[]).await.expect_status(403);
    let desk = app.session(&ada).await.get("/").await.expect_status(200);
    let refusals = desk.texts("#changes .title").pop().unwrap();
    assert!(refusals.contains("refusal") && refusals != "No refusals", "{refusals}");
    // Many launches are cut off, and the page has a link to all of them.
    for n in 0..9 {
        Launch::make(&app, &olga, LIST, &format!("Launch {n}"), 30).await;
    }
    let desk = app.session(&ada).await.get("/").await.expect_status(200);
    assert_eq!(desk.texts("#changes .work-list p.soft").len(), 8);
    let all = desk.attribute("#changes > p a", "href").unwrap();
    let desk = app.session(&ada).await.get(all.split('#').next().unwrap()).await.expect_status(200);
    assert_eq!(desk.texts("#changes .work-list p.soft").len(), 9);
}
