//! Signatures, which are bound to exactly what the signer saw.

use super::{CommandResult, DecisionDraft, conflict_refusal, invalid_field};
use crate::{
    domain::{
        digest,
        ids::SignatureId,
        launch::{
            access::{Act, ActGroup},
            command::{Conflict, NewSignature, Refusal},
            event::{Change, SignatureRecord, Vote},
            state::Signature,
            texts::{NewText, TextField},
        },
        readiness::{has_go_that_counts, is_open_objection},
        text::Title,
    },
    texts,
};

pub(super) fn sign_role(draft: &mut DecisionDraft<'_>, new: NewSignature) -> CommandResult {
    draft.check_access(&Act::Sign(new.role.clone()))?;
    let state = draft.state;
    if let Some(signature) = state.signature(new.id) {
        return answer_repeated_form(draft, signature);
    }
    if new.comment.is_none() && new.verdict == Vote::NoGo {
        return Err(invalid_field("comment", texts::say_what_you_object_to()));
    }
    if new.comment.is_none() && new.lifts.is_some() {
        return Err(invalid_field("comment", texts::say_why_objection_is_lifted()));
    }
    if new.saw.is_some_and(|saw| saw < 1 || saw > state.seq) {
        return Err(invalid_field("seq", texts::not_an_event_of_this_launch()));
    }
    let lifts = new.lifts.map(|id| require_lifted_objection(draft, &new, id)).transpose()?;
    let proof = draft.require_proof()?;
    let digest = digest::digest(state, &new.role);
    // With another comment or meaning it is another signature, which replaces the one before.
    let same = |signature: &Signature| {
        let record = &signature.record;
        let is_current = signature.is_in_effect() && signature.lifted_by.is_none();
        let alike = (record.verdict, record.digest, record.meaning) == (new.verdict, new.digest, new.meaning);
        let commented = new.comment.is_none() || draft.is_same_text(record.comment.as_ref(), new.comment.as_ref());
        is_current && alike && commented
    };
    // A form from an outdated page does not count as a repetition: the scope that it shows is no longer current.
    let again = new.lifts.is_none() && new.digest == digest;
    if again && state.newest_signature(draft.context.actor, &new.role).is_some_and(same) {
        return Ok(());
    }
    draft.check_stage(match new.verdict {
        Vote::Go => ActGroup::Prepare,
        Vote::NoGo => ActGroup::WithdrawSupport,
    })?;
    if new.digest != digest {
        return Err(Refusal::Conflict(Conflict::StaleScope(new.role)));
    }
    let elsewhere = |signature: &Signature| signature.is_in_effect() && signature.record.role != new.role;
    if state.policy.separation_of_duties && state.newest_signatures_of(draft.context.actor).any(elsewhere) {
        return Err(conflict_refusal(texts::one_person_signs_one_role()));
    }

    let subject_id = new.id.uuid();
    let comment = draft.commit_optional_text(TextField::SignatureComment, subject_id, new.comment);
    let address = draft.commit_text(TextField::Address, subject_id, new.address);
    let user_agent = draft.commit_text(TextField::UserAgent, subject_id, new.user_agent);
    let actor = draft.actor;
    // The title comes from the checklist and is not validated again with today's rules for titles.
    let required = state.version.checklist.required_roles.iter().find(|required| required.role == new.role);
    let role_title = match required {
        Some(required) => required.title.clone(),
        None => Title::new(new.role.as_str()).map_err(|_| invalid_field("role", texts::role_has_no_name()))?,
    };
    draft.push_event(Change::Signed(Box::new(SignatureRecord {
        id: new.id,
        signer: actor.to_person_ref(),
        email: actor.email.clone(),
        role: new.role,
        role_title,
        verdict: new.verdict,
        meaning: new.meaning,
        statement_version: new.statement_version,
        statement: new.statement,
        comment,
        zone: actor.zone.clone().unwrap_or_else(|| state.zone().clone()),
        proof: proof.method,
        proved_at: proof.at,
        address,
        user_agent,
        saw: new.saw.unwrap_or(state.seq),
        digest,
        lifts,
        renewed: actor.credential_renewals.renewals_to_disclose(draft.context.now),
    })))
}

/// Answers a form that was sent again, recognised by the id in it. It succeeds, unless the signature was withdrawn,
/// superseded or lifted since.
fn answer_repeated_form(draft: &DecisionDraft<'_>, signature: &Signature) -> CommandResult {
    draft.require_proof()?;
    if signature.record.signer.id != draft.context.actor {
        return Err(conflict_refusal(texts::signature_is_of_another()));
    }
    // A stale signature is there as it was given, and the page shows that it is stale.
    if signature.is_in_effect() && signature.lifted_by.is_none() {
        Ok(())
    } else {
        Err(conflict_refusal(texts::signature_is_gone_since()))
    }
}

/// Requires that the objection to lift is open, by another holder and in the same role, and that the new signature is a
/// `go`.
fn require_lifted_objection(
    draft: &DecisionDraft<'_>,
    new: &NewSignature,
    id: SignatureId,
) -> Result<SignatureId, Refusal> {
    let objection = draft.state.signature(id).filter(|signature| {
        signature.record.role == new.role
            && is_open_objection(signature)
            && signature.record.signer.id != draft.context.actor
    });
    match (new.verdict, objection) {
        (Vote::Go, Some(_)) => Ok(id),
        (Vote::Go, None) => Err(invalid_field("lifts", texts::no_such_objection_to_lift())),
        (Vote::NoGo, _) => Err(invalid_field("lifts", texts::only_go_lifts_objection())),
    }
}

pub(super) fn withdraw_signature(draft: &mut DecisionDraft<'_>, id: SignatureId, comment: NewText) -> CommandResult {
    draft.check_access(&Act::WithdrawSignature(id))?;
    let proof = draft.require_proof()?;
    draft.check_stage(ActGroup::WithdrawSupport)?;
    let signature = draft.state.signature(id).ok_or(Refusal::NotFound)?;
    if !signature.is_in_effect() {
        return Err(conflict_refusal(texts::signature_is_gone_already()));
    }
    let comment = draft.commit_text(TextField::SignatureWithdrawal, id.uuid(), comment);
    let role = signature.record.role.clone();
    draft.push_event(Change::SignatureWithdrawn { signature: id, role, comment, proved_at: proof.at })
}

/// Asks the holders of every required role that has no current `go`. Nothing happens if all of them are asked already.
pub(super) fn ask_signatures(draft: &mut DecisionDraft<'_>) -> CommandResult {
    draft.check_access(&Act::AskSignatures)?;
    draft.check_stage(ActGroup::Prepare)?;
    let state = draft.state;
    let lacks = |role| !has_go_that_counts(state, role, &digest::digest(state, role));
    let required = state.version.checklist.required_roles.iter().map(|required| &required.role);
    let roles: Vec<_> = required.filter(|role| lacks(role)).cloned().collect();
    if roles.is_empty() {
        return Err(conflict_refusal(texts::every_role_has_signed()));
    }
    // Histories from before this rule repeat requests.
    if !draft.is_replay && roles.iter().all(|role| state.signature_requests.contains_key(role)) {
        return Ok(());
    }
    draft.push_event(Change::SignaturesAsked { roles })
}
