//! Ids and salts of what a form creates. A form that is sent twice creates its things once.

use serde::Deserialize;
use uuid::Uuid;

use crate::{
    ambient,
    domain::{
        ids::{ItemId, UserId},
        launch::texts::{NewText, Salt},
    },
    texts,
};

/// The field `once` of a form, as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SentIdempotencyKey(Vec<String>);

impl SentIdempotencyKey {
    /// A new key, for a form on a page.
    #[must_use]
    pub fn generate() -> Self {
        Self(vec![ambient::new_opaque_id::<Uuid>().to_string()])
    }

    /// Adds a value of the field, in a form that is read part by part.
    pub fn add(&mut self, value: String) {
        self.0.push(value);
    }

    /// The key of the form. Without the field, which only a program leaves out, what the form creates is new each time.
    ///
    /// # Errors
    /// When the field is not one UUID: then a form that is sent twice could not be recognised.
    pub fn parse(&self) -> Result<IdempotencyKey, InvalidIdempotencyKey> {
        match self.0.as_slice() {
            [] => Ok(IdempotencyKey(None)),
            [value] => value.parse().map(|key| IdempotencyKey(Some(key))).map_err(|_| InvalidIdempotencyKey),
            _ => Err(InvalidIdempotencyKey),
        }
    }

    /// The key to send with the form when it comes back: the same, unless it is missing or damaged.
    #[must_use]
    pub fn or_generate(self) -> Self {
        if matches!(self.parse(), Ok(IdempotencyKey(Some(_)))) { self } else { Self::generate() }
    }

    /// The key for the form when it comes back. After a conflict it is a new one: the request with the old one is answered.
    #[must_use]
    pub fn for_next_attempt(self, was_refused: bool) -> Self {
        if was_refused { Self::generate() } else { self.or_generate() }
    }

    /// The value of the form's field.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }
}

/// The key by which a form that is sent twice is recognised; empty for a form without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdempotencyKey(Option<Uuid>);

/// The field `once` of a form is not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", texts::number_of_form_is_damaged())]
pub struct InvalidIdempotencyKey;

/// A text to be stored, with a new salt.
#[must_use]
pub fn new_text(value: impl Into<String>) -> NewText {
    NewText { value: value.into(), salt: Salt(ambient::random_bytes()) }
}

/// Id of something that a form creates on an item. A form with an idempotency key, sent twice, creates it once: the id is
/// derived from the creator, the item, the key and the content. Other content under the same key (sent from a page that
/// the browser went back to) gets another id and is not lost.
#[must_use]
pub fn idempotent_id_on_item<T: From<Uuid>>(maker: UserId, item: ItemId, key: IdempotencyKey, content: &[&[u8]]) -> T {
    idempotent_id(maker, item.uuid(), key, content)
}

/// Like [`idempotent_id_on_item`], for something that is created on whatever has the id `of`. Without a key the id is new.
#[must_use]
pub fn idempotent_id<T: From<Uuid>>(maker: UserId, of: Uuid, key: IdempotencyKey, content: &[&[u8]]) -> T {
    let Some(key) = key.0 else { return ambient::new_id() };
    let mut name = [*of.as_bytes(), *key.as_bytes()].concat();
    for part in content {
        name.extend_from_slice(&(part.len() as u64).to_be_bytes());
        name.extend_from_slice(part);
    }
    Uuid::new_v5(&maker.uuid(), &name).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idempotent_id_of_the_same_form_is_the_same() {
        let (maker, item) = (ambient::new_id(), ambient::new_id());
        let key = SentIdempotencyKey::generate().parse().unwrap();
        let id = |key, content: &[&[u8]]| idempotent_id_on_item::<Uuid>(maker, item, key, content);
        assert_eq!(id(key, &[b"a", b"b"]), id(key, &[b"a", b"b"]));
        assert_ne!(id(key, &[b"a", b"b"]), id(key, &[b"ab", b""]));
        assert_ne!(id(key, &[b"a"]), idempotent_id_on_item::<Uuid>(maker, ambient::new_id(), key, &[b"a"]));
        let none = SentIdempotencyKey::default().parse().unwrap();
        assert_ne!(id(none, &[b"a"]), id(none, &[b"a"]));
    }

    #[test]
    fn idempotency_key_other_than_one_uuid_is_refused() {
        let uuid = "00000000-0000-4000-8000-00000000000a";
        let sent = |values: &[&str]| SentIdempotencyKey(values.iter().map(|value| (*value).to_owned()).collect());
        assert_eq!(sent(&[uuid]).parse(), sent(&[&uuid.to_uppercase()]).parse());
        assert_eq!(sent(&[uuid]).or_generate().as_str(), uuid);
        for wrong in [&[""][..], &["zzz"], &[&format!(" {uuid}")], &[&format!("{uuid} ")], &[&uuid[1..]], &[uuid, uuid]]
        {
            assert_eq!(sent(wrong).parse(), Err(InvalidIdempotencyKey), "{wrong:?}");
            assert!(sent(wrong).or_generate().parse().is_ok(), "{wrong:?}");
        }
    }
}
