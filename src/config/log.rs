//! Settings of the log.

use super::setting::{Setting, ValueRule, one_of};

/// The levels of the log, from nothing to everything.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people to read, in colour on a terminal.
    Pretty,
    /// One JSON object per line.
    Json,
}

/// A filter in the syntax of `tracing_subscriber::EnvFilter`. Of that syntax only levels and parts with a level are
/// accepted: a misspelt level would be the name of a part, of which everything is logged, and nothing of all others.
pub(super) fn log_filter() -> Setting<String> {
    let allowed = "a level (off, error, warn, info, debug, trace), or a list of levels for parts of the program, such as \
                   info,sqlx=warn";
    Setting::new(
        "SIGNOFF_LOG",
        ValueRule::new(allowed, move |text| complete_filter(text).ok_or_else(|| format!("must be {allowed}"))),
        "The level of the log, for everything or for parts. A part without a level of its own has info.",
    )
    .default("info")
}

fn complete_filter(text: &str) -> Option<String> {
    let mut directives = Vec::new();
    let mut is_complete = false;
    for directive in text.split(',').map(str::trim) {
        let (part, level) = directive.split_once('=').map_or((None, directive), |(part, level)| (Some(part), level));
        let level = level.to_ascii_lowercase();
        let is_name =
            |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "_:".contains(c));
        if !LEVELS.contains(&level.as_str()) || part.is_some_and(|part| !is_name(part)) {
            return None;
        }
        is_complete |= part.is_none();
        directives.push(part.map_or_else(|| level.clone(), |part| format!("{part}={level}")));
    }
    if !is_complete {
        directives.push("info".to_owned());
    }
    Some(directives.join(","))
}

pub(super) fn log_format() -> Setting<LogFormat> {
    Setting::new(
        "SIGNOFF_LOG_FORMAT",
        one_of(&[("pretty", LogFormat::Pretty), ("json", LogFormat::Json)]),
        "The format of the log: pretty, for people, or json, one object a line (in the container: json).",
    )
    .default("pretty")
}

pub(super) fn logs_refused_addresses() -> Setting<bool> {
    Setting::new(
        "SIGNOFF_LOG_REFUSED_ADDRESSES",
        one_of(&[("no", false), ("yes", true)]),
        "Whether the log has a line with the client's address for each refused sign-in, which fail2ban can act on \
         (deploy/fail2ban). No other line has an address. Addresses are personal data: say so in your privacy notice, and \
         delete old logs.",
    )
    .default("no")
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::EnvFilter;

    use super::*;

    #[test]
    fn log_filter_has_levels_only() {
        for (given, read) in [
            ("info", "info"),
            ("WARN", "warn"),
            ("off", "off"),
            ("info,sqlx=warn", "info,sqlx=warn"),
            ("sqlx::query=Debug , error", "sqlx::query=debug,error"),
            ("signoff=debug", "signoff=debug,info"),
        ] {
            let filter = complete_filter(given).unwrap_or_default();
            assert_eq!(filter, read, "{given}");
            assert!(EnvFilter::try_new(&filter).is_ok(), "{given}");
        }
        for wrong in ["loud", "info,sqlx=", "info,sqlx=loud", "info,", "=info", "info,[span]=debug", "sqlx", "a b=info"]
        {
            assert_eq!(complete_filter(wrong), None, "{wrong}");
        }
    }
}
