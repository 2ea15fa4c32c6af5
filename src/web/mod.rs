//! What every page needs, and no page: errors, forms, headers, assets, the chrome around a page.

pub mod address;
pub mod apart;
pub mod archive;
pub mod assets;
pub mod cookie;
pub mod error;
pub mod form;
pub mod guard;
pub mod headers;
pub mod health;
pub mod markdown;
pub mod multipart;
pub mod page;
pub mod query;
pub mod renewed;
pub mod request;
pub mod route;
pub mod sheet;
pub mod taking_away;
pub mod time;

pub use error::Error;
