//! Evidence, as the item page and the index show it.

use super::{
    super::{typed::At, view::offers},
    again::Again,
    picture,
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        canonical::Sha256Hash,
        ids::{EvidenceId, EvidenceRequestId},
        launch::{
            access::{Act, Work},
            event::EvidenceContent,
            state::{Evidence, Item, LaunchState},
        },
        time::{Day, Moment},
    },
    launch_page::words,
    web::page::bytes,
};

/// An item's evidence, and what the reader may do about it.
pub(in crate::items) struct EvidenceBlock {
    pub list: Vec<EvidenceView>,
    /// How many of them stand.
    pub standing: usize,
    pub can_attach: bool,
    /// What of the launch's evidence can be used again here.
    pub again: Again,
    /// The most bytes that one file may have, and that in words.
    pub most: u64,
    pub limit: String,
    /// The day it is where the launch is.
    pub today: String,
    pub requests: Vec<RequestView>,
    pub can_request: bool,
}

/// A piece of evidence.
pub(in crate::items) struct EvidenceView {
    pub id: EvidenceId,
    /// `file`, `link` or `note`.
    pub kind: &'static str,
    pub icon: &'static str,
    /// A file's name, a link's address; empty for a note.
    pub name: String,
    /// Where it leads; empty for a note, and for a link or a file that was redacted.
    pub href: String,
    pub note: String,
    pub size: String,
    /// Whether pictures are made of it.
    pub shown: bool,
    /// Where it was attached first, when it is used again here: address and title of that item, and whether it was
    /// withdrawn there.
    pub source: Option<(String, String, bool)>,
    pub sha256: Option<Sha256Hash>,
    pub by: String,
    pub at: Moment,
    pub observed_on: String,
    pub valid_until: String,
    pub standing: Standing,
    /// Who withdrew it, when and why.
    pub withdrawn: Option<(String, Moment, String)>,
    pub can_withdraw: bool,
}

impl EvidenceView {
    /// The form that withdraws it.
    pub(in crate::items) const fn form(&self) -> At {
        At::Withdrawal(self.id)
    }
}

/// Whether evidence counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::items) enum Standing {
    /// It does.
    Stands,
    /// It is past its validity.
    Lapsed,
    /// It was withdrawn.
    Withdrawn,
}

impl Standing {
    /// How a piece of evidence stands.
    pub(in crate::items) fn of(evidence: &Evidence, launch: &LaunchState, now: Moment) -> Self {
        match () {
            () if evidence.withdrawn.is_some() => Self::Withdrawn,
            () if evidence.lapsed(launch.zone(), now) => Self::Lapsed,
            () => Self::Stands,
        }
    }

    /// The name in addresses and marks.
    pub(in crate::items) const fn slug(self) -> &'static str {
        match self {
            Self::Stands => "standing",
            Self::Lapsed => "lapsed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A request for more evidence.
pub(in crate::items) struct RequestView {
    pub id: EvidenceRequestId,
    pub by: String,
    pub at: Moment,
    pub text: String,
    /// Who answered, when and what.
    pub answer: Option<(String, Moment, String)>,
    pub can_answer: bool,
}

impl RequestView {
    /// The form that answers it.
    pub(in crate::items) const fn form(&self) -> At {
        At::Answer(self.id)
    }
}

impl EvidenceBlock {
    /// With all that can be used again here, if all was asked for.
    pub(in crate::items) fn new(access: &LaunchAccess, item: &Item, limit: u64, all: bool) -> Self {
        let state = &*access.launch;
        let list: Vec<_> = state.evidence_of(item).map(|evidence| view(access, item, evidence)).collect();
        let requests = item.requests.iter().filter_map(|id| state.requests.get(id));
        let can_attach = offers(access, item, &Act::Attach(item.id), Work::Prepare);
        Self {
            standing: list.iter().filter(|evidence| evidence.standing == Standing::Stands).count(),
            list,
            can_attach,
            again: if can_attach { Again::new(access, item, all) } else { Again::default() },
            most: limit,
            limit: bytes(limit),
            today: Day::of(access.now, state.zone()).to_string(),
            requests: requests
                .map(|request| RequestView {
                    id: request.id,
                    by: state.person(request.by).to_owned(),
                    at: request.at,
                    text: state.text(&request.text).to_owned(),
                    answer: request.answer.map(|answer| {
                        (state.person(answer.by).to_owned(), answer.at, state.text(&answer.reason).to_owned())
                    }),
                    can_answer: request.answer.is_none()
                        && offers(access, item, &Act::AnswerRequest(request.id), Work::Accompany),
                })
                .collect(),
            can_request: offers(access, item, &Act::RequestEvidence(item.id), Work::Accompany),
        }
    }
}

/// A piece of evidence, for one reader.
pub(in crate::items) fn view(access: &LaunchAccess, item: &Item, evidence: &Evidence) -> EvidenceView {
    let state = &*access.launch;
    let source = evidence.source.and_then(|id| state.evidence.get(&id)).and_then(|first| {
        let title = state.definition(state.item(first.item)?).title.to_string();
        Some((words::item_href_at(access.past(), first.item), title, first.withdrawn.is_some()))
    });
    let blank = EvidenceView {
        id: evidence.id,
        kind: evidence.content.kind(),
        icon: "note",
        name: String::new(),
        href: String::new(),
        note: String::new(),
        size: String::new(),
        shown: picture::is_shown(&evidence.content) && evidence.redacted.is_none(),
        source,
        sha256: None,
        by: state.person(evidence.by).to_owned(),
        at: evidence.at,
        observed_on: words::day(evidence.observed_on),
        valid_until: evidence.valid_until.map_or_else(String::new, words::day),
        standing: Standing::of(evidence, state, access.now),
        withdrawn: evidence
            .withdrawn
            .map(|ended| (state.person(ended.by).to_owned(), ended.at, state.text(&ended.reason).to_owned())),
        can_withdraw: evidence.withdrawn.is_none()
            && offers(access, item, &Act::WithdrawEvidence(evidence.id), Work::Object),
    };
    let there = evidence.redacted.is_none();
    match &evidence.content {
        EvidenceContent::File { name, sha256, size, media_type } => EvidenceView {
            icon: if media_type.starts_with("image/") { "image" } else { "file" },
            name: state.text(name).to_owned(),
            href: if there { format!("/evidence/{}/file", evidence.id) } else { String::new() },
            size: if there { bytes(*size) } else { "redacted".to_owned() },
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
