//! What the slice's template is given.

use askama::Template;
use strum::IntoEnumIterator as _;

use super::{
    query::Asked,
    snippet::{Piece, excerpt, marked},
    store::{Found, Hit, Kind, MANY, Wanted},
};
use crate::{
    domain::{launch::state::StageName, time::Moment},
    web::page::Chrome,
};

/// The page.
#[derive(Template)]
#[template(path = "search/show.html")]
pub(super) struct Show {
    pub chrome: Chrome,
    /// What was typed.
    pub query: String,
    /// The kind that is shown alone; empty for all.
    pub kind: &'static str,
    /// What is wrong with what was typed.
    pub error: Option<String>,
    /// What was found; nothing while nothing was looked for.
    pub results: Option<Results>,
}

/// What was found.
pub(super) struct Results {
    pub kinds: Vec<KindLink>,
    pub groups: Vec<Group>,
    /// How many there are of all kinds.
    pub total: i64,
    /// Where what was found of all kinds is.
    pub all: String,
    /// Whether nothing has the words, and this is only like them.
    pub only_like: bool,
    /// The first page and the next one, of one kind; empty where there is none.
    pub newer: String,
    pub older: String,
    /// `26–50 of 61`.
    pub range: String,
    /// What is found on the first page, where the page asked for is behind the last.
    pub first: String,
}

/// A kind with how many there are.
pub(super) struct KindLink {
    pub word: &'static str,
    pub count: i64,
    pub href: String,
    pub current: bool,
}

/// What was found of one kind.
pub(super) struct Group {
    pub slug: &'static str,
    pub title: &'static str,
    pub total: i64,
    pub lines: Vec<Line>,
    /// Where all of them are; empty where these are all.
    pub all: String,
}

/// Something found.
pub(super) struct Line {
    pub icon: &'static str,
    pub href: String,
    pub title: Vec<Piece>,
    /// What the title is about, before it: `Comment on`.
    pub before: &'static str,
    /// The text around what was found; empty where the title says it.
    pub text: Vec<Piece>,
    /// Where it is, in words: launch, item.
    pub place: String,
    pub restricted: bool,
    /// The launch's stage, where it is more than being prepared.
    pub stage: &'static str,
    pub withdrawn: bool,
    /// Who wrote or attached it, and when.
    pub by: Option<(String, Moment)>,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Launches => "Launches",
            Self::Items => "Items",
            Self::Comments => "Comments",
            Self::Evidence => "Evidence",
        }
    }
}

/// The slug of a kind; empty for all.
pub(super) fn slug(wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::All => "",
        Wanted::Page(kind, _) => kind.slug(),
    }
}

/// The address of what is looked for.
fn address(asked: &Asked, wanted: Wanted) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", asked.text.as_str());
    if let Wanted::Page(kind, page) = wanted {
        query.append_pair("kind", kind.slug());
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
    }
    format!("/search?{}", query.finish())
}

impl Results {
    /// What was found, as the page shows it.
    pub(super) fn new(asked: &Asked, wanted: Wanted, found: Found) -> Self {
        let count = |kind: Kind| found.totals.get(&kind).copied().unwrap_or(0);
        let total = found.totals.values().sum();
        let link = |word, count, to: Wanted| KindLink {
            word,
            count,
            href: address(asked, to),
            current: slug(to) == slug(wanted),
        };
        let kinds = Kind::iter().map(|kind| link(kind.word(), count(kind), Wanted::Page(kind, 1)));
        let kinds = std::iter::once(link("All", total, Wanted::All)).chain(kinds).collect();
        let mut groups: Vec<Group> = Vec::new();
        for hit in &found.hits {
            if groups.last().is_none_or(|group| group.slug != hit.kind.slug()) {
                let all = if wanted == Wanted::All { address(asked, Wanted::Page(hit.kind, 1)) } else { String::new() };
                let (slug, title, total) = (hit.kind.slug(), hit.kind.word(), count(hit.kind));
                groups.push(Group { slug, title, total, lines: Vec::new(), all });
            }
            if let Some(group) = groups.last_mut() {
                group.lines.push(line(hit, &asked.words));
            }
        }
        groups.sort_by_key(|group| Kind::iter().position(|kind| kind.slug() == group.slug));
        for group in &mut groups {
            if group.lines.len() as i64 == group.total {
                group.all.clear();
            }
        }
        let mut results = Self {
            kinds,
            groups,
            total,
            all: address(asked, Wanted::All),
            only_like: found.only_like,
            newer: String::new(),
            older: String::new(),
            range: String::new(),
            first: String::new(),
        };
        if let Wanted::Page(kind, page) = wanted {
            results.page(asked, kind, page, count(kind));
        }
        results
    }

    fn page(&mut self, asked: &Asked, kind: Kind, page: i64, total: i64) {
        let first = address(asked, Wanted::Page(kind, 1));
        let shown = self.groups.iter().map(|group| group.lines.len() as i64).sum::<i64>();
        if shown == 0 {
            self.first = if total > 0 { first } else { String::new() };
            return;
        }
        let before = (page - 1) * MANY;
        self.range = format!("{}–{} of {total}", before + 1, before + shown);
        if page > 1 {
            self.newer = first;
        }
        if before + shown < total {
            self.older = address(asked, Wanted::Page(kind, page + 1));
        }
    }
}

fn line(hit: &Hit, words: &[String]) -> Line {
    let name = hit.name.as_deref().unwrap_or("[redacted]");
    let title = hit.title.as_deref().unwrap_or_default();
    let item = hit.item.map_or_else(String::new, |item| format!("/items/{item}"));
    let (icon, href, before, title, text) = match hit.kind {
        Kind::Launches => {
            let summary = if hit.text == name { Vec::new() } else { excerpt(&hit.text, words) };
            ("launch", format!("/launches/{}", hit.launch), "", marked(name, words), summary)
        }
        Kind::Items => {
            let title = marked(title, words);
            let guidance = hit.text.split_once('\n').map_or("", |(_, guidance)| guidance);
            // The guidance is shown where it is what was found.
            let guidance = excerpt(guidance, words);
            let found = guidance.iter().any(|piece| piece.marked) && !title.iter().any(|piece| piece.marked);
            ("checklist", item, "", title, if found { guidance } else { Vec::new() })
        }
        Kind::Comments => {
            let href = format!("{item}#comment-{}", hit.thing);
            let title = vec![Piece { text: title.to_owned(), marked: false }];
            ("comment", href, "Comment on", title, excerpt(&hit.text, words))
        }
        Kind::Evidence => {
            let icon = match hit.form.as_deref() {
                Some("file") => "file",
                Some("link") => "link",
                _ => "note",
            };
            (icon, format!("{item}#evidence-{}", hit.thing), "", excerpt(&hit.text, words), Vec::new())
        }
    };
    let place = match hit.kind {
        Kind::Launches => String::new(),
        Kind::Items | Kind::Comments => name.to_owned(),
        Kind::Evidence => [name, hit.title.as_deref().unwrap_or_default()].join(" · "),
    };
    Line {
        icon,
        href,
        title,
        before,
        text,
        place,
        restricted: hit.restricted,
        stage: if hit.stage == StageName::Preparing { "" } else { hit.stage.word() },
        withdrawn: hit.withdrawn,
        by: hit.by.clone().zip(hit.at),
    }
}
