//! A server of the S3 protocol that stores its objects as files, on a port of its own.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use hyper::service::{Service, service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use tokio::{net::TcpListener, sync::Mutex};

/// The name of its only bucket.
pub(crate) const BUCKET: &str = "signoff-test";
pub(crate) const ACCESS_KEY: &str = "AKEXAMPLE";
pub(crate) const SECRET_KEY: &str = "secret-of-the-tests";

/// A running server; it ends with this value.
pub(crate) struct S3Server {
    folder: tempfile::TempDir,
    pub(crate) address: SocketAddr,
    /// In a thread of its own, so that programs that a test waits for are served too.
    runtime: Option<tokio::runtime::Runtime>,
}

impl S3Server {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let service = service.build();
        // One at a time, since it checks a condition and writes in two steps, as S3 does not.
        let condition = Arc::new(Mutex::new(()));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((socket, _)) = listener.accept().await {
                let (service, condition) = (service.clone(), Arc::clone(&condition));
                let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
                    let (service, condition) = (service.clone(), Arc::clone(&condition));
                    async move {
                        let has_condition = request.headers().contains_key(http::header::IF_NONE_MATCH);
                        let _alone = if has_condition { Some(condition.lock().await) } else { None };
                        Service::call(&service, request).await
                    }
                });
                tokio::spawn(async move {
                    let server = Builder::new(TokioExecutor::new());
                    drop(server.serve_connection(TokioIo::new(socket), service).await);
                });
            }
        });
        Self { folder, address, runtime: Some(runtime) }
    }

    /// The folder in which the objects of its bucket are files.
    pub(crate) fn objects(&self) -> PathBuf {
        self.folder.path().join(BUCKET)
    }

    /// How many files there are of uploads that were neither completed nor aborted.
    pub(crate) fn count_unfinished_uploads(&self) -> usize {
        let names = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        names.filter(|name| name.to_string_lossy().starts_with(".upload")).count()
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
