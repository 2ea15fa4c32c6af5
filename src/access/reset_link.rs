//! Password reset links: each works once, for a limited time, until the password is changed otherwise.
//!
//! A link allows its holder to choose a new password and nothing more: the second factor is still required. A link that
//! somebody else made and could have used is a renewal ([`crate::domain::launch::credential_renewal`]): the person is
//! notified when it is made, and waits after its use.

use super::{
    account::Account,
    store::{self, NewReset},
    token::Token,
};
use crate::{
    ambient,
    domain::{
        ids::{RenewalId, RequestId},
        installation::InstallationEvent,
        launch::{credential_renewal::RenewalKind, event::PersonRef},
        time::Moment,
    },
    mail::{self, MailTopic},
    record::{
        installation_log::{AuditedTransaction, append_event},
        renewals::{self, NewRenewal},
    },
    state::AppState,
    web::Error,
};

/// The lifetime of a link that somebody else hands over: a day.
pub const HANDED_OVER_LIFETIME_SECONDS: i64 = 86_400;

/// The lifetime of a link that is mailed to whoever asked for it: an hour.
const MAILED_LIFETIME_SECONDS: i64 = 3_600;

#[derive(Debug, Clone, Copy)]
pub enum ResetLinkMaker<'a> {
    /// An admin, who hands the link over.
    Admin(&'a PersonRef),
    /// The operator of the server, at its command line.
    CommandLine,
    /// The person themselves; the link is sent to them by mail.
    Mail,
}

impl<'a> ResetLinkMaker<'a> {
    const fn admin(self) -> Option<&'a PersonRef> {
        match self {
            Self::Admin(by) => Some(by),
            Self::CommandLine | Self::Mail => None,
        }
    }
}

/// A link that is shown or sent only once.
pub struct ResetLink {
    pub address: String,
    pub expires_at: Moment,
}

/// Creates a password reset link and logs it. If somebody else makes it, the person is notified by mail. Earlier links
/// made by others stop working.
pub async fn create_reset_link(
    conn: &mut AuditedTransaction,
    state: &AppState,
    account: &Account,
    maker: ResetLinkMaker<'_>,
    request: RequestId,
) -> Result<ResetLink, Error> {
    let (token, at, by) = (Token::generate(), state.clock.now(), maker.admin());
    let (lasts, renewal) = match maker {
        ResetLinkMaker::Admin(_) | ResetLinkMaker::CommandLine => {
            (HANDED_OVER_LIFETIME_SECONDS, Some(ambient::new_id::<RenewalId>()))
        }
        ResetLinkMaker::Mail => (MAILED_LIFETIME_SECONDS, None),
    };
    if let Some(id) = renewal {
        let (user, by) = (account.id, by.map(|by| by.id));
        let new = NewRenewal { id, user, kind: RenewalKind::ResetLink, made_by: by, at, is_immediate: false };
        renewals::insert_renewal(conn, new).await?;
        let about = MailTopic::ResetLinkMade { by: maker.admin().map(|by| &by.name) };
        mail::enqueue(conn, state, (&account.name, &account.email), about, None).await?;
    }
    let until = at.plus_seconds(lasts);
    let new = NewReset {
        id: ambient::new_id(),
        user: account.id,
        token: token.hash(),
        by: by.map(|by| by.id),
        at,
        expires_at: until,
        renewal,
    };
    store::insert_reset(conn, new).await?;
    let event = InstallationEvent::ResetMade { user: account.id };
    append_event(conn, by, &event, None, request, at).await?;
    let address = state.config.public_url.with_path(&format!("/password-resets/{}", token.to_text()));
    Ok(ResetLink { address, expires_at: until })
}
