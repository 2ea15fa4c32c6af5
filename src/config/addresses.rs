//! Addresses of stores and mail servers: a scheme, a name and a password, a host, and options.

use std::net::IpAddr;

use secrecy::SecretString;
use url::Url;

use super::setting::ValueRule;

/// The schemes of PostgreSQL's addresses.
pub(super) const POSTGRESQL: &[&str] = &["postgres", "postgresql"];

/// The address of a store, with one of these schemes.
pub(super) fn store_address(schemes: &'static [&'static str]) -> ValueRule<SecretString> {
    let schemes_text = schemes.iter().map(|scheme| format!("{scheme}://")).collect::<Vec<_>>().join(", ");
    let allowed = format!("an address that begins with one of {schemes_text}");
    let must = format!("must be {allowed}");
    ValueRule::new(allowed, move |text| {
        let Some((scheme, rest)) = text.split_once("://").filter(|(scheme, _)| schemes.contains(scheme)) else {
            return Err(must.clone());
        };
        check_encoding(text)?;
        let text = if POSTGRESQL.contains(&scheme) { move_user_to_options(scheme, rest) } else { text.to_owned() };
        Url::parse(&text).map_err(|error| format!("must be a valid address: {error}"))?;
        Ok(text.into())
    })
}

/// An address as PostgreSQL's own programs read it may have a user and no host, which a URL may not:
/// `postgres://user:password@/database?host=/run/postgresql`. The user and the password then become options.
fn move_user_to_options(scheme: &str, rest: &str) -> String {
    let as_option = |text: &str| text.replace('&', "%26").replace('+', "%2B");
    match rest.split_once("@/") {
        Some((person, path)) if !person.contains(['/', '?', '#']) => {
            let (user, password) = person.split_once(':').unwrap_or((person, ""));
            let mut address = format!("{scheme}:///{path}");
            address.push(if path.contains('?') { '&' } else { '?' });
            address += &format!("user={}", as_option(user));
            if !password.is_empty() {
                address += &format!("&password={}", as_option(password));
            }
            address
        }
        _ => format!("{scheme}://{rest}"),
    }
}

/// Whether a host name or address is this machine's. (In a `smtp:` address the library keeps any host as text.)
pub(super) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Explains which characters of an address's user name and password must be percent-encoded (RFC 3986, section 3.2.1),
/// if one of them is not: such a character would truncate the address or change its meaning.
pub(super) fn check_encoding(text: &str) -> Result<(), String> {
    let Some((_, rest)) = text.split_once("://") else { return Ok(()) };
    // The options after `?name=` belong to neither, and may contain an `@`.
    let options = rest.match_indices('?').map(|(at, _)| at).find(|at| {
        let name: String =
            rest[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect();
        !name.is_empty() && rest[at + 1 + name.len()..].starts_with('=')
    });
    let Some((person, _)) = rest[..options.unwrap_or(rest.len())].rsplit_once('@') else { return Ok(()) };
    let escaped =
        |at: usize| person.as_bytes().get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    let mut wrong: Vec<char> = person
        .char_indices()
        .filter(|(at, c)| "@#/?[] ".contains(*c) || (*c == '%' && !escaped(*at)))
        .map(|(_, c)| c)
        .collect();
    wrong.sort_unstable();
    wrong.dedup();
    if wrong.is_empty() {
        return Ok(());
    }
    let encodings = wrong.iter().map(|c| format!("“{c}” as %{:02X}", u32::from(*c))).collect::<Vec<_>>().join(", ");
    Err(format!("must have its name and password percent-encoded: {encodings}"))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn characters_that_must_be_percent_encoded_are_named_and_the_secret_is_not() {
        for (text, ending) in [
            ("postgres://signoff:p@ss@db/signoff", "“@” as %40"),
            ("postgres://signoff:12#34@db/signoff", "“#” as %23"),
            ("postgres://signoff:p#a/ss@db/signoff", "“#” as %23, “/” as %2F"),
            ("redis://:a/b@cache:6379", "“/” as %2F"),
            ("smtps://me%x:secret@mail.example.org", "“%” as %25"),
            ("postgres://signoff:a?b c@db/signoff", "“ ” as %20, “?” as %3F"),
            ("postgres://signoff:100%@db/signoff", "“%” as %25"),
        ] {
            let must = check_encoding(text).unwrap_err();
            assert!(must.ends_with(ending), "{text}: {must}");
            assert!(!must.contains("secret") && !must.contains("signoff"), "{must}");
        }
        for good in [
            "postgres://signoff:p%40ss%23@db:5432/signoff?sslmode=verify-full",
            "postgres://db/signoff?user=a@b&password=x/y",
            "redis://127.0.0.1:6379/1",
            "postgres:///signoff?host=/run/postgresql",
            "nothing at all",
        ] {
            assert_eq!(check_encoding(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn postgresql_address_with_a_user_and_no_host_is_accepted() {
        let rule = super::super::setting::Setting::new("X", store_address(POSTGRESQL), "");
        for (given, read) in [
            ("postgres://u:p@/db?host=/run/postgresql", "postgres:///db?host=/run/postgresql&user=u&password=p"),
            ("postgresql://u:p%2B+%26&@/db", "postgresql:///db?user=u&password=p%2B%2B%26%26"),
            ("postgres://u@/db", "postgres:///db?user=u"),
            ("postgres://u:p@h/db?options=a@/b", "postgres://u:p@h/db?options=a@/b"),
            ("postgres:///db?host=/run/postgresql", "postgres:///db?host=/run/postgresql"),
        ] {
            assert_eq!((rule.parse)(given).unwrap().expose_secret(), read, "{given}");
        }
        for (given, must) in [
            ("mysql://u:p@h/db", "must be an address that begins with one of postgres://, postgresql://"),
            ("postgres://u:p@h:port/db", "must be a valid address: invalid port number"),
        ] {
            assert_eq!((rule.parse)(given).err().as_deref(), Some(must), "{given}");
        }
    }
}
