//! What every page needs: errors, forms, headers, assets, the chrome around a page. There are no pages here.

pub mod archive;
pub mod assets;
pub mod blocking;
pub mod byte_size;
pub mod chrome;
pub mod client_address;
pub mod cookie;
pub mod csv_table;
pub mod doctor_probe;
pub mod error;
pub mod error_page;
pub mod export_file;
pub mod export_integrity;
pub mod flash;
pub mod form;
pub mod form_base;
pub mod guard;
pub mod headers;
pub mod health;
pub mod idempotency;
pub mod markdown;
pub mod measure;
pub mod multipart;
pub mod person_tag;
pub mod query;
pub mod renewal_notice;
pub mod request;
pub mod request_origin;
pub mod response;
pub mod route;
mod script_bundle;
pub mod sent_form;
mod store_failure;
pub mod time;
pub mod viewer;

pub use error::Error;
