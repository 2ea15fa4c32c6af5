//! What differs between two checklists, as people read it: old and new, item by item.

use crate::{
    domain::{
        checklist::{Checklist, ChecklistItem, Importance, Phase, RequiredRole},
        checklist_difference::{About, Change, Difference, Field, Move, Placed, Renamed},
        role::RoleSlug,
        text::{Markdown, Title},
    },
    launch_page::words::count,
};

/// A comparison.
#[derive(Debug, Clone)]
pub(super) struct Comparison {
    /// `2 items added, 1 removed, 3 changed, 0 moved.`
    pub told: String,
    /// What changed of name, introduction, who must sign, and headings.
    pub about: Vec<ChangeLine>,
    /// What changed of items, in groups; none is empty.
    pub groups: Vec<Group>,
}

/// Items to which the same happened.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// `added`, `removed`, `changed` or `moved`.
    pub kind: &'static str,
    /// `Added`.
    pub title: &'static str,
    pub entries: Vec<Entry>,
}

/// An item.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub key: String,
    pub title: String,
    /// `Database › Backup`; empty where the checklist has no headings.
    pub place: String,
    /// What is out of the ordinary about it, for one that is new or gone.
    pub note: String,
    pub changes: Vec<ChangeLine>,
}

/// A value that changed.
#[derive(Debug, Clone)]
pub(super) struct ChangeLine {
    /// `importance`
    pub what: String,
    /// What it was and what it is; both empty for a longer text.
    pub old: String,
    pub new: String,
    /// A longer text, line by line.
    pub lines: Vec<TextLine>,
}

/// A line of a longer text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TextLine {
    /// `was`, `is`, `same`, or `skipped` for some that are the same and left out.
    pub kind: &'static str,
    pub text: String,
}

impl ChangeLine {
    fn new(what: impl Into<String>, old: impl Into<String>, new: impl Into<String>) -> Self {
        Self { what: what.into(), old: old.into(), new: new.into(), lines: Vec::new() }
    }

    fn long(what: &str, old: Option<&Markdown>, new: Option<&Markdown>) -> Self {
        let [old, new] = [old, new].map(|text| text.map_or("", Markdown::as_str).lines().collect::<Vec<_>>());
        let lines = compare_lines(&old, &new);
        Self { what: what.to_owned(), old: String::new(), new: String::new(), lines }
    }
}

impl Comparison {
    /// The comparison of two checklists.
    pub(super) fn between(before: &Checklist, after: &Checklist) -> Self {
        let found = Difference::between(before, after);
        let words = Words { before, after };
        let mut about: Vec<ChangeLine> = found.about.iter().map(|about| words.about(*about)).collect();
        about.extend(found.renamed.iter().map(renamed));
        let groups = [
            ("added", "Added", found.added.iter().map(|placed| words.whole(placed, after)).collect::<Vec<_>>()),
            ("removed", "Removed", found.removed.iter().map(|placed| words.whole(placed, before)).collect()),
            ("changed", "Changed", found.changed.iter().map(|change| words.changed(change)).collect()),
            ("moved", "Moved", found.moved.iter().map(|moved| words.moved(moved)).collect()),
        ];
        let groups = groups.into_iter().map(|(kind, title, entries)| Group { kind, title, entries });
        Self {
            told: told(&found, before == after),
            about,
            groups: groups.filter(|group| !group.entries.is_empty()).collect(),
        }
    }
}

fn told(found: &Difference<'_>, same: bool) -> String {
    if same {
        return "Nothing differs.".to_owned();
    }
    if found.is_empty() {
        return "Every item is as it was; only how they are divided into sections differs.".to_owned();
    }
    let added = count(found.added.len(), "item");
    let mut told = format!(
        "{added} added, {} removed, {} changed, {} moved.",
        found.removed.len(),
        found.changed.len(),
        found.moved.len()
    );
    if !found.renamed.is_empty() {
        told.push_str(&format!(" {} renamed.", count(found.renamed.len(), "heading")));
    }
    for about in &found.about {
        told.push_str(match about {
            About::Name => " It has another name.",
            About::Introduction => " It has another introduction.",
            About::RequiredRoles => " Others must sign.",
        });
    }
    told
}

fn renamed(renamed: &Renamed<'_>) -> ChangeLine {
    let heading = |title: Option<&Title>| title.map_or_else(|| "no heading".to_owned(), ToString::to_string);
    let what = match renamed.within {
        None => "a part’s heading".to_owned(),
        Some(None) => "a section’s heading".to_owned(),
        Some(Some(part)) => format!("a section’s heading in {part}"),
    };
    ChangeLine::new(what, heading(renamed.before), heading(renamed.after))
}

/// Both checklists, for the names of roles.
struct Words<'a> {
    before: &'a Checklist,
    after: &'a Checklist,
}

impl Words<'_> {
    fn about(&self, about: About) -> ChangeLine {
        let (before, after) = (self.before, self.after);
        let signing = |checklist: &Checklist| {
            let titles: Vec<&str> = checklist.required_roles.iter().map(|role| role.title.as_str()).collect();
            if titles.is_empty() { "nobody".to_owned() } else { titles.join(", ") }
        };
        match about {
            About::Name => ChangeLine::new("name", before.name.as_str(), after.name.as_str()),
            About::Introduction => {
                ChangeLine::long("introduction", before.introduction.as_ref(), after.introduction.as_ref())
            }
            About::RequiredRoles => ChangeLine::new("must sign", signing(before), signing(after)),
        }
    }

    /// An item that only one of them has.
    fn whole(&self, placed: &Placed<'_>, of: &Checklist) -> Entry {
        let item = placed.item;
        let mut note: Vec<String> = Vec::new();
        note.extend((item.importance != Importance::Required).then(|| item.importance.slug().to_owned()));
        note.extend((!item.phase.is_before()).then(|| phase(item.phase).to_owned()));
        note.extend(item.role.as_ref().map(|role| role_title(&of.required_roles, role)));
        note.extend(item.evidence_required.then(|| "evidence".to_owned()));
        Entry { note: note.join(", "), ..entry(placed) }
    }

    fn changed(&self, change: &Change<'_>) -> Entry {
        let changes = change.fields.iter().map(|field| self.field(*field, change.before, change.after)).collect();
        Entry {
            key: change.after.key.to_string(),
            title: change.after.title.to_string(),
            place: String::new(),
            note: String::new(),
            changes,
        }
    }

    fn field(&self, field: Field, old: &ChecklistItem, new: &ChecklistItem) -> ChangeLine {
        let role = |of: &Checklist, item: &ChecklistItem| {
            item.role
                .as_ref()
                .map_or_else(|| "nobody in particular".to_owned(), |role| role_title(&of.required_roles, role))
        };
        let evidence = |item: &ChecklistItem| if item.evidence_required { "required" } else { "not required" };
        match field {
            Field::Title => ChangeLine::new("title", old.title.as_str(), new.title.as_str()),
            Field::Importance => ChangeLine::new("importance", old.importance.slug(), new.importance.slug()),
            Field::Phase => ChangeLine::new("due", phase(old.phase), phase(new.phase)),
            Field::Role => ChangeLine::new("role", role(self.before, old), role(self.after, new)),
            Field::Evidence => ChangeLine::new("evidence", evidence(old), evidence(new)),
            Field::Guidance => ChangeLine::long("guidance", old.guidance.as_ref(), new.guidance.as_ref()),
        }
    }

    fn moved(&self, moved: &Move<'_>) -> Entry {
        let (from, to) = (path(&moved.before), path(&moved.after));
        let entry = entry(&moved.after);
        if from == to {
            return Entry { note: "to another place there".to_owned(), ..entry };
        }
        let or_top = |path: String| if path.is_empty() { "the top".to_owned() } else { path };
        Entry { place: String::new(), changes: vec![ChangeLine::new("", or_top(from), or_top(to))], ..entry }
    }
}

fn entry(placed: &Placed<'_>) -> Entry {
    Entry {
        key: placed.item.key.to_string(),
        title: placed.item.title.to_string(),
        place: path(placed),
        note: String::new(),
        changes: Vec::new(),
    }
}

/// Where an item stands: its part, its section, and what it is nested in.
fn path(placed: &Placed<'_>) -> String {
    let headings = placed.part.into_iter().chain(placed.section);
    headings.chain(&placed.item.under).map(Title::as_str).collect::<Vec<_>>().join(" › ")
}

/// What a role is called where these sign.
pub(super) fn role_title(signing: &[RequiredRole], role: &RoleSlug) -> String {
    let required = signing.iter().find(|required| required.role == *role);
    required.map_or_else(|| role.to_string(), |required| required.title.to_string())
}

/// When an item is due.
pub(super) const fn phase(phase: Phase) -> &'static str {
    match super::preview::phase(phase) {
        Some(after) => after,
        None => "before the decision",
    }
}

/// The lines of two texts: what both begin and end with stands around what was and what is. Of what is the same, no more
/// than two lines on either side.
fn compare_lines(old: &[&str], new: &[&str]) -> Vec<TextLine> {
    const AROUND: usize = 2;
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old, new, same) = (&old[head..], &new[head..], &old[..head]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (was, after) = old.split_at(old.len() - tail);
    let is = &new[..new.len() - tail];
    let line = |kind, text: &&str| TextLine { kind, text: (*text).to_owned() };
    let skipped = |lines: &[&str]| (!lines.is_empty()).then(|| TextLine { kind: "skipped", text: "…".to_owned() });
    let (far_before, before) = same.split_at(same.len().saturating_sub(AROUND));
    let (after, far_after) = after.split_at(after.len().min(AROUND));
    let mut lines = Vec::new();
    lines.extend(skipped(far_before));
    lines.extend(before.iter().map(|text| line("same", text)));
    lines.extend(was.iter().map(|text| line("was", text)));
    lines.extend(is.iter().map(|text| line("is", text)));
    lines.extend(after.iter().map(|text| line("same", text)));
    lines.extend(skipped(far_after));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::markdown_checklist::read;

    fn compared(before: &str, after: &str) -> Comparison {
        let read = |text: &str| read(text, &Title::new("Untitled").unwrap()).checklist;
        Comparison::between(&read(before), &read(after))
    }

    /// Everything that is said, a line each.
    fn said(comparison: &Comparison) -> Vec<String> {
        let change = |line: &ChangeLine| {
            let lines: Vec<String> = line.lines.iter().map(|line| format!("{} {}", line.kind, line.text)).collect();
            let values = if lines.is_empty() { format!("{} → {}", line.old, line.new) } else { lines.join("; ") };
            format!("{}: {values}", line.what)
        };
        let mut said: Vec<String> = comparison.about.iter().map(change).collect();
        for group in &comparison.groups {
            for entry in &group.entries {
                let changes: Vec<String> = entry.changes.iter().map(change).collect();
                let parts = [entry.place.as_str(), &entry.note, &changes.join(", ")];
                let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                said.push(format!("{} {}: {}", group.kind, entry.title, parts.join("; ")));
            }
        }
        said
    }

    #[test]
    fn both_sides_of_everything_are_said() {
        let before = "# N\n\n## P\n\n- [ ] One {critical; role=ops}\n  Old.\n- [ ] Two\n- [ ] Three\n- [ ] Five\n\n\
                      ## Q\n\n- [ ] Six\n- [ ] Seven\n\n## Sign-off\n\n**Ops:** ____ {role=ops}\n";
        let after = "# M\n\n## P\n\n- [ ] First {#one; after 24h; evidence}\n  New.\n- [ ] Five\n- [ ] Three\n\n\
                     ## R\n\n- [ ] Six\n- [ ] Seven\n- [ ] Two\n- [ ] Four {advisory; role=qa}\n\n## Sign-off\n\n\
                     **QA:** ____ {role=qa}\n";
        let comparison = compared(before, after);
        assert_eq!(
            comparison.told,
            "1 item added, 0 removed, 1 changed, 2 moved. 1 heading renamed. It has another name. Others must sign."
        );
        assert_eq!(
            said(&comparison),
            [
                "name: N → M",
                "must sign: Ops → QA",
                "a part’s heading: Q → R",
                "added Four: R; advisory, QA",
                "changed First: title: One → First, importance: critical → required, \
                 due: before the decision → 24 hours after, role: Ops → nobody in particular, \
                 evidence: not required → required, guidance: was Old.; is New.",
                "moved Five: P; to another place there",
                "moved Two: : P → R",
            ]
        );
    }

    #[test]
    fn of_a_long_text_what_changed_is_shown_with_what_is_around_it() {
        let text = |middle: &str| format!("a\nb\nc\n{middle}\nd\ne\nf");
        let (old, new) = (text("old"), text("new\nnewer"));
        let lines = compare_lines(&old.lines().collect::<Vec<_>>(), &new.lines().collect::<Vec<_>>());
        let told: Vec<String> = lines.iter().map(|line| format!("{} {}", line.kind, line.text)).collect();
        assert_eq!(
            told,
            ["skipped …", "same b", "same c", "was old", "is new", "is newer", "same d", "same e", "skipped …"]
        );
        assert_eq!(compare_lines(&[], &["a"]), [TextLine { kind: "is", text: "a".to_owned() }]);
        assert_eq!(compare_lines(&["a", "a"], &["a"]).iter().filter(|line| line.kind == "was").count(), 1);
    }

    #[test]
    fn the_same_is_said_to_be() {
        let text = "- [ ] One\n- [ ] Two\n";
        assert_eq!(compared(text, text).told, "Nothing differs.");
        let divided = compared("## P\n### A\n- [ ] 1\n### A\n- [ ] 2\n", "## P\n### A\n- [ ] 1\n- [ ] 2\n");
        assert!(divided.told.starts_with("Every item is as it was"), "{}", divided.told);
    }
}
