//! Query of the list of launches: which launches, in which order, from where on.

use std::borrow::Cow;

use serde::Deserialize;

use super::list_store::{LaunchListCriteria, LaunchOrder};
use crate::{
    access::CurrentUser,
    db::contains_pattern,
    domain::{ids::LaunchId, readiness::Verdict, text::Tag},
    presentation::tags::fold_tag,
    texts,
    web::{
        form::FieldErrors,
        query::{build_address, check_filter_text},
    },
};

pub(super) const PAGE_SIZE: usize = 50;

/// Maximum length of the text that names are searched for: the maximum length of a name.
const MAX_NAME_CHARS: usize = 300;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::EnumString, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub(super) enum StageFilter {
    /// In preparation, on hold or declared GO.
    #[default]
    Ahead,
    Preparing,
    Held,
    Go,
    Launched,
    Closed,
    Cancelled,
    All,
}

impl StageFilter {
    const fn stages(self) -> &'static [&'static str] {
        match self {
            Self::Ahead => &["preparing", "go", "held"],
            Self::Preparing => &["preparing"],
            Self::Held => &["held"],
            Self::Go => &["go"],
            Self::Launched => &["launched"],
            Self::Closed => &["closed"],
            Self::Cancelled => &["cancelled"],
            Self::All => &["preparing", "go", "held", "launched", "closed", "cancelled"],
        }
    }

    /// Whether the latest target comes first. Lists of upcoming launches begin with the nearest.
    pub(super) const fn newest_first(self) -> bool {
        match self {
            Self::Ahead | Self::Preparing | Self::Held | Self::Go => false,
            Self::Launched | Self::Closed | Self::Cancelled | Self::All => true,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::EnumString, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub(super) enum OwnershipFilter {
    #[default]
    Everybodys,
    /// Those that the reader owns, holds a role in, is a participant of or has an item of.
    Mine,
    Owned,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::EnumString, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub(super) enum LaunchSort {
    #[default]
    Target,
    Name,
    Verdict,
    Progress,
    Changed,
}

/// How the launches are shown. The calendar has an address of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(super) enum LaunchListView {
    #[default]
    List,
    /// A column for each stage.
    Board,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct LaunchListQuery {
    view: String,
    show: String,
    verdict: String,
    whose: String,
    tag: String,
    sort: String,
    q: String,
    after: String,
}

/// Parsed query; an unknown value means the default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct LaunchListFilter {
    pub view: LaunchListView,
    pub show: StageFilter,
    pub verdict: Option<Verdict>,
    pub whose: OwnershipFilter,
    /// A tag, as it was typed; empty for any.
    pub tag: String,
    pub sort: LaunchSort,
    /// Text that the name contains.
    pub name: String,
    /// The last launch of the previous page.
    pub after: Option<LaunchId>,
}

impl LaunchListFilter {
    pub(super) fn from_query(sent: &LaunchListQuery) -> Self {
        Self {
            view: sent.view.parse().unwrap_or_default(),
            show: sent.show.parse().unwrap_or_default(),
            verdict: [Verdict::Go, Verdict::ConditionalGo, Verdict::NoGo]
                .into_iter()
                .find(|verdict| verdict.slug() == sent.verdict),
            whose: sent.whose.parse().unwrap_or_default(),
            tag: Tag::new(&sent.tag).map_or_else(|_| String::new(), String::from),
            sort: sent.sort.parse().unwrap_or_default(),
            name: sent.q.trim().to_owned(),
            after: sent.after.parse().ok(),
        }
    }

    /// The launches ahead with a tag; all of them if it is none.
    pub(super) fn with_tag(tag: &str) -> Self {
        Self { tag: Tag::new(tag).map_or_else(|_| String::new(), String::from), ..Self::default() }
    }

    /// The sentences for values that are not known, at their fields; `address` is for those without a field.
    pub(super) fn errors(sent: &LaunchListQuery) -> FieldErrors {
        let mut errors = FieldErrors::new();
        let read = Self::from_query(sent);
        let mut unless = |is_known: bool, field, value: &str, sentence: Cow<'static, str>| {
            if !is_known && !value.is_empty() {
                errors.add(field, sentence);
            }
        };
        unless(sent.view.parse::<LaunchListView>().is_ok(), "address", &sent.view, texts::no_such_list_of_launches());
        unless(!read.tag.is_empty(), "tag", sent.tag.trim(), texts::no_such_tag());
        unless(sent.show.parse::<StageFilter>().is_ok(), "address", &sent.show, texts::no_such_list_of_launches());
        unless(sent.after.parse::<LaunchId>().is_ok(), "address", &sent.after, texts::no_such_page_of_launches());
        unless(read.verdict.is_some(), "verdict", &sent.verdict, texts::no_such_verdict());
        unless(
            sent.whose.parse::<OwnershipFilter>().is_ok(),
            "whose",
            &sent.whose,
            texts::no_such_choice_of_launches(),
        );
        unless(sent.sort.parse::<LaunchSort>().is_ok(), "sort", &sent.sort, texts::no_such_order());
        errors.check("q", check_filter_text(&sent.q, MAX_NAME_CHARS));
        errors
    }

    /// Whether filter or order need the summaries of the launches.
    pub(super) fn needs_summaries(&self) -> bool {
        self.verdict.is_some() || matches!(self.sort, LaunchSort::Verdict | LaunchSort::Progress)
    }

    /// Whether there is a filter besides the stage.
    pub(super) fn has_filters(&self) -> bool {
        self.count_filters() > 0
    }

    /// How many filters there are besides the stage.
    pub(super) fn count_filters(&self) -> usize {
        let set = [
            self.verdict.is_some(),
            self.whose != OwnershipFilter::default(),
            !self.tag.is_empty(),
            !self.name.is_empty(),
        ];
        set.into_iter().filter(|set| *set).count()
    }

    /// Address of this list, from its beginning or from the cursor on.
    pub(super) fn to_href(&self) -> String {
        let after = self.after.map_or_else(String::new, |after| after.to_string());
        let parts = [
            ("view", if self.view == LaunchListView::default() { "" } else { self.view.into() }),
            ("show", if self.show == StageFilter::default() { "" } else { self.show.into() }),
            ("verdict", self.verdict.map_or("", Verdict::slug)),
            ("whose", if self.whose == OwnershipFilter::default() { "" } else { self.whose.into() }),
            ("tag", &self.tag),
            ("sort", if self.sort == LaunchSort::default() { "" } else { self.sort.into() }),
            ("q", &self.name),
            ("after", &after),
        ];
        build_address("/launches", &parts)
    }

    /// The calendar of the same launches, as far as the calendar filters.
    pub(super) fn to_calendar_href(&self) -> String {
        build_address("/launches/calendar", &[("tag", &self.tag)])
    }

    /// The query of this list's address, by which the filter is saved; it has no place in the list.
    pub(super) fn to_query(&self) -> String {
        let href = Self { after: None, ..self.clone() }.to_href();
        href.split_once('?').map_or_else(String::new, |(_, query)| query.to_owned())
    }

    pub(super) fn to_criteria(&self, user: &CurrentUser) -> LaunchListCriteria<'static> {
        LaunchListCriteria {
            user: user.id,
            reads_all: user.reads_all(),
            stages: self.show.stages(),
            owned: self.whose == OwnershipFilter::Owned,
            mine: self.whose == OwnershipFilter::Mine,
            tag: fold_tag(&self.tag),
            verdict: self.verdict,
            name: (!self.name.is_empty()).then(|| contains_pattern(&self.name)),
            order: match self.sort {
                LaunchSort::Name => LaunchOrder::Name,
                LaunchSort::Changed => LaunchOrder::Changed,
                LaunchSort::Verdict => LaunchOrder::Verdict,
                LaunchSort::Progress => LaunchOrder::Progress,
                LaunchSort::Target if self.show.newest_first() => LaunchOrder::Latest,
                LaunchSort::Target => LaunchOrder::Earliest,
            },
            after: self.after,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn launch_list_address_contains_only_chosen_filters() {
        let sent = |pairs: &str| parse_query(pairs);
        for (query, address) in [
            ("", "/launches"),
            ("show=ahead&sort=target&whose=everybodys&verdict=&q=", "/launches"),
            ("show=nonsense&sort=1&verdict=maybe&whose=x&after=y", "/launches"),
            ("show=held&q=%20a%26b%20", "/launches?show=held&q=a%26b"),
            ("view=list&tag=", "/launches"),
            ("view=board&tag=%20Team%20Blue", "/launches?view=board&tag=Team+Blue"),
            ("view=tree&tag=%00", "/launches"),
            (
                "verdict=no_go&whose=mine&sort=progress&after=00000000-0000-4000-8000-000000000001",
                "/launches?verdict=no_go&whose=mine&sort=progress&after=00000000-0000-4000-8000-000000000001",
            ),
        ] {
            assert_eq!(LaunchListFilter::from_query(&sent(query)).to_href(), address, "{query}");
        }
    }

    /// Parses a query as the extractor does.
    fn parse_query(query: &str) -> LaunchListQuery {
        let pairs: std::collections::HashMap<String, String> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let of = |name: &str| pairs.get(name).cloned().unwrap_or_default();
        LaunchListQuery {
            view: of("view"),
            tag: of("tag"),
            show: of("show"),
            verdict: of("verdict"),
            whose: of("whose"),
            sort: of("sort"),
            q: of("q"),
            after: of("after"),
        }
    }
}
