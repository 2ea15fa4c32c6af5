//! The place of a store of objects: a folder, or a bucket of an object store that speaks the protocol of Amazon's S3.

use std::{fmt, path::PathBuf, str::FromStr, sync::Arc, time::Duration};

use anyhow::Context as _;
use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, RetryConfig,
    aws::{AmazonS3Builder, S3CopyIfNotExists},
    local::LocalFileSystem,
    path::Path as Key,
    prefix::PrefixStore,
};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// How long connecting to an object store may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long an object store may send nothing.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// For how long a failed request is repeated, from its beginning.
const RETRY_TIMEOUT: Duration = Duration::from_secs(20);
const MAX_RETRIES: usize = 4;

/// A place of objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectLocation {
    Folder(PathBuf),
    Bucket {
        bucket: String,
        /// What the names of the objects begin with, without slashes at its ends; empty for the whole bucket.
        prefix: String,
    },
}

/// The text is neither a folder nor the address of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a folder, or a bucket such as s3://bucket/prefix (letters, digits, dots and hyphens)")]
pub struct ObjectLocationError;

impl FromStr for ObjectLocation {
    type Err = ObjectLocationError;

    fn from_str(text: &str) -> Result<Self, ObjectLocationError> {
        let Some(rest) = text.strip_prefix("s3://") else {
            let is_folder = !text.is_empty() && !text.contains("://");
            return if is_folder { Ok(Self::Folder(text.into())) } else { Err(ObjectLocationError) };
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let prefix = prefix.trim_matches('/');
        let is_name = |part: &str| !part.is_empty() && part.chars().all(is_plain) && !matches!(part, "." | "..");
        let is_bucket = (3..=63).contains(&bucket.len()) && is_name(bucket);
        if !is_bucket || !(prefix.is_empty() || prefix.split('/').all(is_name)) {
            return Err(ObjectLocationError);
        }
        Ok(Self::Bucket { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
    }
}

impl fmt::Display for ObjectLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Bucket { bucket, prefix } if prefix.is_empty() => write!(f, "s3://{bucket}"),
            Self::Bucket { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

/// An object store and an account there.
#[derive(Debug, Clone)]
pub struct S3Account {
    /// The address of the store; `None` for Amazon's own.
    pub endpoint: Option<Url>,
    pub region: String,
    pub access_key: String,
    pub secret_key: SecretString,
    /// Whether the bucket is in the path of addresses instead of the host's name.
    pub path_style: bool,
}

impl ObjectLocation {
    /// Opens the place; a folder is made if it does not exist. Nothing is sent to a bucket yet.
    pub fn open(&self, account: Option<&S3Account>) -> anyhow::Result<Arc<dyn ObjectStore>> {
        match self {
            Self::Folder(folder) => {
                let named = || format!("the folder {}", folder.display());
                std::fs::create_dir_all(folder).with_context(named)?;
                let store = LocalFileSystem::new_with_prefix(folder).with_context(named)?.with_fsync(true);
                Ok(Arc::new(store))
            }
            Self::Bucket { bucket, prefix } => {
                let account = account.context(
                    "a bucket needs an account: SIGNOFF_S3_ACCESS_KEY and SIGNOFF_S3_SECRET_KEY are not set",
                )?;
                Ok(Arc::new(PrefixStore::new(account.open_bucket(bucket)?, Key::from(prefix.as_str()))))
            }
        }
    }
}

impl S3Account {
    fn open_bucket(&self, bucket: &str) -> anyhow::Result<object_store::aws::AmazonS3> {
        // Another part of the process may have installed it.
        drop(rustls::crypto::ring::default_provider().install_default());
        // A file of any size is read in one request, so only the pauses in it are limited.
        let client = ClientOptions::new()
            .with_timeout_disabled()
            .with_connect_timeout(CONNECT_TIMEOUT)
            .with_read_timeout(READ_TIMEOUT);
        let retry =
            RetryConfig { backoff: BackoffConfig::default(), max_retries: MAX_RETRIES, retry_timeout: RETRY_TIMEOUT };
        let mut builder = AmazonS3Builder::new()
            .with_client_options(client)
            .with_retry(retry)
            .with_bucket_name(bucket)
            .with_region(&self.region)
            .with_access_key_id(&self.access_key)
            .with_secret_access_key(self.secret_key.expose_secret())
            .with_virtual_hosted_style_request(!self.path_style)
            .with_copy_if_not_exists(S3CopyIfNotExists::Multipart);
        if let Some(endpoint) = &self.endpoint {
            let mut address = endpoint.clone();
            // The address of a virtual host has the bucket in it.
            if !self.path_style
                && let Some(host) = endpoint.host_str()
            {
                address.set_host(Some(&format!("{bucket}.{host}")))?;
            }
            builder = builder
                .with_endpoint(address.as_str().trim_end_matches('/'))
                .with_allow_http(endpoint.scheme() == "http");
        }
        builder.build().with_context(|| format!("the bucket {bucket}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn location_is_a_folder_or_a_bucket() {
        for (text, shown) in [
            ("/srv/evidence", Some("/srv/evidence")),
            ("evidence", Some("evidence")),
            ("s3://signoff-evidence", Some("s3://signoff-evidence")),
            ("s3://signoff-evidence/", Some("s3://signoff-evidence")),
            ("s3://bucket/one/two/", Some("s3://bucket/one/two")),
            ("", None),
            ("s3://", None),
            ("s3://ab", None),
            ("s3://bucket/one//two", None),
            ("s3://bucket/../other", None),
            ("s3://name:password@bucket", None),
            ("https://bucket.example.org", None),
        ] {
            let parsed = text.parse::<ObjectLocation>().ok().map(|location| location.to_string());
            assert_eq!(parsed.as_deref(), shown, "{text}");
        }
    }
}
