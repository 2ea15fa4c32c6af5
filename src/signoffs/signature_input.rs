//! Reads the fields of the form that signs.

use std::borrow::Cow;

use super::forms::SignForm;
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        canonical::Sha256Hash,
        launch::{
            command::NewSignature,
            event::{Seq, SignatureMeaning, Vote},
        },
        role::RoleSlug,
        text::Prose,
    },
    record::statements::StatementVersion,
    texts,
    web::{
        form::FieldErrors,
        idempotency::{idempotent_id, new_text},
        request_origin::RequestOrigin,
    },
};

/// What a NO-GO means that is signed on the page: it is the result of a review, never an approval.
pub(super) const NO_GO_MEANING: SignatureMeaning = SignatureMeaning::Review;

/// Parses the signature; `None` if a field is invalid, with the message in `errors`.
pub(super) fn parse_signature(
    access: &LaunchAccess,
    form: &SignForm,
    role: RoleSlug,
    statements: &StatementVersion,
    origin: RequestOrigin,
    errors: &mut FieldErrors,
) -> Option<NewSignature> {
    let verdict = errors.check("verdict", parse_vote(&form.verdict).ok_or_else(texts::choose_go_or_no_go));
    let meaning = match form.meaning.get() {
        _ if verdict == Some(Vote::NoGo) && form.no_go_meaning == NO_GO_MEANING.slug() => Some(NO_GO_MEANING),
        None => verdict.map(|verdict| meaning_left_out(access, form, &role, verdict)),
        Some(word) => errors.check("meaning", parse_meaning(word).ok_or_else(texts::choose_what_signature_means)),
    };
    let comment = errors.check("comment", Prose::optional(&form.comment));
    let digest = form.digest.parse::<Sha256Hash>();
    let digest = errors.check("digest", digest.map_err(|_| texts::digest_is_damaged()));
    let saw = errors.check("seq", parse_seen_seq(&form.seq));
    let version = form.statement.trim();
    let is_version = version.is_empty() || version.parse::<u32>().is_ok();
    let statement = errors.check("statement", is_version.then_some(()).ok_or_else(texts::not_a_version_of_statement));
    let lifts = match form.lifts.as_str() {
        "" => Some(None),
        id => errors.check("lifts", id.parse().map(Some).map_err(|_| texts::not_a_signature())),
    };
    let key = errors.check("once", form.once.parse());
    let (verdict, meaning, (), key) = (verdict?, meaning?, statement?, key?);
    // The same form with another word in it is another signature.
    let content = [&*form.role, &form.verdict, form.meaning.text_or_empty(), &form.comment, &form.digest, &form.lifts];
    Some(NewSignature {
        id: idempotent_id(access.user.id, access.launch.id.uuid(), key, &content.map(str::as_bytes)),
        role,
        verdict,
        meaning,
        statement_version: statements.number,
        statement: statements.wording.text(verdict, meaning).to_string(),
        comment: comment?.map(new_text),
        digest: digest?,
        saw: saw?,
        lifts: lifts?,
        address: new_text(origin.address),
        user_agent: new_text(origin.user_agent),
    })
}

pub(super) fn parse_vote(word: &str) -> Option<Vote> {
    [Vote::Go, Vote::NoGo].into_iter().find(|vote| vote.slug() == word)
}

pub(super) fn parse_meaning(word: &str) -> Option<SignatureMeaning> {
    SignatureMeaning::ALL.into_iter().find(|meaning| meaning.slug() == word)
}

/// What a signature means whose form says nothing of it: what the same signature means that is there already, or approval.
fn meaning_left_out(access: &LaunchAccess, form: &SignForm, role: &RoleSlug, verdict: Vote) -> SignatureMeaning {
    let newest = access.launch.newest_signature(access.user.id, role);
    let same = newest.filter(|signature| {
        let record = &signature.record;
        signature.is_in_effect() && record.verdict == verdict && record.digest.to_string() == form.digest
    });
    same.map_or(SignatureMeaning::Approval, |signature| signature.record.meaning)
}

/// The newest event on the page that had the form, if the form names it.
pub(super) fn parse_seen_seq(text: &str) -> Result<Option<Seq>, Cow<'static, str>> {
    match text.trim() {
        "" => Ok(None),
        number => number.parse().map(Some).map_err(|_| texts::not_an_event_number()),
    }
}
