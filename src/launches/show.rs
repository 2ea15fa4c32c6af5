//! The checklist page, as its templates ask for it: the wall, the parts, the items that are shown.

use askama::Template;

use super::{
    burn_up::BurnUpView,
    filter::{Filter, FilterLink},
    selection::{Selecting, Selection},
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        checklist::{ChecklistItem, Importance},
        ids::ItemId,
        launch::{
            access::{Act, Work, stage_allows},
            event::ItemState,
            state::Item,
        },
    },
    launch_page::{
        head::Head,
        item_facts::{ItemFacts, shown_state},
    },
    web::{
        Error,
        markdown::{SafeHtml, render_all},
        page::Chrome,
    },
};

/// The checklist page.
#[derive(Template)]
#[template(path = "launches/show.html")]
pub(super) struct Show {
    pub chrome: Chrome,
    pub head: Head,
    pub parts: Vec<PartView>,
    pub filter: Filter,
    pub filters: Vec<FilterLink>,
    pub query: String,
    /// The address of this page as it is filtered, for coming back to it.
    pub here: String,
    pub burn_up: Option<BurnUpView>,
    pub notes: NotesView,
    /// Whether many items can be changed at once.
    pub can_select: bool,
    /// The selection and its form, while one selects.
    pub selecting: Option<Selecting>,
}

impl Show {
    /// An address of this page as it is filtered, for selecting: `on`, `all`, or a section's number.
    fn select(&self, what: &str) -> String {
        let joint = if self.here.contains('?') { '&' } else { '?' };
        format!("{}{joint}select={what}", self.here)
    }

    /// Whether the wall has so many cells that they are drawn small.
    fn is_dense(&self) -> bool {
        self.parts.iter().map(|part| part.total).sum::<usize>() > DENSE
    }

    /// Whether nothing is let through.
    fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| part.sections.is_empty())
    }
}

/// The notes of a launch.
pub(super) struct NotesView {
    pub html: SafeHtml,
    pub text: String,
    pub seq: i64,
    pub can_write: bool,
    pub problem: Option<String>,
    pub error: Option<String>,
    /// What is kept now, beside what was typed, when both differ.
    pub theirs: Option<String>,
}

impl NotesView {
    /// The notes as they are now.
    ///
    /// # Errors
    /// When they can't be rendered just now.
    pub(super) async fn new(access: &LaunchAccess) -> Result<Self, Error> {
        let text = access.launch.notes.map_or_else(String::new, |notes| access.launch.text(&notes).to_owned());
        let html = render_all(vec![((), text.clone())]).await?.pop().map(|((), html)| html).unwrap_or_default();
        Ok(Self {
            html,
            text,
            seq: access.launch.seq,
            can_write: access.can(&Act::WriteNotes) && stage_allows(&access.launch.stage, Work::Accompany),
            problem: None,
            error: None,
            theirs: None,
        })
    }
}

/// A part, with its wall block and its sections.
pub(super) struct PartView {
    pub anchor: String,
    pub title: String,
    pub resolved: usize,
    pub blocked: usize,
    pub total: usize,
    pub cells: Vec<Cell>,
    pub sections: Vec<SectionView>,
}

/// A cell of the wall.
pub(super) struct Cell {
    pub id: ItemId,
    pub title: String,
    pub state: &'static str,
    pub critical: bool,
}

/// A section with the items that the filter lets through.
pub(super) struct SectionView {
    /// Part and section, counted from 1: `2.3`.
    pub number: String,
    pub title: String,
    pub resolved: usize,
    pub total: usize,
    /// Whether its rows are in sight, or folded until somebody wants them.
    pub open: bool,
    pub rows: Vec<RowView>,
}

/// How many rows a page comes with in sight; sections beyond them come folded. A browser lays out what is in sight in
/// one go, so with two thousand rows it would answer nobody for a second (`make bench ARGS=browser`).
const IN_SIGHT: usize = 300;

/// From how many items the wall's cells are drawn small, so that the items below it stay in reach.
const DENSE: usize = 500;

/// An item as a row.
pub(super) struct RowView {
    pub id: ItemId,
    pub title: String,
    pub under: String,
    pub depth: usize,
    pub importance: &'static str,
    pub role: String,
    pub facts: ItemFacts,
    pub can_mark: bool,
    pub selected: bool,
}

impl RowView {
    /// The state that a click asks for.
    pub(super) const fn next_state(&self) -> &'static str {
        match self.facts.stored {
            ItemState::Done => "open",
            ItemState::Open | ItemState::NotApplicable | ItemState::Blocked => "done",
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.facts.stored == ItemState::Done
    }

    pub(super) fn critical(&self) -> bool {
        self.importance == Importance::Critical.slug()
    }
}

/// The parts of a launch, with the rows that filter and query let through. The wall shows every item always.
pub(super) fn parts(access: &LaunchAccess, filter: Filter, query: &str, selection: &Selection) -> Vec<PartView> {
    let (state, now) = (&*access.launch, access.now);
    let query = query.to_lowercase();
    let mut items = state.items.iter().peekable();
    let checklist = &state.version.checklist;
    let mut parts = Vec::with_capacity(checklist.parts.len());
    let mut shown = 0;
    for (p, part) in checklist.parts.iter().enumerate() {
        let title = part.title.as_ref().map_or_else(|| checklist.name.to_string(), ToString::to_string);
        let mut view = PartView {
            anchor: format!("part-{}", p + 1),
            title,
            resolved: 0,
            blocked: 0,
            total: 0,
            cells: Vec::new(),
            sections: Vec::new(),
        };
        for (s, section) in part.sections.iter().enumerate() {
            let title = section.title.as_ref().map_or_else(String::new, ToString::to_string);
            let number = format!("{}.{}", p + 1, s + 1);
            let mut group = SectionView { number, title, resolved: 0, total: 0, open: true, rows: Vec::new() };
            while let Some(item) = items.next_if(|item| (item.at.0, item.at.1) == (p, s)) {
                let definition = state.definition(item);
                let resolved = state.is_resolved(item, now);
                view.cells.push(Cell {
                    id: item.id,
                    title: definition.title.to_string(),
                    state: shown_state(state, item, now),
                    critical: definition.importance == Importance::Critical,
                });
                group.total += 1;
                group.resolved += usize::from(resolved);
                view.blocked += usize::from(!resolved && item.standing.state == ItemState::Blocked);
                let found = query.is_empty() || definition.title.as_str().to_lowercase().contains(&query);
                if found && filter.lets_through(state, access.user.id, item, definition, now) {
                    group.rows.push(RowView { selected: selection.has(item), ..row(access, item, definition) });
                }
            }
            view.total += group.total;
            view.resolved += group.resolved;
            shown += group.rows.len();
            group.open = shown <= IN_SIGHT;
            if !group.rows.is_empty() {
                view.sections.push(group);
            }
        }
        parts.push(view);
    }
    parts
}

fn row(access: &LaunchAccess, item: &Item, definition: &ChecklistItem) -> RowView {
    let state = &*access.launch;
    let work = if definition.phase.is_before() { Work::Prepare } else { Work::Follow };
    RowView {
        id: item.id,
        title: definition.title.to_string(),
        under: definition.under.iter().map(ToString::to_string).collect::<Vec<_>>().join(" › "),
        depth: definition.under.len(),
        importance: definition.importance.slug(),
        role: definition.role.as_ref().map_or_else(String::new, |role| state.role_title(role).to_owned()),
        facts: ItemFacts::of(state, item, access.now),
        can_mark: access.can(&Act::Mark(item.id)) && stage_allows(&state.stage, work),
        selected: false,
    }
}
