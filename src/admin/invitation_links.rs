//! The links of new invitations, on the one page that shows them.

use sqlx::PgConnection;

use super::{invitation_list::MOST_PEOPLE, store};
use crate::{
    access::{CurrentUser, token::Token},
    domain::canonical::Sha256Hash,
    mail,
    state::AppState,
};

/// The link of an invitation; of several, one address that ends with all their tokens, separated by commas, which
/// [`find_new_links`] takes apart on the page that shows them.
pub(super) fn to_links(state: &AppState, tokens: &[Token]) -> String {
    let tokens: Vec<String> = tokens.iter().map(Token::to_text).collect();
    state.config.public_url.with_path(&format!("{LINK_PATH}{}", tokens.join(",")))
}

const LINK_PATH: &str = "/invitations/";

/// A link on the page that follows its creation.
pub(super) struct NewLink {
    /// The end of the ids of its fields.
    pub(super) suffix: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) link: String,
    /// A message to send with the link, in the language of the admin.
    pub(super) message: String,
}

/// The new links of a redirect, with the people whose they are. Links that do not work any more are left out.
pub(super) async fn find_new_links(
    state: &AppState,
    conn: &mut PgConnection,
    me: &CurrentUser,
    address: &str,
) -> Result<Vec<NewLink>, sqlx::Error> {
    let Some((_, tokens)) = address.split_once(LINK_PATH) else { return Ok(Vec::new()) };
    let tokens: Vec<Token> = tokens.split(',').take(MOST_PEOPLE).filter_map(Token::parse).collect();
    let hashes: Vec<_> = tokens.iter().map(Token::hash).collect();
    let people = store::find_invited_by_token(conn, &hashes, state.clock.now()).await?;
    let show = |(suffix, (token, hash)): (String, (&Token, Sha256Hash))| {
        let (name, email) = people.get(&hash)?;
        let link = to_links(state, std::slice::from_ref(token));
        let message = mail::compose_invitation(state, name, &me.name, &link);
        Some(NewLink { suffix, name: name.to_string(), email: email.clone(), link, message })
    };
    // The first field of a link has the same id whether or not there are others.
    let suffixes = std::iter::once(String::new()).chain((2..).map(|number: usize| format!("-{number}")));
    Ok(suffixes.zip(tokens.iter().zip(hashes)).filter_map(show).collect())
}
