//! Evidence of the launch that can be reused on an item, as its form offers it.

use std::{borrow::Cow, collections::HashSet};

use super::status::EvidenceStatus;
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        ids::EvidenceId,
        launch::{
            event::EvidenceContent,
            state::{Evidence, Item},
        },
    },
    presentation::formatting,
    texts,
    web::byte_size::format_bytes,
};

const MAX_EXCERPT_CHARS: usize = 80;

/// Maximum number of options without an explicit request: they enlarge a page that is mostly opened for something else.
const MAX_OFFERED_UNASKED: usize = 100;

#[derive(Debug, Default)]
pub(in crate::items) struct ReusableEvidence {
    /// By item, in the checklist's order.
    pub groups: Vec<ReusableGroup>,
    pub total: usize,
    /// Whether the options are left out because there are more than [`MAX_OFFERED_UNASKED`].
    pub withheld: bool,
}

#[derive(Debug)]
pub(in crate::items) struct ReusableGroup {
    pub title: String,
    pub list: Vec<ReusableOption>,
}

#[derive(Debug)]
pub(in crate::items) struct ReusableOption {
    pub id: EvidenceId,
    pub text: String,
}

impl ReusableEvidence {
    /// Lists evidence that is not withdrawn, not redacted and not on the item yet, each content once. `asked` lifts the
    /// limit.
    pub(in crate::items) fn new(access: &LaunchAccess, item: &Item, without_limit: bool) -> Self {
        let launch = &*access.launch;
        let attached_here = launch.evidence_of(item).filter(|evidence| evidence.withdrawn.is_none());
        let mut origins: HashSet<EvidenceId> = attached_here.map(Evidence::origin_id).collect();
        let mut groups = Vec::new();
        let mut total = 0;
        for other in launch.items.iter().filter(|other| other.id != item.id) {
            let offered = launch.evidence_of(other).filter(|it| it.withdrawn.is_none() && it.redacted.is_none());
            let list: Vec<ReusableOption> = offered
                .filter(|evidence| origins.insert(evidence.origin_id()))
                .map(|evidence| ReusableOption { id: evidence.id, text: describe_evidence(access, evidence) })
                .collect();
            let list = number_equal_texts(list);
            total += list.len();
            if !list.is_empty() {
                groups.push((other, ReusableGroup { title: launch.definition(other).shown_title(), list }));
            }
        }
        let titles: Vec<String> = groups.iter().map(|(_, group)| group.title.clone()).collect();
        let with_place = |(of, group): (&Item, ReusableGroup)| {
            let is_unique = titles.iter().filter(|title| **title == group.title).count() == 1;
            if is_unique {
                return group;
            }
            let title = texts::reusable_item_with_place(&group.title, formatting::describe_place(launch, of));
            ReusableGroup { title: title.into_owned(), ..group }
        };
        let mut groups: Vec<ReusableGroup> = groups.into_iter().map(with_place).collect();
        let withheld = total > MAX_OFFERED_UNASKED && !without_limit;
        if withheld {
            groups.clear();
        }
        Self { groups, total, withheld }
    }
}

/// Marks options that read the same by their number, in the order in which they were attached.
fn number_equal_texts(mut options: Vec<ReusableOption>) -> Vec<ReusableOption> {
    let texts: Vec<String> = options.iter().map(|option| option.text.clone()).collect();
    for (at, option) in options.iter_mut().enumerate() {
        let equal = |texts: &[String]| texts.iter().filter(|other| **other == option.text).count();
        let (number, of) = (equal(&texts[..=at]), equal(&texts));
        if of > 1 {
            option.text = texts::reusable_evidence_with_number(&option.text, number, of).into_owned();
        }
    }
    options
}

/// Describes a piece of evidence on one line.
fn describe_evidence(access: &LaunchAccess, evidence: &Evidence) -> String {
    let launch = &*access.launch;
    let content = match &evidence.content {
        EvidenceContent::File { name, size, .. } => texts::reusable_file(launch.text(name), format_bytes(*size)),
        EvidenceContent::Link { url } => launch.text(url).to_owned().into(),
        EvidenceContent::Note { body } => excerpt(launch.text(body)),
    };
    let observed = formatting::format_day(evidence.observed_on);
    let until = evidence.valid_until.map(formatting::format_day);
    let text = match (EvidenceStatus::from_evidence(evidence, launch, access.now), until) {
        (EvidenceStatus::Lapsed, Some(day)) => texts::reusable_evidence_lapsed_on(content, observed, day),
        (_, Some(day)) => texts::reusable_evidence_valid_until(content, observed, day),
        (_, None) => texts::reusable_evidence(content, observed),
    };
    text.into_owned()
}

/// The beginning of a note, on one line.
fn excerpt(note: &str) -> Cow<'static, str> {
    let line = note.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_EXCERPT_CHARS) {
        Some((end, _)) => texts::reusable_beginning_of_note(line[..end].trim_end()),
        None => texts::reusable_note(line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn note_excerpt_is_its_beginning_on_one_line() {
        assert_eq!(excerpt("seen\n  with my own eyes"), "“seen with my own eyes”");
        assert_eq!(excerpt(&"é".repeat(81)), format!("“{}…”", "é".repeat(80)));
    }
}
