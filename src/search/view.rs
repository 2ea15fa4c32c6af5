//! The data of the slice's template.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use askama::Template;
use strum::IntoEnumIterator as _;

use super::{
    query::SearchTerms,
    snippet::{SnippetPiece, excerpt, mark_matches},
    store::{PAGE_SIZE, SearchHit, SearchHits, SearchKind, SearchSelection},
};
use crate::{
    domain::{
        checklist::Importance,
        ids::{ItemId, LaunchId},
        launch::{decision_name::DecisionName, state::LaunchState},
        text::strip_emphasis,
        time::Moment,
    },
    presentation::{
        formatting,
        item_facts::{ItemFacts, ShownState},
    },
    texts,
    web::chrome::Chrome,
};

#[derive(Template)]
#[template(path = "search/show.html")]
pub(super) struct SearchPage {
    pub chrome: Chrome,
    pub query: String,
    /// The only kind shown; empty for all.
    pub kind: &'static str,
    /// What the address asks for and the page does not know.
    pub problem: Option<Cow<'static, str>>,
    /// What is wrong with the query.
    pub error: Option<String>,
    /// `None` if no search was made.
    pub results: Option<SearchResults>,
}

pub(super) struct SearchResults {
    pub kinds: Vec<SearchKindLink>,
    pub groups: Vec<SearchResultGroup>,
    /// Number of hits of all kinds.
    pub total: i64,
    /// Link to the results of all kinds.
    pub all: String,
    /// Whether no text has the words, so that the hits are only similar.
    pub only_similar: bool,
    /// Links to the first page and the next one, of one kind; empty where there is none.
    pub newer: String,
    pub older: String,
    /// Which of the hits are shown, such as `26–50 of 61`.
    pub range: String,
    /// Link to the first page, when the requested page is beyond the last one.
    pub first: String,
}

pub(super) struct SearchKindLink {
    pub word: Cow<'static, str>,
    pub count: i64,
    pub href: String,
    pub current: bool,
}

pub(super) struct SearchResultGroup {
    pub slug: &'static str,
    pub title: Cow<'static, str>,
    pub total: i64,
    pub lines: Vec<SearchResultRow>,
    /// Link to all of them; empty when all are shown.
    pub all: String,
}

pub(super) struct SearchResultRow {
    pub icon: &'static str,
    pub href: String,
    pub title: Vec<SnippetPiece>,
    /// Words before the title: `Comment on`.
    pub before: Cow<'static, str>,
    /// The text around the match; empty where the title shows it.
    pub text: Vec<SnippetPiece>,
    /// Where it is: launch and item.
    pub place: String,
    pub restricted: bool,
    /// What is decided about the launch.
    pub decision: DecisionName,
    pub withdrawn: bool,
    /// What the item is like; `None` for a hit of another kind.
    pub facts: Option<FoundItem>,
    /// Who wrote or attached it, and when.
    pub by: Option<(String, Moment)>,
}

/// What an item is like now.
pub(super) struct FoundItem {
    pub state: ShownState,
    pub critical: bool,
    pub assignee: Option<String>,
    /// Part and section; empty if neither has a title.
    place: String,
}

impl FoundItem {
    fn new(launch: &LaunchState, id: ItemId, now: Moment) -> Option<Self> {
        let item = launch.item(id)?;
        let facts = ItemFacts::from_item(launch, item, now);
        Some(Self {
            state: facts.state,
            critical: launch.definition(item).importance == Importance::Critical,
            assignee: facts.assignee.map(|(name, _)| name),
            place: formatting::describe_place(launch, item),
        })
    }
}

impl SearchKind {
    fn label(self) -> Cow<'static, str> {
        match self {
            Self::Launches => texts::results_launches(),
            Self::Items => texts::results_items(),
            Self::Comments => texts::results_comments(),
            Self::Evidence => texts::results_evidence(),
        }
    }
}

/// The slug of a kind; empty for all.
pub(super) fn selection_slug(selection: SearchSelection) -> &'static str {
    match selection {
        SearchSelection::All => "",
        SearchSelection::Page(kind, _) => kind.slug(),
    }
}

fn to_href(terms: &SearchTerms, selection: SearchSelection) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", terms.text.as_str());
    if let SearchSelection::Page(kind, page) = selection {
        query.append_pair("kind", kind.slug());
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
    }
    format!("/search?{}", query.finish())
}

impl SearchResults {
    /// `launches` are those of the items that were found.
    pub(super) fn new(
        terms: &SearchTerms,
        selection: SearchSelection,
        page: SearchHits,
        launches: &HashMap<LaunchId, Arc<LaunchState>>,
        now: Moment,
    ) -> Self {
        let count = |kind: SearchKind| page.totals.get(&kind).copied().unwrap_or(0);
        let total = page.totals.values().sum();
        let link = |word, count, to: SearchSelection| SearchKindLink {
            word,
            count,
            href: to_href(terms, to),
            current: selection_slug(to) == selection_slug(selection),
        };
        let kinds = SearchKind::iter().map(|kind| link(kind.label(), count(kind), SearchSelection::Page(kind, 1)));
        let kinds = std::iter::once(link(texts::all_results(), total, SearchSelection::All)).chain(kinds).collect();
        let mut groups: Vec<SearchResultGroup> = Vec::new();
        for hit in &page.hits {
            if groups.last().is_none_or(|group| group.slug != hit.kind.slug()) {
                let all = if selection == SearchSelection::All {
                    to_href(terms, SearchSelection::Page(hit.kind, 1))
                } else {
                    String::new()
                };
                let (slug, title, total) = (hit.kind.slug(), hit.kind.label(), count(hit.kind));
                groups.push(SearchResultGroup { slug, title, total, lines: Vec::new(), all });
            }
            if let Some(group) = groups.last_mut() {
                let launch = launches.get(&hit.launch).filter(|_| hit.kind == SearchKind::Items);
                let facts = launch.zip(hit.item).and_then(|(launch, item)| FoundItem::new(launch, item, now));
                group.lines.push(build_row(hit, &terms.words, facts));
            }
        }
        groups.sort_by_key(|group| SearchKind::iter().position(|kind| kind.slug() == group.slug));
        for group in &mut groups {
            if group.lines.len() as i64 == group.total {
                group.all.clear();
            }
        }
        let mut results = Self {
            kinds,
            groups,
            total,
            all: to_href(terms, SearchSelection::All),
            only_similar: page.only_similar,
            newer: String::new(),
            older: String::new(),
            range: String::new(),
            first: String::new(),
        };
        if let SearchSelection::Page(kind, page) = selection {
            results.set_page_links(terms, kind, page, count(kind));
        }
        results
    }

    fn set_page_links(&mut self, terms: &SearchTerms, kind: SearchKind, page: i64, total: i64) {
        let first = to_href(terms, SearchSelection::Page(kind, 1));
        let shown_count = self.groups.iter().map(|group| group.lines.len() as i64).sum::<i64>();
        if shown_count == 0 {
            self.first = if total > 0 { first } else { String::new() };
            return;
        }
        let before = (page - 1) * PAGE_SIZE;
        self.range = texts::results_range(before + 1, before + shown_count, total).into_owned();
        if page > 1 {
            self.newer = first;
        }
        if before + shown_count < total {
            self.older = to_href(terms, SearchSelection::Page(kind, page + 1));
        }
    }
}

fn build_row(hit: &SearchHit, words: &[String], facts: Option<FoundItem>) -> SearchResultRow {
    let name = hit.name.as_deref().unwrap_or("[redacted]");
    let title = hit.title.as_deref().unwrap_or_default();
    let item = hit.item.map_or_else(String::new, |item| format!("/items/{item}"));
    let (icon, href, before, title, text) = match hit.kind {
        SearchKind::Launches => {
            let summary = if hit.text == name { Vec::new() } else { excerpt(&hit.text, words) };
            ("launch", format!("/launches/{}", hit.launch), Cow::default(), mark_matches(name, words), summary)
        }
        SearchKind::Items => {
            let title = mark_matches(&strip_emphasis(title), words);
            let guidance = hit.text.split_once('\n').map_or("", |(_, guidance)| guidance);
            // The guidance is shown if only it has a match.
            let guidance = excerpt(&strip_emphasis(guidance), words);
            let is_in_guidance = guidance.iter().any(|piece| piece.marked) && !title.iter().any(|piece| piece.marked);
            ("checklist", item, Cow::default(), title, if is_in_guidance { guidance } else { Vec::new() })
        }
        SearchKind::Comments => {
            let href = format!("{item}#comment-{}", hit.hit_id);
            let title = vec![SnippetPiece { text: title.to_owned(), marked: false }];
            ("comment", href, texts::comment_on(), title, excerpt(&hit.text, words))
        }
        SearchKind::Evidence => {
            let icon = match hit.form.as_deref() {
                Some("file") => "file",
                Some("link") => "link",
                _ => "note",
            };
            (icon, format!("{item}#evidence-{}", hit.hit_id), Cow::default(), excerpt(&hit.text, words), Vec::new())
        }
    };
    let part = facts.as_ref().map_or("", |facts| facts.place.as_str());
    let place = match hit.kind {
        SearchKind::Launches => String::new(),
        SearchKind::Items if !part.is_empty() => [name, part].join(" · "),
        SearchKind::Items | SearchKind::Comments => name.to_owned(),
        SearchKind::Evidence => [name, hit.title.as_deref().unwrap_or_default()].join(" · "),
    };
    SearchResultRow {
        icon,
        href,
        title,
        before,
        text,
        place,
        restricted: hit.restricted,
        decision: hit.stage.into(),
        withdrawn: hit.withdrawn,
        facts,
        by: hit.by.clone().zip(hit.at),
    }
}
