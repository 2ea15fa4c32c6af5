//! signoff
