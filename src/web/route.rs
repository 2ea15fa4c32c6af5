//! Routes as data: a slice's `routes()` is a list of these. The router is built from the lists, and documentation
//! and tests walk them, since axum can't list its own.

use axum::{
    handler::Handler,
    routing::{MethodFilter, MethodRouter, on},
};
use http::Method;

use crate::state::AppState;

/// The most bytes of an ordinary form. Pages of this site send far less.
pub const FORM_BYTES: u64 = 256 * 1024;

/// Who may use a route. It is enforced before the handler runs, whatever the handler asks besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Everybody, signed in or not.
    Public,
    /// Whoever is signed in.
    SignedIn,
    /// Auditors and admins.
    Auditing,
    /// Admins.
    Admin,
    /// Whoever has this right in the launch that the address names; the handler's extractor asks for it, so that
    /// here it says no more than that they are signed in. Named as in `domain::launch::access`.
    Launch(&'static str),
}

/// How long an answer may take and how much may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// A page or a form: [`FORM_BYTES`] and half a minute.
    Ordinary,
    /// An upload, an export or a stream of events: the handler limits the bytes, and only silence ends it.
    Long,
}

/// What one account may not do as often as it likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Costly {
    /// Sending files.
    Upload,
    /// Taking away what has to be put together from many rows and files.
    Export,
}

/// Of whom a route asks that they proved who they are a short while ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proving {
    /// Of nobody.
    Nobody,
    /// Of whoever is an admin.
    Admins,
    /// Of everybody.
    Everybody,
}

/// One method of one address.
#[derive(Debug)]
pub struct Route {
    /// GET (which answers HEAD too) or POST.
    pub method: Method,
    /// The address, with its parts in braces.
    pub path: &'static str,
    /// Who may use it.
    pub right: Right,
    /// Whether it changes something. What does is finished even when the client leaves.
    pub changes: bool,
    /// How long and how much.
    pub pace: Pace,
    /// Of whom it is asked to prove again who they are, when they last did more than five minutes ago.
    pub proof: Proving,
    /// Of what it is limited how often an account may ask for it.
    pub costly: Option<Costly>,
    /// What it does.
    pub handler: MethodRouter<AppState>,
}

impl Route {
    /// A page.
    pub fn get<H: Handler<T, AppState>, T: 'static>(path: &'static str, right: Right, handler: H) -> Self {
        let handler = on(MethodFilter::GET, handler);
        let (method, proof) = (Method::GET, Proving::Nobody);
        Self { method, path, right, changes: false, pace: Pace::Ordinary, proof, costly: None, handler }
    }

    /// A change. What only admins may change asks for a proof, unless it says otherwise.
    pub fn post<H: Handler<T, AppState>, T: 'static>(path: &'static str, right: Right, handler: H) -> Self {
        let handler = on(MethodFilter::POST, handler);
        let (method, proof) = (Method::POST, if right == Right::Admin { Proving::Everybody } else { Proving::Nobody });
        Self { method, path, right, changes: true, pace: Pace::Ordinary, proof, costly: None, handler }
    }

    /// Asks nobody for a proof: it changes neither people nor rights nor policy.
    #[must_use]
    pub fn unproved(mut self) -> Self {
        self.proof = Proving::Nobody;
        self
    }

    /// Asks admins for a proof.
    #[must_use]
    pub fn proved_by_admins(mut self) -> Self {
        self.proof = Proving::Admins;
        self
    }

    /// With [`Pace::Long`].
    #[must_use]
    pub fn long(mut self) -> Self {
        self.pace = Pace::Long;
        self
    }

    /// Limited in how often an account may ask for it.
    #[must_use]
    pub fn costly(mut self, costly: Costly) -> Self {
        self.costly = Some(costly);
        self
    }
}
