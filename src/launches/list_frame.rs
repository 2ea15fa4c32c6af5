//! The filters above the launches in the list and on the board, with the options of each, and the reader's saved filters.

use std::borrow::Cow;

use strum::IntoEnumIterator as _;

use super::{
    list_query::{LaunchListFilter, LaunchListView, LaunchSort, OwnershipFilter, StageFilter},
    saved_filters::MAX_FILTERS,
    store::{self, SavedFilter},
};
use crate::{
    access::{self, CurrentUser},
    domain::{readiness::Verdict, role::InstallationRole},
    presentation::tags::{TagOption, offer_tags},
    state::AppState,
    texts,
    web::form::FieldErrors,
};

pub(super) struct ListFrame {
    pub filter: LaunchListFilter,
    pub errors: FieldErrors,
    pub can_create: bool,
    pub shows: Vec<LaunchListChoice>,
    pub verdicts: Vec<LaunchListChoice>,
    pub whose: Vec<LaunchListChoice>,
    pub sorts: Vec<LaunchListChoice>,
    pub tags: Vec<TagOption>,
    pub saved: Vec<SavedFilterLink>,
}

/// A filter or sort option: its form value and its address.
pub(super) struct LaunchListChoice {
    pub value: &'static str,
    pub word: Cow<'static, str>,
    pub href: String,
    pub chosen: bool,
}

pub(super) struct SavedFilterLink {
    pub id: String,
    pub name: String,
    pub href: String,
    /// Whether this is the filter of the page.
    pub chosen: bool,
}

impl ListFrame {
    /// With two database queries.
    pub(super) async fn load(
        state: &AppState,
        user: &CurrentUser,
        filter: LaunchListFilter,
        errors: FieldErrors,
    ) -> Result<Self, sqlx::Error> {
        let reads_all = user.reads_all();
        let tags = access::store::load_visible_tags(&state.db, user.id, reads_all).await?;
        let saved = store::load_saved_filters(&state.db, user.id).await?;
        Ok(Self::new(filter, errors, user.has_role(InstallationRole::Member), tags, saved))
    }

    fn new(
        filter: LaunchListFilter,
        errors: FieldErrors,
        can_create: bool,
        tags: Vec<String>,
        saved: Vec<SavedFilter>,
    ) -> Self {
        let from_start = LaunchListFilter { after: None, ..filter.clone() };
        let choice = |value: &'static str, word, to: LaunchListFilter| LaunchListChoice {
            value,
            word,
            chosen: to == from_start,
            href: to.to_href(),
        };
        let shows = StageFilter::iter()
            .map(|show| choice(show.into(), show.label(), LaunchListFilter { show, ..from_start.clone() }));
        let any = choice("", texts::any_verdict(), LaunchListFilter { verdict: None, ..from_start.clone() });
        let verdicts = [Verdict::Go, Verdict::ConditionalGo, Verdict::NoGo].map(|verdict| {
            let to = LaunchListFilter { verdict: Some(verdict), ..from_start.clone() };
            choice(verdict.slug(), verdict.label(), to)
        });
        let whose = OwnershipFilter::iter()
            .map(|whose| choice(whose.into(), whose.label(), LaunchListFilter { whose, ..from_start.clone() }));
        let sorts = LaunchSort::iter()
            .map(|sort| choice(sort.into(), sort.label(), LaunchListFilter { sort, ..from_start.clone() }));
        let query = filter.to_query();
        let saved = saved.into_iter().map(|saved| SavedFilterLink {
            chosen: saved.query == query,
            href: saved.href(),
            id: saved.id.to_string(),
            name: saved.name,
        });
        Self {
            shows: shows.collect(),
            verdicts: std::iter::once(any).chain(verdicts).collect(),
            whose: whose.collect(),
            sorts: sorts.collect(),
            tags: offer_tags(tags, &filter.tag),
            saved: saved.collect(),
            filter,
            errors,
            can_create,
        }
    }

    /// Address of the same launches as a list.
    pub(super) fn list_href(&self) -> String {
        LaunchListFilter { view: LaunchListView::List, after: None, ..self.filter.clone() }.to_href()
    }

    /// Address of the same launches as a board.
    pub(super) fn board_href(&self) -> String {
        LaunchListFilter { view: LaunchListView::Board, after: None, ..self.filter.clone() }.to_href()
    }

    pub(super) fn is_board(&self) -> bool {
        self.filter.view == LaunchListView::Board
    }

    /// Address of the list sorted by a column, and the current direction, for the column's head.
    pub(super) fn sort_link(&self, by: &str) -> (&str, &'static str) {
        let choice = self.sorts.iter().find(|choice| choice.value == by);
        let descending = matches!(self.filter.sort, LaunchSort::Target) && self.filter.show.newest_first();
        let how = match choice {
            Some(choice) if !choice.chosen => "",
            _ if descending => "descending",
            _ => "ascending",
        };
        (choice.map_or("", |choice| &choice.href), how)
    }

    /// Form value of the stage filter; empty for the default.
    pub(super) fn stage_value(&self) -> &'static str {
        if self.filter.show == StageFilter::default() { "" } else { self.filter.show.into() }
    }

    pub(super) fn is_unfiltered(&self) -> bool {
        self.filter.show == StageFilter::default() && !self.filter.has_filters()
    }

    /// Whether the filter of the page can be saved: it is one, and not saved yet.
    pub(super) fn can_save(&self) -> bool {
        !self.filter.to_query().is_empty()
            && !self.saved.iter().any(|saved| saved.chosen)
            && self.saved.len() < MAX_FILTERS as usize
    }
}

impl StageFilter {
    pub(super) fn label(self) -> Cow<'static, str> {
        match self {
            Self::Ahead => texts::launches_ahead_only(),
            Self::Preparing => texts::launches_in_preparation(),
            Self::Held => texts::launches_on_hold(),
            Self::Go => texts::launches_with_go_declared(),
            Self::Launched => texts::launches_launched(),
            Self::Closed => texts::launches_closed(),
            Self::Cancelled => texts::launches_cancelled(),
            Self::All => texts::launches_of_every_stage(),
        }
    }
}

impl OwnershipFilter {
    fn label(self) -> Cow<'static, str> {
        match self {
            Self::Everybodys => texts::launches_of_everybody(),
            Self::Mine => texts::launches_i_am_part_of(),
            Self::Owned => texts::launches_i_own(),
        }
    }
}

impl LaunchSort {
    fn label(self) -> Cow<'static, str> {
        match self {
            Self::Target => texts::launch_target(),
            Self::Name => texts::launch_name(),
            Self::Verdict => texts::verdict_of_launch(),
            Self::Progress => texts::progress_of_launch(),
            Self::Changed => texts::newest_change(),
        }
    }
}
