//! The signatures, one block for each role as on paper; and the forms to sign in the roles that the reader holds.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use super::forms::{GoNoGoForm, GoNoGoInput, ReturnedForm};
use crate::{
    access::launch_access::LaunchAccess,
    ambient,
    domain::{
        canonical::Sha256Hash,
        digest::{build_scope, digest},
        ids::{SignatureId, UserId},
        launch::{
            access::{Act, ActGroup, stage_allows},
            event::{Seq, SignatureMeaning, Vote},
            state::{LaunchState, Signature},
        },
        readiness::{Readiness, SignatureStatus, is_open_objection, signature_status},
        role::RoleSlug,
        time::{Moment, Zone},
    },
    presentation::{difference::DiffLine, renewals, role_mark::RoleMark},
    record::statements::StatementVersion,
    texts::{self, Markup},
    web::time::{format_machine, format_to_the_second},
};

/// What changed since each stale signature was given.
pub(super) type SignatureDifferences = HashMap<SignatureId, Vec<DiffLine>>;

/// Current digests of the required roles and of the roles with a signature.
pub(super) fn role_digests(launch: &LaunchState, readiness: &Readiness) -> BTreeMap<RoleSlug, Sha256Hash> {
    let mut digests = readiness.digests.clone();
    for signature in &launch.signatures {
        let role = &signature.record.role;
        if !digests.contains_key(role) {
            digests.insert(role.clone(), digest(launch, role));
        }
    }
    digests
}

/// Digests of every role in which somebody can sign or did: [`role_digests`], and those of the roles with holders.
pub(super) fn signable_role_digests(launch: &LaunchState, readiness: &Readiness) -> BTreeMap<RoleSlug, Sha256Hash> {
    let mut digests = role_digests(launch, readiness);
    for (role, _) in launch.holders.iter().filter(|(_, holders)| !holders.is_empty()) {
        if !digests.contains_key(role) {
            digests.insert(role.clone(), digest(launch, role));
        }
    }
    digests
}

pub(super) struct SignatureBlock {
    pub role: RoleSlug,
    pub title: String,
    pub required: bool,
    pub mark: RoleMark,
    pub holders: Vec<(UserId, String)>,
    /// When the owner asked for its signature.
    pub requested_at: Option<Moment>,
    /// Signatures that have not ended, the most significant for the role first.
    pub signed: Vec<SignatureCard>,
    /// Signatures that have ended: withdrawn, lifted or superseded.
    pub earlier: Vec<SignatureCard>,
    /// Whether the reader can sign GO in it below.
    pub can_sign: bool,
}

impl SignatureBlock {
    pub(super) fn has_go(&self) -> bool {
        self.mark == RoleMark::Go
    }

    /// Whether there is a GO whose signer no longer holds the role.
    fn has_go_of_former_holder(&self) -> bool {
        self.signed.first().is_some_and(|view| view.status == SignatureStatus::NotHolder)
    }

    /// Label, style and icon of the chip.
    pub(super) fn chip(&self) -> (Cow<'static, str>, &'static str, &'static str) {
        match self.mark {
            RoleMark::Go => (texts::vote_go(), "go", "tick"),
            RoleMark::NoGo => (texts::vote_no_go(), "nogo", "no-go"),
            RoleMark::Stale => (texts::stale(), "cond", "stale"),
            RoleMark::NoSignature if self.has_go_of_former_holder() => (texts::go_of_former_holder(), "cond", ""),
            RoleMark::NoSignature if self.requested_at.is_some() => (texts::signature_asked(), "", ""),
            RoleMark::NoSignature => (texts::signature_awaited(), "", ""),
        }
    }
}

/// A signature with everything in its record that people read.
pub(super) struct SignatureCard {
    pub id: SignatureId,
    /// The vote with its meaning, such as `GO (approval)`.
    pub vote: Cow<'static, str>,
    pub status: SignatureStatus,
    pub name: String,
    pub email: String,
    /// How the signer proved their identity.
    pub proved: Cow<'static, str>,
    /// That others had renewed the signer's credentials; usually empty.
    pub renewed: String,
    pub statement: String,
    pub comment: String,
    /// Time for programs that read the page.
    pub machine: String,
    pub utc: String,
    /// The same in the signer's zone; empty if that is UTC.
    pub local: String,
    pub seq: Seq,
    pub saw: Seq,
    pub digest: String,
    pub short: String,
    pub difference: Vec<DiffLine>,
    /// Name of the holder whose objection it lifts.
    pub lifts: String,
    /// How it ended, if it has.
    pub ended: Option<Markup>,
    pub own: bool,
    /// Form to withdraw it, if that is possible.
    pub withdrawal: Option<GoNoGoInput>,
}

impl SignatureCard {
    /// Explanation of the status, if it is more than GO or NO-GO.
    pub(super) fn status_text(&self) -> Cow<'static, str> {
        match self.status {
            SignatureStatus::Counts | SignatureStatus::Objects => Cow::Borrowed(""),
            SignatureStatus::Stale => texts::scope_has_changed(),
            SignatureStatus::NotHolder => texts::signer_is_no_longer_holder(),
            SignatureStatus::Lifted | SignatureStatus::Superseded | SignatureStatus::Withdrawn => Cow::Borrowed(""),
        }
    }
}

fn meaning_label(meaning: SignatureMeaning) -> Cow<'static, str> {
    match meaning {
        SignatureMeaning::Approval => texts::means_approval(),
        SignatureMeaning::Review => texts::means_review(),
        SignatureMeaning::Responsibility => texts::means_responsibility(),
    }
}

/// A vote and what it means: `GO (approval)`.
pub(super) fn describe_vote(vote: Vote, meaning: SignatureMeaning) -> Cow<'static, str> {
    match (vote, meaning) {
        (Vote::Go, SignatureMeaning::Approval) => texts::go_as_approval(),
        (Vote::Go, SignatureMeaning::Review) => texts::go_as_review(),
        (Vote::Go, SignatureMeaning::Responsibility) => texts::go_as_responsibility(),
        (Vote::NoGo, SignatureMeaning::Approval) => texts::no_go_as_approval(),
        (Vote::NoGo, SignatureMeaning::Review) => texts::no_go_as_review(),
        (Vote::NoGo, SignatureMeaning::Responsibility) => texts::no_go_as_responsibility(),
    }
}

/// The blocks of the required roles, in the checklist's order, then of other roles with signatures.
pub(super) fn build_blocks(
    access: &LaunchAccess,
    readiness: &Readiness,
    mut differences: SignatureDifferences,
    returned: Option<&ReturnedForm>,
) -> Vec<SignatureBlock> {
    let launch = &*access.launch;
    let checklist = &launch.version.checklist;
    let digests = role_digests(launch, readiness);
    let required = checklist.required_roles.iter().map(|required| required.role.clone());
    let others = digests.keys().filter(|role| !checklist.requires(role)).cloned();
    let mut blocks = Vec::new();
    for role in required.chain(others) {
        let Some(digest) = digests.get(&role) else { continue };
        let of_role = launch.signatures.iter().filter(|signature| signature.record.role == role);
        let mut views: Vec<_> = of_role
            .map(|signature| {
                let difference = differences.remove(&signature.record.id).unwrap_or_default();
                let status = signature_status(launch, signature, digest);
                SignatureCard { difference, ..build_signature_card(access, signature, status, returned) }
            })
            .collect();
        views.reverse();
        let (mut signed, earlier): (Vec<_>, Vec<_>) =
            views.into_iter().partition(|view| status_rank(view.status) < ENDED_RANK);
        signed.sort_by_key(|view| status_rank(view.status));
        blocks.push(SignatureBlock {
            title: launch.role_title(&role).to_owned(),
            required: checklist.requires(&role),
            mark: RoleMark::from_status(signed.first().map(|view| view.status)),
            holders: launch.holders_of(&role).map(|id| (id, launch.person_name(id).to_owned())).collect(),
            requested_at: launch.signature_requests.get(&role).copied(),
            signed,
            earlier,
            can_sign: can_sign_go(access, &role),
            role,
        });
    }
    blocks
}

/// From this rank on, a signature has ended.
const ENDED_RANK: u8 = 4;

/// Sort rank: the signature with the lowest rank determines the role's mark.
const fn status_rank(status: SignatureStatus) -> u8 {
    match status {
        SignatureStatus::Objects => 0,
        SignatureStatus::Counts => 1,
        SignatureStatus::Stale => 2,
        SignatureStatus::NotHolder => 3,
        SignatureStatus::Lifted | SignatureStatus::Superseded | SignatureStatus::Withdrawn => ENDED_RANK,
    }
}

fn build_signature_card(
    access: &LaunchAccess,
    signature: &Signature,
    status: SignatureStatus,
    returned: Option<&ReturnedForm>,
) -> SignatureCard {
    let launch = &*access.launch;
    let record = &signature.record;
    let signer = |id| launch.signature(id).map_or_else(String::new, |it: &Signature| it.record.signer.name.to_string());
    let ended = match (status, signature.withdrawn, signature.lifted_by) {
        (SignatureStatus::Withdrawn, Some(withdrawn), _) => {
            let at = format_to_the_second(withdrawn.at, &Zone::UTC);
            Some(texts::signature_was_withdrawn(at, launch.text(&withdrawn.reason)))
        }
        (SignatureStatus::Lifted, _, Some(by)) => Some(texts::objection_was_lifted_by(signer(by))),
        (SignatureStatus::Superseded, ..) => Some(texts::signature_was_replaced()),
        _ => None,
    };
    let own = record.signer.id == access.user.id;
    let can_withdraw = signature.is_in_effect()
        && access.waiting_period().is_none()
        && stage_allows(&launch.stage, ActGroup::WithdrawSupport)
        && access.is_allowed(&Act::WithdrawSignature(record.id));
    let entered = returned.filter(|returned| returned.form == GoNoGoForm::Withdraw(record.id));
    SignatureCard {
        id: record.id,
        vote: describe_vote(record.verdict, record.meaning),
        status,
        name: record.signer.name.to_string(),
        email: record.email.to_string(),
        proved: record.proof.label(),
        renewed: renewals::describe_renewals(&record.renewed),
        statement: record.statement.clone(),
        comment: record.comment.map_or_else(String::new, |comment| launch.text(&comment).to_owned()),
        machine: format_machine(signature.at),
        utc: format_to_the_second(signature.at, &Zone::UTC),
        local: if record.zone == Zone::UTC { String::new() } else { format_to_the_second(signature.at, &record.zone) },
        seq: signature.seq,
        saw: record.saw,
        digest: record.digest.to_string(),
        short: record.digest.short(),
        difference: Vec::new(),
        lifts: record.lifts.map_or_else(String::new, signer),
        ended,
        own,
        withdrawal: can_withdraw.then(|| entered.map_or_else(GoNoGoInput::default, |it| it.input.clone())),
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
    /// The statements for each meaning.
    pub statements: Vec<StatementView>,
    /// Whether GO can be signed now; NO-GO can be signed if there is a form.
    pub can_go: bool,
    /// Objections of others that a GO can lift.
    pub objections: Vec<ObjectionView>,
    /// The idempotency key of the form.
    pub once: String,
    pub entered: GoNoGoInput,
}

/// The statements for one meaning.
pub(super) struct StatementView {
    pub meaning: SignatureMeaning,
    pub word: Cow<'static, str>,
    /// A GO with this meaning, such as `GO (approval)`.
    pub go_vote: Cow<'static, str>,
    pub no_go_vote: Cow<'static, str>,
    pub go: String,
    pub no_go: String,
}

pub(super) struct ObjectionView {
    pub id: String,
    pub name: String,
    pub comment: String,
}

impl SignFormView {
    /// Error of a field that is hidden or a choice.
    pub(super) fn problem(&self) -> Option<&str> {
        ["verdict", "meaning", "digest", "seq", "statement", "lifts", "once"]
            .into_iter()
            .find_map(|field| self.entered.error(field))
    }
}

/// Whether the reader may sign GO in a role now.
fn can_sign_go(access: &LaunchAccess, role: &RoleSlug) -> bool {
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
    let digest = readiness.digests.get(&role).copied().unwrap_or_else(|| scope.digest());
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
    let digest = entered.shown.digest.or(digest);
    SignFormView {
        title: launch.role_title(&role).to_owned(),
        digest: digest.to_string(),
        short: digest.short(),
        seq: entered.newest_event(&launch.seq),
        items: items.len(),
        resolved: items.iter().filter(|item| launch.is_resolved(item, access.now)).count(),
        waived: items.iter().filter(|item| launch.waiver_in_force(item, access.now).is_some()).count(),
        version: entered.shown.statement.or(statements.number),
        statements: SignatureMeaning::ALL
            .into_iter()
            .map(|meaning| StatementView {
                meaning,
                word: meaning_label(meaning),
                go_vote: describe_vote(Vote::Go, meaning),
                no_go_vote: describe_vote(Vote::NoGo, meaning),
                go: statements.wording.text(Vote::Go, meaning).to_string(),
                no_go: statements.wording.text(Vote::NoGo, meaning).to_string(),
            })
            .collect(),
        can_go: can_sign_go(access, &role),
        objections: launch.signatures.iter().filter(another).map(objection).collect(),
        once: ambient::new_opaque_id::<uuid::Uuid>().to_string(),
        entered,
        role,
    }
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
