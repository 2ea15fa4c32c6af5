//! The language in which texts are written: that of the reader of the request that is being answered.

use super::Reader;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    English,
    German,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The tag of RFC 5646: `en`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// What the language calls itself.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The language that a browser prefers, by its header `Accept-Language` (RFC 9110, 12.5.4); English if it accepts none.
    ///
    /// No crate, since of the header only the primary subtags of known languages matter.
    #[must_use]
    pub fn preferred(accept_language: &str) -> Self {
        let weigh = |range: &str| {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let language = Self::from_tag(&tag.trim().split('-').next()?.to_ascii_lowercase())?;
            let weight = parameters.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>).ok()?;
            (weight > 0.0).then_some((language, weight))
        };
        // Of equal weights the first counts.
        accept_language
            .split(',')
            .filter_map(weigh)
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map_or(Self::English, |(language, _)| language)
    }

    /// The language of the request that is being answered; English outside of one.
    #[must_use]
    pub fn current() -> Self {
        Reader::current().language
    }

    /// Changes the language of the rest of the request: once it is known who the reader is.
    pub fn set_current(self) {
        Reader::update(|reader| reader.language = self);
    }

    /// Does work in this language, in which nobody is marked.
    pub async fn scope<T>(self, work: impl Future<Output = T>) -> T {
        self.to_reader().scope(work).await
    }

    /// Does work in this language, on the present thread.
    pub fn sync_scope<T>(self, work: impl FnOnce() -> T) -> T {
        self.to_reader().sync_scope(work)
    }

    fn to_reader(self) -> Reader {
        Reader { language: self, ..Reader::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferred_language_is_the_first_known_of_the_highest_weight() {
        for (header, expected) in [
            ("", Language::English),
            ("de", Language::German),
            ("DE-at", Language::German),
            ("fr, de;q=0.8, en;q=0.9", Language::English),
            ("fr, de;q=0.9, en;q=0.9", Language::German),
            ("en;q=0, de;q=0.1", Language::German),
            ("de;q=0", Language::English),
            ("den, deu", Language::English),
            ("de;q=x, en", Language::English),
            (" de ; q=0.5 ,, ;q=", Language::German),
            ("*", Language::English),
        ] {
            assert_eq!(Language::preferred(header), expected, "{header}");
        }
    }

    #[tokio::test]
    async fn language_of_a_request_is_english_until_it_is_set() {
        assert_eq!(Language::current(), Language::English);
        Language::German
            .scope(async {
                assert_eq!(Language::current(), Language::German);
                tokio::task::yield_now().await;
                Language::English.set_current();
                assert_eq!(Language::current(), Language::English);
            })
            .await;
        assert_eq!(Language::German.sync_scope(Language::current), Language::German);
    }
}
