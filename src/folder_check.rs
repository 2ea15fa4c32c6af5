//! Whether a folder of the settings can be written to, and how much.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use crate::ambient;

/// Writes and removes a small file, in a folder that is created if it does not exist.
///
/// # Errors
/// When that is not possible: the folder is read-only, its disk is full, or another user's.
pub async fn check_writable(folder: PathBuf) -> io::Result<()> {
    tokio::task::spawn_blocking(move || write_probe(&folder)).await.map_err(io::Error::other)?
}

/// The bytes that are free for this user on the disk of a folder.
///
/// # Errors
/// When there is no such folder, or its disk does not answer.
pub fn free_bytes(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

fn write_probe(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let path = folder.join(format!(".probe-{}", hex::encode(ambient::random_bytes::<8>())));
    let written = File::create_new(&path).and_then(|mut file| io::Write::write_all(&mut file, b"probe"));
    let removed = fs::remove_file(&path);
    written.and(removed)
}
