//! Taking a history away: that it is noted, and what of the history it is.

use signoff::{
    ambient,
    domain::{
        checkpoint::{Cause, LogId},
        ids::LaunchId,
        installation::{HistoryForm, InstallationEvent},
        launch::event::{ItemState, PersonRef},
        text::PersonName,
    },
    launch_page::words_of_events::{Names, entry_in_words},
    record::{
        checkpoints::{self, Witness},
        exports::Exported,
        installation::Entry,
    },
};

use crate::helpers::{Launch, launches::Actor};

async fn export(launch: &Launch, (by, name): (&Actor, &str), of: LaunchId, form: HistoryForm) -> Option<Exported> {
    let state = &launch.app.state;
    let by = PersonRef { id: by.person.id, name: PersonName::new(name).unwrap() };
    state.record.export(&state.db, &by, of, form, ambient::new_id(), state.clock.now()).await.unwrap()
}

async fn entries(launch: &Launch) -> Vec<Entry> {
    let entries = sqlx::query_scalar::<_, Vec<u8>>("SELECT bytes FROM installation_events ORDER BY index");
    let entries = entries.fetch_all(&launch.app.owner).await.unwrap();
    entries.iter().map(|bytes| serde_json::from_slice(bytes).unwrap()).collect()
}

#[tokio::test]
async fn it_leaves_a_checkpoint_a_witness_and_an_event() {
    let launch = Launch::make().await;
    let size = launch.state().await.seq;
    let exported = export(&launch, (&launch.auditor, "Ada Auditor"), launch.id, HistoryForm::Bundle).await.unwrap();
    assert_eq!((exported.size, exported.checkpoint.size), (size, size));
    assert_eq!(exported.checkpoint.cause, Cause::Export);
    let names = |witnesses: &[Witness]| witnesses.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&exported.checkpoint.witnesses), ["Ada Auditor"]);
    let newest = checkpoints::newest(&launch.app.state.db, LogId::Launch(launch.id)).await.unwrap().unwrap();
    assert_eq!(newest, exported.checkpoint);
    let told = entries(&launch).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].event, InstallationEvent::HistoryExported { form: HistoryForm::Bundle, events: size });
    assert_eq!(told[0].launch, Some((launch.id, size)));
    assert_eq!(told[0].actor.as_ref().unwrap().name.as_str(), "Ada Auditor");
    let words = entry_in_words(Some(&*launch.state().await), &Names::default(), &told[0]);
    assert_eq!(words.verb, format!("took the history away as a bundle, {size} events"));

    // Once more by another: an event of its own, under the same checkpoint.
    let again = export(&launch, (&launch.member, "Mia Member"), launch.id, HistoryForm::Csv).await.unwrap();
    assert_eq!((again.size, &again.checkpoint.text), (size, &exported.checkpoint.text));
    assert_eq!(names(&again.checkpoint.witnesses), ["Ada Auditor", "Mia Member"]);
    assert_eq!(entries(&launch).await.len(), 2);

    // A longer history, a further checkpoint.
    launch.mark(&launch.member, "backups", ItemState::Done).await;
    let longer = export(&launch, (&launch.auditor, "Ada Auditor"), launch.id, HistoryForm::JsonLines).await.unwrap();
    assert_eq!((longer.size, longer.checkpoint.size), (size + 1, size + 1));
}

#[tokio::test]
async fn of_a_launch_that_is_not_there_nothing_is_noted() {
    let launch = Launch::make().await;
    assert_eq!(export(&launch, (&launch.auditor, "Ada Auditor"), ambient::new_id(), HistoryForm::Bundle).await, None);
    assert!(entries(&launch).await.is_empty());
}

/// Under a checkpoint that a signature has left, there is no second one.
#[tokio::test]
async fn a_checkpoint_that_is_there_is_taken() {
    let launch = Launch::make().await;
    launch.sign(&launch.security, "security", "no_go", &[("comment", "wait")]).await.is(303);
    let exported = export(&launch, (&launch.auditor, "Ada Auditor"), launch.id, HistoryForm::Bundle).await.unwrap();
    assert_eq!(exported.checkpoint.cause, Cause::Signature);
    assert_eq!(exported.size, launch.state().await.seq);
}
