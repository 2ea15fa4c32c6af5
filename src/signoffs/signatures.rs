//! The signatures, one block for each role as on paper.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use super::{
    forms::{GoNoGoForm, GoNoGoInput, ReturnedForm},
    sign_form::can_sign_go,
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        canonical::Sha256Hash,
        digest::digest,
        ids::{SignatureId, UserId},
        launch::{
            access::{Act, ActGroup, stage_allows},
            event::{Seq, SignatureMeaning, Vote},
            state::{LaunchState, Signature},
        },
        readiness::{Readiness, SignatureStatus, signature_status},
        role::RoleSlug,
        time::{Moment, Zone},
    },
    presentation::{difference::DiffLine, renewals, role_mark::RoleMark},
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

/// A vote and what it means: `GO (approval)`. A NO-GO approves nothing, so that meaning is not named with it.
pub(super) fn describe_vote(vote: Vote, meaning: SignatureMeaning) -> Cow<'static, str> {
    match (vote, meaning) {
        (Vote::Go, SignatureMeaning::Approval) => texts::go_as_approval(),
        (Vote::Go, SignatureMeaning::Review) => texts::go_as_review(),
        (Vote::Go, SignatureMeaning::Responsibility) => texts::go_as_responsibility(),
        (Vote::NoGo, SignatureMeaning::Approval) => texts::vote_no_go(),
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
            title: launch.role_title(&role).into_owned(),
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
