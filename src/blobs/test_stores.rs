//! An evidence store of each kind, for the tests that are the same for all of them.

use std::path::{Path, PathBuf};

use super::{
    Blobs,
    s3_server::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY},
};
use crate::object_location::{ObjectLocation, S3Account};

/// A store, and where its objects are as files.
pub(super) struct TestStore {
    pub(super) blobs: Blobs,
    pub(super) folder: PathBuf,
    pub(super) server: Option<S3Server>,
    _temporary: tempfile::TempDir,
}

impl TestStore {
    /// A folder, and a bucket.
    pub(super) fn all() -> [Self; 2] {
        let temporary = tempfile::tempdir().unwrap();
        let folder = temporary.path().to_owned();
        let blobs = Blobs::in_folder(&folder).unwrap();
        let server = S3Server::start();
        let account = S3Account {
            endpoint: Some(format!("http://{}", server.address).parse().unwrap()),
            region: "us-east-1".to_owned(),
            access_key: ACCESS_KEY.to_owned(),
            secret_key: SECRET_KEY.into(),
            path_style: true,
        };
        let location: ObjectLocation = format!("s3://{BUCKET}/evidence").parse().unwrap();
        let bucket = Self {
            blobs: Blobs::open_at(&location, Some(&account)).unwrap(),
            folder: server.objects().join("evidence"),
            server: Some(server),
            _temporary: tempfile::tempdir().unwrap(),
        };
        [Self { blobs, folder, server: None, _temporary: temporary }, bucket]
    }

    /// The files of the store. Parts of unfinished uploads count.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let unfinished = self.server.as_ref().map_or(0, S3Server::count_unfinished_uploads);
        assert_eq!(unfinished, 0, "an upload was neither completed nor aborted");
        files(&self.folder)
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { paths.extend(files(&path)) } else { paths.push(path) }
    }
    paths
}
