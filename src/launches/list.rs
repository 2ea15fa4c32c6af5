//! GET: the list of launches: where everything stands.
//!
//! What the tables know (stage, owner, people, name, target, newest change) is filtered, sorted and cut into pages by
//! SQL, and only a page's launches are loaded. The verdict and the progress are computed and never stored, so that no
//! table can be asked for them: to filter or sort by them, the launches are looked through, up to [`MOST_JUDGED`] of
//! them, those with the nearest target first; and the page says so when there are more.

use axum::{extract::State, response::Response};
use serde::Deserialize;

use super::{
    list_view::{Index, LaunchLine},
    store::{self, Listing, Order},
};
use crate::{
    access::{self, CurrentUser},
    db::containing,
    domain::{ids::LaunchId, readiness::Verdict, role::InstallationRole},
    state::AppState,
    web::{
        Error,
        apart::apart,
        form::Query,
        page::{Nav, Page, html},
        query::address,
    },
};

/// How many launches a page has.
const PAGE: usize = 50;

/// The most launches that are looked through for their verdicts or their progress.
pub(super) const MOST_JUDGED: usize = 500;

/// The most characters of a name that are looked for: as many as it may have.
const LONGEST_NAME: usize = 300;

/// Which launches, by where they are in their lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::EnumString, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Show {
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

impl Show {
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

    /// What is ahead begins with the nearest; of what is past, the newest comes first.
    pub(super) const fn newest_first(self) -> bool {
        match self {
            Self::Ahead | Self::Preparing | Self::Held | Self::Go => false,
            Self::Launched | Self::Closed | Self::Cancelled | Self::All => true,
        }
    }
}

/// Whose launches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::EnumString, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Whose {
    #[default]
    Everybodys,
    /// Those that the person owns, holds a role in, is named in or has an item of.
    Mine,
    Owned,
}

/// The order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::EnumString, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Sort {
    #[default]
    Target,
    Name,
    Verdict,
    Progress,
    Changed,
}

/// What of the list is wanted, as the address says it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    show: String,
    verdict: String,
    whose: String,
    sort: String,
    q: String,
    after: String,
}

/// What of the list is wanted; words that mean nothing want nothing special.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Wanted {
    pub show: Show,
    pub verdict: Option<Verdict>,
    pub whose: Whose,
    pub sort: Sort,
    /// Part of the name.
    pub name: String,
    /// The launch that the page before ended with.
    pub after: Option<LaunchId>,
}

impl Wanted {
    fn new(sent: &Sent) -> Self {
        Self {
            show: sent.show.parse().unwrap_or_default(),
            verdict: [Verdict::Go, Verdict::ConditionalGo, Verdict::NoGo]
                .into_iter()
                .find(|verdict| verdict.slug() == sent.verdict),
            whose: sent.whose.parse().unwrap_or_default(),
            sort: sent.sort.parse().unwrap_or_default(),
            name: sent.q.trim().chars().take(LONGEST_NAME).collect(),
            after: sent.after.parse().ok(),
        }
    }

    /// Whether what is wanted is known only once the launches are judged.
    fn judges(&self) -> bool {
        self.verdict.is_some() || matches!(self.sort, Sort::Verdict | Sort::Progress)
    }

    /// Whether anything but the stage narrows the list down.
    pub(super) fn narrows(&self) -> bool {
        self.verdict.is_some() || self.whose != Whose::default() || !self.name.is_empty()
    }

    /// The address of the same list, from its beginning or from after a launch.
    pub(super) fn address(&self) -> String {
        let after = self.after.map_or_else(String::new, |after| after.to_string());
        let parts = [
            ("show", if self.show == Show::default() { "" } else { self.show.into() }),
            ("verdict", self.verdict.map_or("", Verdict::slug)),
            ("whose", if self.whose == Whose::default() { "" } else { self.whose.into() }),
            ("sort", if self.sort == Sort::default() { "" } else { self.sort.into() }),
            ("q", &self.name),
            ("after", &after),
        ];
        address("/launches", &parts)
    }

    /// What the tables are asked for.
    fn listing(&self, user: &CurrentUser) -> Listing<'static> {
        let judges = self.judges();
        Listing {
            user: user.id,
            reads_all: access::store::reads_all(|role| user.is(role)),
            stages: self.show.stages(),
            owned: self.whose == Whose::Owned,
            mine: self.whose == Whose::Mine,
            name: (!self.name.is_empty()).then(|| containing(&self.name)),
            order: match self.sort {
                Sort::Name => Order::Name,
                Sort::Changed => Order::Changed,
                Sort::Target | Sort::Verdict | Sort::Progress if self.show.newest_first() => Order::Latest,
                Sort::Target | Sort::Verdict | Sort::Progress => Order::Earliest,
            },
            after: self.after.filter(|_| !judges),
            // One more than is shown tells whether there are more.
            most: if judges { MOST_JUDGED + 1 } else { PAGE + 1 } as i64,
        }
    }

    /// Of launches that were all looked through, those of the page.
    fn page(&self, mut lines: Vec<LaunchLine>) -> (Vec<LaunchLine>, bool) {
        lines.retain(|line| self.verdict.is_none_or(|verdict| line.verdict == Some(verdict)));
        match self.sort {
            // What stands in the way most comes first; the order by target stays within.
            Sort::Verdict => lines.sort_by_key(|line| line.verdict.map_or(u8::MAX, urgency)),
            Sort::Progress => lines.sort_by_key(LaunchLine::share_resolved),
            Sort::Target | Sort::Name | Sort::Changed => {}
        }
        let from = lines.iter().position(|line| Some(line.id) == self.after).map_or(0, |at| at + 1);
        let mut lines = lines.split_off(from);
        let more = lines.len() > PAGE;
        lines.truncate(PAGE);
        (lines, more)
    }
}

const fn urgency(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::NoGo => 0,
        Verdict::ConditionalGo => 1,
        Verdict::Go => 2,
    }
}

/// `GET /launches`: two questions to the database, however much there is.
pub(super) async fn show(
    State(state): State<AppState>,
    user: CurrentUser,
    Query(sent): Query<Sent>,
    page: Page,
) -> Result<Response, Error> {
    let wanted = Wanted::new(&sent);
    let mut ids = store::listed(&state.db, &wanted.listing(&user)).await?;
    let judges = wanted.judges();
    let most = if judges { MOST_JUDGED } else { PAGE };
    let cut_off = ids.len() > most;
    ids.truncate(most);
    let mut loaded = state.record.load_many(&state.db, &ids).await?;
    let launches: Vec<_> = ids.iter().filter_map(|id| loaded.remove(id)).collect();
    let now = state.clock.now();
    let chrome = page.chrome(&state, "Launches", Nav::Launches);
    let can_create = user.is(InstallationRole::Member);
    apart(move || {
        let lines: Vec<_> = launches.iter().map(|launch| LaunchLine::new(launch, now)).collect();
        let (lines, more) = if judges { wanted.page(lines) } else { (lines, cut_off) };
        html(&Index::new(chrome, wanted, lines, more, judges && cut_off, can_create))
    })
    .await?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_wanted_and_no_more() {
        let sent = |pairs: &str| serde_html_form(pairs);
        for (query, address) in [
            ("", "/launches"),
            ("show=ahead&sort=target&whose=everybodys&verdict=&q=", "/launches"),
            ("show=nonsense&sort=1&verdict=maybe&whose=x&after=y", "/launches"),
            ("show=held&q=%20a%26b%20", "/launches?show=held&q=a%26b"),
            (
                "verdict=no_go&whose=mine&sort=progress&after=00000000-0000-4000-8000-000000000001",
                "/launches?verdict=no_go&whose=mine&sort=progress&after=00000000-0000-4000-8000-000000000001",
            ),
        ] {
            assert_eq!(Wanted::new(&sent(query)).address(), address, "{query}");
        }
    }

    /// Reads a query as the extractor does.
    fn serde_html_form(query: &str) -> Sent {
        let pairs: std::collections::HashMap<String, String> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let of = |name: &str| pairs.get(name).cloned().unwrap_or_default();
        Sent {
            show: of("show"),
            verdict: of("verdict"),
            whose: of("whose"),
            sort: of("sort"),
            q: of("q"),
            after: of("after"),
        }
    }
}
