//! Exporting a history: the export is recorded, with the exact extent of the history.

use signoff::{
    ambient,
    domain::{
        checkpoint::{CheckpointCause, LogId},
        ids::LaunchId,
        installation::{ExportFormat, InstallationEvent},
        launch::event::{ItemState, PersonRef},
        text::PersonName,
    },
    presentation::event_descriptions::{LogNames, describe_entry},
    record::{
        checkpoints::{self, Witness},
        history_export::ExportedHistory,
        installation_log::InstallationEntry,
    },
};

use crate::helpers::{Launch, client::Client};

async fn export(
    launch: &Launch,
    (by, name): (&Client, &str),
    of: LaunchId,
    form: ExportFormat,
) -> Option<ExportedHistory> {
    let state = &launch.app.state;
    let by = PersonRef { id: by.person.id, name: PersonName::new(name).unwrap() };
    state.record.export_history(&state.db, &by, of, form, ambient::new_id(), state.clock.now()).await.unwrap()
}

async fn installation_entries(launch: &Launch) -> Vec<InstallationEntry> {
    let entries = sqlx::query_scalar::<_, Vec<u8>>("SELECT bytes FROM installation_events ORDER BY index");
    let entries = entries.fetch_all(&launch.app.owner).await.unwrap();
    entries.iter().map(|bytes| serde_json::from_slice(bytes).unwrap()).collect()
}

#[tokio::test]
async fn history_export_records_checkpoint_witness_and_event() {
    let launch = Launch::payments().make().await;
    let size = launch.state().await.seq;
    let exported = export(&launch, (&launch.auditor, "Ada Auditor"), launch.id, ExportFormat::Bundle).await.unwrap();
    assert_eq!((exported.size, exported.checkpoint.size), (size, size));
    assert_eq!(exported.checkpoint.cause, CheckpointCause::Export);
    let names = |witnesses: &[Witness]| witnesses.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&exported.checkpoint.witnesses), ["Ada Auditor"]);
    let newest = checkpoints::load_newest(&launch.app.state.db, LogId::Launch(launch.id)).await.unwrap().unwrap();
    assert_eq!(newest, exported.checkpoint);
    let logged = installation_entries(&launch).await;
    assert_eq!(logged.len(), 1);
    assert_eq!(logged[0].event, InstallationEvent::HistoryExported { form: ExportFormat::Bundle, events: size });
    assert_eq!(logged[0].launch, Some((launch.id, size)));
    assert_eq!(logged[0].actor.as_ref().unwrap().name.as_str(), "Ada Auditor");
    let words = describe_entry(Some(&*launch.state().await), &LogNames::default(), &logged[0]);
    assert_eq!(words.sentence(), format!("exported the history as a bundle, {size} events"));

    // Another person's export is another event, under the same checkpoint.
    let again = export(&launch, (&launch.member, "Mia Member"), launch.id, ExportFormat::Csv).await.unwrap();
    assert_eq!((again.size, &again.checkpoint.text), (size, &exported.checkpoint.text));
    assert_eq!(names(&again.checkpoint.witnesses), ["Ada Auditor", "Mia Member"]);
    assert_eq!(installation_entries(&launch).await.len(), 2);

    // A longer history needs a new checkpoint.
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    let longer = export(&launch, (&launch.auditor, "Ada Auditor"), launch.id, ExportFormat::JsonLines).await.unwrap();
    assert_eq!((longer.size, longer.checkpoint.size), (size + 1, size + 1));
}

#[tokio::test]
async fn history_export_of_a_missing_launch_records_nothing() {
    let launch = Launch::payments().make().await;
    assert_eq!(export(&launch, (&launch.auditor, "Ada Auditor"), ambient::new_id(), ExportFormat::Bundle).await, None);
    assert!(installation_entries(&launch).await.is_empty());
}

/// An export under a signature's existing checkpoint makes no second one.
#[tokio::test]
async fn history_export_reuses_an_existing_checkpoint() {
    let launch = Launch::payments().make().await;
    launch.sign(&launch.security, "security", "no_go", &[("comment", "wait")]).await.expect_status(303);
    let exported = export(&launch, (&launch.auditor, "Ada Auditor"), launch.id, ExportFormat::Bundle).await.unwrap();
    assert_eq!(exported.checkpoint.cause, CheckpointCause::Signature);
    assert_eq!(exported.size, launch.state().await.seq);
}
