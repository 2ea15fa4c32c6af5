//! What the slice's templates are given.

use askama::Template;

use super::{burn_up::BurnUpView, store::Offered};
use crate::{
    access::launch_access::LaunchAccess,
    domain::{
        checklist::{ChecklistItem, Importance},
        ids::{ItemId, UserId},
        launch::{
            access::{Act, Work, stage_allows},
            event::ItemState,
            state::{Item, LaunchState},
        },
        time::{Day, Moment},
    },
    launch_page::{head::Head, words},
    web::{
        form::FieldErrors,
        markdown::{self, SafeHtml},
        page::{Chrome, initials},
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
}

impl Show {
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
    pub(super) fn new(access: &LaunchAccess) -> Self {
        let text = access.launch.notes.map_or_else(String::new, |notes| access.launch.text(&notes).to_owned());
        Self {
            html: markdown::render(&text),
            text,
            seq: access.launch.seq,
            can_write: access.can(&Act::WriteNotes) && stage_allows(&access.launch.stage, Work::Accompany),
            problem: None,
            error: None,
            theirs: None,
        }
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
    pub title: String,
    pub resolved: usize,
    pub total: usize,
    pub rows: Vec<RowView>,
}

/// An item as a row.
pub(super) struct RowView {
    pub id: ItemId,
    pub title: String,
    pub under: String,
    pub depth: usize,
    pub state: &'static str,
    pub stored: ItemState,
    pub version: i64,
    pub importance: &'static str,
    pub role: String,
    pub reason: String,
    pub evidence: usize,
    pub lacks_evidence: bool,
    pub assignee: Option<(String, String)>,
    pub due: String,
    pub late: bool,
    pub marked: Option<(String, Moment)>,
    pub waived_until: String,
    pub can_mark: bool,
}

impl RowView {
    /// The state that a click asks for.
    pub(super) const fn next_state(&self) -> &'static str {
        match self.stored {
            ItemState::Done => "open",
            ItemState::Open | ItemState::NotApplicable | ItemState::Blocked => "done",
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.stored == ItemState::Done
    }

    pub(super) fn critical(&self) -> bool {
        self.importance == Importance::Critical.slug()
    }
}

/// Which items are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Filter {
    All,
    Mine,
    MyRoles,
    Open,
    Blocked,
    Critical,
    WithoutEvidence,
    Overdue,
    Waived,
}

impl Filter {
    pub(super) fn slug(self) -> &'static str {
        self.into()
    }

    const fn word(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Mine => "Mine",
            Self::MyRoles => "My roles",
            Self::Open => "Open",
            Self::Blocked => "Blocked",
            Self::Critical => "Critical",
            Self::WithoutEvidence => "Without evidence",
            Self::Overdue => "Overdue",
            Self::Waived => "Waived",
        }
    }

    fn lets_through(
        self,
        state: &LaunchState,
        user: UserId,
        item: &Item,
        definition: &ChecklistItem,
        now: Moment,
    ) -> bool {
        match self {
            Self::All => true,
            Self::Mine => item.assignment.assignee.as_ref().is_some_and(|person| person.id == user),
            Self::MyRoles => definition.role.as_ref().is_some_and(|role| state.holds(user, role)),
            Self::Open => item.standing.state == ItemState::Open && state.waived_by(item, now).is_none(),
            Self::Blocked => item.standing.state == ItemState::Blocked,
            Self::Critical => definition.importance == Importance::Critical,
            Self::WithoutEvidence => lacks_evidence(state, item, definition, now),
            Self::Overdue => !state.is_resolved(item, now) && is_late(state, item, definition, now),
            Self::Waived => state.waived_by(item, now).is_some(),
        }
    }
}

/// A filter with how many items it lets through.
pub(super) struct FilterLink {
    pub filter: Filter,
    pub word: &'static str,
    pub count: usize,
}

fn lacks_evidence(state: &LaunchState, item: &Item, definition: &ChecklistItem, now: Moment) -> bool {
    definition.evidence_required
        && !matches!(item.standing.state, ItemState::NotApplicable)
        && !state.has_standing_evidence(item, now)
}

/// Whether an item's due day, or the window it is due in, is over.
fn is_late(state: &LaunchState, item: &Item, definition: &ChecklistItem, now: Moment) -> bool {
    let day = item.assignment.due.is_some_and(|due| due.end(state.zone()) <= now);
    day || state.due_at(definition).is_some_and(|due| due <= now)
}

/// The filters that let something through, and [`Filter::All`].
pub(super) fn filters(state: &LaunchState, user: UserId, now: Moment) -> Vec<FilterLink> {
    use strum::IntoEnumIterator as _;
    let count = |filter: Filter| {
        state.defined().filter(|(item, definition)| filter.lets_through(state, user, item, definition, now)).count()
    };
    Filter::iter()
        .map(|filter| FilterLink { filter, word: filter.word(), count: count(filter) })
        .filter(|link| link.filter == Filter::All || link.count > 0)
        .collect()
}

/// The parts of a launch, with the rows that filter and query let through. The wall shows every item always.
pub(super) fn parts(access: &LaunchAccess, filter: Filter, query: &str) -> Vec<PartView> {
    let (state, now) = (&*access.launch, access.now);
    let query = query.to_lowercase();
    let mut items = state.items.iter().peekable();
    let checklist = &state.version.checklist;
    let mut parts = Vec::with_capacity(checklist.parts.len());
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
            let mut group = SectionView { title, resolved: 0, total: 0, rows: Vec::new() };
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
                    group.rows.push(row(access, item, definition));
                }
            }
            view.total += group.total;
            view.resolved += group.resolved;
            if !group.rows.is_empty() {
                view.sections.push(group);
            }
        }
        parts.push(view);
    }
    parts
}

/// The state as it is drawn: the stored one, or `waived`.
fn shown_state(state: &LaunchState, item: &Item, now: Moment) -> &'static str {
    if state.waived_by(item, now).is_some() { "waived" } else { item.standing.state.slug() }
}

fn row(access: &LaunchAccess, item: &Item, definition: &ChecklistItem) -> RowView {
    let (state, now) = (&*access.launch, access.now);
    let work = if definition.phase.is_before() { Work::Prepare } else { Work::Follow };
    let window = state.due_at(definition);
    RowView {
        id: item.id,
        title: definition.title.to_string(),
        under: definition.under.iter().map(ToString::to_string).collect::<Vec<_>>().join(" › "),
        depth: definition.under.len(),
        state: shown_state(state, item, now),
        stored: item.standing.state,
        version: item.version,
        importance: definition.importance.slug(),
        role: definition.role.as_ref().map_or_else(String::new, |role| state.role_title(role).to_owned()),
        reason: item.standing.reason.map_or_else(String::new, |reason| state.text(&reason).to_owned()),
        evidence: state.evidence_of(item).filter(|evidence| evidence.withdrawn.is_none()).count(),
        lacks_evidence: lacks_evidence(state, item, definition, now),
        assignee: item
            .assignment
            .assignee
            .as_ref()
            .map(|person| (person.name.to_string(), initials(person.name.as_str()))),
        // What is resolved is no longer due.
        due: match (item.assignment.due, window) {
            _ if state.is_resolved(item, now) => String::new(),
            (Some(due), _) => words::day(due),
            (None, Some(due)) => words::day(Day::of(due, state.zone())),
            (None, None) => String::new(),
        },
        late: !state.is_resolved(item, now) && is_late(state, item, definition, now),
        marked: item.marked.map(|(by, at)| (state.person(by).to_owned(), at)),
        waived_until: state.waived_by(item, now).map_or_else(String::new, |waiver| words::day(waiver.expires_on)),
        can_mark: access.can(&Act::Mark(item.id)) && stage_allows(&state.stage, work),
    }
}

/// The form for a new launch.
#[derive(Template)]
#[template(path = "launches/new.html")]
pub(super) struct New {
    pub chrome: Chrome,
    pub form: super::actions::NewForm,
    pub errors: FieldErrors,
    pub offered: Vec<Offered>,
    pub zones: Vec<String>,
}

impl New {
    /// Whether a version is the one chosen.
    pub(super) fn is_chosen(&self, version: &Offered) -> bool {
        self.form.checklist == version.id.to_string() || (self.form.checklist.is_empty() && self.offered.len() == 1)
    }
}

/// A role with its holders, on the settings page.
pub(super) struct RoleView {
    pub slug: String,
    pub title: String,
    pub required: bool,
    pub holders: Vec<(UserId, String)>,
}

/// Somebody to choose.
pub(super) struct Choice {
    pub id: UserId,
    pub name: String,
}

/// The settings of a launch.
#[derive(Template)]
#[template(path = "launches/settings.html")]
pub(super) struct Settings {
    pub chrome: Chrome,
    pub head: Head,
    pub details: super::settings::DetailsForm,
    pub policy: super::settings::PolicyForm,
    pub restricted: bool,
    pub roles: Vec<RoleView>,
    pub participants: Vec<(UserId, String)>,
    pub owner: UserId,
    pub members: Vec<Choice>,
    pub zones: Vec<String>,
    pub errors: FieldErrors,
    pub problem: Option<String>,
    pub transfer_to: String,
    pub transfer_reason: String,
    /// Whether the person may change what the owner changes.
    pub can_change: bool,
    /// Whether the stage lets name, target, rules and holders change.
    pub can_prepare: bool,
    /// Whether the stage lets people and ownership change.
    pub can_accompany: bool,
    pub can_transfer: bool,
    pub ambiguous: bool,
}
