//! Whole files: what each of the ways in which people write checklists becomes.

mod round_trip;

use super::{Reading, read};
use crate::domain::text::Title;

fn title(text: &str) -> Title {
    Title::new(text).expect("a title")
}

fn read_named(markdown: &str, fallback: &str) -> Reading {
    read(markdown, &title(fallback))
}
