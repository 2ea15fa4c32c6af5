//! The checklists of the launches that tests begin with, and a function that publishes one.

use std::sync::Arc;

use signoff::{
    ambient,
    domain::{
        checklist::{
            Checklist, ChecklistItem, ChecklistPart, ChecklistSection, Importance, Phase, RequiredRole, Window,
        },
        launch::state::ChecklistVersion,
        markdown_checklist,
    },
};

use super::TestApp;

/// One item for each case that signing and deciding distinguish, and two roles that sign.
pub(crate) const PAYMENTS_CHECKLIST: &str = "\
# Small

## Before

- [ ] Backups restored {#backups; critical; role=security}
- [ ] Runbook written {#runbook; role=operations}
- [ ] Status page {#status; advisory; role=operations}

## After

- [ ] Costs looked at {#costs; after 24h; role=operations}

## Sign-off

**Security:** ____ {role=security}
**Operations:** ____ {role=operations}
";

/// Items of every importance, with and without role and evidence, one after the launch; two roles sign.
pub(crate) fn ledger_checklist() -> Checklist {
    let item = |key: &str, importance, phase, role: Option<&str>, evidence_required| ChecklistItem {
        key: key.parse().unwrap(),
        title: format!("The {key} item").try_into().unwrap(),
        importance,
        phase,
        role: role.map(|role| role.parse().unwrap()),
        evidence_required,
        guidance: Some("Look *twice*.".to_owned().try_into().unwrap()),
        under: Vec::new(),
    };
    let items = vec![
        item("critical", Importance::Critical, Phase::Before, Some("security"), false),
        item("required", Importance::Required, Phase::Before, Some("operations"), true),
        item("advisory", Importance::Advisory, Phase::Before, None, false),
        item("afterwards", Importance::Required, Phase::After(Window::Day), Some("operations"), false),
    ];
    let required = |role: &str, title: &str| RequiredRole {
        role: role.parse().unwrap(),
        title: title.to_owned().try_into().unwrap(),
    };
    let section = ChecklistSection { title: Some("Basics".to_owned().try_into().unwrap()), items };
    Checklist {
        name: "Small".to_owned().try_into().unwrap(),
        introduction: None,
        parts: vec![ChecklistPart {
            title: Some("Everything".to_owned().try_into().unwrap()),
            sections: vec![section],
        }],
        required_roles: vec![required("security", "Security"), required("operations", "Operations")],
    }
}

/// The checklist that this text is.
pub(crate) fn parse(text: &str) -> Checklist {
    markdown_checklist::parse_markdown(text, &"Small".to_owned().try_into().unwrap()).checklist
}

/// Stores a checklist as the first version of one, without an event.
pub(crate) async fn publish(app: &TestApp, checklist: Checklist) -> Arc<ChecklistVersion> {
    let version = ChecklistVersion {
        id: ambient::new_id(),
        checklist_id: ambient::new_id(),
        number: 1,
        hash: checklist.hash(),
        checklist,
    };
    sqlx::query("INSERT INTO checklists (id, created_at) VALUES ($1, now())")
        .bind(version.checklist_id)
        .execute(&app.owner)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO checklist_versions (id, checklist_id, number, name, items, hash, content, published_at)
         VALUES ($1, $2, 1, 'Small', $3, $4, $5, now())",
    )
    .bind(version.id)
    .bind(version.checklist_id)
    .bind(i32::try_from(version.checklist.items().count()).unwrap())
    .bind(version.hash.to_bytes())
    .bind(version.checklist.canonical_bytes())
    .execute(&app.owner)
    .await
    .unwrap();
    Arc::new(version)
}
