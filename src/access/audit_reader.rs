//! Extractor for people who may read across all launches: auditors and admins.

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::CurrentUser;
use crate::{domain::role::InstallationRole, texts, web::Error};

/// The signed-in person, who is an auditor or an admin.
#[derive(Debug, Clone)]
pub struct AuditReader(pub CurrentUser);

impl<S: Sync> FromRequestParts<S> for AuditReader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let user = CurrentUser::from_request_parts(parts, state).await?;
        if user.has_role(InstallationRole::Auditor) || user.has_role(InstallationRole::Admin) {
            Ok(Self(user))
        } else {
            Err(Error::Forbidden(texts::only_auditors_and_admins()))
        }
    }
}
