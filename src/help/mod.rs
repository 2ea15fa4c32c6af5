//! Help: the keys, and a page for each role that says what it does and how.

use std::borrow::Cow;

use askama::Template;
use axum::{extract::State, response::Response};
use strum::IntoEnumIterator as _;

use crate::{
    access::CurrentUser,
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::Path,
        response::render,
        route::{Right, Route},
    },
};

mod topics;

use topics::HelpTopic;

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/help", Right::SignedIn, show), Route::get("/help/{topic}", Right::SignedIn, show_topic)]
}

#[derive(Template)]
#[template(path = "help/show.html")]
struct HelpPage {
    chrome: Chrome,
}

impl HelpPage {
    fn topics(&self) -> impl Iterator<Item = HelpTopic> {
        HelpTopic::iter()
    }

    /// The keys, and what each does.
    fn keys(&self) -> [(&'static str, Cow<'static, str>); 9] {
        [
            ("Ctrl K", texts::help_key_palette()),
            ("/", texts::help_key_search()),
            ("j, k", texts::help_key_move()),
            ("x", texts::help_key_tick()),
            ("Enter", texts::help_key_open()),
            ("e", texts::help_key_attach()),
            ("c", texts::help_key_comment()),
            ("Esc", texts::help_key_close()),
            ("?", texts::help_key_help()),
        ]
    }
}

#[derive(Template)]
#[template(path = "help/topic.html")]
struct HelpTopicPage {
    chrome: Chrome,
    topic: HelpTopic,
}

impl HelpTopicPage {
    fn topics(&self) -> impl Iterator<Item = HelpTopic> {
        HelpTopic::iter()
    }

    fn is_shown(&self, topic: &HelpTopic) -> bool {
        self.topic == *topic
    }
}

async fn show(State(state): State<AppState>, _user: CurrentUser, page: PageContext) -> Result<Response, Error> {
    render(&HelpPage { chrome: page.chrome(&state, texts::help(), Nav::None) })
}

async fn show_topic(
    State(state): State<AppState>,
    _user: CurrentUser,
    page: PageContext,
    Path(topic): Path<String>,
) -> Result<Response, Error> {
    let topic: HelpTopic = topic.parse().map_err(|_| Error::NotFound)?;
    render(&HelpTopicPage { chrome: page.chrome(&state, topic.title(), Nav::None), topic })
}
