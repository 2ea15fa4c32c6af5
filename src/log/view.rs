//! A log's page: its entries and the data of the templates in `templates/log`.

use http::StatusCode;
use sqlx::PgPool;

use super::{
    LogSource,
    query::{LogQuery, UnknownFilterValue},
    rows::LogDayView,
};
use crate::{
    domain::{ids::UserId, launch::state::LaunchState, time::Zone},
    record::{RecordError, logs::LogEntry},
    texts,
    web::form::FieldErrors,
};

/// The number of entries on a page.
const PAGE_SIZE: usize = 50;

/// A page of a log, with its entries not described yet.
#[derive(Debug)]
pub struct LogPage {
    pub entries: Vec<LogEntry>,
    query: LogQuery,
    errors: FieldErrors,
    has_unknown_value: bool,
    has_timed_out: bool,
    newest: String,
    older: String,
    /// Whether all that matches is on the page.
    is_whole: bool,
}

impl LogPage {
    /// # Errors
    /// [`RecordError`] when the database fails or an entry can't be read.
    pub async fn load<S: LogSource>(
        db: &PgPool,
        source: &S,
        query: LogQuery,
        zone: &Zone,
    ) -> Result<Self, RecordError> {
        let errors = query.errors(source);
        let filter = query.to_filter(source, zone);
        let has_unknown_value = filter.is_err();
        let loaded = match filter {
            // One more than is shown, to find out whether there are older ones.
            Ok(filter) if errors.is_empty() => source.load_entries(db, &filter, PAGE_SIZE as i64 + 1).await?,
            Ok(_) | Err(UnknownFilterValue) => Some(Vec::new()),
        };
        let has_timed_out = loaded.is_none();
        let mut placed = loaded.unwrap_or_default();
        let has_older = placed.len() > PAGE_SIZE;
        placed.truncate(PAGE_SIZE);
        let last = placed.last().filter(|_| has_older).map(|last| last.cursor);
        Ok(Self {
            newest: if query.before.is_empty() { String::new() } else { query.without_cursor().to_href(source) },
            older: last.map_or_else(String::new, |last| query.before_cursor(last).to_href(source)),
            is_whole: query.before.is_empty() && !has_older,
            entries: placed.into_iter().map(|placed| placed.entry).collect(),
            query,
            errors,
            has_unknown_value,
            has_timed_out,
        })
    }

    /// The number of matching entries, for a log that is filtered; `None` for one that is not.
    #[must_use]
    pub fn describe_matches(&self) -> Option<String> {
        let count = self.entries.len();
        let words = if self.is_whole { texts::matches_found(count) } else { texts::matches_on_this_page(count) };
        self.query.is_filtered().then(|| words.into_owned())
    }

    /// `people` are those whose entries can be asked for, in their order; `range` is the sentence between the links to
    /// newer and older pages.
    pub fn into_view(
        self,
        source: &impl LogSource,
        people: impl Iterator<Item = (UserId, String)>,
        days: Vec<LogDayView>,
        range: String,
    ) -> LogView {
        LogView {
            path: source.path(),
            everything: everything_href(source),
            kinds: build_kind_links(source, &self.query),
            people: people.map(|(id, name)| PersonOption::new(id, name, &self.query.actor)).collect(),
            item: source.launch().map(|launch| LogItemFilterView::new(launch, source, &self.query)),
            days,
            has_timed_out: self.has_timed_out,
            errors: self.errors,
            has_unknown_value: self.has_unknown_value,
            newest: self.newest,
            older: self.older,
            range,
            query: self.query,
        }
    }
}

/// The data of `log/_filters.html` and `log/_entries.html`.
#[derive(Debug)]
pub struct LogView {
    pub path: String,
    /// The page with all entries of all kinds.
    pub everything: String,
    pub query: LogQuery,
    pub kinds: Vec<EventKindLink>,
    pub people: Vec<PersonOption>,
    /// `None` if the log is not filtered by item.
    pub item: Option<LogItemFilterView>,
    pub days: Vec<LogDayView>,
    /// Whether the search took too long.
    pub has_timed_out: bool,
    /// What is wrong with the values to search for.
    pub errors: FieldErrors,
    /// Whether the address has a filter that the log does not know.
    pub has_unknown_value: bool,
    /// Link to the newest matching entries; empty on the first page.
    pub newest: String,
    pub older: String,
    /// Which entries the page shows; may be empty.
    pub range: String,
}

impl LogView {
    #[must_use]
    pub fn status(&self) -> StatusCode {
        if self.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }
}

/// A filter link, to a group of kinds or a single kind.
#[derive(Debug)]
pub struct EventKindLink {
    pub word: String,
    pub href: String,
    /// Whether this is the current filter.
    pub current: bool,
}

/// The set that has every kind.
fn everything_href(source: &impl LogSource) -> String {
    let slug = source.kind_sets().iter().find(|set| set.groups.is_none()).map_or("", |set| set.slug);
    LogQuery { kind: slug.to_owned(), ..LogQuery::default() }.to_href(source)
}

/// Links to the sets of kinds, to the groups, and to the current filter if it is a single kind.
fn build_kind_links(source: &impl LogSource, query: &LogQuery) -> Vec<EventKindLink> {
    let current_kind = query.kind.trim();
    let href = |kind: &str| LogQuery { kind: kind.to_owned(), ..query.without_cursor() }.to_href(source);
    let link = |word: String, kind: &str| EventKindLink { word, href: href(kind), current: current_kind == kind };
    let all = source.kind_sets().iter().map(|set| link((set.word)().into_owned(), set.slug));
    let groups = source.kind_groups().map(|group| link((group.word)().into_owned(), group.slug));
    let mut links: Vec<_> = all.chain(groups).collect();
    if !links.iter().any(|link| link.current) {
        links.push(link(current_kind.replace('_', " "), current_kind));
    }
    links
}

/// Somebody by whose entries a log can be filtered.
#[derive(Debug)]
pub struct PersonOption {
    pub id: String,
    pub name: String,
    pub selected: bool,
}

impl PersonOption {
    /// `asked` is the id in the current filter.
    fn new(id: UserId, name: String, selected_id: &str) -> Self {
        let id = id.to_string();
        Self { selected: selected_id.trim() == id, id, name }
    }
}

#[derive(Debug)]
pub struct LogItemFilterView {
    /// Words to search for in titles.
    pub words: String,
    /// The item, when the filter is an id.
    pub one: Option<ChosenItemView>,
}

#[derive(Debug)]
pub struct ChosenItemView {
    pub id: String,
    pub title: String,
    /// The page without this filter.
    pub without: String,
}

impl LogItemFilterView {
    fn new(launch: &LaunchState, source: &impl LogSource, query: &LogQuery) -> Self {
        let words = query.item.trim();
        let Some(item) = words.parse().ok().and_then(|id| launch.item(id)) else {
            return Self { words: words.to_owned(), one: None };
        };
        let one = ChosenItemView {
            id: item.id.to_string(),
            title: launch.definition(item).title.to_string(),
            without: LogQuery { item: String::new(), ..query.without_cursor() }.to_href(source),
        };
        Self { words: String::new(), one: Some(one) }
    }
}
