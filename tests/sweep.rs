//! Evidence files that nothing refers to.

use bytes::Bytes;
use signoff::{ambient, blobs::Picture, domain::ids::EvidenceId, jobs::sweep::sweep};

use crate::helpers::TestApp;

#[tokio::test]
async fn a_file_that_nothing_names_goes_a_day_later() {
    let app = TestApp::start().await;
    let (db, blobs, id) = (&app.state.db, &app.state.blobs, ambient::new_id::<EvidenceId>());
    let bytes = futures_util::stream::iter([Ok::<_, anyhow::Error>(Bytes::from_static(b"left behind"))]);
    blobs.put(id, bytes, 100).await.unwrap();
    blobs.keep_picture(id, Picture::Thumbnail, Bytes::from_static(b"a picture of it")).await.unwrap();
    let now = app.state.clock.now();
    assert_eq!(sweep(db, blobs, now).await.unwrap(), 0, "somebody may be about to name it");
    assert!(blobs.open(id).await.unwrap().is_some());
    assert_eq!(sweep(db, blobs, now.plus_seconds(25 * 3_600)).await.unwrap(), 1);
    assert!(blobs.open(id).await.unwrap().is_none());
    assert!(blobs.picture(id, Picture::Thumbnail).await.unwrap().is_none());
}
