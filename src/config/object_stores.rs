//! Settings of object stores, of backups, and of a copy that is served to look at.

use secrecy::SecretString;
use url::Url;

use super::{
    addresses::is_loopback,
    reader::SettingReader,
    setting::{Setting, ValueRule, one_of, parsed},
};
use crate::object_location::{ObjectLocation, S3Account};

/// The most bytes of an object that S3 copies in one request, as it is done with an upload once it is complete.
pub(super) const MAX_OBJECT_BYTES: u64 = 5_000_000_000;

/// The names of the settings of one account.
struct AccountNames {
    endpoint: &'static str,
    region: &'static str,
    access_key: &'static str,
    secret_key: &'static str,
    path_style: &'static str,
}

const EVIDENCE: AccountNames = AccountNames {
    endpoint: "SIGNOFF_S3_ENDPOINT",
    region: "SIGNOFF_S3_REGION",
    access_key: "SIGNOFF_S3_ACCESS_KEY",
    secret_key: "SIGNOFF_S3_SECRET_KEY",
    path_style: "SIGNOFF_S3_PATH_STYLE",
};

const BACKUPS: AccountNames = AccountNames {
    endpoint: "SIGNOFF_BACKUP_S3_ENDPOINT",
    region: "SIGNOFF_BACKUP_S3_REGION",
    access_key: "SIGNOFF_BACKUP_S3_ACCESS_KEY",
    secret_key: "SIGNOFF_BACKUP_S3_SECRET_KEY",
    path_style: "SIGNOFF_BACKUP_S3_PATH_STYLE",
};

pub(super) fn read_evidence_account(reader: &mut SettingReader<'_>) -> Option<S3Account> {
    read_account(reader, &EVIDENCE)
}

/// The account of the bucket of backups, if it is another than that of the evidence.
pub(super) fn read_backup_account(reader: &mut SettingReader<'_>) -> Option<S3Account> {
    read_account(reader, &BACKUPS)
}

/// `None` if there is none, or it is wrong.
fn read_account(reader: &mut SettingReader<'_>, names: &AccountNames) -> Option<S3Account> {
    let address = Setting::new(names.endpoint, endpoint(), "The address of the object store.");
    let endpoint = reader.read(address.optional("Amazon's own").example("https://s3.example.org"));
    let region = Setting::new(names.region, parsed("a region"), "The region of the bucket.");
    let region = reader.read(region.default("us-east-1"));
    let access_key = Setting::new(names.access_key, parsed("an access key"), "The name of the account.");
    let access_key: Option<String> = reader.read(access_key);
    let secret = ValueRule::new("a secret key", |text| Ok(SecretString::from(text)));
    let secret_key = reader.read(Setting::new(names.secret_key, secret, "The secret key of the account.").secret());
    let path_style = Setting::new(
        names.path_style,
        one_of(&[("yes", true), ("no", false)]),
        "Whether addresses have the bucket in their path instead of the host's name, as MinIO wants it.",
    );
    let path_style = reader.read(path_style.default("no"));
    if reader.is_set(names.access_key) != reader.is_set(names.secret_key) {
        reader.add_problem(names.access_key, &format!("must be set along with {}", names.secret_key));
    }
    Some(S3Account {
        endpoint,
        region: region?,
        access_key: access_key?,
        secret_key: secret_key?,
        path_style: path_style?,
    })
}

/// An address without a path. Only a store on this machine may be reached without TLS.
fn endpoint() -> ValueRule<Url> {
    let allowed = "an https:// address without a path, or on this machine alone http://";
    ValueRule::new(allowed, move |text| {
        let url = Url::parse(text).ok().filter(|url| {
            let is_safe = match url.scheme() {
                "https" => true,
                "http" => url.host_str().is_some_and(is_loopback),
                _ => false,
            };
            is_safe && matches!(url.path(), "" | "/") && url.query().is_none() && url.username().is_empty()
        });
        url.ok_or_else(|| format!("must be {allowed}"))
    })
}

pub(super) fn evidence_url() -> Setting<ObjectLocation> {
    let must = "must be a bucket such as s3://bucket/prefix";
    Setting::new(
        "SIGNOFF_EVIDENCE_URL",
        ValueRule::new("a bucket such as s3://bucket/prefix", move |text| match text.parse() {
            Ok(location @ ObjectLocation::Bucket { .. }) => Ok(location),
            _ => Err(must.to_owned()),
        }),
        "The bucket of evidence files, instead of a directory. It needs the account in SIGNOFF_S3_ACCESS_KEY and \
         SIGNOFF_S3_SECRET_KEY.",
    )
    .optional("none; then evidence is in SIGNOFF_EVIDENCE_DIR")
    .example("s3://example-evidence/signoff")
}

pub(super) fn backup_to() -> Setting<ObjectLocation> {
    Setting::new(
        "SIGNOFF_BACKUP_TO",
        ValueRule::new("a folder, or a bucket such as s3://bucket/prefix", |text| {
            text.parse().map_err(|error: crate::object_location::ObjectLocationError| error.to_string())
        }),
        "Where `signoff backup` puts backups when it is started without a place.",
    )
    .example("/var/backups/signoff")
}

pub(super) fn backup_passphrase() -> Setting<SecretString> {
    Setting::new(
        "SIGNOFF_BACKUP_PASSPHRASE",
        ValueRule::new("a passphrase", |text| Ok(SecretString::from(text))),
        "The passphrase to which backups encrypt the key file and SIGNOFF_SECRET_KEY. Keep it where neither this machine \
         nor the backups are.",
    )
    .secret()
    .optional("none; then the keys are in no backup")
}

pub(super) fn drill() -> Setting<bool> {
    Setting::new(
        "SIGNOFF_DRILL",
        one_of(&[("yes", true), ("no", false)]),
        "Whether a copy of the installation is served to look at, such as a restored backup: nothing is changed, signed, \
         sent or swept, and every page says so.",
    )
    .default("no")
}
