//! A second, naive implementation of who is notified of what, over random histories: it reads the events as JSON, one change at
//! a time, and recounts everything from its own small model, without the program's types, digests or caches.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use signoff::{
    ambient,
    domain::{
        digest,
        launch::{
            command::{Command, NewEvidence, NewSignature},
            event::{ItemState, SignatureMeaning, Vote},
            state::LaunchState,
        },
        statement,
    },
    web::idempotency::new_text,
};
use uuid::Uuid;

use crate::helpers::{client::Client, launch::Launch};

/// The things that a person was notified of for each reason.
type Counts = BTreeMap<(String, String), i64>;

/// Random numbers that are the same in every run (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }

    fn choose<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

const KEYS: [&str; 3] = ["critical", "required", "advisory"];

/// A random command on the launch as it is, and who tries it.
fn try_command<'a>(numbers: &mut Numbers, launch: &'a Launch, state: &LaunchState) -> (&'a Client, Vec<Command>) {
    let all = [&launch.owner, &launch.security, &launch.deputy, &launch.operations, &launch.member, &launch.other];
    let owner = all.into_iter().find(|person| person.person.id == state.owner).unwrap();
    let anybody = numbers.choose(&all);
    let item = launch.item(numbers.choose(&KEYS));
    let user = numbers.choose(&all).person.id;
    let role = || "security".parse().unwrap();
    let text = new_text("a reason");
    let mark = |numbers: &mut Numbers, key: &str| {
        let item = state.item(launch.item(key)).unwrap();
        let to = numbers.choose(&[ItemState::Open, ItemState::Done, ItemState::Blocked, ItemState::NotApplicable]);
        let reason = to.needs_reason().then(|| new_text("because"));
        Command::Mark { item: item.id, state: to, reason, version: item.version }
    };
    let waiver = state.item(item).unwrap().waivers.last().copied();
    match numbers.below(24) {
        0..4 => {
            let key = numbers.choose(&KEYS);
            (anybody, vec![mark(numbers, key)])
        }
        4 => (anybody, KEYS.map(|key| mark(numbers, key)).into()),
        5..8 => (anybody, vec![Command::SetAssignee { item, assignee: (user != state.owner).then_some(user) }]),
        8 => (anybody, KEYS.map(|key| Command::SetAssignee { item: launch.item(key), assignee: Some(user) }).into()),
        9..11 => (anybody, vec![Command::AddComment { item, comment: ambient::new_id(), body: text }]),
        11 => {
            let expires_on = "2098-01-01".parse().unwrap();
            let control = new_text("watched");
            (anybody, vec![Command::AskWaiver { item, waiver: ambient::new_id(), reason: text, control, expires_on }])
        }
        12 | 13 => match waiver {
            Some(waiver) => {
                (anybody, vec![Command::DecideWaiver { waiver, approve: numbers.below(2) == 0, reason: Some(text) }])
            }
            None => (anybody, vec![]),
        },
        14 => (anybody, waiver.map(|waiver| Command::RevokeWaiver { waiver, reason: text }).into_iter().collect()),
        15 => {
            let item = launch.item("critical");
            (anybody, vec![Command::Agree { item, agree: numbers.below(2) == 0, reason: Some(text), version: None }])
        }
        16 => {
            let content = NewEvidence::Note(text);
            let evidence = ambient::new_id();
            (anybody, vec![Command::AttachEvidence { item, evidence, content, observed_on: None, valid_until: None }])
        }
        17 => (&launch.auditor, vec![Command::RequestEvidence { item, request: ambient::new_id(), text }]),
        18 => match state.evidence_requests.keys().next_back() {
            Some(request) => (anybody, vec![Command::AnswerRequest { request: *request, text }]),
            None => (anybody, vec![]),
        },
        19 if state.holds_role(user, &role()) => (owner, vec![Command::RemoveHolder { role: role(), user }]),
        19 => (owner, vec![Command::AddHolder { role: role(), user }]),
        20 => (owner, vec![Command::TransferOwnership { to: user, reason: None }]),
        21 => (owner, vec![Command::AskSignatures]),
        22 if numbers.below(2) == 0 => (owner, vec![Command::Hold { reason: text }]),
        22 => (owner, vec![Command::Resume { reason: None }]),
        _ => (anybody, vec![sign(state, numbers.below(4) == 0)]),
    }
}

fn sign(state: &LaunchState, objects: bool) -> Command {
    let role = "security".parse().unwrap();
    let verdict = if objects { Vote::NoGo } else { Vote::Go };
    let meaning = SignatureMeaning::Approval;
    Command::Sign(Box::new(NewSignature {
        id: ambient::new_id(),
        digest: digest::digest(state, &role),
        role,
        verdict,
        meaning,
        statement_version: statement::BUILT_IN_VERSION,
        statement: statement::built_in_statement(verdict, meaning).to_owned(),
        comment: objects.then(|| new_text("no")),
        saw: Some(state.seq),
        lifts: None,
        address: new_text("127.0.0.1"),
        user_agent: new_text("a browser"),
    }))
}

/// An item in the naive model. Each field is the JSON of the event that set it.
#[derive(Clone, Default)]
struct NaiveItem {
    role: Option<&'static str>,
    critical: bool,
    state: Value,
    agreement: Value,
    marker: String,
    assignee: String,
    commenters: BTreeSet<String>,
    evidence: BTreeMap<String, Value>,
    /// Waivers by id: who asked, the request, and the answer.
    waivers: BTreeMap<String, (String, Value, Value)>,
}

impl NaiveItem {
    fn stored(&self) -> &str {
        self.state["state"].as_str().unwrap_or("open")
    }

    fn approved(&self) -> Vec<&Value> {
        let waivers = self.waivers.values();
        waivers.filter(|(_, _, answer)| answer["approved"] == json!(true)).map(|(_, request, _)| request).collect()
    }

    fn is_resolved(&self) -> bool {
        matches!(self.stored(), "done" | "not_applicable") || !self.approved().is_empty()
    }

    fn needs_agreement(&self) -> bool {
        self.critical && self.stored() == "not_applicable" && self.agreement.is_null()
    }
}

#[derive(Clone, Default)]
struct NaiveLaunch {
    owner: String,
    holders: BTreeSet<(String, String)>,
    items: BTreeMap<String, NaiveItem>,
    requests: BTreeMap<String, String>,
    /// Signatures of security by signer: the verdict and the scope that was signed.
    signed: BTreeMap<String, (String, String)>,
}

impl NaiveLaunch {
    fn holders_of(&self, role: &str) -> BTreeSet<String> {
        self.holders.iter().filter(|(held, _)| held == role).map(|(_, user)| user.clone()).collect()
    }

    fn own_people(&self, item: &NaiveItem) -> BTreeSet<String> {
        match (item.assignee.as_str(), item.role) {
            ("", Some(role)) => self.holders_of(role),
            ("", None) => BTreeSet::new(),
            (assignee, _) => BTreeSet::from([assignee.to_owned()]),
        }
    }

    fn approvers(&self, item: &NaiveItem) -> BTreeSet<String> {
        let own = item.role.map(|role| self.holders_of(role)).unwrap_or_default();
        if own.is_empty() { self.holders.iter().map(|(_, user)| user.clone()).collect() } else { own }
    }

    fn watchers(&self, item: &NaiveItem) -> BTreeSet<String> {
        let mut all = item.role.map(|role| self.holders_of(role)).unwrap_or_default();
        all.extend(item.commenters.iter().cloned());
        all.extend([self.owner.clone(), item.assignee.clone()]);
        all.remove("");
        all
    }

    fn involved(&self) -> BTreeSet<String> {
        let assignees = self.items.values().map(|item| item.assignee.clone()).filter(|assignee| !assignee.is_empty());
        let holders = self.holders.iter().map(|(_, user)| user.clone());
        assignees.chain(holders).chain([self.owner.clone()]).collect()
    }

    /// What a signature of security is bound to, as text.
    fn scope(&self) -> String {
        let items = self.items.iter().filter(|(_, item)| item.role != Some("operations"));
        let text = |(id, item): (&String, &NaiveItem)| {
            let approved: Vec<_> =
                item.waivers.iter().filter(|(_, (_, _, answer))| answer["approved"] == json!(true)).collect();
            format!("{id}{}{}{:?}{:?}\n", item.state, item.agreement["by"], item.evidence.values(), approved)
        };
        items.map(text).collect()
    }

    fn counts(&self, signer: &str) -> bool {
        let holds = self.holders.contains(&("security".to_owned(), signer.to_owned()));
        self.signed.get(signer).is_some_and(|(verdict, scope)| holds && verdict == "go" && *scope == self.scope())
    }

    fn unresolved_roles(&self) -> BTreeSet<&'static str> {
        self.items.values().filter(|item| !item.is_resolved()).filter_map(|item| item.role).collect()
    }

    fn apply(&mut self, event: &Value) {
        let (data, by) = (&event["data"], id(&event["actor"]["id"]));
        let key = id(&data["item"]);
        let mut nothing = NaiveItem::default();
        let item = self.items.get_mut(&key).unwrap_or(&mut nothing);
        match event["kind"].as_str().unwrap() {
            "launch_created" => self.owner = id(&data["owner"]["id"]),
            "owner_changed" => self.owner = id(&data["new"]["id"]),
            "holder_added" => {
                self.holders.insert((id(&data["role"]), id(&data["person"]["id"])));
            }
            "holder_removed" => {
                self.holders.remove(&(id(&data["role"]), id(&data["person"]["id"])));
            }
            "item_marked" => {
                (item.state, item.agreement, item.marker) = (data["new"].clone(), Value::Null, by);
            }
            "item_assigned" => item.assignee = id(&data["new"]["assignee"]["id"]),
            "agreement_given" => item.agreement = json!({ "by": by }),
            "agreement_refused" => item.agreement = json!({ "refused": by }),
            "comment_added" => {
                item.commenters.insert(by);
            }
            "evidence_attached" => {
                item.evidence.insert(id(&data["evidence"]), data.clone());
            }
            "waiver_asked" => {
                item.waivers.insert(id(&data["waiver"]), (by, data.clone(), Value::Null));
            }
            "waiver_approved" => {
                let answer = json!({ "approved": true, "by": by, "reason": data["reason"] });
                item.waivers.get_mut(&id(&data["waiver"])).unwrap().2 = answer;
            }
            "waiver_refused" | "waiver_revoked" => item.waivers.get_mut(&id(&data["waiver"])).unwrap().2 = Value::Null,
            "evidence_requested" => {
                self.requests.insert(id(&data["evidence_request"]), by);
            }
            "signed" => {
                let scope = self.scope();
                self.signed.insert(by, (id(&data["verdict"]), scope));
            }
            _ => {}
        }
    }

    /// Adds what a change brings that led from `before` to this state.
    fn count(&self, before: &Self, events: &[Value], counts: &mut Counts) {
        let actor = id(&events[0]["actor"]["id"]);
        let mut add = |reason: &str, users: BTreeSet<String>| {
            for user in users.into_iter().filter(|user| *user != actor) {
                *counts.entry((user, reason.to_owned())).or_default() += 1;
            }
        };
        let one = |user: &str| if user.is_empty() { BTreeSet::new() } else { BTreeSet::from([user.to_owned()]) };
        if before.owner != self.owner {
            add("ownership_given", one(&self.owner));
            add("ownership_taken", one(&before.owner));
        }
        for (reason, from, to) in [("role_added", before, self), ("role_removed", self, before)] {
            to.holders.difference(&from.holders).for_each(|(_, user)| add(reason, one(user)));
        }
        for (key, item) in &self.items {
            let old = before.items.get(key).cloned().unwrap_or_default();
            if old.assignee != item.assignee {
                add("assigned", one(&item.assignee));
                add("unassigned", one(&old.assignee));
            }
            let was_marked =
                events.iter().any(|event| event["kind"] == "item_marked" && id(&event["data"]["item"]) == *key);
            if was_marked && item.needs_agreement() && !old.needs_agreement() {
                add("agreement_asked", self.approvers(item));
            }
            if was_marked && old.stored() != item.stored() {
                let mut watchers = self.watchers(item);
                if [old.stored(), item.stored()].contains(&"blocked") {
                    let mut own = self.own_people(item);
                    own.insert(self.owner.clone());
                    watchers = watchers.difference(&own).cloned().collect();
                    add(if item.stored() == "blocked" { "blocked" } else { "unblocked" }, own);
                }
                add("marked", watchers);
            }
        }
        for event in events {
            let data = &event["data"];
            let Some(kind) = event["kind"].as_str() else { continue };
            let item = self.items.get(&id(&data["item"]));
            let waiver = || {
                let item = item.unwrap();
                let mut people = self.own_people(item);
                people.insert(item.waivers[&id(&data["waiver"])].0.clone());
                people
            };
            match kind {
                "comment_added" => add("commented", self.watchers(item.unwrap())),
                "waiver_asked" => add(kind, self.approvers(item.unwrap())),
                "waiver_approved" | "waiver_refused" | "waiver_revoked" => add(kind, waiver()),
                "agreement_given" | "agreement_refused" => add(kind, one(&item.unwrap().marker)),
                "evidence_requested" => {
                    let own = self.own_people(item.unwrap());
                    add("evidence_asked", if own.is_empty() { one(&self.owner) } else { own });
                }
                "evidence_request_answered" => {
                    add("evidence_answered", one(&self.requests[&id(&data["evidence_request"])]));
                }
                "held" | "resumed" => add(kind, self.involved()),
                "signed" if data["verdict"] == "no_go" => {
                    let mut all: BTreeSet<String> = self.holders.iter().map(|(_, user)| user.clone()).collect();
                    all.insert(self.owner.clone());
                    add("objected", all);
                }
                "signatures_asked" => {
                    for role in data["roles"].as_array().unwrap() {
                        let is_signed = role == "security" && self.signed.keys().any(|signer| self.counts(signer));
                        if !is_signed {
                            add("signature_asked", self.holders_of(role.as_str().unwrap()));
                        }
                    }
                }
                _ => {}
            }
        }
        let resolves = |event: &Value| event["kind"] == "item_marked" || event["kind"] == "waiver_approved";
        if events.iter().any(resolves) {
            let open = self.unresolved_roles();
            before.unresolved_roles().difference(&open).for_each(|role| add("role_resolved", self.holders_of(role)));
        }
        for signer in before.signed.keys().filter(|signer| before.counts(signer)) {
            let holds = self.holders.contains(&("security".to_owned(), signer.clone()));
            if holds && self.signed.get(signer) == before.signed.get(signer) && !self.counts(signer) {
                add("signature_stale", one(signer));
            }
        }
    }
}

/// A value as text, without the marks of a string; empty if there is none.
fn id(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What the naive implementation finds in the history of a launch.
async fn count_naively(launch: &Launch) -> Counts {
    let events: Vec<Value> =
        sqlx::query_scalar("SELECT convert_from(bytes, 'UTF8')::jsonb FROM events WHERE launch_id = $1 ORDER BY seq")
            .bind(launch.id)
            .fetch_all(&launch.app.owner)
            .await
            .unwrap();
    let item = |key: &str, role, critical| {
        let state = json!({ "state": "open", "reason": null });
        (launch.item(key).to_string(), NaiveItem { role, critical, state, ..NaiveItem::default() })
    };
    let items = [
        item("critical", Some("security"), true),
        item("required", Some("operations"), false),
        item("advisory", None, false),
    ];
    let mut counts = Counts::new();
    let mut state = NaiveLaunch { items: items.into(), ..NaiveLaunch::default() };
    for change in events.chunk_by(|one, other| one["request"] == other["request"]) {
        let before = state.clone();
        change.iter().for_each(|event| state.apply(event));
        state.count(&before, change, &mut counts);
    }
    counts
}

async fn count_stored(launch: &Launch) -> Counts {
    let rows: Vec<(Uuid, String, i64)> =
        sqlx::query_as("SELECT user_id, reason, sum(things) FROM notifications WHERE launch_id = $1 GROUP BY 1, 2")
            .bind(launch.id)
            .fetch_all(&launch.app.owner)
            .await
            .unwrap();
    rows.into_iter().map(|(user, reason, things)| ((user.to_string(), reason), things)).collect()
}

#[tokio::test]
async fn notifications_are_those_that_a_naive_implementation_finds_in_random_histories() {
    let mut seen = BTreeSet::new();
    for seed in 0..3 {
        let launch = Launch::ledger().make().await;
        let mut numbers = Numbers(seed);
        for _ in 0..120 {
            let state = launch.state().await;
            let (person, commands) = try_command(&mut numbers, &launch, &state);
            // What is refused changes nothing.
            let record = &launch.app.state.record;
            let _ = record.execute(&launch.app.state.db, launch.requester(person), launch.id, commands).await;
        }
        let stored = count_stored(&launch).await;
        assert_eq!(stored, count_naively(&launch).await, "seed {seed}");
        seen.extend(stored.into_keys().map(|(_, reason)| reason));
    }
    // The histories are only useful if they lead to most reasons.
    assert!(seen.len() >= 20, "{seen:?}");
}
