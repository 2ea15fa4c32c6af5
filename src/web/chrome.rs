//! The chrome around every page: what the base template needs besides the page's own data.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::{
    assets,
    flash::{Flash, IncomingFlash},
    person_tag::{PersonTag, initials},
    renewal_notice::RenewalNotice,
    request::{RequestNumber, ViewerSlot},
    time::TimeTag,
    viewer::ColorScheme,
};
use crate::{
    domain::{
        ids::RequestId,
        notification::MAX_COUNTED,
        role::InstallationRole,
        time::{Moment, Zone},
    },
    state::AppState,
    texts::{self, PersonLabel, PersonMark},
};

/// The sections of the site, to mark the one that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nav {
    MyWork,
    Launches,
    Figures,
    Checklists,
    Audit,
    Admin,
    Account,
    Search,
    Notifications,
    None,
}

impl Nav {
    const fn slug(self) -> &'static str {
        match self {
            Self::MyWork => "my_work",
            Self::Launches => "launches",
            Self::Figures => "figures",
            Self::Checklists => "checklists",
            Self::Audit => "audit",
            Self::Admin => "admin",
            Self::Account => "account",
            Self::Search => "search",
            Self::Notifications => "notifications",
            Self::None => "",
        }
    }
}

/// What the base template shows around a page. Every page's view struct has one, named `chrome`.
#[derive(Debug, Clone)]
pub struct Chrome {
    pub title: String,
    /// The viewer, when signed in.
    pub user: Option<ChromeUser>,
    pub current: Nav,
    /// A message from the previous request.
    pub flash: Option<Flash>,
    /// When the page was made; relative times are counted from it.
    pub now: Moment,
    /// The zone in which times are shown.
    pub zone: Zone,
    /// The colours that the viewer has chosen.
    pub scheme: Option<ColorScheme>,
    /// Whether this server serves a copy to look at.
    pub drill: bool,
    /// Whether every time is shown exactly: on a page of the past nothing was "just now".
    pub exact: bool,
}

#[derive(Debug, Clone)]
pub struct ChromeUser {
    pub name: String,
    pub is_admin: bool,
    pub is_auditor: bool,
    /// Renewals of their sign-in by others that they have not yet seen.
    pub renewed: Vec<RenewalNotice>,
    /// Their unread notifications, as far as they are counted.
    pub unread: i64,
}

impl ChromeUser {
    /// The number at the bell: `3`, or `99+` for more than are counted.
    #[must_use]
    pub fn unread_badge(&self) -> String {
        if self.unread < MAX_COUNTED { self.unread.to_string() } else { format!("{}+", MAX_COUNTED - 1) }
    }

    #[must_use]
    pub fn initials(&self) -> String {
        initials(&self.name)
    }
}

impl Chrome {
    /// Whether the page belongs to the section with this slug (`launches`).
    #[must_use]
    pub fn is_current(&self, slug: &str) -> bool {
        self.current.slug() == slug
    }

    /// The address of a file under `static/`, or of the style sheet `app.css`.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// Turns the chrome into that of a page of the past, which shows the launch after this event.
    #[must_use]
    pub fn as_of(self, event: Option<i64>) -> Self {
        match event {
            Some(seq) => Self { title: texts::title_as_of_event(self.title, seq).into_owned(), exact: true, ..self },
            None => self,
        }
    }

    /// A relative time with the exact time and zone on hover; exact where [`Self::exact`] is set.
    #[must_use]
    pub fn time(&self, at: &Moment) -> TimeTag {
        if self.exact { self.exact_time(at) } else { TimeTag::format_relative(*at, self.now, &self.zone) }
    }

    /// A person's name, marked if the account is deactivated or has another name now; on a page of the past nobody is
    /// marked.
    #[must_use]
    pub fn person(&self, name: impl AsRef<str>) -> PersonTag {
        PersonTag::new(PersonLabel::new(name.as_ref()))
    }

    /// The name of somebody who is named as a member, such as an assignee: also marked if they no longer are one.
    #[must_use]
    pub fn member(&self, name: impl AsRef<str>) -> PersonTag {
        PersonTag::new(PersonLabel::of_member(name.as_ref()))
    }

    /// [`Self::person`] in words, where there is no place for a mark: in an option or a title.
    #[must_use]
    pub fn person_in_words(&self, name: impl AsRef<str>) -> String {
        PersonLabel::new(name.as_ref()).to_string()
    }

    /// The same for somebody who is named as a member ([`Self::member`]).
    #[must_use]
    pub fn member_in_words(&self, name: impl AsRef<str>) -> String {
        PersonLabel::of_member(name.as_ref()).to_string()
    }

    /// Whether this is the name of a deactivated account, on a page of the present.
    #[must_use]
    pub fn is_deactivated(&self, name: impl AsRef<str>) -> bool {
        PersonLabel::new(name.as_ref()).mark() == Some(PersonMark::Deactivated)
    }

    #[must_use]
    pub fn exact_time(&self, at: &Moment) -> TimeTag {
        TimeTag::format_exact(*at, &self.zone)
    }
}

/// What a page needs besides its own data: the viewer, the message, the time and the request id.
#[derive(Debug, Clone)]
pub struct PageContext {
    pub request_id: RequestId,
    viewer_slot: ViewerSlot,
    flash: Option<Flash>,
}

impl PageContext {
    #[must_use]
    pub fn chrome(&self, state: &AppState, title: impl Into<String>, current: Nav) -> Chrome {
        let viewer = self.viewer_slot.get();
        Chrome {
            title: title.into(),
            user: viewer.map(|viewer| ChromeUser {
                name: viewer.name.to_string(),
                is_admin: viewer.roles.contains(InstallationRole::Admin),
                is_auditor: viewer.roles.contains(InstallationRole::Auditor),
                unread: viewer.unread,
                renewed: viewer.renewals.iter().map(|renewal| RenewalNotice::new(renewal, &viewer.zone)).collect(),
            }),
            current,
            flash: self.flash.clone(),
            now: state.clock.now(),
            zone: viewer.map_or(Zone::UTC, |viewer| viewer.zone.clone()),
            scheme: viewer.and_then(|viewer| viewer.scheme),
            drill: state.config.drill,
            exact: false,
        }
    }
}

impl FromRequestParts<AppState> for PageContext {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let RequestNumber(request_id) = RequestNumber::from_request_parts(parts, state).await?;
        let slot = parts.extensions.get().cloned().unwrap_or_default();
        let flash = parts.extensions.get().map(|IncomingFlash(flash)| flash.clone());
        Ok(Self { request_id, viewer_slot: slot, flash })
    }
}
