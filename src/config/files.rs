//! Settings of the folders and files that an installation has.

use std::path::PathBuf;

use super::setting::{Setting, path};

/// Relative to the directory in which signoff is started.
pub const DEFAULT_KEY_FILE: &str = "signoff.key";

pub(super) fn evidence_dir() -> Setting<PathBuf> {
    Setting::new("SIGNOFF_EVIDENCE_DIR", path(), "The directory of evidence files.")
        .example("/var/lib/signoff/evidence")
        .default("evidence")
}

pub(super) fn key_file() -> Setting<PathBuf> {
    Setting::new(
        "SIGNOFF_KEY_FILE",
        path(),
        "The file of the installation's key, which signs checkpoints: `signoff keys new` makes it, once. Only the \
         server's user may read it; a file of root's may also be open to the server's group, or be a credential of \
         systemd or a secret of the container.",
    )
    .example("/etc/signoff/signoff.key")
    .default(DEFAULT_KEY_FILE)
}

pub(super) fn checkpoint_dir() -> Setting<PathBuf> {
    Setting::new(
        "SIGNOFF_CHECKPOINT_DIR",
        path(),
        "The directory of the daily checkpoints: one small file a day (UTC), to be copied to a place that this server \
         can't reach.",
    )
    .example("/var/lib/signoff/checkpoints")
    .default("checkpoints")
}
