//! Evidence in a bucket: served from there, and copied there and back.

use std::fs;

use crate::helpers::{
    program::{Program, files, output_text},
    s3_server::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY},
};

fn with_bucket(program: &mut Program, server: &S3Server) {
    program.set("SIGNOFF_S3_ENDPOINT", format!("http://{}", server.address));
    program.set("SIGNOFF_S3_ACCESS_KEY", ACCESS_KEY);
    program.set("SIGNOFF_S3_SECRET_KEY", SECRET_KEY);
    program.set("SIGNOFF_S3_PATH_STYLE", "yes");
}

fn copy(program: &Program, from: &str, to: &str) -> (Option<i32>, String) {
    let done = program.run(&["evidence", "copy", "--from", from, "--to", to]);
    (done.status.code(), output_text(&done))
}

#[tokio::test]
async fn evidence_is_copied_to_a_bucket_and_back_and_verified() {
    let server = S3Server::start();
    let mut program = Program::with_demo().await;
    with_bucket(&mut program, &server);
    let (folder, bucket) = (program.evidence().display().to_string(), format!("s3://{BUCKET}/evidence"));
    let evidence = |names: Vec<String>| names.into_iter().filter(|name| !name.contains('.')).collect::<Vec<_>>();
    let expected = evidence(files(&program.evidence()));
    let (status, output) = copy(&program, &folder, &bucket);
    assert_eq!(status, Some(0), "{output}");
    assert_eq!(evidence(files(&server.objects().join("evidence"))), expected);
    // It can be repeated, and mends what is altered.
    let altered = server.objects().join("evidence").join(&expected[0]);
    let whole = fs::read(&altered).unwrap();
    fs::write(&altered, vec![b'x'; whole.len()]).unwrap();
    fs::remove_file(server.objects().join("evidence").join(&expected[1])).unwrap();
    let (status, output) = copy(&program, &folder, &bucket);
    assert!(status == Some(0) && output.starts_with("2 files copied"), "{output}");
    assert_eq!(fs::read(&altered).unwrap(), whole);
    // It is served from there, and everything verifies.
    program.set("SIGNOFF_EVIDENCE_URL", bucket.as_str());
    let mut served = program.serve();
    served.address();
    served.stop();
    let verified = program.run(&["verify", "--database"]);
    assert_eq!(verified.status.code(), Some(0), "{}", output_text(&verified));
    // And back.
    let back = program.folder.path().join("back");
    let (status, output) = copy(&program, &bucket, back.to_str().unwrap());
    assert_eq!(status, Some(0), "{output}");
    assert_eq!(evidence(files(&back)), expected);
    fs::remove_file(back.join(&expected[0])).unwrap();
    let other = program.folder.path().join("third");
    let (status, output) = copy(&program, back.to_str().unwrap(), other.to_str().unwrap());
    assert!(status == Some(1) && output.contains("1 missing"), "{output}");
}

#[tokio::test]
async fn evidence_copy_refuses_a_foreign_store() {
    let (program, foreign) = (Program::with_demo().await, Program::with_demo().await);
    let (ours, theirs) = (program.evidence().display().to_string(), foreign.evidence().display().to_string());
    for (from, to) in [(&ours, &theirs), (&theirs, &ours)] {
        let (status, output) = copy(&program, from, to);
        assert!(status == Some(1) && output.contains("of another installation"), "{output}");
    }
    let other = program.folder.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("notes.txt"), "mine").unwrap();
    let (status, output) = copy(&program, &ours, other.to_str().unwrap());
    assert!(status == Some(1) && output.contains("is not empty"), "{output}");
    let (status, output) = copy(&program, &ours, &ours);
    assert!(status == Some(1) && output.contains("the same"), "{output}");
    let absent = program.folder.path().join("absent");
    let (status, output) = copy(&program, absent.to_str().unwrap(), other.to_str().unwrap());
    assert_eq!(status, Some(1), "{output}");
    let (status, output) = copy(&program, &ours, &format!("s3://{BUCKET}/evidence"));
    assert!(status == Some(1) && output.contains("SIGNOFF_S3_ACCESS_KEY"), "{output}");
}
