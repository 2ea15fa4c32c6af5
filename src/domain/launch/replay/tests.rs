//! Histories that nobody made by the rules, a row each: what was forged, and what the replay says of it.

use super::*;
use crate::domain::{
    canonical::Sha256Hash,
    ids::{RequestId, SignatureId},
    launch::{
        command::Command,
        event::{
            EvidenceContent, ItemState,
            ItemState::{Blocked, Done, NotApplicable, Open},
            PersonRef,
            Vote::{Go, NoGo},
        },
        fixture::*,
    },
    readiness::Verdict,
};

/// Holds a history against the rules; the number of the event that breaks one, with which.
fn replay_events(events: &[Event], version: &Arc<ChecklistVersion>) -> Result<LaunchState, (i64, ReplayError)> {
    let broken = |event: &Event| (event.seq, event.clone());
    let mut replay = LaunchReplay::begin(&events[0], Arc::clone(version)).map_err(|why| (broken(&events[0]).0, why))?;
    for event in &events[1..] {
        replay.apply_event(event).map_err(|why| (broken(event).0, why))?;
    }
    Ok(replay.state().clone())
}

/// A launch in which most has happened that can be forged, up to its close.
fn eventful_world() -> World {
    let mut w = World::from_version(checklist::small_version(), false);
    let item = w.item("critical-tech");
    w.run_ok(OWNER, Command::AddParticipant { user: BEN });
    w.run_ok(OWNER, Command::RemoveParticipant { user: BEN });
    w.run_ok(OWNER, w.change_target(local_time("2026-12-02T09:30", "Europe/Lisbon")));
    w.run_ok(ADMIN, Command::TransferOwnership { to: ANA, reason: Some(w.text("on leave")) });
    w.run_ok(ANA, Command::TransferOwnership { to: OWNER, reason: None });
    w.run_ok(ANA, Command::WriteNotes { notes: Some(w.text("mind the gap")) });
    w.run_ok(OWNER, Command::SetTags { tags: tags(&["Payments"]) });
    w.run_ok(OWNER, Command::SetTags { tags: tags(&["Payments", "Team Blue"]) });
    w.run_ok(ANA, w.mark("critical-tech", NotApplicable));
    w.run_ok(TECH, w.agree("critical-tech", true));
    w.run_ok(ANA, Command::Assign { item, assignee: Some(BEN), due: Some(day("2026-11-20")) });
    w.run_ok(ANA, w.comment("critical-tech"));
    let comment = w.state.item(item).unwrap().comments[0];
    w.run_ok(ANA, Command::EditComment { comment, body: w.text("a second thought") });
    w.run_ok(ANA, Command::DeleteComment { comment });
    let request = w.id();
    w.run_ok(AUDITOR, Command::RequestEvidence { item, request, text: w.text("show me") });
    w.run_ok(ANA, Command::AnswerRequest { request, text: w.text("there") });
    let file = w.file_content("report.txt", "all well");
    w.run_ok(ANA, w.attach_content("required-any-proof", file, None, None));
    w.run_ok(ANA, w.reuse_evidence("required-any-proof", "advisory-sec-proof"));
    w.run_ok(ANA, w.withdraw_evidence("advisory-sec-proof"));
    w.run_ok(ANA, w.mark("required-any-proof", Blocked));
    w.run_ok(ANA, w.mark("required-any-proof", Open));
    w.waive("required-any-proof", "2026-12-30", SEC);
    w.run_ok(OWNER, w.revoke_waiver("required-any-proof"));
    w.waive("required-any-proof", "2026-12-31", SEC);
    w.run_ok(OWNER, Command::AskSignatures);
    w.run_ok(TECH, w.sign(TECH_LEAD, NoGo));
    w.run_ok(TECH2, w.lift_objection(TECH_LEAD, w.newest_signature()));
    w.run_ok(SEC, w.sign(SECURITY, Go));
    w.run_ok(SEC, w.withdraw_signature(w.newest_signature()));
    w.run_ok(SEC, w.sign(SECURITY, Go));
    w.run_ok(OWNER, Command::Hold { reason: w.text("the weather") });
    w.run_ok(OWNER, Command::Resume { reason: None });
    w.run_ok(OWNER, w.declare_go());
    let at = w.now;
    w.now = w.now.plus_seconds(60);
    w.run_ok(ANA, w.comment("required-any-proof"));
    w.run_ok(OWNER, w.launch_at(at, false));
    w.run_ok(ANA, w.mark("after-critical-any", Done));
    w.run_ok(OWNER, w.close());
    w
}

/// The events of the rich launch, with a redaction of a text at their end.
fn eventful_history_with_redaction() -> Vec<Event> {
    let mut w = eventful_world();
    let commitment = w.state.items.iter().find_map(|item| item.status.reason).unwrap();
    append_redaction(&mut w, Redaction::Text { commitment, field: TextField::ItemReason });
    w.events
}

fn append_redaction(w: &mut World, what: Redaction) {
    let actor = PersonRef { id: ANA, name: w.state.people[&ANA].clone() };
    let request = RequestId(uuid::Uuid::nil());
    let (event, text) = redaction::decide_redaction(&w.state, what, w.text("a name"), actor, request, w.now).unwrap();
    w.state.texts.insert(text);
    w.state.apply(&event).unwrap();
    w.events.push(event);
}

/// Where the last event of a kind is.
fn last_position(events: &[Event], kind: &str) -> usize {
    events.iter().rposition(|event| event.change.kind() == kind).unwrap_or_else(|| panic!("{kind}"))
}

/// Where the first one is.
fn first_position(events: &[Event], kind: &str) -> usize {
    events.iter().position(|event| event.change.kind() == kind).unwrap_or_else(|| panic!("{kind}"))
}

fn renumber(events: &mut [Event]) {
    (1..).zip(events).for_each(|(seq, event)| event.seq = seq);
}

/// Takes out an event, as if it had never been.
fn remove_last(events: &mut Vec<Event>, kind: &str) {
    let at = last_position(events, kind);
    events.remove(at);
    renumber(events);
}

/// Has the last event of a kind happen twice.
fn repeat_last(events: &mut Vec<Event>, kind: &str) {
    let at = last_position(events, kind);
    events.insert(at, events[at].clone());
    renumber(events);
}

/// Has somebody else do the last event of a kind.
fn change_last_actor(events: &mut [Event], kind: &str, who: crate::domain::ids::UserId) {
    let at = last_position(events, kind);
    events[at].actor.id = who;
}

/// Changes what the last event of a kind says.
fn change_last(events: &mut [Event], kind: &str, change: impl FnOnce(&mut Change)) {
    let at = last_position(events, kind);
    change(&mut events[at].change);
}

macro_rules! edit_last {
    ($events:ident, $kind:literal, $($pattern:ident)::+ { $($field:ident),+ } => $edit:expr) => {
        change_last(&mut $events[..], $kind, |change| match change {
            $($pattern)::+ { $($field,)+ .. } => $edit,
            other => panic!("{other:?}"),
        })
    };
}

fn edit_last_signature(events: &mut [Event], edit: impl FnOnce(&mut crate::domain::launch::event::SignatureRecord)) {
    change_last(events, "signed", |change| match change {
        Change::Signed(record) => edit(record),
        other => panic!("{other:?}"),
    });
}

/// What was forged, how, and words of what is found.
type ForgeryCase = (&'static str, fn(&mut Vec<Event>), &'static str);

fn forgery_cases() -> Vec<ForgeryCase> {
    vec![
        (
            "a digest of zeros",
            |e| edit_last_signature(e, |r| r.digest = Sha256Hash([0; 32])),
            "its digest is not that of the scope",
        ),
        (
            "a page that was not there yet",
            |e| edit_last_signature(e, |r| r.saw = 4_000),
            "This is not an event of this launch",
        ),
        (
            "a signature of itself",
            |e| {
                let at = last_position(e, "signed") as i64 + 1;
                edit_last_signature(e, |r| r.saw = at);
            },
            "This is not an event of this launch",
        ),
        (
            "another signer",
            |e| edit_last_signature(e, |r| r.signer.id = TECH),
            "its member `data.signer.id` has another value",
        ),
        (
            "a signer by another name",
            |e| edit_last_signature(e, |r| r.signer.name = "Mallory".to_owned().try_into().unwrap()),
            "`data.signer.name`",
        ),
        (
            "a role that its signer does not hold",
            |e| edit_last_signature(e, |r| r.role = role(TECH_LEAD)),
            "Only a holder",
        ),
        (
            "a role by another title",
            |e| edit_last_signature(e, |r| r.role_title = "Chief".to_owned().try_into().unwrap()),
            "`data.role_title`",
        ),
        (
            "an objection without a word",
            |e| edit_last_signature(e, |r| (r.verdict, r.comment) = (NoGo, None)),
            "Say what you object to",
        ),
        ("a signature twice", |e| repeat_last(e, "signed"), "nothing would have changed"),
        (
            "a lift of nothing",
            |e| {
                edit_last_signature(e, |r| {
                    (r.lifts, r.comment) = (Some(SignatureId(uuid::Uuid::nil())), Some(r.address))
                })
            },
            "This is not an open objection",
        ),
        (
            "a withdrawal by somebody else",
            |e| change_last_actor(e, "signature_withdrawn", TECH),
            "Only the person who gave a signature",
        ),
        ("a withdrawal twice", |e| repeat_last(e, "signature_withdrawn"), "withdrawn or replaced already"),
        (
            "a withdrawal of nothing",
            |e| {
                edit_last!(e, "signature_withdrawn", Change::SignatureWithdrawn { signature } => *signature = SignatureId(uuid::Uuid::nil()));
            },
            "it names what is not there",
        ),
        (
            "a withdrawal in another role",
            |e| {
                edit_last!(e, "signature_withdrawn", Change::SignatureWithdrawn { role } => *role = tech_lead_role());
            },
            "`data.role`",
        ),
        (
            "roles that have signed already",
            |e| {
                edit_last!(e, "signatures_asked", Change::SignaturesAsked { roles } => drop(roles.pop()));
            },
            "`data.roles`",
        ),
        (
            "a waiver approved by its asker",
            |e| change_last_actor(e, "waiver_approved", ANA),
            "Whoever asked for a waiver",
        ),
        (
            "a waiver approved by nobody of the role",
            |e| change_last_actor(e, "waiver_approved", STRANGER),
            "Only a holder",
        ),
        ("a waiver answered twice", |e| repeat_last(e, "waiver_approved"), "answered already"),
        ("a waiver asked for twice", |e| repeat_last(e, "waiver_asked"), "nothing would have changed"),
        (
            "a waiver revoked that nobody approved",
            |e| {
                let at = first_position(e, "waiver_approved");
                e.remove(at);
                renumber(e);
            },
            "Only an approved waiver",
        ),
        (
            "a waiver of another item",
            |e| {
                edit_last!(e, "waiver_approved", Change::WaiverApproved { item } => *item = other_item());
            },
            "`data.item`",
        ),
        (
            "a state that it was not",
            |e| {
                edit_last!(e, "item_marked", Change::ItemMarked { old } => old.state = ItemState::Blocked);
            },
            "`data.old.state`",
        ),
        ("a marking twice", |e| repeat_last(e, "item_marked"), "nothing would have changed"),
        (
            "a state without its reason",
            |e| {
                let at = first_position(e, "item_marked");
                if let Change::ItemMarked { new, .. } = &mut e[at].change {
                    new.reason = None;
                }
            },
            "Say why this does not apply here",
        ),
        ("agreement of who marked it", |e| change_last_actor(e, "agreement_given", ANA), "Whoever marked an item"),
        (
            "an assignment that it was not",
            |e| {
                edit_last!(e, "item_assigned", Change::ItemAssigned { old } => old.due = Some(day("2026-11-01")));
            },
            "`data.old.due`",
        ),
        ("a holder twice", |e| repeat_last(e, "holder_added"), "nothing would have changed"),
        (
            "a holder of no role",
            |e| {
                edit_last!(e, "holder_added", Change::HolderAdded { role } => *role = "chief".parse().unwrap());
            },
            "no such role",
        ),
        ("a holder made by who does not own", |e| change_last_actor(e, "holder_added", BEN), "Only the launch’s owner"),
        (
            "a participant by another name",
            |e| {
                edit_last!(e, "participant_removed", Change::ParticipantRemoved { person } =>
                person.name = "Mallory".to_owned().try_into().unwrap());
            },
            "`data.person.name`",
        ),
        (
            "an owner that it was not",
            |e| {
                edit_last!(e, "owner_changed", Change::OwnerChanged { old } => old.id = BEN);
            },
            "`data.old.id`",
        ),
        (
            "a name that it was not",
            |e| {
                edit_last!(e, "details_changed", Change::DetailsChanged { old } => old.name = Commitment(Sha256Hash([1; 32])));
            },
            "`data.old.name`",
        ),
        (
            "tags that they were not",
            |e| {
                edit_last!(e, "tags_changed", Change::TagsChanged { old } => old.clear());
            },
            "`data.old`",
        ),
        (
            "a tag that is there twice",
            |e| {
                edit_last!(e, "tags_changed", Change::TagsChanged { new } => *new = tags(&["Payments", "payments"]));
            },
            "is there twice",
        ),
        (
            "notes that they were not",
            |e| {
                edit_last!(e, "notes_changed", Change::NotesChanged { old } => *old = Some(Commitment(Sha256Hash([1; 32]))));
            },
            "`data.old`",
        ),
        (
            "a comment edited by another",
            |e| change_last_actor(e, "comment_edited", BEN),
            "Only the author of a comment",
        ),
        ("a comment deleted twice", |e| repeat_last(e, "comment_deleted"), "it names what is not there"),
        (
            "a comment written twice",
            |e| {
                let at = last_position(e, "comment_added");
                let again = e[at].clone();
                e.insert(at + 1, again);
                renumber(e);
            },
            "nothing would have changed",
        ),
        (
            "a comment that it was not",
            |e| {
                edit_last!(e, "comment_edited", Change::CommentEdited { old } => *old = Commitment(Sha256Hash([1; 32])));
            },
            "`data.old`",
        ),
        ("a request answered twice", |e| repeat_last(e, "evidence_request_answered"), "answered already"),
        ("evidence withdrawn twice", |e| repeat_last(e, "evidence_withdrawn"), "withdrawn already"),
        (
            "evidence withdrawn by anybody",
            |e| change_last_actor(e, "evidence_withdrawn", BEN),
            "Only the person who attached",
        ),
        ("evidence attached twice", |e| repeat_last(e, "evidence_attached"), "nothing would have changed"),
        (
            "evidence seen tomorrow",
            |e| {
                edit_last!(e, "evidence_attached", Change::EvidenceAttached { observed_on } => *observed_on = day("2026-11-09"));
            },
            "still to come",
        ),
        (
            "evidence used again that says something else",
            |e| {
                edit_last!(e, "evidence_attached", Change::EvidenceAttached { content } => match content {
                    EvidenceContent::File { sha256, .. } => *sha256 = Sha256Hash([7; 32]),
                    other => panic!("{other:?}"),
                });
            },
            "`data.content.sha256`",
        ),
        (
            "evidence used again that was never there",
            |e| {
                edit_last!(e, "evidence_attached", Change::EvidenceAttached { source } => {
                    *source = Some(crate::domain::ids::EvidenceId(uuid::Uuid::nil()));
                });
            },
            "it names what is not there",
        ),
        ("a resumption of what was not held", |e| remove_last(e, "held"), "Only a launch on hold can be resumed"),
        ("a launch without GO", |e| remove_last(e, "go_declared"), "A launch can be recorded once GO is declared"),
        (
            "GO while readiness was against it",
            |e| {
                remove_last(e, "signed");
                edit_last!(e, "go_declared", Change::GoDeclared { saw } => *saw = None);
            },
            "readiness finds",
        ),
        ("GO by who does not own", |e| change_last_actor(e, "go_declared", BEN), "Only the launch’s owner"),
        (
            "GO that found something else",
            |e| {
                edit_last!(e, "go_declared", Change::GoDeclared { found } => found.verdict = Verdict::Go);
            },
            "`data.found.verdict`",
        ),
        (
            "GO without a condition",
            |e| {
                edit_last!(e, "go_declared", Change::GoDeclared { found, acknowledged } => {
                    found.conditions.pop();
                    acknowledged.pop();
                });
            },
            "the conditions that it rests on",
        ),
        (
            "GO on a page that was not there yet",
            |e| {
                edit_last!(e, "go_declared", Change::GoDeclared { saw } => *saw = Some(4_000));
            },
            "This is not an event of this launch",
        ),
        (
            "a launch before GO",
            |e| {
                edit_last!(e, "launched", Change::Launched { launched_at } => *launched_at = launched_at.plus_seconds(-3_600));
            },
            "This is before GO was declared",
        ),
        (
            "a launch to come",
            |e| {
                edit_last!(e, "launched", Change::Launched { launched_at } => *launched_at = launched_at.plus_seconds(86_400));
            },
            "still to come",
        ),
        (
            "a launch that found something else",
            |e| {
                edit_last!(e, "launched", Change::Launched { found } => drop(found.conditions.pop()));
            },
            "`data.found.conditions`",
        ),
        (
            "a close without a settlement",
            |e| {
                edit_last!(e, "closed", Change::Closed { settlements } => drop(settlements.pop()));
            },
            "Every condition needs a note",
        ),
        (
            "a close with an item open",
            |e| {
                let at = last_position(e, "item_marked");
                e.remove(at);
                renumber(e);
            },
            "readiness finds",
        ),
        ("a close twice", |e| repeat_last(e, "closed"), "Only a launch that has happened can be closed"),
        ("a redaction twice", |e| repeat_last(e, "redacted"), "it was redacted before"),
        (
            "a redaction of no text",
            |e| change_redacted_text(e, Commitment(Sha256Hash([1; 32])), TextField::ItemReason),
            "it redacts a text that no event before it names",
        ),
        (
            "a redaction in another field",
            |e| {
                edit_last!(e, "redacted", Change::Redacted { what } => match what {
                    Redaction::Text { field, .. } => *field = TextField::Comment,
                    other => panic!("{other:?}"),
                });
            },
            "it redacts a text as a comment, and it was entered as the reason for an item’s state",
        ),
        (
            "a redaction in the second of two fields that name the text",
            |e| {
                let mut address = None;
                edit_last_signature(e, |r| {
                    r.comment = Some(r.address);
                    address = Some(r.address);
                });
                change_redacted_text(e, address.unwrap(), TextField::Address);
            },
            "it redacts a text as the network address of a signature, and it was entered as the comment of a signature",
        ),
        (
            "a redaction of no file",
            |e| {
                edit_last!(e, "redacted", Change::Redacted { what } => *what = Redaction::File { sha256: Sha256Hash([1; 32]) });
            },
            "no such text or file",
        ),
        (
            "a redaction of why something was redacted",
            |e| {
                let at = last_position(e, "redacted");
                let Change::Redacted { reason, .. } = e[at].change else { panic!() };
                repeat_last(e, "redacted");
                change_redacted_text(e, reason, TextField::RedactionReason);
            },
            "says why something was redacted",
        ),
        (
            "a moment before the one before",
            |e| {
                let at = last_position(e, "held");
                e[at].at = e[at].at.plus_seconds(-3_600);
            },
            "earlier than the event before it",
        ),
        ("another launch", |e| e[5].launch = crate::domain::ids::LaunchId(uuid::Uuid::nil()), "does not belong here"),
        ("another version", |e| e[5].v = 2, "`v`"),
        ("an event less", |e| drop(e.remove(5)), "stands where"),
        ("a maker who does not own", |e| e[0].actor.id = BEN, "`data.owner`"),
        (
            "a slip of years",
            |e| match &mut e[0].change {
                Change::LaunchCreated { policy, .. } => policy.slip_days = 366,
                other => panic!("{other:?}"),
            },
            "`data.policy.slip_days`",
        ),
    ]
}

fn change_redacted_text(events: &mut [Event], text: Commitment, of: TextField) {
    edit_last!(events, "redacted", Change::Redacted { what } => *what = Redaction::Text { commitment: text, field: of });
}

fn tech_lead_role() -> crate::domain::role::RoleSlug {
    role(TECH_LEAD)
}

fn other_item() -> crate::domain::ids::ItemId {
    World::from_version(checklist::small_version(), false).item("critical-tech")
}

#[test]
fn replay_of_a_forged_history_is_refused_with_the_broken_rule() {
    let good = eventful_history_with_redaction();
    let version = Arc::new(checklist::small_version());
    assert!(replay_events(&good, &version).is_ok(), "{:?}", replay_events(&good, &version).err());
    for (what, forge, words) in forgery_cases() {
        let mut events = good.clone();
        forge(&mut events);
        assert_ne!(events, good, "{what}");
        let result = replay_events(&events, &version).map(|_| ()).map_err(|(seq, why)| format!("event {seq}: {why}"));
        assert!(result.as_ref().is_err_and(|why| why.contains(words)), "{what}: {result:?}");
    }
}

#[test]
fn replay_of_a_redacted_history_gives_the_live_state() {
    let mut w = eventful_world();
    let event_texts: Vec<_> = w.events.iter().flat_map(|event| event.change.event_texts(event.launch)).collect();
    let file = w.state.evidence.values().find_map(|evidence| match evidence.content {
        EvidenceContent::File { sha256, .. } => Some(Redaction::File { sha256 }),
        _ => None,
    });
    append_redaction(&mut w, file.unwrap());
    let mut done = std::collections::HashSet::new();
    for (commitment, field, _) in event_texts.into_iter().filter(|(text, ..)| done.insert(*text)) {
        append_redaction(&mut w, Redaction::Text { commitment, field });
    }
    let state = replay_events(&w.events, &w.state.version).unwrap();
    let unread = |mut state: LaunchState| {
        state.texts = Default::default();
        state
    };
    assert_eq!(unread(state), unread(w.state));
}

#[test]
fn redaction_of_text_in_two_fields_is_accepted_in_the_first() {
    let mut events = eventful_history_with_redaction();
    let mut address = None;
    edit_last_signature(&mut events, |record| {
        record.comment = Some(record.address);
        address = Some(record.address);
    });
    change_redacted_text(&mut events, address.unwrap(), TextField::SignatureComment);
    assert_eq!(replay_events(&events, &Arc::new(checklist::small_version())).map(|_| ()), Ok(()));
}

#[test]
fn file_that_is_said_to_have_two_sizes_is_refused() {
    let mut w = World::from_version(checklist::small_version(), false);
    for key in ["required-any-proof", "critical-tech"] {
        let file = w.file_content("report.txt", "all well");
        w.run_ok(ANA, w.attach_content(key, file, None, None));
    }
    assert!(replay_events(&w.events, &w.state.version).is_ok());
    let mut events = w.events.clone();
    edit_last!(events, "evidence_attached", Change::EvidenceAttached { content } => match content {
        EvidenceContent::File { size, .. } => *size += 1,
        other => panic!("{other:?}"),
    });
    let (seq, why) = replay_events(&events, &w.state.version).unwrap_err();
    assert_eq!((seq, matches!(why, ReplayError::OtherSize { .. })), (w.state.seq, true), "{why}");
    // It is so too once the first was destroyed: the same bytes come again, or others.
    let mut w = World::from_version(checklist::small_version(), false);
    let file = w.file_content("report.txt", "all well");
    w.run_ok(ANA, w.attach_content("required-any-proof", file, None, None));
    let sha256 = w.state.evidence.values().find_map(|evidence| match evidence.content {
        EvidenceContent::File { sha256, .. } => Some(sha256),
        _ => None,
    });
    append_redaction(&mut w, Redaction::File { sha256: sha256.unwrap() });
    let file = w.file_content("report.txt", "all well");
    w.run_ok(ANA, w.attach_content("critical-tech", file, None, None));
    assert!(replay_events(&w.events, &w.state.version).is_ok());
    let mut events = w.events.clone();
    edit_last!(events, "evidence_attached", Change::EvidenceAttached { content } => match content {
        EvidenceContent::File { size, .. } => *size += 1,
        other => panic!("{other:?}"),
    });
    assert!(matches!(replay_events(&events, &w.state.version), Err((_, ReplayError::OtherSize { .. }))));
}

/// People are renamed: the product takes each name as it comes, and what it says of somebody whom it names no more is the
/// name that was given last.
#[test]
fn renamed_people_are_accepted_by_the_names_that_were_given_last() {
    let mut w = World::from_version(checklist::small_version(), false);
    let item = w.item("critical-tech");
    let rename = |w: &mut World, id, name: &str| {
        w.people.get_mut(&id).unwrap().name = name.to_owned().try_into().unwrap();
    };
    w.run_ok(ANA, Command::Assign { item, assignee: Some(BEN), due: None });
    w.run_ok(OWNER, Command::AddParticipant { user: BEN });
    rename(&mut w, BEN, "Ben Renamed");
    w.run_ok(BEN, w.comment("critical-tech"));
    // He stays assigned by the name that he was assigned by, even as he sets the day himself.
    w.run_ok(BEN, Command::SetDue { item, due: Some(day("2026-11-20")) });
    w.run_ok(OWNER, Command::RemoveParticipant { user: BEN });
    w.run_ok(OWNER, Command::AddParticipant { user: BEN });
    // Whoever else sets the day gives him the older name again.
    w.run_ok(ANA, Command::SetDue { item, due: Some(day("2026-11-21")) });
    w.run_ok(OWNER, Command::RemoveParticipant { user: BEN });
    let names = |event: &Event| match &event.change {
        Change::ParticipantRemoved { person } => Some(person.name.to_string()),
        _ => None,
    };
    let removed: Vec<String> = w.events.iter().filter_map(names).collect();
    assert_eq!(removed[0], "Ben Renamed");
    assert_ne!(removed[1], "Ben Renamed");
    assert!(replay_events(&w.events, &w.state.version).is_ok());
    let mut events = w.events.clone();
    edit_last!(events, "participant_removed", Change::ParticipantRemoved { person } => {
        person.name = "Ben Renamed".to_owned().try_into().unwrap()
    });
    let (_, why) = replay_events(&events, &w.state.version).unwrap_err();
    assert!(why.to_string().contains("`data.person.name`"), "{why}");
    let mut events = w.events.clone();
    edit_last!(events, "item_assigned", Change::ItemAssigned { new } => {
        new.assignee.as_mut().unwrap().name = "Ben Renamed".to_owned().try_into().unwrap()
    });
    let (_, why) = replay_events(&events, &w.state.version).unwrap_err();
    assert!(why.to_string().contains("`data.new.assignee.name`"), "{why}");
}

#[test]
fn replay_of_an_undone_marking_with_redacted_reason_is_accepted() {
    let mut w = World::from_version(checklist::small_version(), false);
    w.run_ok(ANA, w.mark("required-any-proof", Blocked));
    w.run_ok(ANA, w.mark("required-any-proof", Done));
    let last = w.events.last().unwrap().clone();
    let Change::ItemMarked { old, .. } = &last.change else { panic!() };
    append_redaction(&mut w, Redaction::Text { commitment: old.reason.unwrap(), field: TextField::ItemReason });
    w.run_ok(ANA, Command::UndoItemChange { event: Box::new(last) });
    assert!(replay_events(&w.events, &w.state.version).is_ok());
}

#[test]
fn replay_with_an_altered_checklist_version_is_refused_with_both_hashes() {
    let w = World::from_version(checklist::small_version(), false);
    let altered = ChecklistVersion { hash: Sha256Hash([9; 32]), ..checklist::small_version() };
    let (seq, why) = replay_events(&w.events, &Arc::new(altered)).unwrap_err();
    assert_eq!(seq, 1);
    assert!(why.to_string().contains("was altered: its SHA-256 is 0909"), "{why}");
}
