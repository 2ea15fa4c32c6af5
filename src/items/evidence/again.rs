//! Evidence of the launch that may be used again on an item, as its form offers it.

use std::collections::HashSet;

use super::view::Standing;
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        ids::EvidenceId,
        launch::{
            event::EvidenceContent,
            state::{Evidence, Item},
        },
    },
    launch_page::words,
    web::page::bytes,
};

/// How much of a note is shown of it.
const BEGINNING: usize = 80;

/// How many are offered without being asked for: each adds to a page that is mostly opened for something else.
const OFFERED: usize = 100;

/// What can be used again.
#[derive(Debug, Default)]
pub(in crate::items) struct Again {
    /// By item, in the checklist's order.
    pub groups: Vec<Group>,
    /// How many there are.
    pub total: usize,
    /// Whether they are more than are offered without being asked for.
    pub withheld: bool,
}

/// What one item has.
#[derive(Debug)]
pub(in crate::items) struct Group {
    pub title: String,
    pub list: Vec<Offer>,
}

/// A piece of evidence.
#[derive(Debug)]
pub(in crate::items) struct Offer {
    pub id: EvidenceId,
    pub text: String,
}

impl Again {
    /// What was not withdrawn and is not on the item yet, each content once; all of it, when all was `asked` for.
    pub(in crate::items) fn new(access: &LaunchAccess, item: &Item, asked: bool) -> Self {
        let launch = &*access.launch;
        let here = launch.evidence_of(item).filter(|evidence| evidence.withdrawn.is_none());
        let mut known: HashSet<EvidenceId> = here.map(Evidence::origin).collect();
        let mut groups = Vec::new();
        let mut total = 0;
        for other in launch.items.iter().filter(|other| other.id != item.id) {
            let offered = launch.evidence_of(other).filter(|it| it.withdrawn.is_none() && it.redacted.is_none());
            let list: Vec<Offer> = offered
                .filter(|evidence| known.insert(evidence.origin()))
                .map(|evidence| Offer { id: evidence.id, text: told(access, evidence) })
                .collect();
            total += list.len();
            if !list.is_empty() {
                groups.push(Group { title: launch.definition(other).title.to_string(), list });
            }
        }
        let withheld = total > OFFERED && !asked;
        if withheld {
            groups.clear();
        }
        Self { groups, total, withheld }
    }
}

/// What a piece of evidence is told by, on one line.
fn told(access: &LaunchAccess, evidence: &Evidence) -> String {
    let launch = &*access.launch;
    let what = match &evidence.content {
        EvidenceContent::File { name, size, .. } => format!("{} ({})", launch.text(name), bytes(*size)),
        EvidenceContent::Link { url } => launch.text(url).to_owned(),
        EvidenceContent::Note { body } => beginning(launch.text(body)),
    };
    let until = match (Standing::of(evidence, launch, access.now), evidence.valid_until) {
        (Standing::Lapsed, Some(day)) => format!(", lapsed on {}", words::day(day)),
        (_, Some(day)) => format!(", valid until {}", words::day(day)),
        (_, None) => String::new(),
    };
    format!("{what}, observed {}{until}", words::day(evidence.observed_on))
}

/// The beginning of a note, on one line.
fn beginning(note: &str) -> String {
    let line = note.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(BEGINNING) {
        Some((end, _)) => format!("“{}…”", line[..end].trim_end()),
        None => format!("“{line}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_told_by_its_beginning() {
        assert_eq!(beginning("seen\n  with my own eyes"), "“seen with my own eyes”");
        assert_eq!(beginning(&"é".repeat(81)), format!("“{}…”", "é".repeat(80)));
    }
}
