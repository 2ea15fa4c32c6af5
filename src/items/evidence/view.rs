//! Data of the evidence on the item page and in the index.

use std::borrow::Cow;

use super::{
    super::{availability::is_available, form_input::ItemPageForm},
    picture,
    reuse::ReusableEvidence,
    status::EvidenceStatus,
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        canonical::Sha256Hash,
        ids::{EvidenceId, EvidenceRequestId},
        launch::{
            access::{Act, ActGroup},
            event::EvidenceContent,
            state::{Evidence, Item},
        },
        time::{Day, Moment},
    },
    presentation::formatting,
    texts,
    web::byte_size::format_bytes,
};

pub(in crate::items) struct EvidenceBlock {
    pub list: Vec<EvidenceView>,
    /// Number of valid pieces.
    pub standing: usize,
    pub can_attach: bool,
    pub again: ReusableEvidence,
    /// Maximum number of bytes of one file, and the same as text.
    pub limit_bytes: u64,
    pub limit: String,
    /// Today's date in the launch's time zone.
    pub today: String,
    pub requests: Vec<EvidenceRequestView>,
    pub can_request: bool,
}

pub(in crate::items) struct EvidenceView {
    pub id: EvidenceId,
    /// `file`, `link` or `note`.
    pub kind: &'static str,
    pub icon: &'static str,
    /// File name or link address; empty for a note.
    pub name: String,
    /// Link target; empty for a note, and for a redacted link or file.
    pub href: String,
    pub note: String,
    pub size: String,
    /// Whether pictures are made of it.
    pub has_picture: bool,
    /// For reused evidence, the item where it was first attached: address, title, and whether it was withdrawn there.
    pub source: Option<(String, String, bool)>,
    pub sha256: Option<Sha256Hash>,
    pub by: String,
    pub at: Moment,
    pub observed_on: String,
    pub valid_until: String,
    pub standing: EvidenceStatus,
    /// Who withdrew it, when and why.
    pub withdrawn: Option<(String, Moment, String)>,
    pub can_withdraw: bool,
}

impl EvidenceView {
    pub(in crate::items) const fn form(&self) -> ItemPageForm {
        ItemPageForm::WithdrawEvidence(self.id)
    }

    /// The word for a link or a note; a file has its size instead.
    pub(in crate::items) fn kind_label(&self) -> Cow<'static, str> {
        if self.kind == "link" { texts::evidence_is_link() } else { texts::evidence_is_note() }
    }
}

pub(in crate::items) struct EvidenceRequestView {
    pub id: EvidenceRequestId,
    pub by: String,
    pub at: Moment,
    pub text: String,
    /// Who answered, when, and the text.
    pub answer: Option<(String, Moment, String)>,
    pub can_answer: bool,
}

impl EvidenceRequestView {
    pub(in crate::items) const fn form(&self) -> ItemPageForm {
        ItemPageForm::AnswerRequest(self.id)
    }
}

impl EvidenceBlock {
    /// With `all`, lists all reusable evidence, however much there is.
    pub(in crate::items) fn new(access: &LaunchAccess, item: &Item, limit: u64, all: bool) -> Self {
        let state = &*access.launch;
        let list: Vec<_> =
            state.evidence_of(item).map(|evidence| build_evidence_view(access, item, evidence)).collect();
        let requests = item.evidence_requests.iter().filter_map(|id| state.evidence_requests.get(id));
        let can_attach = is_available(access, item, &Act::Attach(item.id), ActGroup::Prepare);
        Self {
            standing: list.iter().filter(|evidence| evidence.standing == EvidenceStatus::Valid).count(),
            list,
            can_attach,
            again: if can_attach { ReusableEvidence::new(access, item, all) } else { ReusableEvidence::default() },
            limit_bytes: limit,
            limit: format_bytes(limit),
            today: Day::from_moment(access.now, state.zone()).to_string(),
            requests: requests
                .map(|request| EvidenceRequestView {
                    id: request.id,
                    by: state.person_name(request.by).to_owned(),
                    at: request.at,
                    text: state.text(&request.text).to_owned(),
                    answer: request.answer.map(|answer| {
                        (state.person_name(answer.by).to_owned(), answer.at, state.text(&answer.reason).to_owned())
                    }),
                    can_answer: request.answer.is_none()
                        && is_available(access, item, &Act::AnswerRequest(request.id), ActGroup::Collaborate),
                })
                .collect(),
            can_request: is_available(access, item, &Act::RequestEvidence(item.id), ActGroup::Collaborate),
        }
    }
}

pub(in crate::items) fn build_evidence_view(access: &LaunchAccess, item: &Item, evidence: &Evidence) -> EvidenceView {
    let state = &*access.launch;
    let source = evidence.source_id.and_then(|id| state.evidence.get(&id)).and_then(|first| {
        let title = state.definition(state.item(first.item)?).shown_title();
        Some((formatting::item_href_at(access.past(), first.item), title, first.withdrawn.is_some()))
    });
    let blank = EvidenceView {
        id: evidence.id,
        kind: evidence.content.kind(),
        icon: "note",
        name: String::new(),
        href: String::new(),
        note: String::new(),
        size: String::new(),
        has_picture: picture::has_picture(&evidence.content) && evidence.redacted.is_none(),
        source,
        sha256: None,
        by: state.person_name(evidence.by).to_owned(),
        at: evidence.at,
        observed_on: formatting::format_day(evidence.observed_on),
        valid_until: evidence.valid_until.map_or_else(String::new, formatting::format_day),
        standing: EvidenceStatus::from_evidence(evidence, state, access.now),
        withdrawn: evidence
            .withdrawn
            .map(|ended| (state.person_name(ended.by).to_owned(), ended.at, state.text(&ended.reason).to_owned())),
        can_withdraw: evidence.withdrawn.is_none()
            && is_available(access, item, &Act::WithdrawEvidence(evidence.id), ActGroup::WithdrawSupport),
    };
    let is_unredacted = evidence.redacted.is_none();
    match &evidence.content {
        EvidenceContent::File { name, sha256, size, media_type } => EvidenceView {
            icon: if media_type.starts_with("image/") { "image" } else { "file" },
            name: state.text(name).to_owned(),
            href: if is_unredacted { format!("/evidence/{}/file", evidence.id) } else { String::new() },
            size: if is_unredacted { format_bytes(*size) } else { texts::file_is_redacted().into_owned() },
            sha256: Some(*sha256),
            ..blank
        },
        EvidenceContent::Link { url } => EvidenceView {
            icon: "link",
            name: state.text(url).to_owned(),
            href: state.texts.get(url).unwrap_or_default().to_owned(),
            ..blank
        },
        EvidenceContent::Note { body } => EvidenceView { note: state.text(body).to_owned(), ..blank },
    }
}
