//! Markdown into a checklist, and back.
//!
//! [`parse_markdown`] understands checklists as people write them, and says line by line what it made of them: nothing is lost
//! without being listed. [`write`] writes the one dialect that says everything a checklist holds; what it writes, [`parse_markdown`]
//! reads as the same checklist.
//!
//! Blocks are found here, and not by the offsets of `pulldown-cmark`, which reads the inline Markdown: CommonMark knows no
//! boxes in plain text or after `•` and `1)`, nests by columns where people indent by anything, and gives no account of
//! the lines that it skips. Export and import are one format, so that a checklist goes out and comes back with its hash.
//!
//! # What is read
//!
//! - **Items**: every line that begins with a box, whatever its marker (`-`, `*`, `+`, `1.`, `1)`, `•`, or none), its
//!   indent and the shape of its box (`[ ]`, `[x]`, `☐`, `☑`). All are imported unticked. A line is nested in the nearest
//!   line above that begins further left, whatever is between them; the texts of what it is nested in are kept, items
//!   and plain lines alike. Rows of tables of checks are items too, and those that group them are sections (see `tables`).
//!   A letter or a word for a state in brackets (`[N/A]`) counts as a box beside lines that have one.
//! - **No items**: a line with several boxes, and lines that are answers of which one is chosen; a box with neither letter
//!   nor digit beside it; a tick without a box (`- ✅ fast`), unless empty boxes are in the same list.
//! - **Guidance**: what else is under an item, or between it and the next heading or horizontal rule (lists without boxes,
//!   code, quotations, text). What is above the first item is the first one's.
//! - **Titles** are the line's inline Markdown as plain text. Where its links led goes to the guidance.
//! - **Headings**: the shallowest level under which items are, below the document's title, makes parts, the next ones
//!   sections; a deeper one is joined to its section's ("Terraform › Modules").
//! - **Name and introduction**: a first heading of level 1, unless it is one of several with items under it, and
//!   the text before the first heading or item.
//! - **Required roles**: lines such as `**Technical Lead:** ____` under a heading that says sign-off, approval or signature;
//!   rows of a table there, and headings with lines for name, date or signature. Boxes are items there, too, unless the
//!   line has a blank to sign in.
//! - **Attributes** at the end of a line: `{#key; critical; after 24h; role=security; evidence}` (see `attributes`).
//! - Left alone: code, HTML, comments, front matter, boxes in running text, tables that inform. Each is listed with its
//!   line and the reason, and so is every box that is no item, wherever it is.
//!
//! # What only the dialect has
//!
//! A line that ends in `{verbatim}` is read literally; a plain line of a list that ends in `{context}` is one that
//! items are nested in, whatever it looks like; a heading `{untitled}` begins a part or section without a title; a fenced
//! block with the word `introduction`, or `guidance` under an item, holds that text literally. [`write`] uses
//! these only where the plain form would be read as something else.

mod attributes;
mod blocks;
mod box_report;
mod boxes;
mod cell_values;
mod closing;
mod definition_lines;
mod definitions;
mod doubtful_boxes;
mod empty_brackets;
mod guidance;
mod html;
mod inline;
mod item_text;
mod items;
mod keys;
mod line_shapes;
mod lines;
mod notices;
mod opaque_blocks;
mod other_blocks;
mod outline;
mod reader;
mod running_text;
mod sign_off;
mod signers;
mod table_columns;
mod table_grid;
mod table_rows;
mod tables;
#[cfg(test)]
mod tests;
mod ticks;
mod writer;

use serde_json::{Value, json};

use super::{
    checklist::{Checklist, ItemKey},
    role::RoleSlug,
    text::Title,
};

pub use self::{
    keys::{key_from_title, role_from_name},
    notices::{OmissionReason, ParseNotice},
    writer::write_markdown,
};

/// What was understood of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedChecklist {
    /// The checklist; it may be empty of items, and is not yet checked otherwise either ([`Checklist::check`]).
    pub checklist: Checklist,
    /// Every line of the file, in order, and what it became.
    pub lines: Vec<ParsedLine>,
    /// What was left out, in order.
    pub omissions: Vec<Omission>,
    /// What the importer should know.
    pub notices: Vec<ParseNotice>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedLine {
    /// Its number, from 1.
    pub number: usize,
    /// Its text, as it was read.
    pub text: String,
    pub meaning: LineMeaning,
}

/// What a line became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineMeaning {
    /// Nothing, and nothing is lost: an empty line, a horizontal rule, the addresses of links.
    Nothing,
    Name,
    /// Part of the introduction.
    Introduction,
    /// The heading of a part.
    Part,
    /// The heading of a section, or of one within it.
    Section,
    /// A plain line that items are nested in.
    Context,
    Item {
        key: ItemKey,
        /// How deep it is nested.
        nesting: usize,
        /// Whether its box was ticked; it is imported unticked.
        was_ticked: bool,
    },
    /// Part of the guidance of the item with this key.
    Guidance(ItemKey),
    /// The heading above the roles that must sign.
    SignOff,
    /// A role that must sign.
    RequiredRole(RoleSlug),
    /// Left out; [`ParsedChecklist::omissions`] says why.
    Omitted,
}

/// A stretch of the file that has no place in the checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Omission {
    /// Its first line, from 1.
    pub line: usize,
    /// How that line begins.
    pub text: String,
    /// Why it was left out.
    pub reason: OmissionReason,
}

/// Reads a checklist out of Markdown. Never fails: what isn't understood is left out, and listed. Takes time in
/// proportion to the text's length, whatever it holds.
///
/// The checklist is named by the file's title, or else by `fallback`.
#[must_use]
pub fn parse_markdown(markdown: &str, fallback: &Title) -> ParsedChecklist {
    reader::read_markdown(markdown, fallback)
}

/// What `signoff import --dry-run` prints: how many parts, sections and items there are, the items' titles in order,
/// and what was left out. Parts and sections without a title count as well: they hold items.
#[must_use]
pub fn to_summary_json(reading: &ParsedChecklist) -> Value {
    let parts = &reading.checklist.parts;
    let titles: Vec<&str> = reading.checklist.items().map(|(_, _, item)| item.title.as_str()).collect();
    let left_out: Vec<Value> =
        reading.omissions.iter().map(|left| json!({"line": left.line, "why": left.reason.to_string()})).collect();
    json!({
        "parts": parts.len(),
        "sections": parts.iter().map(|part| part.sections.len()).sum::<usize>(),
        "items": titles.len(),
        "titles": titles,
        "left_out": left_out,
    })
}
