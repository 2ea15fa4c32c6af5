//! The names that settings may have, so that a misspelt one is noticed.

use super::setting::SettingDeclaration;

/// Names that the program itself does not read as a setting of the installation: those of `.env.example` for docker
/// compose, of the command line, of the scripts in `deploy`, and of the commands and tests of the repository (docs/running.md).
pub const OTHER_NAMES: &[&str] = &[
    "SIGNOFF_BENCH_PEOPLE",
    "SIGNOFF_ENV_FILE",
    "SIGNOFF_FAILURE_HOOK",
    "SIGNOFF_HOME",
    "SIGNOFF_KEEP_BUNDLE",
    "SIGNOFF_MUTATIONS",
    "SIGNOFF_MUTATION_SEED",
    "SIGNOFF_OWNER_PASSWORD",
    "SIGNOFF_POSTGRES_PASSWORD",
    "SIGNOFF_PUBLISH",
    "SIGNOFF_REDIS_PASSWORD",
    "SIGNOFF_SCALE_ITEMS",
    "SIGNOFF_SCALE_REPORT",
    "SIGNOFF_SCALE_SIZES",
    "SIGNOFF_TEST_BROWSER",
    "SIGNOFF_WEB_PASSWORD",
    "SIGNOFF_WRITE_VECTORS",
];

/// A variable whose name begins like those of the settings, and that is no setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} is no setting{}", self.hint())]
pub struct UnknownSetting {
    pub name: String,
    /// The known name that is most like it, if one is.
    pub nearest: Option<String>,
}

impl UnknownSetting {
    fn hint(&self) -> String {
        self.nearest.as_ref().map_or_else(String::new, |nearest| format!("; is {nearest} meant?"))
    }
}

/// The unknown ones among the names of variables, in their order. Only names with the prefix `SIGNOFF_` are this program's.
#[must_use]
pub fn unknown_settings<'a>(
    declarations: &[SettingDeclaration],
    names: impl IntoIterator<Item = &'a str>,
) -> Vec<UnknownSetting> {
    let known: Vec<String> = declarations
        .iter()
        .flat_map(|declaration| [Some(declaration.name.to_owned()), declaration.file_name()])
        .flatten()
        .chain(OTHER_NAMES.iter().map(|name| (*name).to_owned()))
        .collect();
    names
        .into_iter()
        .filter(|name| {
            name.starts_with("SIGNOFF_") && !known.iter().any(|known| known == name) && !is_service_link(name)
        })
        .map(|name| UnknownSetting { name: name.to_owned(), nearest: nearest(name, &known) })
        .collect()
}

/// Kubernetes and docker links describe a service that is called `signoff` by such variables, in every container.
fn is_service_link(name: &str) -> bool {
    let has_port = name.match_indices("_PORT_").any(|(at, found)| {
        name[at + found.len()..].split_once('_').is_some_and(|(port, protocol)| {
            port.parse::<u16>().is_ok() && ["TCP", "UDP", "SCTP"].iter().any(|known| protocol.starts_with(known))
        })
    });
    has_port
        || name.contains("_SERVICE_PORT_")
        || ["_SERVICE_HOST", "_SERVICE_PORT", "_PORT"].iter().any(|ending| name.ends_with(ending))
}

/// The known name that differs in few letters, or only in where its words are separated.
fn nearest(name: &str, known: &[String]) -> Option<String> {
    let letters = |name: &str| name.trim_start_matches("SIGNOFF_").replace('_', "");
    let distance = |known: &String| strsim::damerau_levenshtein(&letters(name), &letters(known));
    let (distance, nearest) = known.iter().map(|known| (distance(known), known)).min()?;
    (distance <= 1 + letters(name).len() / 4).then(|| nearest.clone())
}

#[cfg(test)]
mod tests {
    use super::{super::Config, *};

    #[test]
    fn unknown_setting_is_named_with_the_nearest_known_one() {
        let declarations = Config::declarations();
        for (name, nearest) in [
            ("SIGNOFF_LOGFORMAT", Some("SIGNOFF_LOG_FORMAT")),
            ("SIGNOFF_LOGS", Some("SIGNOFF_LOG")),
            ("SIGNOFF_TRUSTED_PROXY", Some("SIGNOFF_TRUSTED_PROXIES")),
            ("SIGNOFF_SECRETKEY_FILE", Some("SIGNOFF_SECRET_KEY_FILE")),
            ("SIGNOFF_LISTEN_FILE", None),
            ("SIGNOFF_COFFEE", None),
        ] {
            let unknown = unknown_settings(&declarations, [name, "PATH", "SIGNOFF_LISTEN"]);
            let expected = UnknownSetting { name: name.to_owned(), nearest: nearest.map(str::to_owned) };
            assert_eq!(unknown, [expected], "{name}");
        }
        for name in [
            "SIGNOFF_SECRET_KEY_FILE",
            "DATABASE_URL_FILE",
            "SIGNOFF_PUBLISH",
            "SIGNOFF_FAILURE_HOOK",
            "SIGNOFF_HOME",
            "LOGFORMAT",
            "SIGNOFF_SERVICE_HOST",
            "SIGNOFF_METRICS_SERVICE_PORT_HTTP",
            "SIGNOFF_PORT",
            "SIGNOFF_PORT_8080_TCP_ADDR",
            "SIGNOFF_METRICS_PORT_9090_TCP",
        ] {
            assert_eq!(unknown_settings(&declarations, [name]), [], "{name}");
        }
    }
}
