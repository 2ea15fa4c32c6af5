//! JSON in the one form that signoff writes, where serde would take others for the same value: a hash in capitals, an id
//! in braces, a time with `+00:00`; a list of the members' values in the place of an object.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{
        DeserializeOwned, Error, IntoDeserializer as _, MapAccess, Visitor,
        value::{MapAccessDeserializer, StrDeserializer},
    },
};

/// Reads a value that is written as a string, in its one spelling.
///
/// # Errors
/// When it is no such value, or spelled otherwise than it is written.
pub(crate) fn exactly<'de, D: Deserializer<'de>, T: DeserializeOwned + Serialize>(
    deserializer: D,
) -> Result<T, D::Error> {
    ExactlySpelled::deserialize(deserializer).map(|ExactlySpelled(value)| value)
}

/// Reads a list of values that are each written as a string, in their one spelling.
///
/// # Errors
/// When one is no such value, or spelled otherwise than it is written.
pub(crate) fn each_exactly<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Serialize,
{
    let values = Vec::<ExactlySpelled<T>>::deserialize(deserializer)?;
    Ok(values.into_iter().map(|ExactlySpelled(value)| value).collect())
}

/// Reads an object, which is written as one.
///
/// # Errors
/// When it is no object, or not one of this type.
pub(crate) fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

/// Reads a list of objects, which are each written as one.
///
/// # Errors
/// When one is no object, or not one of this type.
pub(crate) fn each_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let values = Vec::<WrittenAsObject<T>>::deserialize(deserializer)?;
    Ok(values.into_iter().map(|WrittenAsObject(value)| value).collect())
}

/// A value that is written as an object.
pub(crate) struct WrittenAsObject<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for WrittenAsObject<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object(deserializer).map(Self)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members))
    }
}

struct ExactlySpelled<T>(T);

impl<'de, T: DeserializeOwned + Serialize> Deserialize<'de> for ExactlySpelled<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let spelled: StrDeserializer<'_, D::Error> = text.as_str().into_deserializer();
        let value = T::deserialize(spelled)?;
        let written = serde_json::to_value(&value).map_err(D::Error::custom)?;
        if written == text.as_str() {
            return Ok(Self(value));
        }
        Err(D::Error::custom(format_args!("{text:?} is not spelled as it has to be")))
    }
}
