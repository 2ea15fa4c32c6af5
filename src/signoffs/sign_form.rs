//! The forms to sign in the roles that the reader holds: first GO or NO-GO, then what is declared with it.

use std::borrow::Cow;

use super::{
    forms::{GoNoGoForm, GoNoGoInput, ReturnedForm},
    signature_input::NO_GO_MEANING,
};
use crate::{
    access::launch_access::LaunchAccess,
    ambient,
    domain::{
        canonical::Sha256Hash,
        digest::build_scope,
        ids::{LaunchId, SignatureId},
        launch::{
            access::{Act, ActGroup, stage_allows},
            event::{Seq, SignatureMeaning, Vote},
            state::Signature,
        },
        readiness::{Readiness, SignatureStatus, is_open_objection, signature_status},
        role::RoleSlug,
        time::Moment,
    },
    presentation::{formatting, renewals},
    record::statements::StatementVersion,
    texts,
};

fn meaning_label(meaning: SignatureMeaning) -> Cow<'static, str> {
    match meaning {
        SignatureMeaning::Approval => texts::means_approval(),
        SignatureMeaning::Review => texts::means_review(),
        SignatureMeaning::Responsibility => texts::means_responsibility(),
    }
}

pub(super) struct SignFormView {
    pub role: RoleSlug,
    pub title: String,
    pub digest: String,
    pub short: String,
    pub seq: Seq,
    /// Number of items in the role's scope.
    pub items: usize,
    pub resolved: usize,
    pub waived: usize,
    /// Version of the statements.
    pub version: u32,
    /// The statements of a GO, one for each meaning.
    pub go_statements: Vec<StatementView>,
    pub no_go_statement: String,
    /// The reader's own signature in the role, if it has not ended.
    pub signed: Option<OwnSignature>,
    /// Whether GO can be signed now; NO-GO can be signed if there is a form.
    pub can_go: bool,
    /// Objections of others that a GO can lift.
    pub objections: Vec<ObjectionView>,
    /// The idempotency key of the form.
    pub once: String,
    pub entered: GoNoGoInput,
}

/// The statement of a GO with one meaning.
pub(super) struct StatementView {
    pub meaning: SignatureMeaning,
    pub word: Cow<'static, str>,
    pub text: String,
}

/// What the reader has signed in a role.
pub(super) struct OwnSignature {
    pub id: SignatureId,
    pub vote: Cow<'static, str>,
    pub at: Moment,
    /// Whether it still says what it said: a GO that counts, or a NO-GO.
    pub is_current: bool,
}

pub(super) struct ObjectionView {
    pub id: String,
    pub name: String,
    pub comment: String,
}

impl SignFormView {
    /// Number of items in the role's scope that are not resolved.
    pub(super) fn open(&self) -> usize {
        self.items - self.resolved
    }

    /// The address of the page with what changed since this form was made.
    pub(super) fn review_href(&self, launch: &LaunchId) -> String {
        format!("/launches/{launch}/go-no-go?since={}#sign-{}", self.seq, self.role)
    }

    /// Error of a field that is hidden or a choice.
    pub(super) fn problem(&self) -> Option<&str> {
        ["verdict", "meaning", "digest", "seq", "statement", "lifts", "once"]
            .into_iter()
            .find_map(|field| self.entered.error(field))
    }
}

/// Whether the reader may sign GO in a role now.
pub(super) fn can_sign_go(access: &LaunchAccess, role: &RoleSlug) -> bool {
    may_sign(access, role) && stage_allows(&access.launch.stage, ActGroup::Prepare)
}

/// Whether the reader may sign in a role, by their rights, the separation of duties and the waiting period after a
/// credential renewal.
fn may_sign(access: &LaunchAccess, role: &RoleSlug) -> bool {
    access.waiting_period().is_none()
        && access.is_allowed(&Act::Sign(role.clone()))
        && find_signature_in_other_role(access, role).is_none()
}

/// The signature in another role that prevents the reader from signing in this one.
fn find_signature_in_other_role<'a>(access: &'a LaunchAccess, role: &RoleSlug) -> Option<&'a Signature> {
    let launch = &access.launch;
    let own = |it: &&Signature| it.is_in_effect() && it.record.signer.id == access.user.id && it.record.role != *role;
    launch.signatures.iter().find(own).filter(|_| launch.policy.separation_of_duties)
}

/// Whether there is a role in which the reader can sign now.
pub(super) fn can_sign_in_any_role(access: &LaunchAccess) -> bool {
    let launch = &*access.launch;
    stage_allows(&launch.stage, ActGroup::WithdrawSupport)
        && launch.assignable_roles().iter().any(|(role, _)| may_sign(access, role))
}

/// The forms to sign, one for each role that the reader holds and may sign in. Empty without the statements, which are
/// loaded if the reader [`can_sign_in_any_role`].
pub(super) fn build_sign_forms(
    access: &LaunchAccess,
    readiness: &Readiness,
    statements: Option<&StatementVersion>,
    returned: Option<&ReturnedForm>,
) -> Vec<SignFormView> {
    let Some(statements) = statements else { return Vec::new() };
    let roles = access.launch.assignable_roles().into_iter().filter(|(role, _)| may_sign(access, role));
    roles.map(|(role, _)| build_sign_form(access, readiness, role, statements, returned)).collect()
}

fn build_sign_form(
    access: &LaunchAccess,
    readiness: &Readiness,
    role: RoleSlug,
    statements: &StatementVersion,
    returned: Option<&ReturnedForm>,
) -> SignFormView {
    let launch = &*access.launch;
    let scope = build_scope(launch, &role);
    let current_digest = readiness.digests.get(&role).copied().unwrap_or_else(|| scope.digest());
    let items: Vec<_> = scope.items.iter().filter_map(|scoped| launch.item(scoped.id)).collect();
    let another =
        |it: &&Signature| is_open_objection(it) && it.record.role == role && it.record.signer.id != access.user.id;
    let objection = |it: &Signature| ObjectionView {
        id: it.record.id.to_string(),
        name: it.record.signer.name.to_string(),
        comment: it.record.comment.map_or_else(String::new, |comment| launch.text(&comment).to_owned()),
    };
    let which = GoNoGoForm::Sign(role.clone());
    let entered = returned.filter(|returned| returned.form == which).map(|returned| returned.input.clone());
    let entered = entered.unwrap_or_default();
    let digest = entered.shown.digest.or(current_digest);
    SignFormView {
        title: launch.role_title(&role).into_owned(),
        digest: digest.to_string(),
        short: digest.short(),
        seq: entered.newest_event(&launch.seq),
        items: items.len(),
        resolved: items.iter().filter(|item| launch.is_resolved(item, access.now)).count(),
        waived: items.iter().filter(|item| launch.waiver_in_force(item, access.now).is_some()).count(),
        version: entered.shown.statement.or(statements.number),
        go_statements: SignatureMeaning::ALL
            .into_iter()
            .map(|meaning| StatementView {
                meaning,
                word: meaning_label(meaning),
                text: statements.wording.text(Vote::Go, meaning).to_string(),
            })
            .collect(),
        no_go_statement: statements.wording.text(Vote::NoGo, NO_GO_MEANING).to_string(),
        signed: find_own_signature(access, &role, &current_digest),
        can_go: can_sign_go(access, &role),
        objections: launch.signatures.iter().filter(another).map(objection).collect(),
        once: ambient::new_opaque_id::<uuid::Uuid>().to_string(),
        entered,
        role,
    }
}

fn find_own_signature(access: &LaunchAccess, role: &RoleSlug, digest: &Sha256Hash) -> Option<OwnSignature> {
    let launch = &*access.launch;
    let signature = launch.newest_signature(access.user.id, role).filter(|signature| signature.is_in_effect())?;
    Some(OwnSignature {
        id: signature.record.id,
        vote: formatting::vote_label(signature.record.verdict),
        at: signature.at,
        is_current: matches!(
            signature_status(launch, signature, digest),
            SignatureStatus::Counts | SignatureStatus::Objects
        ),
    })
}

/// Why the reader has no form to sign, if there is none.
pub(super) fn explain_missing_sign_form(access: &LaunchAccess, signing: &[SignFormView]) -> Option<Cow<'static, str>> {
    if !signing.is_empty() {
        return None;
    }
    let launch = &access.launch;
    if !stage_allows(&launch.stage, ActGroup::WithdrawSupport) {
        return Some(texts::nothing_is_signed_at_this_stage());
    }
    if let Some(waiting) = access.waiting_period() {
        return Some(renewals::explain_waiting_period(&waiting, &access.user.zone()).into());
    }
    let held: Vec<_> =
        launch.assignable_roles().into_iter().filter(|(role, _)| access.is_allowed(&Act::Sign(role.clone()))).collect();
    let elsewhere = held.iter().find_map(|(role, _)| find_signature_in_other_role(access, role));
    Some(match elsewhere {
        Some(signature) => texts::you_signed_in_another_role(&signature.record.role_title),
        None => texts::you_hold_no_role_that_signs(),
    })
}
