//! Routes as data: a slice's `routes()` is a list of these. The router is built from the lists, and documentation and
//! tests walk them, since axum can't list its own routes.

use axum::{
    handler::Handler,
    routing::{MethodFilter, MethodRouter, on},
};
use http::{Extensions, Method};

use crate::{domain::launch::access::ActKind, state::AppState};

/// Maximum bytes of an ordinary form of somebody who is not signed in. Pages of this site send far less.
pub const FORM_BYTES: u64 = 256 * 1024;

/// Maximum bytes of an ordinary form of somebody who is signed in. It is far above what any field accepts, so that the
/// handler reads a text that is too long, and answers with the form and all that was typed.
pub const SIGNED_IN_FORM_BYTES: u64 = 2 * 1024 * 1024;

/// The maximum bytes of the form of this request, as an extension of it.
#[derive(Debug, Clone, Copy)]
pub struct FormLimit(pub u64);

impl FormLimit {
    /// That of a request, whichever it is.
    #[must_use]
    pub fn of(extensions: &Extensions) -> u64 {
        extensions.get().map_or(FORM_BYTES, |Self(limit)| *limit)
    }
}

/// Who may use a route. This is enforced before the handler runs, whatever the handler itself checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    Public,
    SignedIn,
    /// Auditors and admins, who may both read the audit log.
    AuditReader,
    Admin,
    /// Whoever has this right in the launch that the address names. The handler's extractor checks it; before that,
    /// only a signed-in user is required.
    Launch(ActKind),
}

impl Right {
    #[must_use]
    pub const fn form_bytes(self) -> u64 {
        match self {
            Self::Public => FORM_BYTES,
            Self::SignedIn | Self::AuditReader | Self::Admin | Self::Launch(_) => SIGNED_IN_FORM_BYTES,
        }
    }
}

/// Limits on the time of a response and the size of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransferLimit {
    /// A page or a form: [`FORM_BYTES`] and half a minute.
    Ordinary,
    /// An upload, an export or a stream of events: the handler limits the bytes, and only silence ends it.
    Long,
}

/// What is rate-limited per account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimitClass {
    Upload,
    /// Exports that are built from many rows and files.
    Export,
}

/// Who must have proved recently who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofRequirement {
    Nobody,
    Admins,
    Everybody,
}

#[derive(Debug)]
pub struct Route {
    /// GET (which also answers HEAD) or POST.
    pub method: Method,
    /// The path with its parameters in braces.
    pub path: &'static str,
    pub right: Right,
    /// Whether it changes something. Changes are finished even when the client leaves.
    pub changes: bool,
    pub transfer_limit: TransferLimit,
    /// Who has to prove again who they are, if the last proof is more than five minutes old.
    pub proof: ProofRequirement,
    /// Rate-limit class, if the route is rate-limited per account.
    pub rate_class: Option<RateLimitClass>,
    pub handler: MethodRouter<AppState>,
}

impl Route {
    pub fn get<H: Handler<T, AppState>, T: 'static>(path: &'static str, right: Right, handler: H) -> Self {
        let handler = on(MethodFilter::GET, handler);
        let (method, proof) = (Method::GET, ProofRequirement::Nobody);
        Self {
            method,
            path,
            right,
            changes: false,
            transfer_limit: TransferLimit::Ordinary,
            proof,
            rate_class: None,
            handler,
        }
    }

    /// A change. Changes that only admins may make require a proof, unless the route says otherwise.
    pub fn post<H: Handler<T, AppState>, T: 'static>(path: &'static str, right: Right, handler: H) -> Self {
        let handler = on(MethodFilter::POST, handler);
        let (method, proof) =
            (Method::POST, if right == Right::Admin { ProofRequirement::Everybody } else { ProofRequirement::Nobody });
        Self {
            method,
            path,
            right,
            changes: true,
            transfer_limit: TransferLimit::Ordinary,
            proof,
            rate_class: None,
            handler,
        }
    }

    /// Requires no proof: the route changes neither people nor rights nor policy.
    #[must_use]
    pub fn without_proof(mut self) -> Self {
        self.proof = ProofRequirement::Nobody;
        self
    }

    #[must_use]
    pub fn with_admin_proof(mut self) -> Self {
        self.proof = ProofRequirement::Admins;
        self
    }

    #[must_use]
    pub fn long(mut self) -> Self {
        self.transfer_limit = TransferLimit::Long;
        self
    }

    #[must_use]
    pub fn rate_limited(mut self, class: RateLimitClass) -> Self {
        self.rate_class = Some(class);
        self
    }
}
