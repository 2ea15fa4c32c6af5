//! Whole files: what each of the ways in which people write checklists becomes.

mod hostile;
mod nothing_lost;
mod round_trip;
mod shapes;
mod structure;

use super::{Reading, read, write};
use crate::domain::text::Title;

fn title(text: &str) -> Title {
    Title::new(text).expect("a title")
}

fn read_named(markdown: &str, fallback: &str) -> Reading {
    read(markdown, &title(fallback))
}

/// The items' titles.
fn items(reading: &Reading) -> Vec<&str> {
    reading.checklist.items().map(|(_, _, item)| item.title.as_str()).collect()
}

/// The items with what they are nested in.
fn tree(reading: &Reading) -> String {
    let paths = reading
        .checklist
        .items()
        .map(|(_, _, item)| item.under.iter().chain([&item.title]).map(Title::as_str).collect::<Vec<_>>().join(">"));
    paths.collect::<Vec<_>>().join("; ")
}

/// The parts and sections, with how many items each section has.
fn sections<'a>(reading: &'a Reading) -> Vec<(&'a str, &'a str, usize)> {
    let text = |title: &'a Option<Title>| title.as_ref().map_or("", Title::as_str);
    let parts = reading.checklist.parts.iter();
    let sections = parts.flat_map(|part| part.sections.iter().map(move |section| (part, section)));
    sections.map(|(part, section)| (text(&part.title), text(&section.title), section.items.len())).collect()
}

/// Why things were left out.
fn reasons(reading: &Reading) -> Vec<String> {
    reading.left_out.iter().map(|left| left.why.to_string()).collect()
}

/// Reads a file, and holds that writing what was read loses nothing.
fn read_file(markdown: &str) -> Reading {
    let reading = read_named(markdown, "fallback");
    assert_eq!(reading.checklist.check(), Ok(()));
    let again = read_named(&write(&reading.checklist), "another");
    assert_eq!(again.checklist, reading.checklist);
    reading
}
