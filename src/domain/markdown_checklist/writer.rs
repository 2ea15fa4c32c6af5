//! A checklist as Markdown.
//!
//! A text is written unchanged if [`parse_markdown`](super::parse_markdown) reads it as the same text, and with escapes
//! otherwise. The writer finds out by reading a file of a few lines, so the two can't disagree, however either changes.

use super::{
    ParsedChecklist, attributes,
    definition_lines::read_definitions,
    definitions::format_definition,
    guidance::{GUIDANCE_FENCE, INTRODUCTION_FENCE},
    reader::read_markdown,
};
use crate::domain::{
    checklist::{Checklist, ChecklistItem, ChecklistPart, ChecklistSection, RequiredRole},
    text::{Markdown, Title},
};

/// An item to put behind what is tried: whatever runs on too far (a comment, code) takes it in, and is found out.
const FOLLOWING_ITEM: &str = "- [ ] --> next {#next-0}\n";
/// The columns that one level of nesting takes: those of "- ".
const INDENT: &str = "  ";

/// Writes a checklist in the dialect that [`parse_markdown`](super::parse_markdown) reads as the same checklist, if it is one that can be
/// published ([`Checklist::check`]).
#[must_use]
pub fn write_markdown(checklist: &Checklist) -> String {
    let mut writer = ChecklistWriter { text: String::new(), name: &checklist.name, definitions: String::new() };
    let introduction = checklist.introduction.as_ref().map(|text| (text, writer.is_introduction_read_back(text)));
    if let Some((text, true)) = introduction {
        let definitions = read_definitions(&introduction_trial(text));
        writer.definitions =
            definitions.iter().map(|(label, target)| format_definition(label, target) + "\n\n").collect();
    }
    writer.write_heading(1, Some(&checklist.name));
    if let Some((text, plain)) = introduction {
        writer.write_introduction(text, plain);
    }
    for (at, part) in checklist.parts.iter().enumerate() {
        writer.write_part(part, at == 0);
    }
    if !checklist.required_roles.is_empty() {
        writer.text.push_str("\n## Sign-off\n");
        checklist.required_roles.iter().for_each(|role| writer.write_role(role));
    }
    writer.text
}

struct ChecklistWriter<'a> {
    text: String,
    /// Any title; the reader wants one.
    name: &'a Title,
    /// What the introduction defines for the links of the whole file.
    definitions: String,
}

/// A file that begins with an introduction.
fn introduction_trial(introduction: &Markdown) -> String {
    format!("# Name\n\n{introduction}\n\n")
}

impl<'a> ChecklistWriter<'a> {
    /// Whether the reader finds in a text what it should, and all of it.
    fn is_read_back(&self, text: &str, finds: impl Fn(&ParsedChecklist) -> bool) -> bool {
        let reading = read_markdown(text, self.name);
        reading.omissions.is_empty() && reading.notices.is_empty() && finds(&reading)
    }

    /// What is before a text that is tried: whatever its links might refer to.
    fn definitions_for(&self, tried: &str) -> &str {
        if tried.contains(']') { &self.definitions } else { "" }
    }

    fn push_line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn write_heading(&mut self, level: usize, title: Option<&Title>) {
        let hashes = "#".repeat(level);
        let Some(title) = title else { return self.push_line(&format!("{hashes} {{untitled}}")) };
        let plain = self.is_read_back(
            &format!("# Name\n\n{}## {title}\n{FOLLOWING_ITEM}", self.definitions_for(title.as_str())),
            |reading| reading.checklist.parts.first().is_some_and(|part| part.title.as_ref() == Some(title)),
        );
        let ending = if plain { "" } else { " {verbatim}" };
        self.push_line(&format!("{hashes} {title}{ending}"));
    }

    fn is_introduction_read_back(&self, introduction: &Markdown) -> bool {
        self.is_read_back(&format!("{}{FOLLOWING_ITEM}", introduction_trial(introduction)), |reading| {
            reading.checklist.introduction.as_ref() == Some(introduction)
                && reading.checklist.name.as_str() == "Name"
                && reading.checklist.required_roles.is_empty()
                && reading.checklist.items().map(|(_, _, item)| item.key.as_str()).eq(["next-0"])
        })
    }

    fn write_introduction(&mut self, introduction: &Markdown, plain: bool) {
        self.push_line("");
        if plain {
            self.push_line(introduction.as_str())
        } else {
            self.write_literal(introduction, INTRODUCTION_FENCE, "")
        }
    }

    /// Writes a text between fences, literally.
    fn write_literal(&mut self, text: &Markdown, word: &str, indent: &str) {
        let longest = text.as_str().split(|c| c != '~').map(str::len).max().unwrap_or(0);
        let fence = "~".repeat(longest.max(2) + 1);
        self.push_line(&format!("{indent}{fence}{word}"));
        self.push_indented(text.as_str(), indent);
        self.push_line(&format!("{indent}{fence}"));
    }

    fn push_indented(&mut self, text: &str, indent: &str) {
        for line in text.split('\n') {
            if !line.is_empty() {
                self.text.push_str(indent);
            }
            self.push_line(line);
        }
    }

    /// Writes a part. The first needs no heading if neither it nor its only section has a title.
    fn write_part(&mut self, part: &ChecklistPart, first: bool) {
        let bare = part.title.is_none() && matches!(part.sections.as_slice(), [only] if only.title.is_none());
        if !(first && bare) {
            self.push_line("");
            self.write_heading(2, part.title.as_ref());
        }
        for (at, section) in part.sections.iter().enumerate() {
            self.write_section(section, at == 0);
        }
    }

    /// Writes a section. The first needs no heading when it has no title.
    fn write_section(&mut self, section: &ChecklistSection, first: bool) {
        if !(first && section.title.is_none()) {
            self.push_line("");
            self.write_heading(3, section.title.as_ref());
        }
        self.push_line("");
        let mut open: Vec<&Title> = Vec::new();
        let mut spaced = true;
        for item in &section.items {
            let shared = open.iter().zip(&item.under).take_while(|(open, under)| **open == *under).count();
            open.truncate(shared);
            for context in &item.under[shared..] {
                self.write_context(context, open.len());
                open.push(context);
                spaced = false;
            }
            // An item with guidance has empty lines around it; items without follow each other directly.
            if item.guidance.is_some() && !spaced && open.is_empty() {
                self.push_line("");
            }
            self.write_item(item);
            open.push(&item.title);
            spaced = item.guidance.is_some();
        }
        if self.text.ends_with("\n\n") {
            self.text.pop();
        }
    }

    /// Writes a line that is no item, but has items nested in it.
    fn write_context(&mut self, title: &Title, depth: usize) {
        let plain = self.is_read_back(
            &format!("{}- {title}\n  {FOLLOWING_ITEM}", self.definitions_for(title.as_str())),
            |reading| {
                reading.checklist.items().map(|(_, _, item)| item.under.as_slice()).eq([std::slice::from_ref(title)])
            },
        );
        let ending = if plain { "" } else { " {context}" };
        self.push_line(&format!("{}- {title}{ending}", INDENT.repeat(depth)));
    }

    fn write_item(&mut self, item: &ChecklistItem) {
        let line = |verbatim| format!("- [ ] {} {}", item.title, attributes::format_attributes(item, verbatim));
        let plain = self.is_read_back(
            &format!("{}{}\n{FOLLOWING_ITEM}", self.definitions_for(item.title.as_str()), line(false)),
            |reading| {
                let bare = ChecklistItem { guidance: None, under: Vec::new(), ..item.clone() };
                reading.checklist.items().next().is_some_and(|(_, _, read)| *read == bare)
                    && reading.checklist.items().count() == 2
            },
        );
        let depth = item.under.len();
        self.push_line(&format!("{}{}", INDENT.repeat(depth), line(!plain)));
        if let Some(guidance) = &item.guidance {
            self.write_guidance(guidance, depth);
        }
    }

    fn write_guidance(&mut self, guidance: &Markdown, depth: usize) {
        let indent = INDENT.repeat(depth + 1);
        let mut trial = ChecklistWriter {
            text: self.definitions_for(guidance.as_str()).to_owned(),
            name: self.name,
            definitions: String::new(),
        };
        for level in 0..depth {
            trial.push_line(&format!("{}- c", INDENT.repeat(level)));
        }
        trial.push_line(&format!("{}- [ ] t {{#this}}\n", INDENT.repeat(depth)));
        trial.push_indented(guidance.as_str(), &indent);
        // What comes next may be nested in the item, or beside it.
        trial.push_line(&format!("\n{indent}- [ ] n {{#nested}}\n{}{FOLLOWING_ITEM}", INDENT.repeat(depth)));
        let plain = self.is_read_back(&trial.text, |reading| {
            let items: Vec<&ChecklistItem> = reading.checklist.items().map(|(_, _, item)| item).collect();
            matches!(items.as_slice(), [this, nested, next]
                if this.guidance.as_ref() == Some(guidance)
                    && nested.guidance.is_none()
                    && nested.under.len() == depth + 1
                    && next.guidance.is_none()
                    && next.under.len() == depth)
        });
        self.push_line("");
        if plain {
            self.push_indented(guidance.as_str(), &indent)
        } else {
            self.write_literal(guidance, GUIDANCE_FENCE, &indent)
        }
        self.push_line("");
    }

    fn write_role(&mut self, required: &RequiredRole) {
        let line = |ending| format!("\n**{}:** ____ {{role={}{ending}}}", required.title, required.role);
        let plain = self.is_read_back(
            &format!("{}## Sign-off\n{}\n", self.definitions_for(required.title.as_str()), line("")),
            |reading| reading.checklist.required_roles.iter().eq([required]),
        );
        self.push_line(&line(if plain { "" } else { "; verbatim" }));
    }
}
