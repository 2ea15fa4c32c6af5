//! The person who looks at a page.

use crate::{
    domain::{ids::UserId, role::InstallationRoles, text::PersonName, time::Zone},
    record::renewals::Renewal,
};

/// The viewer of a page, as far as the chrome needs to know.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub id: UserId,
    pub name: PersonName,
    pub roles: InstallationRoles,
    /// The zone in which they read times.
    pub zone: Zone,
    /// Renewals of their sign-in by others that they have not yet seen.
    pub renewals: Vec<Renewal>,
    /// Their unread notifications, as far as they are counted.
    pub unread: i64,
    /// The colours of the pages, if they were chosen.
    pub scheme: Option<ColorScheme>,
}

/// The colours of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColorScheme {
    Light,
    Dark,
}

impl ColorScheme {
    /// The name in the database, in forms and in CSS.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The colour of the bar, which browsers take for their own frame: `--card` of `tokens.css`.
    #[must_use]
    pub const fn bar_color(self) -> &'static str {
        match self {
            Self::Light => "#fffefb",
            Self::Dark => "#1b1f23",
        }
    }

    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|scheme| scheme.slug() == slug)
    }
}
