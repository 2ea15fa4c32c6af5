//! Forms that say what they were made from (a version, an event, a digest), sent from a page that is out of date and with
//! something wrong in a field. The page that comes back must not carry the new base, as if its reader had seen what
//! others changed meanwhile, unless it says what was changed.

use std::{collections::BTreeSet, fs, pin::Pin};

use reqwest::multipart::Form;
use signoff::{
    ambient,
    domain::{
        installation::{InstallationEvent, SecondFactorPolicy},
        launch::{
            command::Command,
            event::{ItemState, PersonRef, Policy},
        },
        text::Tag,
    },
    record::installation_log,
    web::{idempotency::new_text, sent_form::is_typed},
};

use crate::helpers::{
    Launch, TestApp, admin,
    client::{Answer, Client},
    member,
    people::PASSWORD,
};

/// The names of the hidden fields that are a form's base.
const BASE_FIELDS: [&str; 6] = ["version", "seq", "digest", "statement", "base", "newest"];

/// Forms with a base in which nothing can be wrong that the page shows again, and why.
const BUTTONS: [(&str, &str); 8] = [
    ("{}/order", "moves or removes what its button names"),
    ("{}/items/{}/place", "moves what its address names"),
    ("{}/restorations", "restores what its button names"),
    ("{}/steps", "undoes or redoes, as its button says"),
    ("{}/discard", "has no field"),
    ("{}/publication", "has no field"),
    ("{}", "adds what was lost as a new item, by the form of a section"),
    ("", "is put into a row by the script, and sent to the form of an item's state"),
];

const TOO_LONG_TAG: &str = "a tag that is longer than forty characters";

type Fields = Vec<(String, String)>;
type Change<'a> = Box<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + 'a>> + 'a>;

fn change<'a, F: Future<Output = ()> + 'a>(make: impl Fn() -> F + 'a) -> Change<'a> {
    Box::new(move || Box::pin(make()))
}

/// A form, what its sender has on it, and what somebody else does meanwhile.
struct StaleForm<'a> {
    /// Its address as the template has it, with `{}` for each inserted value.
    template: &'static str,
    client: &'a Client,
    page: String,
    /// Finds the form on its page.
    form: String,
    /// A box of the page that is ticked.
    ticked: Option<String>,
    /// Fields that are refused, whatever was changed meanwhile.
    wrong: Vec<(&'static str, &'static str)>,
    /// The same, corrected.
    right: Vec<(&'static str, String)>,
    change: Change<'a>,
    /// What the page says of the change; `None` if the form can conflict with nothing.
    conflict_text: Option<&'static str>,
    /// Whether the corrected form is accepted where nothing was changed, and can be sent once more after that.
    is_repeatable: bool,
}

/// The fields, with some replaced.
fn with_fields<V: AsRef<str>>(fields: &Fields, changes: &[(&'static str, V)]) -> Fields {
    let mut fields = fields.clone();
    fields.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    fields.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), value.as_ref().to_owned())));
    fields
}

fn bases(fields: &Fields) -> Fields {
    let is_base = |name: &str| BASE_FIELDS.contains(&name) || name == "item";
    fields.iter().filter(|(name, _)| is_base(name)).cloned().collect()
}

impl StaleForm<'_> {
    async fn open(&self) -> (String, Fields) {
        let page = self.client.get(&self.page).await.expect_status(200);
        let action = page.attribute(&self.form, "action").unwrap_or_else(|| panic!("no {}: {}", self.form, page.body));
        let mut fields = page.form_fields(&self.form);
        if let Some(box_on_page) = &self.ticked {
            let attribute = |name| page.attribute(box_on_page, name).unwrap();
            fields.push((attribute("name"), attribute("value")));
        }
        (action, fields)
    }

    async fn send(&self, action: &str, fields: &Fields) -> Answer {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.client.post(action, &fields).await
    }

    /// A form from elsewhere changes nothing, and its texts can be copied.
    async fn send_from_elsewhere(&self) {
        let (action, fields) = self.open().await;
        let fields = with_fields(&fields, &self.right);
        let sent: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let page = Client::send(self.client.form(&action, &sent).header("sec-fetch-site", "same-site")).await;
        let page = page.expect_status(403);
        let shown = page.texts("main textarea[readonly]");
        for (field, value) in self.right.iter().filter(|(field, value)| is_typed(field, value)) {
            assert!(shown.contains(value), "{}: {field} is lost: {shown:?}", self.template);
        }
    }

    fn says_what_changed(&self, answer: &Answer) -> bool {
        let shown = answer.texts("main [role=alert], main .problem, main ul.reasons li").concat();
        self.conflict_text.is_some_and(|text| shown.contains(text))
    }

    async fn walk(&self, walked: &mut BTreeSet<&'static str>) {
        walked.insert(self.template);
        let name = self.template;
        self.send_from_elsewhere().await;
        if self.is_repeatable {
            let (action, fields) = self.open().await;
            let refused = self.send(&action, &with_fields(&fields, &self.wrong)).await;
            assert!(matches!(refused.status.as_u16(), 200 | 422), "{name}: {}", refused.body);
            assert_eq!(bases(&refused.form_fields(&self.form)), bases(&fields), "{name}: nothing was changed");
            let corrected = with_fields(&refused.form_fields(&self.form), &self.right);
            let accepted = self.send(&action, &corrected).await;
            assert_eq!(accepted.status.as_u16(), 303, "{name}: {}", accepted.body);
        }
        let (action, fields) = self.open().await;
        (self.change)().await;
        let mut answer = self.send(&action, &with_fields(&fields, &self.wrong)).await;
        assert!(matches!(answer.status.as_u16(), 200 | 409 | 422), "{name}: {} {}", answer.status, answer.body);
        if !self.says_what_changed(&answer) {
            let returned = answer.form_fields(&self.form);
            assert_eq!(bases(&returned), bases(&fields), "{name}: the base is new, and the page does not say why");
            if self.conflict_text.is_none() {
                return;
            }
            answer = self.send(&action, &with_fields(&returned, &self.right)).await;
            assert_eq!(answer.status.as_u16(), 409, "{name}: replaced unseen what was changed: {}", answer.body);
            assert!(self.says_what_changed(&answer), "{name}: {:?}", answer.texts("main [role=alert]"));
        }
        // The sender has been told, and decides.
        let decided = with_fields(&answer.form_fields(&self.form), &self.right);
        if !self.template.ends_with("/decision") {
            let done = self.send(&action, &decided).await;
            assert_eq!(done.status.as_u16(), 303, "{name}: {}", done.body);
        }
    }
}

#[tokio::test]
async fn form_with_an_invalid_field_from_an_older_page_comes_back_with_its_old_base() {
    let mut walked = BTreeSet::new();
    walk_launch_forms(&mut walked).await;
    walk_signing_forms(&mut walked).await;
    walk_administration_forms(&mut walked).await;
    walk_draft_forms(&mut walked).await;
    let buttons: BTreeSet<&str> = BUTTONS.iter().map(|(action, _)| *action).collect();
    let expected: BTreeSet<String> = walked.union(&buttons).map(|action| (*action).to_owned()).collect();
    assert_eq!(forms_with_a_base(), expected, "every form of the templates that has a base is walked");
}

async fn walk_launch_forms(walked: &mut BTreeSet<&'static str>) {
    let launch = Launch::ledger().make().await;
    let admin = launch.app.sign_in(admin()).await;
    let mia = launch.member.person.id;
    let item = launch.item("required");
    launch.send_mark(&launch.member, "critical", "not_applicable", "No such thing.").await.expect_status(303);
    let settings = |template, form: &str, wrong, right, change, is_repeatable| StaleForm {
        template,
        client: &launch.owner,
        page: launch.path("settings"),
        form: format!("form[action$='/{form}']"),
        ticked: None,
        wrong,
        right,
        change,
        conflict_text: Some("Meanwhile Olga Owner"),
        is_repeatable,
    };
    let details = async || {
        let state = launch.state().await;
        let (name, target) = (new_text(state.name()), state.details.target.clone());
        let command = Command::ChangeDetails { name, summary: Some(new_text("Of others.")), target };
        launch.run_command(&launch.owner, command).await;
    };
    let policy = async || {
        let policy = Policy { slip_days: 3, ..launch.state().await.policy };
        launch.run_command(&launch.owner, Command::ChangePolicy { policy }).await;
    };
    let restriction = async || {
        for restricted in [true, false] {
            launch.run_command(&launch.owner, Command::ChangeRestriction { restricted }).await;
        }
    };
    let tags = async || {
        let newer = format!("of others {}", launch.state().await.seq);
        launch.run_command(&launch.owner, Command::SetTags { tags: vec![Tag::new(&newer).unwrap()] }).await;
    };
    let transfer = async || {
        launch.run_command(&launch.owner, Command::TransferOwnership { to: mia, reason: None }).await;
    };
    let notes = async || {
        launch.run_command(&launch.deputy, Command::WriteNotes { notes: Some(new_text("Of others.")) }).await;
    };
    let block = async || launch.mark(&launch.other, "required", ItemState::Blocked).await;
    let reword = async || {
        launch.send_mark(&launch.member, "critical", "not_applicable", "I am lazy.").await.expect_status(303);
    };
    let assign = async || {
        launch.run_command(&launch.owner, Command::Assign { item, assignee: Some(mia), due: None }).await;
    };
    let field = |name: &'static str, value: &str| vec![(name, value.to_owned())];
    let forms = [
        settings("/launches/{}/details", "details", vec![("name", "")], field("name", "Mine"), change(details), true),
        settings("/launches/{}/tags", "tags", vec![("tags", TOO_LONG_TAG)], field("tags", "mine"), change(tags), true),
        settings(
            "/launches/{}/policy",
            "policy",
            vec![("slip_days", "999")],
            field("slip_days", "9"),
            change(policy),
            true,
        ),
        StaleForm {
            client: &launch.member,
            page: launch.path("").trim_end_matches('/').to_owned(),
            conflict_text: Some("Meanwhile Dev Deputy edited the notes"),
            ..settings(
                "/launches/{}/notes",
                "notes",
                vec![("notes", "safe \u{202E}txt.exe")],
                field("notes", "Mine."),
                change(notes),
                true,
            )
        },
        StaleForm {
            client: &launch.member,
            page: format!("{}?select=on", launch.path("").trim_end_matches('/')),
            form: "form#bulk".to_owned(),
            ticked: Some(format!("input[name=item][value^='{item}']")),
            conflict_text: Some("Otto Other has marked it blocked"),
            ..settings(
                "/launches/{}/items",
                "items",
                vec![("act", "not_applicable"), ("reason", "")],
                vec![("act", "not_applicable".to_owned()), ("reason", "Not here.".to_owned())],
                change(block),
                true,
            )
        },
        StaleForm {
            client: &launch.member,
            page: launch.item_path("required", ""),
            form: "form.form[action$='/state']".to_owned(),
            conflict_text: Some("Meanwhile Otto Other marked it blocked"),
            ..settings(
                "/items/{}/state",
                "state",
                vec![("state", "not_applicable"), ("reason", "")],
                vec![("state", "not_applicable".to_owned()), ("reason", "Not at all.".to_owned())],
                change(block),
                true,
            )
        },
        StaleForm {
            client: &launch.security,
            page: launch.item_path("critical", ""),
            conflict_text: Some("Meanwhile Mia Member marked it not applicable"),
            ..settings(
                "/items/{}/agreement",
                "agreement",
                vec![("verdict", "refuse"), ("reason", "")],
                field("verdict", "agree"),
                change(reword),
                false,
            )
        },
        StaleForm {
            client: &launch.operations,
            page: launch.item_path("required", ""),
            ..settings(
                "/items/{}/assignment",
                "assignment",
                vec![("due", "2098-02-31")],
                field("due", "2098-02-01"),
                change(assign),
                true,
            )
        },
        settings(
            "/launches/{}/restriction",
            "restriction",
            vec![("restricted", "perhaps")],
            field("restricted", "on"),
            change(restriction),
            false,
        ),
        StaleForm {
            client: &admin,
            ..settings(
                "/launches/{}/owner",
                "owner",
                vec![("owner", "")],
                vec![("owner", launch.owner.person.id.to_string()), ("reason", "Olga asked me to.".to_owned())],
                change(transfer),
                false,
            )
        },
    ];
    for form in forms {
        form.walk(walked).await;
    }
}

async fn walk_signing_forms(walked: &mut BTreeSet<&'static str>) {
    let launch = Launch::payments().make().await;
    let admin = launch.app.sign_in(admin()).await;
    let sign = |wrong, right, change, conflict_text, is_repeatable| StaleForm {
        template: "/launches/{}/signatures",
        client: &launch.security,
        page: launch.path("go-no-go"),
        form: "form[action$='/signatures']".to_owned(),
        ticked: None,
        wrong,
        right,
        change,
        conflict_text: Some(conflict_text),
        is_repeatable,
    };
    let go = |comment: &str| {
        vec![("verdict", "go".to_owned()), ("password", PASSWORD.to_owned()), ("comment", comment.to_owned())]
    };
    let no_go = vec![
        ("verdict", "no_go".to_owned()),
        ("password", PASSWORD.to_owned()),
        ("comment", "Not like this.".to_owned()),
    ];
    let mistyped = vec![("verdict", "go"), ("password", "mistyped")];
    let scope = "Something in the scope of Security changed";
    let block = async || launch.mark(&launch.member, "backups", ItemState::Blocked).await;
    let unblock = async || launch.mark(&launch.member, "backups", ItemState::Done).await;
    let reword = async || publish_statements(&admin, "I approve of all of it.").await;
    let reword_and_block = async || {
        publish_statements(&admin, "I approve of what I have seen.").await;
        launch.mark(&launch.member, "backups", ItemState::Blocked).await;
    };
    let forms = [
        sign(mistyped.clone(), go(""), change(block), scope, true),
        sign(vec![("verdict", "no_go"), ("comment", "")], no_go, change(unblock), scope, false),
        sign(mistyped.clone(), go("Read it."), change(reword), "was reworded", false),
        sign(mistyped.clone(), go("Read both."), change(reword_and_block), "was reworded", false),
        sign(mistyped.clone(), go("Read all."), change(unblock), scope, false),
    ];
    for form in forms {
        form.walk(walked).await;
    }
    launch.resolve_all().await;
    launch.sign_all().await;
    let reopen = async || {
        launch.mark(&launch.member, "status", ItemState::Open).await;
        launch.sign_all().await;
    };
    let decide = StaleForm {
        template: "/launches/{}/decision",
        client: &launch.owner,
        form: "form#declare".to_owned(),
        ..sign(
            vec![("password", "mistyped")],
            vec![("password", PASSWORD.to_owned())],
            change(reopen),
            "are not those you acknowledged",
            false,
        )
    };
    decide.walk(walked).await;
}

#[tokio::test]
async fn signature_form_that_comes_back_names_every_change_since_its_page() {
    let launch = Launch::payments().make().await;
    let admin = launch.app.sign_in(admin()).await;
    let page = launch.security.get(&launch.path("go-no-go")).await.expect_status(200);
    let sent = page.form_fields("form[action$='/signatures']");
    publish_statements(&admin, "I approve of what I have seen.").await;
    launch.mark(&launch.member, "backups", ItemState::Blocked).await;
    // With a wrong password, and with the right one: no sentence about one of them may renew the other.
    for password in ["mistyped", PASSWORD] {
        let fields = with_fields(&sent, &[("verdict", "go"), ("password", password)]);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = launch.security.post(&launch.path("signatures"), &fields).await.expect_status(409);
        let shown = answer.texts("main [role=alert], main .problem").concat();
        assert!(shown.contains("Something in the scope of Security changed"), "{shown}");
        assert!(shown.contains("was reworded"), "{shown}");
        assert!(answer.body.contains("Backups restored"), "and the page shows what it was");
    }
    assert_eq!(launch.kinds().await, ["item_marked"]);
}

/// Publishes the next version of the statements, with another text for GO as approval.
async fn publish_statements(admin: &Client, go: &str) {
    let page = admin.get("/admin/statements").await.expect_status(200);
    let fields = with_fields(&page.form_fields("form#next"), &[("go_approval", go), ("step", "publish")]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    admin.post("/admin/statements", &fields).await.expect_status(303);
}

async fn walk_administration_forms(walked: &mut BTreeSet<&'static str>) {
    let app = TestApp::start().await;
    let (ann, bob) = (app.sign_in(admin()).await, app.sign_in(admin().named("Bob Builder")).await);
    let mia = app.person(&member()).await;
    let roles = async || {
        bob.post(&format!("/admin/people/{}/roles", mia.id), &[("roles", "auditor")]).await.expect_status(303);
    };
    let statements = async || publish_statements(&bob, "I approve of it.").await;
    let policy = async || {
        let event = InstallationEvent::SecondFactorPolicyChanged {
            from: SecondFactorPolicy::LeadsAndAdmins,
            to: SecondFactorPolicy::Optional,
        };
        let by = PersonRef { id: bob.person.id, name: "Bob Builder".to_owned().try_into().unwrap() };
        let now = app.state.clock.now();
        installation_log::record_event(&app.state.db, Some(&by), &event, ambient::new_id(), now).await.unwrap();
    };
    let forms = [
        StaleForm {
            template: "/admin/people/{}/roles",
            client: &ann,
            page: "/admin".to_owned(),
            form: format!("[data-person='{}'] form[action$='/roles']", mia.id),
            ticked: None,
            wrong: vec![("roles", "member"), ("roles", "auditor")],
            right: vec![("roles", "member".to_owned()), ("roles", "admin".to_owned())],
            change: change(roles),
            conflict_text: Some("Meanwhile Bob Builder changed the roles to: Auditor"),
            is_repeatable: false,
        },
        StaleForm {
            template: "/admin/statements",
            client: &ann,
            page: "/admin/statements".to_owned(),
            form: "form#next".to_owned(),
            ticked: None,
            wrong: vec![("go_review", ""), ("step", "publish")],
            right: vec![("go_review", "I have read it.".to_owned()), ("step", "publish".to_owned())],
            change: change(statements),
            conflict_text: Some("Somebody published another version"),
            is_repeatable: true,
        },
        StaleForm {
            template: "/admin/security/policy",
            client: &ann,
            page: "/admin/security".to_owned(),
            form: "form[action$='/policy']".to_owned(),
            ticked: None,
            wrong: vec![("second_factor", "never")],
            right: vec![("second_factor", "leads_and_admins".to_owned())],
            change: change(policy),
            conflict_text: Some("Meanwhile Bob Builder made a second factor optional"),
            is_repeatable: false,
        },
    ];
    for form in forms {
        form.walk(walked).await;
    }
}

const DRAFTED: &str = "# Going live\n\n## Database\n\n### Backup\n\n- [ ] Restored\n- [ ] Tested\n";

async fn walk_draft_forms(walked: &mut BTreeSet<&'static str>) {
    let app = TestApp::start().await;
    let (ann, bob) = (app.sign_in(admin()).await, app.sign_in(admin().named("Bob Builder")).await);
    let import = Form::new().text("markdown", DRAFTED).text("step", "publish").text("unsigned", "on");
    let version = ann.upload("/checklists/import", import).await.location().to_owned();
    let draft = format!("{}/draft", version.split("/versions").next().unwrap());
    let outline = ann.get(&draft).await.expect_status(200);
    let [part, section, item] = [".edit-part", ".edit-section", "li[data-node]"]
        .map(|node| outline.attribute(node, "id").unwrap().replace("node-", ""));
    let open = |node: &str| format!("{draft}?open={node}");
    let add = |node: &str| format!("{draft}?add={node}");
    let (rename_part, add_section) = (format!("{draft}/parts/{part}/title"), format!("{draft}/parts/{part}/sections"));
    let (rename_section, add_item) =
        (format!("{draft}/sections/{section}/title"), format!("{draft}/sections/{section}/items"));
    let change_item = format!("{draft}/items/{item}");
    // Bob changes everything that Ann's forms are about.
    let bob_changes = async || {
        let heading = ambient::new_opaque_id::<uuid::Uuid>().to_string();
        let change = async |page: &str, form: &str, name: &'static str| {
            let page = bob.get(page).await.expect_status(200);
            let selector = format!("form[action$='{form}']");
            let fields = with_fields(&page.form_fields(&selector), &[(name, heading.as_str())]);
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            bob.post(form, &fields).await.expect_status(303);
        };
        change(&draft, &format!("{draft}/about"), "name").await;
        change(&open(&part), &rename_part, "title").await;
        change(&open(&section), &rename_section, "title").await;
        change(&open(&item), &change_item, "title").await;
    };
    let draft_form = |template, page: &str, form: String, name: &'static str, conflict_text| StaleForm {
        template,
        client: &ann,
        page: page.to_owned(),
        form,
        ticked: None,
        wrong: vec![(name, "")],
        right: vec![(name, "Mine".to_owned())],
        change: change(bob_changes),
        conflict_text,
        is_repeatable: true,
    };
    let action = |address: &str| format!("form[action='{address}']");
    let changed = Some("This was changed meanwhile");
    let forms = [
        draft_form("{}/about", &draft, action(&format!("{draft}/about")), "name", changed),
        draft_form("{}/parts/{}/title", &open(&part), action(&rename_part), "title", changed),
        draft_form("{}/sections/{}/title", &open(&section), action(&rename_section), "title", changed),
        draft_form("{}/items/{}", &open(&item), action(&change_item), "title", changed),
        // A preview is no refusal, and the form comes back all the same.
        StaleForm {
            wrong: vec![("title", "Mine, too"), ("step", "preview")],
            right: vec![("title", "Mine, too".to_owned()), ("step", String::new())],
            ..draft_form("{}/items/{}", &open(&item), action(&change_item), "title", changed)
        },
        StaleForm {
            ticked: Some(format!("#node-{item} .pick input")),
            wrong: vec![("action", "change"), ("importance", "vital")],
            right: vec![("action", "change".to_owned()), ("importance", "critical".to_owned())],
            is_repeatable: false,
            ..draft_form("{}/items", &draft, action(&format!("{draft}/items")), "title", changed)
        },
        draft_form("{}/parts", &draft, action(&format!("{draft}/parts")), "title", None),
        draft_form("{}/parts/{}/sections", &add(&part), action(&add_section), "title", None),
        draft_form("{}/sections/{}/items", &add(&section), action(&add_item), "title", None),
        draft_form("{}/roles", &draft, "#roles details form".to_owned(), "title", None),
    ];
    for form in forms {
        form.walk(walked).await;
    }
}

/// The addresses of all forms of the templates that have a base, with `{}` for each inserted value.
fn forms_with_a_base() -> BTreeSet<String> {
    let mut found = BTreeSet::from(["/launches/{}/items".to_owned()]);
    for path in super::source_files("templates") {
        let text = fs::read_to_string(&path).unwrap();
        for form in text.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let has_base = BASE_FIELDS.iter().any(|name| form.contains(&format!("type=\"hidden\" name=\"{name}\"")));
            if has_base {
                let action = form.split_once("action=\"").map_or("", |(_, rest)| rest.split('"').next().unwrap());
                let mut address = String::new();
                for (at, piece) in action.split("{{").enumerate() {
                    let rest = if at == 0 { piece } else { piece.split_once("}}").unwrap().1 };
                    address.push_str(if at == 0 { "" } else { "{}" });
                    address.push_str(rest);
                }
                found.insert(address);
            }
        }
    }
    found
}
