//! The query of a log's page: from the address to a filter, and back to an address.

use serde::Deserialize;

use super::{LogSource, event_kinds::find_kinds};
use crate::{
    db::contains_pattern,
    domain::{
        ids::ItemId,
        launch::state::LaunchState,
        text::{Title, to_nfc},
        time::{Day, Zone},
    },
    record::logs::{LogFilter, LogTextFilter},
    web::{
        form::FieldErrors,
        query::{build_address, check_filter_day, check_filter_text},
    },
};

/// The query string, not parsed yet.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LogQuery {
    /// A group of kinds, or one kind.
    pub kind: String,
    pub actor: String,
    /// An item's id, or words in its title.
    pub item: String,
    /// Words in texts or in the titles of items.
    pub text: String,
    /// The first day, in the reader's zone.
    pub from: String,
    /// The last day, inclusive.
    pub to: String,
    /// The cursor that the page ends before.
    pub before: String,
    /// While two moments of a launch are chosen to be compared: the first one's event, or `on` before it is chosen.
    pub compare: String,
}

/// A filter value in the address is unknown, so nothing matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownFilterValue;

/// The most characters that can be searched for.
const MAX_TEXT_LENGTH: usize = 200;

impl LogQuery {
    /// The messages at the fields whose values can't be searched for; then the page shows no entries.
    pub fn errors(&self, source: &impl LogSource) -> FieldErrors {
        let mut errors = FieldErrors::new();
        errors.check("text", check_filter_text(&self.text, MAX_TEXT_LENGTH));
        if source.launch().is_some() {
            errors.check("item", check_filter_text(&self.item, Title::MAX));
        }
        errors.check("from", check_filter_day(&self.from));
        errors.check("to", check_filter_day(&self.to));
        errors
    }

    /// # Errors
    /// [`UnknownFilterValue`] if a filter has a value that matches nothing.
    pub fn to_filter<S: LogSource>(&self, source: &S, zone: &Zone) -> Result<LogFilter<S::Cursor>, UnknownFilterValue> {
        let launch = source.launch();
        let items = match launch {
            Some(launch) => parse_optional(&self.item, |named| find_items(launch, named))?,
            None => None,
        };
        Ok(LogFilter {
            kinds: self.find_kinds(source)?,
            actor: parse_optional(&self.actor, |id| id.parse().ok())?,
            items,
            text: parse_optional(&self.text, |text| parse_text(launch, text))?,
            from: parse_optional(&self.from, |day| Some(day.parse::<Day>().ok()?.start(zone)))?,
            until: parse_optional(&self.to, |day| Some(day.parse::<Day>().ok()?.end(zone)))?,
            before: parse_optional(&self.before, |place| place.parse().ok())?,
        })
    }

    /// The kinds of a set, of a group or a single kind; `None` for all.
    fn find_kinds(&self, source: &impl LogSource) -> Result<Option<Vec<String>>, UnknownFilterValue> {
        let name = self.kind.trim();
        match source.kind_sets().iter().find(|set| set.slug == name) {
            Some(set) => Ok(set.kinds()),
            None => find_kinds(source.kind_groups(), name).map(Some).ok_or(UnknownFilterValue),
        }
    }

    /// Whether it shows less than the log does by itself.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        [&self.kind, &self.actor, &self.item, &self.text, &self.from, &self.to].iter().any(|it| !it.trim().is_empty())
    }

    pub fn to_href(&self, source: &impl LogSource) -> String {
        let item = if source.launch().is_some() { self.item.as_str() } else { "" };
        let parts = [
            ("kind", self.kind.as_str()),
            ("actor", &self.actor),
            ("item", item),
            ("text", &self.text),
            ("from", &self.from),
            ("to", &self.to),
            ("before", &self.before),
            ("compare", &self.compare),
        ];
        build_address(&source.path(), &parts.map(|(name, value)| (name, value.trim())))
    }

    /// The page with the entries older than a place.
    #[must_use]
    pub fn before_cursor(&self, place: impl ToString) -> Self {
        Self { before: place.to_string(), ..self.clone() }
    }

    /// The page with the newest entries.
    #[must_use]
    pub fn without_cursor(&self) -> Self {
        Self { before: String::new(), ..self.clone() }
    }
}

/// Parses a filter value of the address; `None` if it is empty.
fn parse_optional<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, UnknownFilterValue> {
    match text.trim() {
        "" => Ok(None),
        text => read(text).map(Some).ok_or(UnknownFilterValue),
    }
}

/// The items meant by the query: one by its id, or those with these words in their titles; `None` if there are none.
fn find_items(launch: &LaunchState, named: &str) -> Option<Vec<ItemId>> {
    if let Ok(id) = named.parse::<ItemId>() {
        return launch.item(id).map(|item| vec![item.id]);
    }
    let items = find_items_with_words(launch, &[named.to_lowercase()]);
    (!items.is_empty()).then_some(items)
}

/// The items with all of these words in their titles. The words are in lower case.
fn find_items_with_words(launch: &LaunchState, words: &[String]) -> Vec<ItemId> {
    let has_all = |title: &str| {
        let title = to_nfc(title).to_lowercase();
        words.iter().all(|word| title.contains(word))
    };
    let items = launch.items_with_definitions().filter(|(_, definition)| has_all(definition.title.as_str()));
    items.map(|(item, _)| item.id).collect()
}

/// `None` if the text is too long.
fn parse_text(launch: Option<&LaunchState>, text: &str) -> Option<LogTextFilter> {
    if text.chars().count() > MAX_TEXT_LENGTH {
        return None;
    }
    let words: Vec<String> = to_nfc(text).split_whitespace().map(str::to_lowercase).collect();
    let hash = match words.as_slice() {
        [word] if word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit()) => Some(word.clone()),
        _ => None,
    };
    Some(LogTextFilter {
        patterns: text.split_whitespace().map(contains_pattern).collect(),
        hash,
        items: launch.map_or_else(Vec::new, |launch| find_items_with_words(launch, &words)),
    })
}
