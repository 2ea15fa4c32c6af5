//! Ids and salts of what a form creates. A form that is sent twice creates its things once.

use uuid::Uuid;

use crate::{
    ambient,
    domain::{
        ids::{ItemId, UserId},
        launch::texts::{NewText, Salt},
    },
};

/// A text to be stored, with a new salt.
#[must_use]
pub fn new_text(value: impl Into<String>) -> NewText {
    NewText { value: value.into(), salt: Salt(ambient::random_bytes()) }
}

/// Id of something that a form creates on an item. A form with the idempotency key `once` (a UUID), sent twice, creates
/// it once: the id is derived from the creator, the item, the key and the content. Other content under the same key
/// (sent from a page that the browser went back to) gets another id and is not lost.
#[must_use]
pub fn idempotent_id_on_item<T: From<Uuid>>(maker: UserId, item: ItemId, once: &str, content: &[&[u8]]) -> T {
    idempotent_id(maker, item.uuid(), once, content)
}

/// Like [`idempotent_id_on_item`], for something that is created on whatever has the id `of`. Without a valid key the
/// id is new.
#[must_use]
pub fn idempotent_id<T: From<Uuid>>(maker: UserId, of: Uuid, once: &str, content: &[&[u8]]) -> T {
    let Ok(once) = once.parse::<Uuid>() else { return ambient::new_id() };
    let mut name = [*of.as_bytes(), *once.as_bytes()].concat();
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
        let once = ambient::new_opaque_id::<Uuid>().to_string();
        let id = |once: &str, content: &[&[u8]]| idempotent_id_on_item::<Uuid>(maker, item, once, content);
        assert_eq!(id(&once, &[b"a", b"b"]), id(&once, &[b"a", b"b"]));
        assert_ne!(id(&once, &[b"a", b"b"]), id(&once, &[b"ab", b""]));
        assert_ne!(id(&once, &[b"a"]), idempotent_id_on_item::<Uuid>(maker, ambient::new_id(), &once, &[b"a"]));
        assert_ne!(id("", &[b"a"]), id("", &[b"a"]));
    }
}
