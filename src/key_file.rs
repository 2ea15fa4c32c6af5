//! The installation's private key on disk: a file of one line that only its owner may read.

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Write as _},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use anyhow::{Context as _, anyhow, bail};
use rustix::process::geteuid;
use secrecy::zeroize::Zeroizing;

use crate::{
    ambient,
    domain::key::{PrivateKey, PublicKey},
};

/// The longest file that is accepted.
const MAX_BYTES: u64 = 1_000;

/// Creates the key of a new installation. An existing file is never overwritten, since a lost key can't be replaced.
///
/// # Errors
/// With a sentence that says what to do.
pub fn create(path: &Path) -> anyhow::Result<PublicKey> {
    let key = PrivateKey::new(ambient::new_opaque_id(), &Zeroizing::new(ambient::random_bytes()));
    write_new(path, &key)?;
    Ok(key.public_key())
}

/// Writes a key to a new file. An existing file is never overwritten.
///
/// # Errors
/// With a sentence that says what to do.
pub fn write_new(path: &Path, key: &PrivateKey) -> anyhow::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|error| {
        let exists = error.kind() == std::io::ErrorKind::AlreadyExists;
        let why = if exists { "is there already, and a key is never overwritten" } else { "can't be written" };
        anyhow!(error).context(format!("{} {why}", path.display()))
    })?;
    let written = file.write_all(key.to_text().as_bytes()).and_then(|()| file.sync_all());
    if let Err(error) = written {
        // A partial key is useless, and would block the next attempt.
        drop(std::fs::remove_file(path));
        return Err(error).with_context(|| format!("{} can't be written", path.display()));
    }
    sync_parent_folder(path).with_context(|| format!("the folder of {} can't be synced", path.display()))
}

/// The error says what to do, and never repeats the file's content.
pub fn read(path: &Path) -> anyhow::Result<PrivateKey> {
    let path_text = path.display();
    let mut file = File::open(path).with_context(|| {
        format!(
            "The key file {path_text} can't be read. `signoff keys new` makes one, once for an installation; \
                 SIGNOFF_KEY_FILE says where it is"
        )
    })?;
    let about = file.metadata().with_context(|| format!("The key file {path_text} can't be read"))?;
    if !about.is_file() || about.len() > MAX_BYTES {
        bail!("{path_text} is no key file. SIGNOFF_KEY_FILE must name one that `signoff keys new` made.");
    }
    let mode = about.permissions().mode();
    let is_provided =
        path.canonicalize().is_ok_and(|path| SECRET_FOLDERS.iter().any(|folder| path.starts_with(folder)));
    if mode & 0o777 & !allowed_mode(about.uid(), geteuid().as_raw(), is_provided) != 0 {
        bail!(
            "The key file {path_text} is open to others than its owner (mode {:03o}), and whoever has it can sign in this \
             installation's name. Close it: chmod 600 {path_text}",
            mode & 0o777
        );
    }
    // Full capacity from the start, so that growing it leaves no copy of the key in memory.
    let mut text = Zeroizing::new(String::with_capacity(2 * MAX_BYTES as usize));
    let read = (&mut file).take(MAX_BYTES).read_to_string(&mut text);
    read.with_context(|| format!("The key file {path_text} can't be read"))?;
    PrivateKey::from_text(&text).map_err(|error| anyhow!("The key file {path_text} can't be used: {error}."))
}

/// The folders in which systemd and containers provide secrets. Only root can put a file there, and it decides who sees
/// the folder.
const SECRET_FOLDERS: [&str; 2] = ["/run/credentials/", "/run/secrets/"];

/// The permissions that a key file may have. A file of one's own is open to oneself alone. One that root has given to a
/// service may be open to the service's group, which is how root gives a file to a user without giving it away; and a
/// credential of systemd (0440) or a secret of a container (0444) has the permissions that these give it.
const fn allowed_mode(owner: u32, ourselves: u32, is_provided: bool) -> u32 {
    const ROOT: u32 = 0;
    match owner {
        ROOT if is_provided => 0o644,
        ROOT if ourselves != ROOT => 0o640,
        _ => 0o600,
    }
}

/// A file's name survives a crash only after its folder is synced.
fn sync_parent_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;

    #[test]
    fn key_file_is_created_once_and_read_only_with_owner_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signoff.key");
        let made = create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(read(&path).unwrap().public_key(), made);
        let before = fs::read(&path).unwrap();
        let refused = format!("{:#}", create(&path).unwrap_err());
        assert!(refused.contains("never overwritten"), "{refused}");
        assert_eq!(fs::read(&path).unwrap(), before);
        for mode in [0o640, 0o604, 0o620, 0o601, 0o660, 0o777] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let refused = read(&path).unwrap_err().to_string();
            assert!(refused.contains("chmod 600"), "{mode:o}: {refused}");
        }
        fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
        assert_eq!(read(&path).unwrap().public_key(), made);
    }

    #[test]
    fn key_file_may_be_open_as_far_as_root_has_given_it() {
        for (owner, ourselves, is_provided, allowed) in [
            (1_000, 1_000, false, 0o600),
            (1_000, 1_000, true, 0o600),
            (0, 1_000, false, 0o640),
            (0, 0, false, 0o600),
            (0, 1_000, true, 0o644),
            (0, 0, true, 0o644),
        ] {
            assert_eq!(allowed_mode(owner, ourselves, is_provided), allowed, "{owner} {ourselves} {is_provided}");
        }
    }

    #[test]
    fn key_file_that_is_invalid_is_rejected_and_not_repeated() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signoff.key");
        let refused = format!("{:#}", read(&path).unwrap_err());
        assert!(refused.contains("signoff keys new"), "{refused}");
        assert!(read(folder.path()).is_err(), "a folder is none");
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).unwrap();
        for text in ["", "PRIVATE+KEY+hunter2", "\0\0"] {
            file.set_len(0).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            let refused = format!("{:#}", read(&path).unwrap_err());
            assert!(refused.contains("can't be used") && !refused.contains("hunter2"), "{refused}");
        }
        file.write_all(&[b'x'; 2_000]).unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("no key file"));
    }
}
