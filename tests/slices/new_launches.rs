//! New launches: the form, another launch like an earlier one, two launches side by side, and the people in the settings.

use signoff::domain::{
    ids::{ItemId, LaunchId},
    launch::{
        command::Command,
        event::ItemState,
        state::{LaunchState, StageName},
    },
};

use crate::helpers::{client::Client, launch::Launch};

const FUTURE: &str = "2099-03-01T09:00";

/// The launch to which an answer leads: a page of the checklist, and nothing after it.
fn id_in(location: &str) -> LaunchId {
    location.strip_prefix("/launches/").unwrap().parse().unwrap()
}

async fn load(launch: &Launch, id: LaunchId) -> std::sync::Arc<LaunchState> {
    launch.app.state.record.load(&launch.app.state.db, id).await.unwrap().unwrap()
}

fn holders(state: &LaunchState, role: &str) -> Vec<String> {
    state.holders_of(&role.parse().unwrap()).map(|id| state.person_name(id).to_owned()).collect()
}

/// The fields of a form as the page shows it, with other values for some.
fn fill(form: Vec<(String, String)>, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let unchanged = form.into_iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    let changed = changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    unchanged.chain(changed).collect()
}

fn as_fields(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// Fills in the form at an address as somebody, sends it, and returns the launch that was made.
async fn make(client: &Client, page: &str, to: &str, changes: &[(&str, &str)]) -> LaunchId {
    let shown = client.get(page).await.expect_status(200);
    let form = fill(shown.form_fields(&format!("form[action='{to}']")), changes);
    id_in(client.post(to, &as_fields(&form)).await.expect_status(303).location())
}

#[tokio::test]
async fn form_of_a_new_launch_offers_who_signed_last_time_and_ends_on_the_checklist() {
    let launch = Launch::payments().make().await;
    let page = launch.other.get("/launches/new").await.expect_status(200);
    let ticked = page.texts("#signers .check:has(input[checked]) label");
    assert!(
        ticked
            .iter()
            .zip(["Dev Deputy", "Sven Security", "Odette Operations"])
            .all(|(found, name)| found.starts_with(name))
    );
    assert_eq!(ticked.len(), 3, "{ticked:?}");
    // One of the holders is left out, and another member is added.
    let form = page.form_fields("form[action='/launches']");
    let deputy = format!("security.{}", launch.deputy.person.id);
    let mia = format!("operations.{}", launch.member.person.id);
    let mut form = fill(form, &[("name", "Payments 2"), ("target", FUTURE), ("zone", "Europe/Lisbon")]);
    form.retain(|(name, value)| !(name == "holder" && (value.is_empty() || *value == deputy)));
    form.push(("holder".to_owned(), mia));
    form.push(("restricted".to_owned(), "on".to_owned()));
    form.push(("participant".to_owned(), launch.owner.person.id.to_string()));
    let answer = launch.other.post("/launches", &as_fields(&form)).await.expect_status(303);
    let made = load(&launch, id_in(answer.location())).await;
    assert_eq!(holders(&made, "security"), ["Sven Security"]);
    let mut operations = holders(&made, "operations");
    operations.sort_unstable();
    assert_eq!(operations, ["Mia Member", "Odette Operations"]);
    assert!(made.restricted && made.participants.contains(&launch.owner.person.id));
    let next = launch.other.get(answer.location()).await.expect_status(200);
    assert!(next.texts(".flash")[0].contains("Next, mark the items"), "{:?}", next.texts(".flash"));
    // Sent twice, it makes one launch.
    let again = launch.other.post("/launches", &as_fields(&form)).await.expect_status(303);
    assert_eq!(again.location(), answer.location());
}

#[tokio::test]
async fn form_of_a_new_launch_shows_the_roles_of_the_checklist_that_is_chosen() {
    let launch = Launch::payments().make().await;
    let admin = launch.app.sign_in(crate::helpers::admin()).await;
    let list = "# Legal\n\n- [ ] One {#one; role=legal}\n\n## Sign-off\n\n**Legal:** ____ {role=legal}\n";
    let import = reqwest::multipart::Form::new().text("markdown", list).text("step", "publish");
    admin.upload("/checklists/import", import).await.expect_status(303);
    let page = launch.other.get("/launches/new").await.expect_status(200);
    assert_eq!(page.texts("#signers").len(), 0, "no checklist is chosen yet");
    let versions = page.attributes("select[name=checklist] option[value]", "value");
    let small = versions.iter().find(|version| !version.is_empty() && **version != launch.version.id.to_string());
    let small = small.unwrap().as_str();
    let form = page.form_fields("form[action='/launches']");
    let typed = [("name", "Small 1"), ("target", FUTURE), ("zone", "UTC"), ("checklist", small), ("step", "roles")];
    let shown = launch.other.post("/launches", &as_fields(&fill(form, &typed))).await.expect_status(200);
    assert_eq!(shown.attributes("#signers [data-role]", "data-role"), ["legal"]);
    assert_eq!(shown.attribute("#f-name", "value").as_deref(), Some("Small 1"));
    // Another checklist is chosen without showing its roles: they are shown before anything is made.
    let form = shown.form_fields("form[action='/launches']");
    let other = launch.version.id.to_string();
    let form = fill(form, &[("checklist", &other), ("name", "Small 1")]);
    let refused = launch.other.post("/launches", &as_fields(&form)).await.expect_status(422);
    assert!(refused.texts("#signers .error")[0].contains("roles of the checklist that you chose now"));
    assert_eq!(refused.attributes("#signers [data-role]", "data-role"), ["security", "operations"]);
}

#[tokio::test]
async fn launch_without_signers_says_who_is_missing() {
    let launch = Launch::payments().make().await;
    let version = launch.version.id.to_string();
    let form = [("name", "Bare"), ("checklist", &*version), ("target", FUTURE), ("zone", "UTC")];
    let answer = launch.other.post("/launches", &form).await.expect_status(303);
    let notice = launch.other.get(answer.location()).await.texts(".flash").concat();
    assert!(notice.contains("Nobody signs yet as Security, Operations"), "{notice}");
}

#[tokio::test]
async fn target_in_the_past_is_asked_about_by_a_page_and_accepted_from_a_program() {
    let launch = Launch::payments().make().await;
    let past = [("name", "Late"), ("target", "2020-01-01T09:00"), ("zone", "UTC")];
    for (page, to) in [
        ("/launches/new".to_owned(), "/launches".to_owned()),
        (launch.path("another"), launch.path("another")),
        (launch.path("settings"), launch.path("details")),
    ] {
        let client = if to == "/launches" { &launch.other } else { &launch.owner };
        let shown = client.get(&page).await.expect_status(200);
        let form = fill(shown.form_fields(&format!("form[action='{to}']")), &past);
        assert_eq!(shown.texts("[name=date_is_meant]").len(), 0, "{to}");
        let question = client.post(&to, &as_fields(&form)).await.expect_status(422);
        assert!(question.texts(".field .error")[0].contains("in the past"), "{to}");
        assert_eq!(question.attribute("#f-target", "value").as_deref(), Some("2020-01-01T09:00"));
        let mut form = fill(question.form_fields(&format!("form[action='{to}']")), &past);
        form.push(("date_is_meant".to_owned(), "on".to_owned()));
        let made = client.post(&to, &as_fields(&form)).await.expect_status(303);
        let notice = client.get(made.location().split('#').next().unwrap()).await.texts(".flash").concat();
        assert!(notice.contains("is in the past"), "{to}: {notice}");
    }
    let version = launch.version.id.to_string();
    let form = [&past[..], &[("checklist", &*version)]].concat();
    launch.other.post("/launches", &form).await.expect_status(303);
}

#[tokio::test]
async fn another_launch_has_the_people_and_assignments_of_the_first_and_nothing_that_was_found() {
    let launch = Launch::payments().make().await;
    let item = launch.item("runbook");
    let assign =
        Command::Assign { item, assignee: Some(launch.member.person.id), due: Some("2098-12-25".parse().unwrap()) };
    launch.run_command(&launch.owner, assign).await;
    launch.mark(&launch.owner, "runbook", ItemState::Done).await;
    let (page, to) = (launch.path("another"), launch.path("another"));
    let changes = [("name", "Payments 2"), ("target", "2099-02-01T09:00")];
    let id = make(&launch.other, &page, &to, &changes).await;
    let (first, made) = (launch.state().await, load(&launch, id).await);
    for role in ["security", "operations"] {
        assert_eq!(holders(&made, role), holders(&first, role), "{role}");
    }
    assert_eq!(made.owner, launch.other.person.id);
    let copied = made.item(ItemId::from_key(id, &"runbook".parse().unwrap())).unwrap();
    assert_eq!(copied.assignment.assignee.as_ref().map(|person| person.id), Some(launch.member.person.id));
    // The first target is 1 January 2099, a week after the item was due.
    assert_eq!(copied.assignment.due, Some("2099-01-25".parse().unwrap()));
    assert!(made.items.iter().all(|item| item.status.state == ItemState::Open));
    assert!(made.evidence.is_empty() && made.waivers.is_empty() && made.signatures.is_empty());
    assert_eq!(made.stage.name(), StageName::Preparing);
    // A form that leaves the boxes unticked carries over people alone.
    let form = [("name", "Payments 3"), ("target", "2099-02-01T09:00"), ("zone", "UTC")];
    let bare = launch.other.post(&to, &form).await.expect_status(303);
    let bare = load(&launch, id_in(bare.location())).await;
    assert!(bare.items.iter().all(|item| item.assignment.assignee.is_none() && item.assignment.due.is_none()));
    assert_eq!(holders(&bare, "security").len(), 2);
}

#[tokio::test]
async fn another_launch_is_made_once_of_the_newest_version_by_a_member_who_sees_the_first() {
    let launch = Launch::payments().restricted().make().await;
    let to = launch.path("another");
    let once = "5f0b3c62-6c5f-4e0a-9a55-0d9a4d0c7a10";
    let form = [("name", "Next"), ("target", FUTURE), ("zone", "UTC"), ("dues", "on"), ("once", once)];
    launch.other.get(&to).await.expect_status(404);
    launch.other.post(&to, &form).await.expect_status(404);
    launch.auditor.get(&to).await.expect_status(403);
    launch.auditor.post(&to, &form).await.expect_status(403);
    let made = launch.security.post(&to, &form).await.expect_status(303);
    let again = launch.security.post(&to, &form).await.expect_status(303);
    assert_eq!(made.location(), again.location());
    // It is restricted too, and who owned the first takes part.
    let state = load(&launch, id_in(made.location())).await;
    assert!(state.restricted && state.participants.contains(&launch.owner.person.id));
    launch.other.get(made.location()).await.expect_status(404);
    // What is wrong comes back with what was typed.
    for (wrong, field) in [(("name", ""), "#f-name"), (("target", "soon"), "#f-target"), (("zone", "Mars"), "#f-zone")]
    {
        let form = [("name", "Next"), ("target", FUTURE), ("zone", "UTC")]
            .map(|field| if field.0 == wrong.0 { wrong } else { field });
        let page = launch.owner.post(&to, &form).await.expect_status(422);
        assert_eq!(page.texts(&format!("{field}-error")).len(), 1, "{wrong:?}");
    }
    sqlx::query("UPDATE checklists SET archived_at = now()").execute(&launch.app.owner).await.unwrap();
    let refused = launch.owner.post(&to, &form).await.expect_status(422);
    assert!(refused.texts("[role=alert]")[0].contains("archived"));
}

#[tokio::test]
async fn two_launches_are_compared_item_by_item_for_who_sees_both() {
    let launch = Launch::payments().make().await;
    let (page, to) = (launch.path("another"), launch.path("another"));
    let id = make(&launch.other, &page, &to, &[("name", "Payments 2"), ("target", FUTURE)]).await;
    launch.mark(&launch.owner, "runbook", ItemState::Done).await;
    let shown = launch.member.get(&launch.path("compare-with")).await.expect_status(200);
    assert_eq!(shown.attributes("select[name=other] option", "value"), [id.to_string()]);
    let compare = format!("{}?other={id}", launch.path("compare-with"));
    let page = launch.member.get(&compare).await.expect_status(200);
    assert_eq!(page.texts("table.comparison tbody tr").len(), 1, "one item differs");
    let row = page.texts("table.comparison tbody tr").concat();
    assert!(row.contains("done") && row.contains("open"), "{row}");
    let all = launch.member.get(&format!("{compare}&show=all")).await.expect_status(200);
    assert_eq!(all.texts("table.comparison tbody tr").len(), launch.state().await.items.len());
    // Who may not see the other launch learns nothing about it.
    let restrict = format!("/launches/{id}/restriction");
    launch.other.post(&restrict, &[("restricted", "on")]).await.expect_status(303);
    launch.member.get(&compare).await.expect_status(404);
    launch.member.get(&format!("{}?other=x", launch.path("compare-with"))).await.expect_status(404);
    let shown = launch.member.get(&launch.path("compare-with")).await.expect_status(200);
    assert!(!shown.body.contains(&id.to_string()));
}

#[tokio::test]
async fn one_save_changes_the_holders_of_all_roles() {
    let launch = Launch::payments().make().await;
    let page = launch.owner.get(&launch.path("settings")).await.expect_status(200);
    let to = launch.path("holders");
    let mut form = page.form_fields(&format!("form[action='{to}']"));
    let deputy = format!("security.{}", launch.deputy.person.id);
    form.retain(|(name, value)| !(name == "holder" && *value == deputy));
    // The list beside `operations`, the second role, names somebody.
    let lists = form.iter_mut().filter(|(name, _)| name == "user").collect::<Vec<_>>();
    lists.into_iter().nth(1).unwrap().1 = launch.member.person.id.to_string();
    // Whom somebody else added meanwhile stays.
    let add = Command::AddHolder { role: "security".parse().unwrap(), user: launch.other.person.id };
    launch.run_command(&launch.owner, add).await;
    let saved = launch.owner.post(&to, &as_fields(&form)).await.expect_status(303);
    assert_eq!(saved.location(), format!("{}#holders", launch.path("settings")));
    let state = launch.state().await;
    assert_eq!(holders(&state, "operations").len(), 2);
    let mut security = holders(&state, "security");
    security.sort_unstable();
    assert_eq!(security, ["Otto Other", "Sven Security"]);
}

#[tokio::test]
async fn settings_of_a_cancelled_launch_say_that_it_is_over() {
    let launch = Launch::payments().make().await;
    launch.cancel().await;
    let page = launch.owner.get(&launch.path("settings")).await.expect_status(200);
    let words = page.texts("main").concat();
    assert!(words.contains("This launch is over"), "{words}");
    assert!(!words.contains("until the launch is over") && !words.contains("can sign for it"), "{words}");
    assert_eq!(page.texts("main form").len(), 0);
}

#[tokio::test]
async fn due_day_after_the_target_is_asked_about_by_the_page_and_accepted_from_a_program() {
    let launch = Launch::payments().make().await;
    let (path, to) = (launch.item_path("runbook", ""), launch.item_path("runbook", "/assignment"));
    let form = launch.owner.get(&path).await.form_fields(&format!("form[action='{to}']"));
    let late = fill(form, &[("due", "2099-02-01")]);
    let question = launch.owner.post(&to, &as_fields(&late)).await.expect_status(422);
    assert!(question.texts("#assignment .error")[0].contains("after the target"));
    assert_eq!(question.attribute("#f-due", "value").as_deref(), Some("2099-02-01"));
    let mut answered = question.form_fields(&format!("form[action='{to}']"));
    answered.push(("date_is_meant".to_owned(), "on".to_owned()));
    launch.owner.post(&to, &as_fields(&answered)).await.expect_status(303);
    assert!(launch.item_state("runbook").await.assignment.due.is_some());
    // The same day again is not asked about, and a program is not asked.
    let form = launch.owner.get(&path).await.form_fields(&format!("form[action='{to}']"));
    launch.owner.post(&to, &as_fields(&form)).await.expect_status(303);
    launch.owner.post(&to, &[("due", "2099-03-01")]).await.expect_status(303);
}
