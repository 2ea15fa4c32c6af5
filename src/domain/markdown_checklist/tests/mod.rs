//! Whole files: what each of the ways in which people write checklists becomes.

mod hostile;
mod nothing_lost;
mod round_trip;
mod shapes;
mod structure;

use super::{ParsedChecklist, writer};
use crate::domain::text::Title;

fn title(text: &str) -> Title {
    Title::new(text).expect("a title")
}

fn read_named(markdown: &str, fallback: &str) -> ParsedChecklist {
    super::parse_markdown(markdown, &title(fallback))
}

fn item_titles(reading: &ParsedChecklist) -> Vec<&str> {
    reading.checklist.items().map(|(_, _, item)| item.title.as_str()).collect()
}

/// The items with what they are nested in.
fn format_tree(reading: &ParsedChecklist) -> String {
    let paths = reading
        .checklist
        .items()
        .map(|(_, _, item)| item.under.iter().chain([&item.title]).map(Title::as_str).collect::<Vec<_>>().join(">"));
    paths.collect::<Vec<_>>().join("; ")
}

/// The parts and sections, with how many items each section has.
fn section_counts<'a>(reading: &'a ParsedChecklist) -> Vec<(&'a str, &'a str, usize)> {
    let text = |title: &'a Option<Title>| title.as_ref().map_or("", Title::as_str);
    let parts = reading.checklist.parts.iter();
    let sections = parts.flat_map(|part| part.sections.iter().map(move |section| (part, section)));
    sections.map(|(part, section)| (text(&part.title), text(&section.title), section.items.len())).collect()
}

/// Why things were left out.
fn omission_reasons(reading: &ParsedChecklist) -> Vec<String> {
    reading.omissions.iter().map(|left| left.reason.to_string()).collect()
}

/// Reads a file, and holds that writing what was read loses nothing.
fn read_file(markdown: &str) -> ParsedChecklist {
    let reading = read_named(markdown, "fallback");
    assert_eq!(reading.checklist.check(), Ok(()));
    let again = read_named(&writer::write_markdown(&reading.checklist), "another");
    assert_eq!(again.checklist, reading.checklist);
    reading
}
