//! Form values on their way into a command: texts with their salts, ids derived from the form, days.

use uuid::Uuid;

use crate::{
    ambient,
    domain::{
        ids::{ItemId, UserId},
        launch::texts::{NewText, Salt},
        time::Day,
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

/// Parses a date field; `None` if it is empty.
///
/// # Errors
/// The message at the field.
pub fn parse_day(text: &str) -> Result<Option<Day>, &'static str> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let day = text.parse::<Day>().map_err(|_| "This is not a day. Write it as 2026-11-23.")?;
    let in_range = (1900..=9999).contains(&day.0.year());
    in_range.then_some(Some(day)).ok_or("This is out of range: the year is between 1900 and 9999.")
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

    #[test]
    fn day_field_is_parsed_or_refused() {
        assert_eq!(
            parse_day(" 2026-11-23 ").map(|day| day.map(|day| day.to_string())),
            Ok(Some("2026-11-23".to_owned()))
        );
        assert_eq!(parse_day(" "), Ok(None));
        for bad in ["23.11.2026", "2026-02-30", "-000001-01-01", "tomorrow", "1-1-1"] {
            assert!(parse_day(bad).is_err(), "{bad}");
        }
        assert!(parse_day("0001-01-01").is_err_and(|said| said.contains("between 1900 and 9999")));
    }
}
