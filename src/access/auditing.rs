//! Who may look across everything that happened: auditors, and admins.

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::CurrentUser;
use crate::{domain::role::InstallationRole, web::Error};

/// The person who is signed in, an auditor or an admin.
#[derive(Debug, Clone)]
pub struct Auditing(pub CurrentUser);

impl<S: Sync> FromRequestParts<S> for Auditing {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let user = CurrentUser::from_request_parts(parts, state).await?;
        if user.is(InstallationRole::Auditor) || user.is(InstallationRole::Admin) {
            Ok(Self(user))
        } else {
            Err(Error::Forbidden("Only auditors and admins look across all launches.".into()))
        }
    }
}
