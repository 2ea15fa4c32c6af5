//! Which command an event answered, and in which circumstances.

use std::{collections::BTreeMap, sync::Arc};

use crate::domain::{
    ids::{EvidenceId, ItemId},
    launch::{
        access::Actor,
        command::{Command, CommandContext, LaunchMoment, NewEvidence, NewSignature, Person, Proof},
        credential_renewal::CredentialRenewals,
        event::{Change, Event, EvidenceContent, PersonRef, ProofMethod, SignatureRecord},
        state::{Evidence, LaunchState},
        texts::{Commitment, NewText, Salt},
    },
    role::{InstallationRole, InstallationRoles},
    text::Email,
    time::{Day, Zone},
};

/// The command that an event answered, with each text standing for its commitment. `past` is the launch at the moment
/// that a `launched` event gives. Nothing of what no command makes: the first event, and a redaction.
pub(super) fn reconstruct_command(
    state: &LaunchState,
    event: &Event,
    past: Option<Arc<LaunchState>>,
) -> Option<(Command, CommandContext)> {
    let command = reconstruct_bare_command(state, event, past)?;
    Some((command, reconstruct_context(event)))
}

fn reconstruct_bare_command(state: &LaunchState, event: &Event, past: Option<Arc<LaunchState>>) -> Option<Command> {
    Some(match &event.change {
        Change::LaunchCreated { .. } | Change::Redacted { .. } => return None,
        Change::DetailsChanged { new, .. } => {
            let (name, summary) = (placeholder_text(new.name), new.summary.map(placeholder_text));
            Command::ChangeDetails { name, summary, target: new.target.clone() }
        }
        Change::PolicyChanged { new, .. } => Command::ChangePolicy { policy: *new },
        Change::RestrictionChanged { new, .. } => Command::ChangeRestriction { restricted: *new },
        Change::TagsChanged { new, .. } => Command::SetTags { tags: new.clone() },
        Change::NotesChanged { new, .. } => Command::WriteNotes { notes: new.map(placeholder_text) },
        Change::OwnerChanged { new, reason, .. } => {
            Command::TransferOwnership { to: new.id, reason: reason.map(placeholder_text) }
        }
        Change::HolderAdded { role, person } => Command::AddHolder { role: role.clone(), user: person.id },
        Change::HolderRemoved { role, person } => Command::RemoveHolder { role: role.clone(), user: person.id },
        Change::ParticipantAdded { person } => Command::AddParticipant { user: person.id },
        Change::ParticipantRemoved { person } => Command::RemoveParticipant { user: person.id },
        // To undo a marking or an assignment is to make the one before it again.
        Change::ItemMarked { item, new, .. } => {
            let version = state.item(*item)?.version;
            Command::Mark { item: *item, state: new.state, reason: new.reason.map(placeholder_text), version }
        }
        Change::ItemAssigned { item, new, .. } => {
            let assignee = new.assignee.as_ref().map(|person| person.id);
            Command::Assign { item: *item, assignee, due: new.due }
        }
        Change::AgreementGiven { item, reason } => {
            Command::Agree { item: *item, agree: true, reason: reason.map(placeholder_text), version: None }
        }
        Change::AgreementRefused { item, reason } => {
            Command::Agree { item: *item, agree: false, reason: Some(placeholder_text(*reason)), version: None }
        }
        Change::EvidenceAttached { item, evidence, content, observed_on, valid_until, source } => {
            reconstruct_attachment(state, (*item, *evidence), content, (*observed_on, *valid_until), *source)
        }
        Change::EvidenceWithdrawn { evidence, reason, .. } => {
            Command::WithdrawEvidence { evidence: *evidence, reason: placeholder_text(*reason) }
        }
        Change::EvidenceRequested { item, evidence_request, text: question } => {
            Command::RequestEvidence { item: *item, request: *evidence_request, text: placeholder_text(*question) }
        }
        Change::EvidenceRequestAnswered { evidence_request, text: answer, .. } => {
            Command::AnswerRequest { request: *evidence_request, text: placeholder_text(*answer) }
        }
        Change::CommentAdded { item, comment, body } => {
            Command::AddComment { item: *item, comment: *comment, body: placeholder_text(*body) }
        }
        Change::CommentEdited { comment, new, .. } => {
            Command::EditComment { comment: *comment, body: placeholder_text(*new) }
        }
        Change::CommentDeleted { comment, .. } => Command::DeleteComment { comment: *comment },
        Change::CommentHidden { comment, .. } => Command::HideComment { comment: *comment },
        Change::CommentShown { comment, .. } => Command::ShowComment { comment: *comment },
        Change::WaiverAsked { item, waiver, reason, control, expires_on } => Command::AskWaiver {
            item: *item,
            waiver: *waiver,
            reason: placeholder_text(*reason),
            control: placeholder_text(*control),
            expires_on: *expires_on,
        },
        Change::WaiverApproved { waiver, reason, .. } => {
            Command::DecideWaiver { waiver: *waiver, approve: true, reason: reason.map(placeholder_text) }
        }
        Change::WaiverRefused { waiver, reason, .. } => {
            Command::DecideWaiver { waiver: *waiver, approve: false, reason: Some(placeholder_text(*reason)) }
        }
        Change::WaiverRevoked { waiver, reason, .. } => {
            Command::RevokeWaiver { waiver: *waiver, reason: placeholder_text(*reason) }
        }
        Change::Signed(record) => Command::Sign(Box::new(reconstruct_signature(record))),
        Change::SignatureWithdrawn { signature, comment, .. } => {
            Command::WithdrawSignature { signature: *signature, comment: placeholder_text(*comment) }
        }
        Change::SignaturesAsked { .. } => Command::AskSignatures,
        Change::GoDeclared { acknowledged, saw, .. } => {
            Command::DeclareGo { acknowledged: acknowledged.clone(), saw: *saw }
        }
        Change::Held { reason } => Command::Hold { reason: placeholder_text(*reason) },
        Change::Resumed { reason } => Command::Resume { reason: reason.map(placeholder_text) },
        Change::Reopened { reason } => Command::Reopen { reason: placeholder_text(*reason) },
        Change::Launched { launched_at, .. } => {
            Command::Launch { at: Some(LaunchMoment { at: *launched_at, to_the_minute: false }), past }
        }
        Change::Closed { settlements } => {
            let note = settlements.iter().map(|settled| (settled.condition.clone(), placeholder_text(settled.note)));
            Command::Close { settlements: note.collect() }
        }
        Change::Cancelled { reason } => Command::Cancel { reason: placeholder_text(*reason) },
    })
}

fn placeholder_text(commitment: Commitment) -> NewText {
    NewText { value: commitment.to_string(), salt: Salt([0; 32]) }
}

fn reconstruct_attachment(
    state: &LaunchState,
    (item, evidence): (ItemId, EvidenceId),
    content: &EvidenceContent,
    (observed_on, valid_until): (Day, Option<Day>),
    source: Option<EvidenceId>,
) -> Command {
    let observed_on = Some(observed_on);
    if let Some(origin) = source {
        let source = find_reused_evidence(state, origin, valid_until);
        return Command::ReuseEvidence { item, evidence, source, observed_on, valid_until };
    }
    let content = match content {
        EvidenceContent::File { name, sha256, size, media_type } => {
            let (name, media_type) = (placeholder_text(*name), media_type.clone());
            NewEvidence::File { name, sha256: *sha256, size: *size, media_type }
        }
        EvidenceContent::Link { url } => NewEvidence::Link(placeholder_text(*url)),
        EvidenceContent::Note { body } => NewEvidence::Note(placeholder_text(*body)),
    };
    Command::AttachEvidence { item, evidence, content, observed_on, valid_until }
}

/// Which use of an origin was used again: one that stands and, since its last day is taken over where none was given,
/// has none where the event has none.
fn find_reused_evidence(state: &LaunchState, origin: EvidenceId, valid_until: Option<Day>) -> EvidenceId {
    let explains =
        |evidence: &&Evidence| evidence.redacted.is_none() && (valid_until.is_some() || evidence.valid_until.is_none());
    state.uses_of(origin).find(explains).map_or(origin, |evidence| evidence.id)
}

fn reconstruct_signature(record: &SignatureRecord) -> NewSignature {
    NewSignature {
        id: record.id,
        role: record.role.clone(),
        verdict: record.verdict,
        meaning: record.meaning,
        statement_version: record.statement_version,
        statement: record.statement.clone(),
        comment: record.comment.map(placeholder_text),
        digest: record.digest,
        saw: Some(record.saw),
        lifts: record.lifts,
        address: placeholder_text(record.address),
        user_agent: placeholder_text(record.user_agent),
    }
}

/// The circumstances, as far as the event says them, and in its favour where it does not.
fn reconstruct_context(event: &Event) -> CommandContext {
    let proved = |method, at| Some(Proof { user: event.actor.id, method, at, credential_version: 0 });
    let proof = match &event.change {
        Change::Signed(record) => proved(record.proof, record.proved_at),
        Change::SignatureWithdrawn { proved_at, .. } | Change::GoDeclared { proved_at, .. } => {
            proved(ProofMethod::Password, *proved_at)
        }
        _ => None,
    };
    let people =
        find_named_person(event).into_iter().chain([&event.actor]).filter_map(|named| assume_person(event, named));
    CommandContext {
        now: event.at,
        request: event.request,
        actor: event.actor.id,
        people: people.map(|person| (person.actor.id, person)).collect::<BTreeMap<_, _>>(),
        proof,
    }
}

/// Whom an event gives something to, besides its actor.
fn find_named_person(event: &Event) -> Option<&PersonRef> {
    match &event.change {
        Change::OwnerChanged { new, .. } => Some(new),
        Change::HolderAdded { person, .. } | Change::ParticipantAdded { person } => Some(person),
        Change::ItemAssigned { new, .. } => new.assignee.as_ref(),
        _ => None,
    }
}

/// A person with whatever installation role the event takes: an auditor asks for evidence on every launch; all else is
/// done by members, but for an admin who gives a launch to another owner.
fn assume_person(event: &Event, person: &PersonRef) -> Option<Person> {
    use InstallationRole::{Admin, Auditor, Member};
    let roles: &[InstallationRole] = match event.change {
        Change::EvidenceRequested { .. } => &[Auditor],
        Change::OwnerChanged { .. } => &[Admin, Member],
        _ => &[Member],
    };
    let (email, zone, renewed) = match &event.change {
        Change::Signed(record) => (record.email.clone(), Some(record.zone.clone()), record.renewed.clone()),
        _ => (Email::new("nobody@localhost").ok()?, None::<Zone>, Vec::new()),
    };
    Some(Person {
        name: person.name.clone(),
        email,
        actor: Actor { id: person.id, roles: InstallationRoles::new(roles.iter().copied()).ok()?, active: true },
        credential_version: 0,
        zone,
        credential_renewals: CredentialRenewals { renewals: renewed, second_factor_since: None, waiting_seconds: 0 },
    })
}
