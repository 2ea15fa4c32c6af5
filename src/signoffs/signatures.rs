//! The signatures as a paper has them, a block a role; and the forms to sign in the roles that one holds.

use std::collections::{BTreeMap, HashMap};

use super::{
    forms::{Entered, Returned, Which},
    view::to_the_second,
};
use crate::{
    access::launch_access::LaunchAccess,
    ambient,
    domain::{
        canonical::Sha256Hash,
        digest::{digest, scope},
        ids::{SignatureId, UserId},
        launch::{
            access::{Act, Work, stage_allows},
            event::{Meaning, Seq, Vote},
            state::{LaunchState, Signature},
        },
        readiness::{Readiness, SignatureStatus, objects, status},
        role::RoleSlug,
        time::{Moment, Zone},
    },
    launch_page::{difference::DiffLine, way_in, words},
    record::statements::Version,
    web::time::machine,
};

/// What changed since each stale signature was given.
pub(super) type Differences = HashMap<SignatureId, Vec<DiffLine>>;

/// The digests of the roles that must sign and of those in which somebody did, as the launch stands now.
pub(super) fn digests(launch: &LaunchState, found: &Readiness) -> BTreeMap<RoleSlug, Sha256Hash> {
    let mut digests = found.digests.clone();
    for signature in &launch.signatures {
        let role = &signature.record.role;
        if !digests.contains_key(role) {
            digests.insert(role.clone(), digest(launch, role));
        }
    }
    digests
}

/// The digests of every role in which somebody can sign or did: besides [`digests`], of those that have holders.
pub(super) fn digests_to_sign(launch: &LaunchState, found: &Readiness) -> BTreeMap<RoleSlug, Sha256Hash> {
    let mut digests = digests(launch, found);
    for (role, _) in launch.holders.iter().filter(|(_, holders)| !holders.is_empty()) {
        if !digests.contains_key(role) {
            digests.insert(role.clone(), digest(launch, role));
        }
    }
    digests
}

/// A role's block.
pub(super) struct Block {
    pub role: RoleSlug,
    pub title: String,
    pub required: bool,
    /// `none`, `go`, `no_go` or `stale`.
    pub mark: &'static str,
    pub holders: Vec<(UserId, String)>,
    /// When the owner asked for its signature.
    pub asked: Option<Moment>,
    /// The signatures that are still somebody's word, the most telling first.
    pub signed: Vec<SignatureView>,
    /// Those that were withdrawn or replaced.
    pub earlier: Vec<SignatureView>,
    /// Whether the person has a form for it below.
    pub can_sign: bool,
}

impl Block {
    /// Whether there is a go, and its signer holds the role no more.
    fn lapsed(&self) -> bool {
        self.signed.first().is_some_and(|view| view.status == SignatureStatus::NotHolder)
    }

    /// The word, the chip's kind and its icon.
    pub(super) fn chip(&self) -> (&'static str, &'static str, &'static str) {
        match self.mark {
            "go" => ("go", "go", "tick"),
            "no_go" => ("no-go", "nogo", "no-go"),
            "stale" => ("stale", "cond", "stale"),
            _ if self.lapsed() => ("no longer counts", "cond", ""),
            _ if self.asked.is_some() => ("asked", "", ""),
            _ => ("awaiting", "", ""),
        }
    }
}

/// A signature, with everything that its record holds for people to read.
pub(super) struct SignatureView {
    pub id: SignatureId,
    pub said: &'static str,
    pub status: SignatureStatus,
    pub name: String,
    pub email: String,
    pub meaning: &'static str,
    /// With what its signer proved who they are.
    pub proved: &'static str,
    /// That others had renewed the signer's way in; empty for most.
    pub renewed: String,
    pub statement: String,
    pub comment: String,
    /// When, for programs that read the page.
    pub machine: String,
    pub utc: String,
    /// The same in the zone of who signed, where that is another.
    pub local: String,
    pub seq: Seq,
    pub saw: Seq,
    pub digest: String,
    pub short: String,
    pub difference: Vec<DiffLine>,
    /// Whose objection it lifts.
    pub lifts: String,
    /// What became of it, where it is nobody's word any more.
    pub ended: String,
    pub ended_reason: String,
    pub own: bool,
    /// The form to withdraw it, while that can be done.
    pub withdrawal: Option<Entered>,
}

impl SignatureView {
    /// How it stands, where that is more than go or no-go.
    pub(super) fn standing(&self) -> &'static str {
        match self.status {
            SignatureStatus::Counts | SignatureStatus::Objects => "",
            SignatureStatus::Stale => "Something in its scope changed since.",
            SignatureStatus::NotHolder => "It no longer counts: its signer holds the role no more.",
            SignatureStatus::Lifted | SignatureStatus::Superseded | SignatureStatus::Withdrawn => "",
        }
    }
}

/// What a signature means, as a paper has it.
pub(super) const fn meaning_word(meaning: Meaning) -> &'static str {
    match meaning {
        Meaning::Approval => "Approval",
        Meaning::Review => "Review",
        Meaning::Responsibility => "Responsibility",
    }
}

/// The blocks: of the roles that must sign, in the checklist's order, then of others in which somebody did.
pub(super) fn blocks(
    access: &LaunchAccess,
    found: &Readiness,
    mut differences: Differences,
    returned: Option<&Returned>,
) -> Vec<Block> {
    let launch = &*access.launch;
    let checklist = &launch.version.checklist;
    let digests = digests(launch, found);
    let required = checklist.required_roles.iter().map(|required| required.role.clone());
    let others = digests.keys().filter(|role| !checklist.requires(role)).cloned();
    let mut blocks = Vec::new();
    for role in required.chain(others) {
        let Some(digest) = digests.get(&role) else { continue };
        let of_role = launch.signatures.iter().filter(|signature| signature.record.role == role);
        let mut views: Vec<_> = of_role
            .map(|signature| {
                let difference = differences.remove(&signature.record.id).unwrap_or_default();
                let status = status(launch, signature, digest);
                SignatureView { difference, ..signature_view(access, signature, status, returned) }
            })
            .collect();
        views.reverse();
        let (mut signed, earlier): (Vec<_>, Vec<_>) = views.into_iter().partition(|view| rank(view.status) < OVER);
        signed.sort_by_key(|view| rank(view.status));
        let mark = match signed.first().map(|view| view.status) {
            Some(SignatureStatus::Objects) => "no_go",
            Some(SignatureStatus::Counts) => "go",
            Some(SignatureStatus::Stale) => "stale",
            // Nothing in its scope changed: it is no stale one. It does not count, so the role has none.
            Some(SignatureStatus::NotHolder) => "none",
            Some(SignatureStatus::Lifted | SignatureStatus::Superseded | SignatureStatus::Withdrawn) | None => "none",
        };
        blocks.push(Block {
            title: launch.role_title(&role).to_owned(),
            required: checklist.requires(&role),
            mark,
            holders: launch.holders_of(&role).map(|id| (id, launch.person(id).to_owned())).collect(),
            asked: launch.asked.get(&role).copied(),
            signed,
            earlier,
            can_sign: can_go(access, &role),
            role,
        });
    }
    blocks
}

/// From here on a signature is nobody's word any more.
const OVER: u8 = 4;

/// Which signature tells most of how a role stands.
const fn rank(status: SignatureStatus) -> u8 {
    match status {
        SignatureStatus::Objects => 0,
        SignatureStatus::Counts => 1,
        SignatureStatus::Stale => 2,
        SignatureStatus::NotHolder => 3,
        SignatureStatus::Lifted | SignatureStatus::Superseded | SignatureStatus::Withdrawn => OVER,
    }
}

fn signature_view(
    access: &LaunchAccess,
    signature: &Signature,
    status: SignatureStatus,
    returned: Option<&Returned>,
) -> SignatureView {
    let launch = &*access.launch;
    let record = &signature.record;
    let signer = |id| launch.signature(id).map_or_else(String::new, |it: &Signature| it.record.signer.name.to_string());
    let (ended, ended_reason) = match (status, signature.withdrawn, signature.lifted_by) {
        (SignatureStatus::Withdrawn, Some(withdrawn), _) => {
            let when = to_the_second(withdrawn.at, &Zone::UTC);
            (format!("Withdrawn {when}"), launch.text(&withdrawn.reason).to_owned())
        }
        (SignatureStatus::Lifted, _, Some(by)) => {
            (format!("The objection was lifted by {}", signer(by)), String::new())
        }
        (SignatureStatus::Superseded, ..) => ("Replaced by a later one of the same signer".to_owned(), String::new()),
        _ => (String::new(), String::new()),
    };
    let own = record.signer.id == access.user.id;
    let can_withdraw = signature.stands()
        && access.waiting().is_none()
        && stage_allows(&launch.stage, Work::Object)
        && access.can(&Act::WithdrawSignature(record.id));
    let entered = returned.filter(|returned| returned.which == Which::Withdraw(record.id));
    SignatureView {
        id: record.id,
        said: words::vote(record.verdict),
        status,
        name: record.signer.name.to_string(),
        email: record.email.to_string(),
        meaning: meaning_word(record.meaning),
        proved: record.proof.words(),
        renewed: way_in::marks(&record.renewed),
        statement: record.statement.clone(),
        comment: record.comment.map_or_else(String::new, |comment| launch.text(&comment).to_owned()),
        machine: machine(signature.at),
        utc: to_the_second(signature.at, &Zone::UTC),
        local: if record.zone == Zone::UTC { String::new() } else { to_the_second(signature.at, &record.zone) },
        seq: signature.seq,
        saw: record.saw,
        digest: record.digest.to_string(),
        short: record.digest.short(),
        difference: Vec::new(),
        lifts: record.lifts.map_or_else(String::new, signer),
        ended,
        ended_reason,
        own,
        withdrawal: can_withdraw.then(|| entered.map_or_else(Entered::default, |it| it.entered.clone())),
    }
}

/// The form to sign in a role.
pub(super) struct Signing {
    pub role: RoleSlug,
    pub title: String,
    pub digest: String,
    pub short: String,
    pub seq: Seq,
    /// `31 items`.
    pub items: String,
    pub resolved: usize,
    pub waived: usize,
    /// The version of what one declares.
    pub version: u32,
    /// What one declares: meaning, its word, and the statements for go and for no-go.
    pub statements: Vec<Statement>,
    /// Whether go can be signed now; no-go can, where there is a form.
    pub can_go: bool,
    /// The objections of others that a go can lift, by whom and why.
    pub objections: Vec<Objection>,
    /// The number that makes the form sent twice one signature.
    pub once: String,
    pub entered: Entered,
}

/// What one declares who signs with a meaning.
pub(super) struct Statement {
    pub meaning: Meaning,
    pub word: &'static str,
    pub go: String,
    pub no_go: String,
}

/// Another holder's objection.
pub(super) struct Objection {
    pub id: String,
    pub name: String,
    pub comment: String,
}

impl Signing {
    /// What is wrong with what the form carries unseen, or chooses.
    pub(super) fn problem(&self) -> Option<&str> {
        ["verdict", "meaning", "digest", "seq", "statement", "lifts"]
            .into_iter()
            .find_map(|field| self.entered.error(field))
    }
}

/// Whether the person may sign go in a role as things stand.
fn can_go(access: &LaunchAccess, role: &RoleSlug) -> bool {
    may_sign(access, role) && stage_allows(&access.launch.stage, Work::Prepare)
}

/// Whether the person may sign in a role, as far as rights, the separation of duties and their own way in go.
fn may_sign(access: &LaunchAccess, role: &RoleSlug) -> bool {
    access.waiting().is_none() && access.can(&Act::Sign(role.clone())) && signed_elsewhere(access, role).is_none()
}

/// The signature in another role that keeps the person from signing in this one.
fn signed_elsewhere<'a>(access: &'a LaunchAccess, role: &RoleSlug) -> Option<&'a Signature> {
    let launch = &access.launch;
    let own = |it: &&Signature| it.stands() && it.record.signer.id == access.user.id && it.record.role != *role;
    launch.signatures.iter().find(own).filter(|_| launch.policy.separation_of_duties)
}

/// Whether there is a role that the person can sign in now.
pub(super) fn offered(access: &LaunchAccess) -> bool {
    let launch = &*access.launch;
    stage_allows(&launch.stage, Work::Object) && launch.roles().iter().any(|(role, _)| may_sign(access, role))
}

/// The forms to sign: one for each role that the person holds and may sign in. None without what they declare, which
/// is read where a form is [`offered`].
pub(super) fn signing(
    access: &LaunchAccess,
    found: &Readiness,
    statements: Option<&Version>,
    returned: Option<&Returned>,
) -> Vec<Signing> {
    let Some(statements) = statements else { return Vec::new() };
    let roles = access.launch.roles().into_iter().filter(|(role, _)| may_sign(access, role));
    roles.map(|(role, _)| signing_in(access, found, role, statements, returned)).collect()
}

fn signing_in(
    access: &LaunchAccess,
    found: &Readiness,
    role: RoleSlug,
    statements: &Version,
    returned: Option<&Returned>,
) -> Signing {
    let launch = &*access.launch;
    let scope = scope(launch, &role);
    let digest = found.digests.get(&role).copied().unwrap_or_else(|| scope.digest());
    let items: Vec<_> = scope.items.iter().filter_map(|scoped| launch.item(scoped.id)).collect();
    let another = |it: &&Signature| objects(it) && it.record.role == role && it.record.signer.id != access.user.id;
    let objection = |it: &Signature| Objection {
        id: it.record.id.to_string(),
        name: it.record.signer.name.to_string(),
        comment: it.record.comment.map_or_else(String::new, |comment| launch.text(&comment).to_owned()),
    };
    let which = Which::Sign(role.clone());
    let entered = returned.filter(|returned| returned.which == which).map(|returned| returned.entered.clone());
    Signing {
        title: launch.role_title(&role).to_owned(),
        digest: digest.to_string(),
        short: digest.short(),
        seq: launch.seq,
        items: words::count(items.len(), "item"),
        resolved: items.iter().filter(|item| launch.is_resolved(item, access.now)).count(),
        waived: items.iter().filter(|item| launch.waived_by(item, access.now).is_some()).count(),
        version: statements.number,
        statements: Meaning::ALL
            .into_iter()
            .map(|meaning| Statement {
                meaning,
                word: meaning_word(meaning),
                go: statements.wording.text(Vote::Go, meaning).to_string(),
                no_go: statements.wording.text(Vote::NoGo, meaning).to_string(),
            })
            .collect(),
        can_go: can_go(access, &role),
        objections: launch.signatures.iter().filter(another).map(objection).collect(),
        once: ambient::opaque_id::<uuid::Uuid>().to_string(),
        entered: entered.unwrap_or_default(),
        role,
    }
}

/// Why there is nothing to sign for the person, where there is not.
pub(super) fn why_not(access: &LaunchAccess, signing: &[Signing]) -> Option<String> {
    if !signing.is_empty() {
        return None;
    }
    let launch = &access.launch;
    if !stage_allows(&launch.stage, Work::Object) {
        return Some("Nothing is signed at this stage any more.".to_owned());
    }
    if let Some(waiting) = access.waiting() {
        return Some(way_in::waiting(&waiting, &access.user.zone()));
    }
    let held: Vec<_> = launch.roles().into_iter().filter(|(role, _)| access.can(&Act::Sign(role.clone()))).collect();
    let elsewhere = held.iter().find_map(|(role, _)| signed_elsewhere(access, role));
    Some(match elsewhere {
        Some(signature) => format!(
            "You have signed as {}, and one person signs in one role only. Withdraw that signature to sign in another.",
            signature.record.role_title
        ),
        None => "You hold no role of this launch that signs.".to_owned(),
    })
}
