//! Whether a folder of the settings can be written to.

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

fn write_probe(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let path = folder.join(format!(".probe-{}", hex::encode(ambient::random_bytes::<8>())));
    let written = File::create_new(&path).and_then(|mut file| io::Write::write_all(&mut file, b"probe"));
    let removed = fs::remove_file(&path);
    written.and(removed)
}
