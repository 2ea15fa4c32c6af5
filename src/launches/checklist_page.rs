//! Data of the checklist page's templates: the wall, the parts, and the items that are shown.

use std::borrow::Cow;

use askama::Template;

use super::{
    burn_up::BurnUpView,
    item_filter::{ChecklistFilterLink, ChecklistItemFilter},
    selection::{BulkSelection, Selection},
};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        checklist::{ChecklistItem, Importance},
        ids::ItemId,
        launch::{
            access::{Act, ActGroup, stage_allows},
            event::ItemState,
            state::Item,
        },
    },
    presentation::{
        formatting,
        head::LaunchHead,
        item_facts::{ItemFacts, ShownState, box_class, opens_at_launch},
    },
    texts,
    web::{
        Error,
        chrome::Chrome,
        form::FieldErrors,
        form_base::FormBase,
        markdown::{SafeHtml, render_all},
    },
};

#[derive(Template)]
#[template(path = "launches/show.html")]
pub(super) struct ChecklistPage {
    pub chrome: Chrome,
    pub head: LaunchHead,
    pub parts: Vec<ChecklistPartView>,
    pub filter: ChecklistItemFilter,
    pub filters: Vec<ChecklistFilterLink>,
    pub query: String,
    /// Whether no title has the text, and the items have similar words.
    pub only_similar: bool,
    pub errors: FieldErrors,
    /// Address of this page with its filters, to return to.
    pub current_href: String,
    pub burn_up: Option<BurnUpView>,
    pub notes: NotesView,
    /// Whether many items can be changed at once.
    pub can_select: bool,
    /// The selection and its form, in selection mode.
    pub selecting: Option<BulkSelection>,
}

impl ChecklistPage {
    /// Address of this page with its filters, in selection mode: `on`, `all`, or a section's number.
    fn select_href(&self, selection: &str) -> String {
        let joint = if self.current_href.contains('?') { '&' } else { '?' };
        format!("{}{joint}select={selection}", self.current_href)
    }

    /// Whether the wall has so many cells that they are drawn small.
    fn is_dense(&self) -> bool {
        self.parts.iter().map(|part| part.total).sum::<usize>() > DENSE_WALL_MIN_ITEMS
    }

    /// Whether the wall shows an item that opens with the launch.
    fn has_later_items(&self) -> bool {
        self.parts.iter().flat_map(|part| &part.cells).any(|cell| cell.class == "later")
    }

    /// Whether no item matches the filter.
    fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| part.sections.is_empty())
    }

    /// That no item matches the search or the filter.
    fn no_match(&self) -> Cow<'static, str> {
        if self.query.is_empty() { texts::no_items_match_filter() } else { texts::no_items_match_query(&self.query) }
    }
}

pub(super) struct NotesView {
    pub html: SafeHtml,
    pub text: String,
    pub seq: i64,
    pub can_write: bool,
    pub problem: Option<String>,
    pub error: Option<String>,
    /// The stored text, shown beside the input after a conflict.
    pub stored_text: Option<String>,
}

impl NotesView {
    /// Fails if the notes cannot be rendered at the moment.
    pub(super) async fn new(access: &LaunchAccess) -> Result<Self, Error> {
        let text = access.launch.notes.map_or_else(String::new, |notes| access.launch.text(&notes).to_owned());
        let html = render_all(vec![((), text.clone())]).await?.pop().map(|((), html)| html).unwrap_or_default();
        Ok(Self {
            html,
            text,
            seq: access.launch.seq,
            can_write: access.is_allowed(&Act::WriteNotes) && stage_allows(&access.launch.stage, ActGroup::Collaborate),
            problem: None,
            error: None,
            stored_text: None,
        })
    }

    /// The same with the form as it was sent.
    pub(super) fn with_input(self, text: String, base: &FormBase, errors: &FieldErrors) -> Self {
        Self { text, seq: base.or(self.seq), error: errors.get("notes").map(str::to_owned), ..self }
    }
}

pub(super) struct ChecklistPartView {
    pub anchor: String,
    pub title: String,
    pub resolved: usize,
    pub blocked: usize,
    pub total: usize,
    pub cells: Vec<WallCell>,
    pub sections: Vec<ChecklistSectionView>,
}

pub(super) struct WallCell {
    pub id: ItemId,
    pub title: String,
    pub state: ShownState,
    /// The class of its box.
    pub class: &'static str,
    pub critical: bool,
}

impl WallCell {
    /// The state in words, and what is missing.
    pub(super) fn label(&self) -> Cow<'static, str> {
        if self.class == "done lacking" { texts::state_words_done_lacking() } else { self.state.label() }
    }
}

/// A section with the items that match the filter.
pub(super) struct ChecklistSectionView {
    /// Part and section, counted from 1: `2.3`.
    pub number: String,
    pub title: String,
    pub resolved: usize,
    pub total: usize,
    /// Whether its rows are unfolded.
    pub open: bool,
    /// Whether nothing is left to do in it now.
    pub is_settled: bool,
    /// Whether all of its items open with the launch.
    pub opens_at_launch: bool,
    pub rows: Vec<ChecklistItemRow>,
}

/// Number of rows that are unfolded when a page is loaded; further sections are folded. A browser lays out unfolded
/// rows in one go, so two thousand rows would block it for a second (`make bench ARGS=browser`).
const MAX_UNFOLDED_ROWS: usize = 300;

/// Above this number of items the wall's cells are drawn small, so that the items below the wall stay in reach.
const DENSE_WALL_MIN_ITEMS: usize = 500;

pub(super) struct ChecklistItemRow {
    pub id: ItemId,
    pub title: String,
    pub under: String,
    pub depth: usize,
    pub importance: &'static str,
    pub role: String,
    pub facts: ItemFacts,
    /// The class of its box.
    pub class: &'static str,
    pub opens_at_launch: bool,
    pub can_mark: bool,
    pub selected: bool,
    /// The version of the item that the form for selected items names.
    pub picked_version: i64,
}

impl ChecklistItemRow {
    /// State that a click sets.
    pub(super) const fn next_state(&self) -> &'static str {
        match self.facts.stored {
            ItemState::Done => "open",
            ItemState::Open | ItemState::NotApplicable | ItemState::Blocked => "done",
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.facts.stored == ItemState::Done
    }

    pub(super) fn is_critical(&self) -> bool {
        self.importance == Importance::Critical.slug()
    }

    /// Whether it is done, and does not count until its evidence is there.
    pub(super) fn lacks_evidence_to_count(&self) -> bool {
        self.class == "done lacking"
    }
}

/// Which sections are folded when the page is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SectionFolds {
    /// Those in which nothing is left to do now.
    Settled,
    /// None, since the rows are what was looked for.
    None,
}

/// Builds the parts of a launch, with a row for each item that `has_row` chooses. The wall always shows every item.
pub(super) fn build_parts(
    access: &LaunchAccess,
    selection: &Selection,
    folds: SectionFolds,
    has_row: impl Fn(&Item, &ChecklistItem) -> bool,
) -> Vec<ChecklistPartView> {
    let (state, now) = (&*access.launch, access.now);
    let mut items = state.items.iter().peekable();
    let checklist = &state.version.checklist;
    let mut parts = Vec::with_capacity(checklist.parts.len());
    let mut row_count = 0;
    for (p, part) in checklist.parts.iter().enumerate() {
        let title = part.title.as_ref().map_or_else(|| checklist.name.to_string(), ToString::to_string);
        let mut view = ChecklistPartView {
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
            let mut group = ChecklistSectionView {
                number,
                title,
                resolved: 0,
                total: 0,
                open: true,
                is_settled: true,
                opens_at_launch: true,
                rows: Vec::new(),
            };
            while let Some(item) = items.next_if(|item| (item.position.0, item.position.1) == (p, s)) {
                let definition = state.definition(item);
                let resolved = state.is_resolved(item, now);
                let class = box_class(state, item, definition, now);
                group.is_settled &= class == "later" || (resolved && class != "done lacking");
                group.opens_at_launch &= opens_at_launch(state, definition);
                view.cells.push(WallCell {
                    id: item.id,
                    title: definition.shown_title(),
                    state: ShownState::new(state, item, now),
                    class,
                    critical: definition.importance == Importance::Critical,
                });
                group.total += 1;
                group.resolved += usize::from(resolved);
                view.blocked += usize::from(!resolved && item.status.state == ItemState::Blocked);
                if has_row(item, definition) {
                    group.rows.push(ChecklistItemRow {
                        selected: selection.contains(item),
                        picked_version: selection.sent_version(item.id).unwrap_or(item.version),
                        ..build_row(access, item, definition)
                    });
                }
            }
            view.total += group.total;
            view.resolved += group.resolved;
            group.open = folds == SectionFolds::None || !group.is_settled;
            row_count += if group.open { group.rows.len() } else { 0 };
            group.open &= row_count <= MAX_UNFOLDED_ROWS;
            if !group.rows.is_empty() {
                view.sections.push(group);
            }
        }
        parts.push(view);
    }
    parts
}

fn build_row(access: &LaunchAccess, item: &Item, definition: &ChecklistItem) -> ChecklistItemRow {
    let state = &*access.launch;
    let work = if definition.phase.is_before() { ActGroup::Prepare } else { ActGroup::FollowUp };
    ChecklistItemRow {
        id: item.id,
        title: definition.shown_title(),
        under: definition.under.iter().map(ToString::to_string).collect::<Vec<_>>().join(" › "),
        depth: definition.under.len(),
        importance: definition.importance.slug(),
        role: formatting::role_of_item(state, definition),
        facts: ItemFacts::from_item(state, item, access.now),
        class: box_class(state, item, definition, access.now),
        opens_at_launch: opens_at_launch(state, definition),
        can_mark: access.is_allowed(&Act::Mark(item.id)) && stage_allows(&state.stage, work),
        selected: false,
        picked_version: item.version,
    }
}
