//! The keys of an installation for verification: which of them could sign a checkpoint.

use sqlx::PgPool;

use crate::{
    domain::{
        key::PublicKey,
        key_chain::{KeyChain, KeyStanding},
        merkle::proof::TreeHead,
    },
    record::keys::{join_keys, load_key_rows},
};

/// The keys that lead to a trusted one, and from where in the audit log each is in use.
#[derive(Debug, Clone)]
pub struct KeyPeriods {
    chain: KeyChain,
    /// Why the keys of the database can't be used, so that the trusted key is the only one here.
    pub(super) problem: Option<String>,
}

impl KeyPeriods {
    /// Loads the keys, with `trusted` as the one that is known from elsewhere: the newest one, or one that leads to it by
    /// rotations.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(db: &PgPool, trusted: &PublicKey) -> Result<Self, sqlx::Error> {
        let rows = load_key_rows(db).await?;
        let alone = |problem| Self { chain: KeyChain::new(trusted.clone()), problem };
        // That there is one key, and another than the trusted one, is found when the table is compared.
        if rows.len() <= 1 {
            return Ok(alone(None));
        }
        let chain = match join_keys(rows.iter().map(|row| (row.vkey.as_str(), row.statement.as_deref()))) {
            Ok(chain) => chain,
            Err(why) => return Ok(alone(Some(why))),
        };
        let problem = match (chain.standing_of(trusted), chain.newest_replacement()) {
            (KeyStanding::Connected, _) => None,
            (KeyStanding::BeforeReplacement(number), Some(replacement)) => Some(format!(
                "the given key is key {number}, which was lost, and key {replacement} replaced it without its signature"
            )),
            (KeyStanding::BeforeReplacement(_) | KeyStanding::Unknown, _) => {
                Some("the given key is none of them".to_owned())
            }
        };
        Ok(match problem {
            None => Self { chain, problem: None },
            problem => alone(problem),
        })
    }

    #[must_use]
    pub const fn chain(&self) -> &KeyChain {
        &self.chain
    }

    /// The key with these raw bytes, and its number.
    pub(super) fn find(&self, bytes: &[u8]) -> Option<(u32, &PublicKey)> {
        (1..).zip(self.chain.keys()).find(|(_, key)| key.as_bytes() == bytes)
    }

    /// Whether the key with this number could sign the audit log at a size: an earlier one up to the entry about the next,
    /// that next one only from its entry on.
    pub(super) fn could_sign_log(&self, number: u32, size: i64) -> bool {
        let head_before =
            |number: usize| self.chain.statements().get(number).map(|it| it.unverified_statement().log.size);
        let (number, size) = (number as usize, size.unsigned_abs());
        let has_begun = number == 1 || head_before(number - 2).is_none_or(|before| size > before);
        has_begun && head_before(number - 1).is_none_or(|before| size <= before)
    }

    /// The states of the audit log that the statements name, each with its description.
    pub(super) fn logged_heads(&self) -> Vec<(TreeHead, String)> {
        let statements = self.chain.statements().iter().map(|signed| signed.unverified_statement());
        statements.map(|it| (it.log, format!("the statement about key {}", it.number))).collect()
    }
}
