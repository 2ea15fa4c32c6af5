//! `GET /audit/installation.csv` and `.jsonl`: exports of the audit log.

use axum::{extract::State, response::Response};
use http::Method;
use serde::Serialize;
use sqlx::PgPool;

use super::store;
use crate::{
    access::{CurrentUser, audit_reader::AuditReader},
    domain::{canonical, checkpoint::LogId, installation::ExportFormat, merkle::hash_leaf},
    log::exports::{LogExport, respond_with_export},
    presentation::event_descriptions::{LogNames, describe_entry},
    record::{events, installation_log::InstallationEntry, texts::LoadedTexts},
    state::AppState,
    web::{Error, chrome::PageContext},
};

pub(super) async fn download_csv(
    State(state): State<AppState>,
    method: Method,
    AuditReader(user): AuditReader,
    page: PageContext,
) -> Result<Response, Error> {
    export_log(&state, &method, &user, &page, ExportFormat::Csv).await
}

pub(super) async fn download_json_lines(
    State(state): State<AppState>,
    method: Method,
    AuditReader(user): AuditReader,
    page: PageContext,
) -> Result<Response, Error> {
    export_log(&state, &method, &user, &page, ExportFormat::JsonLines).await
}

async fn export_log(
    state: &AppState,
    method: &Method,
    user: &CurrentUser,
    page: &PageContext,
    format: ExportFormat,
) -> Result<Response, Error> {
    let prepare_export = async {
        let (task_state, by, request, now) = (state.clone(), user.to_person_ref(), page.request_id, state.clock.now());
        let record_export =
            async move { task_state.record.export_installation_log(&task_state.db, &by, format, request, now).await };
        let last_index = state.finish(record_export).await??;
        Ok((InstallationLogExport { names: store::load_names(&state.db).await? }, last_index))
    };
    respond_with_export(&state.db, method, format, "installation", prepare_export).await
}

struct InstallationLogExport {
    names: LogNames,
}

/// The fields that follow an entry's own bytes in its line.
#[derive(Serialize)]
struct EntryAnnotations {
    /// The entry's leaf hash (RFC 6962).
    leaf_hash: String,
    /// What was done, without the actor's name in front.
    sentence: String,
}

impl LogExport for InstallationLogExport {
    type Entry = InstallationEntry;

    const ENTRY_NAME: &'static str = "entry";

    const CSV_HEADINGS: &'static [&'static str] = &[
        "entry",
        "at (UTC)",
        "who",
        "who (id)",
        "kind",
        "what",
        "old",
        "new",
        "launch (id)",
        "after event",
        "leaf hash",
    ];

    fn id(&self) -> LogId {
        LogId::Installation
    }

    async fn load_batch(&self, db: &PgPool, range: (i64, i64), limit: i64) -> Result<Vec<Vec<u8>>, sqlx::Error> {
        events::load_installation_entries(db, range, limit).await
    }

    fn parse(&self, bytes: &[u8]) -> anyhow::Result<(i64, InstallationEntry)> {
        let entry: InstallationEntry = canonical::from_bytes(bytes)?;
        Ok((entry.index, entry))
    }

    fn to_csv_row(&self, entry: &InstallationEntry, bytes: &[u8], _texts: &LoadedTexts) -> Vec<String> {
        let description = describe_entry(None, &self.names, entry);
        let actor = entry.actor.as_ref();
        let (launch, launch_seq) = entry.launch.unzip();
        vec![
            entry.index.to_string(),
            entry.at.to_string(),
            actor.map_or_else(String::new, |actor| actor.name.to_string()),
            actor.map_or_else(String::new, |actor| actor.id.to_string()),
            entry.event.kind().to_owned(),
            description.sentence(),
            description.values(|change| change.old.as_deref()),
            description.values(|change| change.new.as_deref()),
            launch.map_or_else(String::new, |launch| launch.to_string()),
            launch_seq.map_or_else(String::new, |seq| seq.to_string()),
            hash_leaf(bytes).to_string(),
        ]
    }

    fn to_annotations(
        &self,
        entry: &InstallationEntry,
        bytes: &[u8],
        _texts: &LoadedTexts,
    ) -> serde_json::Result<impl Serialize> {
        let description = describe_entry(None, &self.names, entry);
        Ok(EntryAnnotations { leaf_hash: hash_leaf(bytes).to_string(), sentence: description.sentence() })
    }
}
