//! The owner reminds those whose signatures are awaited.

use crate::helpers::Launch;

async fn reminded(launch: &Launch) -> Vec<(String, Option<String>)> {
    let query = "SELECT u.name, n.role FROM notifications n JOIN users u ON u.id = n.user_id
                 WHERE n.reason = 'signature_reminded' ORDER BY 1, 2";
    sqlx::query_as(query).fetch_all(&launch.app.owner).await.unwrap()
}

#[tokio::test]
async fn awaited_are_reminded_once_a_day_by_the_owner_alone() {
    let launch = Launch::payments().make().await;
    let path = format!("/launches/{}/reminders", launch.id);
    // Nobody was asked yet.
    launch.owner.post(&path, &[]).await.expect_status(303);
    assert!(reminded(&launch).await.is_empty());
    launch.owner.post(&format!("/launches/{}/signature-requests", launch.id), &[]).await.expect_status(303);
    launch.member.post(&path, &[]).await.expect_status(403);
    for _ in 0..2 {
        launch.owner.post(&path, &[]).await.expect_status(303);
        let names: Vec<String> = reminded(&launch).await.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["Dev Deputy", "Odette Operations", "Sven Security"]);
    }
    launch.app.state.clock.advance(86_400);
    let owner = launch.app.session(&launch.owner.person).await;
    owner.post(&path, &[]).await.expect_status(303);
    assert_eq!(reminded(&launch).await.len(), 6);
}
