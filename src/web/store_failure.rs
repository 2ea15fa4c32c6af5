//! Which failures of a store are answered as such: the store is full, does not answer, or refuses for the moment.
//!
//! Whoever asked can try again, and an operator can act; neither is true of a defect. Everything that is not recognised
//! here is answered as a defect.

use std::{error::Error as StdError, io};

use super::Error;
use crate::{redis::RedisUnavailable, texts};

/// Finds a failure of a store in an error or its causes, and logs it.
pub(super) fn find_store_failure(error: &(dyn StdError + 'static)) -> Option<Error> {
    let found = list_causes(error).find_map(|cause| {
        cause
            .downcast_ref::<sqlx::Error>()
            .and_then(to_database_failure)
            .or_else(|| cause.downcast_ref::<object_store::Error>().and_then(to_evidence_failure))
            .or_else(|| cause.downcast_ref::<RedisUnavailable>().map(to_redis_failure))
    });
    if found.is_some() {
        tracing::error!(error, "a store failed");
    }
    found
}

fn list_causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&(dyn StdError + 'static)| (*error).source())
}

fn to_redis_failure(_: &RedisUnavailable) -> Error {
    Error::Unavailable(texts::session_store_does_not_answer())
}

fn to_database_failure(error: &sqlx::Error) -> Option<Error> {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
            Some(Error::Unavailable(texts::database_does_not_answer()))
        }
        sqlx::Error::Database(error) => to_refusal_of_database(&error.code()?),
        _ => None,
    }
}

/// By the error codes of PostgreSQL (its documentation, appendix A). After each of them the transaction was rolled back.
fn to_refusal_of_database(code: &str) -> Option<Error> {
    match code {
        // disk_full
        "53100" => Some(Error::StorageFull(texts::database_is_full())),
        // read_only_sql_transaction: a standby, or a server that was set to read-only.
        "25006" => Some(Error::Unavailable(texts::database_is_read_only())),
        // A statement that took too long (57014), or that was in another one's way.
        "57014" | "55P03" | "40001" | "40P01" => Some(Error::Unavailable(texts::takes_too_long())),
        // Connection exceptions, insufficient resources, a server that starts or stops, its files, an idle transaction.
        _ if code.starts_with("08")
            || code.starts_with("53")
            || code.starts_with("57P")
            || code.starts_with("58")
            || code == "25P03" =>
        {
            Some(Error::Unavailable(texts::database_does_not_answer()))
        }
        _ => None,
    }
}

fn to_evidence_failure(error: &object_store::Error) -> Option<Error> {
    let is_full = list_causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|error| {
        matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
    });
    match error {
        _ if is_full => Some(Error::StorageFull(texts::evidence_store_is_full())),
        // Of the store's disk or server. The other kinds are about a single file, and are expected where it is used.
        object_store::Error::Generic { .. }
        | object_store::Error::PermissionDenied { .. }
        | object_store::Error::Unauthenticated { .. } => {
            Some(Error::Unavailable(texts::evidence_store_does_not_answer()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    fn evidence_error(kind: io::ErrorKind) -> object_store::Error {
        object_store::Error::Generic { store: "test", source: io::Error::from(kind).into() }
    }

    fn status_of(error: impl Into<anyhow::Error>) -> u16 {
        Error::from(error.into().context("while something was done")).status().as_u16()
    }

    #[test]
    fn store_failure_below_other_errors_is_found_and_a_defect_is_none() {
        assert_eq!(status_of(evidence_error(io::ErrorKind::StorageFull)), 507);
        assert_eq!(status_of(evidence_error(io::ErrorKind::ReadOnlyFilesystem)), 503);
        assert_eq!(status_of(sqlx::Error::PoolTimedOut), 503);
        assert_eq!(status_of(sqlx::Error::RowNotFound), 500);
        let wrapped = Err::<(), _>(evidence_error(io::ErrorKind::QuotaExceeded)).context("one").context("two");
        assert_eq!(status_of(wrapped.unwrap_err()), 507);
    }

    #[test]
    fn refusals_of_postgresql_are_answered_by_their_code() {
        for (code, status) in [
            ("53100", Some(507)),
            ("53300", Some(503)),
            ("57P01", Some(503)),
            ("57014", Some(503)),
            ("25006", Some(503)),
            ("40P01", Some(503)),
            ("58030", Some(503)),
            ("23505", None),
            ("42501", None),
        ] {
            assert_eq!(to_refusal_of_database(code).map(|error| error.status().as_u16()), status, "{code}");
        }
    }
}
