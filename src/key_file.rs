//! The installation's private key on disk: a file of one line, which nobody but its owner may read.

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Write as _},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use anyhow::{Context as _, anyhow, bail};
use secrecy::zeroize::Zeroizing;

use crate::{
    ambient,
    domain::key::{PrivateKey, PublicKey},
};

/// The longest file that is looked at.
const MOST_BYTES: u64 = 1_000;

/// Makes the key of a new installation. What is there already is never touched: a key that is gone is gone for good.
///
/// # Errors
/// With a sentence that says what to do.
pub fn make(path: &Path) -> anyhow::Result<PublicKey> {
    let key = PrivateKey::new(ambient::opaque_id(), &Zeroizing::new(ambient::random()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|error| {
        let there = error.kind() == std::io::ErrorKind::AlreadyExists;
        let why = if there { "is there already, and a key is never overwritten" } else { "can't be written" };
        anyhow!(error).context(format!("{} {why}", path.display()))
    })?;
    let written = file.write_all(key.to_text().as_bytes()).and_then(|()| file.sync_all());
    if let Err(error) = written {
        // Half a key is none, and would be in the way.
        drop(std::fs::remove_file(path));
        return Err(error).with_context(|| format!("{} can't be written", path.display()));
    }
    sync_folder_of(path).with_context(|| format!("the folder of {} can't be synced", path.display()))?;
    Ok(key.public())
}

/// Reads the key.
///
/// # Errors
/// With a sentence that says what to do, which never repeats what is in the file.
pub fn read(path: &Path) -> anyhow::Result<PrivateKey> {
    let shown = path.display();
    let mut file = File::open(path).with_context(|| {
        format!(
            "The key file {shown} can't be read. `signoff keys new` makes one, once for an installation; \
                 SIGNOFF_KEY_FILE says where it is"
        )
    })?;
    let about = file.metadata().with_context(|| format!("The key file {shown} can't be read"))?;
    if !about.is_file() || about.len() > MOST_BYTES {
        bail!("{shown} is no key file. SIGNOFF_KEY_FILE must name one that `signoff keys new` made.");
    }
    let mode = about.permissions().mode();
    if mode & 0o077 != 0 {
        bail!(
            "The key file {shown} is open to others than its owner (mode {:03o}), and whoever has it can sign in this \
             installation's name. Close it: chmod 600 {shown}",
            mode & 0o777
        );
    }
    // Room for all of it from the start, so that no copy is left behind when it grows.
    let mut text = Zeroizing::new(String::with_capacity(2 * MOST_BYTES as usize));
    let read = (&mut file).take(MOST_BYTES).read_to_string(&mut text);
    read.with_context(|| format!("The key file {shown} can't be read"))?;
    PrivateKey::from_text(&text).map_err(|error| anyhow!("The key file {shown} can't be used: {error}."))
}

/// A name survives a crash once its folder is synced.
fn sync_folder_of(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};

    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signoff.key");
        let made = make(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(read(&path).unwrap().public(), made);
        let before = fs::read(&path).unwrap();
        let refused = format!("{:#}", make(&path).unwrap_err());
        assert!(refused.contains("never overwritten"), "{refused}");
        assert_eq!(fs::read(&path).unwrap(), before);
        for mode in [0o640, 0o604, 0o620, 0o601, 0o660, 0o777] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let refused = read(&path).unwrap_err().to_string();
            assert!(refused.contains("chmod 600"), "{mode:o}: {refused}");
        }
        fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
        assert_eq!(read(&path).unwrap().public(), made);
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_repeated() {
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
