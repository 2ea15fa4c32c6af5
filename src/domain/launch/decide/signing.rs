//! Signatures: bound to exactly what was seen.

use super::{Decision, Draft, conflict, invalid};
use crate::domain::{
    digest,
    ids::SignatureId,
    launch::{
        access::{Act, Work},
        command::{Conflict, NewSignature, Refusal},
        event::{Change, SignatureRecord, Vote},
        state::Signature,
        texts::{Field, NewText},
    },
    readiness::{has_go_that_counts, objects},
    text::Title,
};

pub(super) fn sign(draft: &mut Draft<'_>, new: NewSignature) -> Decision {
    draft.may(&Act::Sign(new.role.clone()))?;
    let state = draft.state;
    if let Some(known) = state.signature(new.id) {
        return repeated(draft, known);
    }
    if new.comment.is_none() && new.verdict == Vote::NoGo {
        return Err(invalid("comment", "Say what you object to."));
    }
    if new.comment.is_none() && new.lifts.is_some() {
        return Err(invalid("comment", "Say why the objection is lifted."));
    }
    if new.saw.is_some_and(|saw| saw < 1 || saw > state.seq) {
        return Err(invalid("seq", "This is not an event of this launch."));
    }
    let lifts = new.lifts.map(|id| lifted(draft, &new, id)).transpose()?;
    let proof = draft.proven()?;
    let digest = digest::digest(state, &new.role);
    // With another comment or meaning it is another signature, which replaces the one before.
    let same = |signature: &Signature| {
        let record = &signature.record;
        let standing = signature.stands() && signature.lifted_by.is_none();
        let alike = (record.verdict, record.digest, record.meaning) == (new.verdict, new.digest, new.meaning);
        let commented = new.comment.is_none() || draft.is_same(record.comment.as_ref(), new.comment.as_ref());
        standing && alike && commented
    };
    // One that has gone stale since is not given again by an old page: what it was given on is not what stands now.
    let again = new.lifts.is_none() && new.digest == digest;
    if again && state.newest_signature(draft.context.actor, &new.role).is_some_and(same) {
        return Ok(());
    }
    draft.stage(match new.verdict {
        Vote::Go => Work::Prepare,
        Vote::NoGo => Work::Object,
    })?;
    if new.digest != digest {
        return Err(Refusal::Conflict(Conflict::StaleScope(new.role)));
    }
    let elsewhere = |signature: &Signature| signature.stands() && signature.record.role != new.role;
    if state.policy.separation_of_duties && state.newest_signatures_of(draft.context.actor).any(elsewhere) {
        return Err(conflict(
            "You have signed this launch in another role, and one person signs in one role only. Withdraw that signature first.",
        ));
    }

    let thing = new.id.uuid();
    let comment = draft.optional(Field::SignatureComment, thing, new.comment);
    let address = draft.text(Field::Address, thing, new.address);
    let user_agent = draft.text(Field::UserAgent, thing, new.user_agent);
    let actor = draft.actor;
    // As the checklist has it, without asking whether such a title would be taken today.
    let required = state.version.checklist.required_roles.iter().find(|required| required.role == new.role);
    let role_title = match required {
        Some(required) => required.title.clone(),
        None => Title::new(new.role.as_str()).map_err(|_| invalid("role", "This role has no name."))?,
    };
    draft.push(Change::Signed(Box::new(SignatureRecord {
        id: new.id,
        signer: actor.named(),
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
        renewed: actor.way_in.marks(draft.context.now),
    })))
}

/// A form that was sent again, recognised by the id that it carries: it has its signature, unless that was withdrawn or
/// replaced since.
fn repeated(draft: &Draft<'_>, known: &Signature) -> Decision {
    draft.proven()?;
    if known.record.signer.id != draft.context.actor {
        return Err(conflict("This signature is another's."));
    }
    if known.stands() { Ok(()) } else { Err(conflict(NO_LONGER_STANDS)) }
}

/// The sentence for a signature that a form has made before, and that stands no longer.
const NO_LONGER_STANDS: &str =
    "You sent this form before, and the signature it made was withdrawn or replaced since. Sign again if you mean it.";

/// The objection that a signature lifts: one that stands, of another holder, in the same role, lifted by a `go`.
fn lifted(draft: &Draft<'_>, new: &NewSignature, id: SignatureId) -> Result<SignatureId, Refusal> {
    let objection = draft.state.signature(id).filter(|signature| {
        signature.record.role == new.role && objects(signature) && signature.record.signer.id != draft.context.actor
    });
    match (new.verdict, objection) {
        (Vote::Go, Some(_)) => Ok(id),
        (Vote::Go, None) => Err(invalid("lifts", "This is not another's objection in your role that stands.")),
        (Vote::NoGo, _) => Err(invalid("lifts", "Only a go lifts an objection.")),
    }
}

pub(super) fn withdraw(draft: &mut Draft<'_>, id: SignatureId, comment: NewText) -> Decision {
    draft.may(&Act::WithdrawSignature(id))?;
    let proof = draft.proven()?;
    draft.stage(Work::Object)?;
    let signature = draft.state.signature(id).ok_or(Refusal::NotFound)?;
    if !signature.stands() {
        return Err(conflict("This signature was withdrawn or replaced already."));
    }
    let comment = draft.text(Field::SignatureWithdrawal, id.uuid(), comment);
    let role = signature.record.role.clone();
    draft.push(Change::SignatureWithdrawn { signature: id, role, comment, proved_at: proof.at })
}

/// Asks the holders of every required role that has no `go` that counts.
pub(super) fn ask(draft: &mut Draft<'_>) -> Decision {
    draft.may(&Act::AskSignatures)?;
    draft.stage(Work::Prepare)?;
    let state = draft.state;
    let lacks = |role| !has_go_that_counts(state, role, &digest::digest(state, role));
    let required = state.version.checklist.required_roles.iter().map(|required| &required.role);
    let roles: Vec<_> = required.filter(|role| lacks(role)).cloned().collect();
    if roles.is_empty() {
        return Err(conflict("Every role has signed."));
    }
    draft.push(Change::SignaturesAsked { roles })
}
