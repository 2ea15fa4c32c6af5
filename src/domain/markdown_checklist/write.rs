//! A checklist as Markdown.
//!
//! Texts stand as they are wherever [`read`](super::read) takes them so, and to the letter where it would not. Which of
//! the two it is, is asked of the reader itself, on a file of a few lines: so the two can't come to disagree, whatever
//! either learns.

use super::{
    Reading, attributes,
    guidance::{GUIDANCE, INTRODUCTION},
    read::{definitions, read},
};
use crate::domain::{
    checklist::{Checklist, ChecklistItem, Part, RequiredRole, Section},
    text::{Markdown, Title},
};

/// An item to put behind what is tried: whatever runs on too far (a comment, code) takes it in, and is found out.
const NEXT: &str = "- [ ] --> next {#next-0}\n";
/// The columns that one level of nesting takes: those of "- ".
const INDENT: &str = "  ";

/// Writes a checklist in the dialect that [`read`](super::read) reads as the same checklist, if it is one that can be
/// published ([`Checklist::check`]).
#[must_use]
pub fn write(checklist: &Checklist) -> String {
    let mut writer = Writer { text: String::new(), name: &checklist.name, defined: String::new() };
    let introduction = checklist.introduction.as_ref().map(|text| (text, writer.takes_introduction(text)));
    if let Some((text, true)) = introduction {
        let definitions = definitions(&introduced(text));
        let line = |(label, address): (&String, &String)| {
            // A footnote has its text where a link has its address.
            let target = if label.starts_with('^') { address.clone() } else { format!("<{address}>") };
            format!("[{label}]: {target}\n\n")
        };
        writer.defined = definitions.iter().map(line).collect();
    }
    writer.heading(1, Some(&checklist.name));
    if let Some((text, plain)) = introduction {
        writer.introduction(text, plain);
    }
    for (at, part) in checklist.parts.iter().enumerate() {
        writer.part(part, at == 0);
    }
    if !checklist.required_roles.is_empty() {
        writer.text.push_str("\n## Sign-off\n");
        checklist.required_roles.iter().for_each(|role| writer.role(role));
    }
    writer.text
}

struct Writer<'a> {
    text: String,
    /// Any title; the reader wants one.
    name: &'a Title,
    /// What the introduction defines for the links of the whole file.
    defined: String,
}

/// A file that begins with an introduction.
fn introduced(introduction: &Markdown) -> String {
    format!("# Name\n\n{introduction}\n\n")
}

impl<'a> Writer<'a> {
    /// Whether the reader finds in a text what it should, and all of it.
    fn reads(&self, text: &str, finds: impl Fn(&Reading) -> bool) -> bool {
        let reading = read(text, self.name);
        reading.left_out.is_empty() && reading.notices.is_empty() && finds(&reading)
    }

    /// What stands before a text that is tried: whatever its links might refer to.
    fn before(&self, tried: &str) -> &str {
        if tried.contains(']') { &self.defined } else { "" }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn heading(&mut self, level: usize, title: Option<&Title>) {
        let hashes = "#".repeat(level);
        let Some(title) = title else { return self.line(&format!("{hashes} {{untitled}}")) };
        let plain = self.reads(&format!("# Name\n\n{}## {title}\n{NEXT}", self.before(title.as_str())), |reading| {
            reading.checklist.parts.first().is_some_and(|part| part.title.as_ref() == Some(title))
        });
        let ending = if plain { "" } else { " {verbatim}" };
        self.line(&format!("{hashes} {title}{ending}"));
    }

    fn takes_introduction(&self, introduction: &Markdown) -> bool {
        self.reads(&format!("{}{NEXT}", introduced(introduction)), |reading| {
            reading.checklist.introduction.as_ref() == Some(introduction)
                && reading.checklist.name.as_str() == "Name"
                && reading.checklist.required_roles.is_empty()
                && reading.checklist.items().map(|(_, _, item)| item.key.as_str()).eq(["next-0"])
        })
    }

    fn introduction(&mut self, introduction: &Markdown, plain: bool) {
        self.line("");
        if plain { self.line(introduction.as_str()) } else { self.literal(introduction, INTRODUCTION, "") }
    }

    /// Writes a text between fences, to the letter.
    fn literal(&mut self, text: &Markdown, word: &str, indent: &str) {
        let longest = text.as_str().split(|c| c != '~').map(str::len).max().unwrap_or(0);
        let fence = "~".repeat(longest.max(2) + 1);
        self.line(&format!("{indent}{fence}{word}"));
        self.indented(text.as_str(), indent);
        self.line(&format!("{indent}{fence}"));
    }

    fn indented(&mut self, text: &str, indent: &str) {
        for line in text.split('\n') {
            if !line.is_empty() {
                self.text.push_str(indent);
            }
            self.line(line);
        }
    }

    /// Writes a part. The first needs no heading when nothing is said in it of parts or sections at all.
    fn part(&mut self, part: &Part, first: bool) {
        let bare = part.title.is_none() && matches!(part.sections.as_slice(), [only] if only.title.is_none());
        if !(first && bare) {
            self.line("");
            self.heading(2, part.title.as_ref());
        }
        for (at, section) in part.sections.iter().enumerate() {
            self.section(section, at == 0);
        }
    }

    /// Writes a section. The first needs no heading when it has no title.
    fn section(&mut self, section: &Section, first: bool) {
        if !(first && section.title.is_none()) {
            self.line("");
            self.heading(3, section.title.as_ref());
        }
        self.line("");
        let mut open: Vec<&Title> = Vec::new();
        let mut spaced = true;
        for item in &section.items {
            let shared = open.iter().zip(&item.under).take_while(|(open, under)| **open == *under).count();
            open.truncate(shared);
            for context in &item.under[shared..] {
                self.context(context, open.len());
                open.push(context);
                spaced = false;
            }
            // Texts have air around them; items without stand close.
            if item.guidance.is_some() && !spaced && open.is_empty() {
                self.line("");
            }
            self.item(item);
            open.push(&item.title);
            spaced = item.guidance.is_some();
        }
        if self.text.ends_with("\n\n") {
            self.text.pop();
        }
    }

    /// Writes a line that is no item, but has items nested in it.
    fn context(&mut self, title: &Title, depth: usize) {
        let plain = self.reads(&format!("{}- {title}\n  {NEXT}", self.before(title.as_str())), |reading| {
            reading.checklist.items().map(|(_, _, item)| item.under.as_slice()).eq([std::slice::from_ref(title)])
        });
        let ending = if plain { "" } else { " {context}" };
        self.line(&format!("{}- {title}{ending}", INDENT.repeat(depth)));
    }

    fn item(&mut self, item: &ChecklistItem) {
        let line = |verbatim| format!("- [ ] {} {}", item.title, attributes::write(item, verbatim));
        let plain = self.reads(&format!("{}{}\n{NEXT}", self.before(item.title.as_str()), line(false)), |reading| {
            let bare = ChecklistItem { guidance: None, under: Vec::new(), ..item.clone() };
            reading.checklist.items().next().is_some_and(|(_, _, read)| *read == bare)
                && reading.checklist.items().count() == 2
        });
        let depth = item.under.len();
        self.line(&format!("{}{}", INDENT.repeat(depth), line(!plain)));
        if let Some(guidance) = &item.guidance {
            self.guidance(guidance, depth);
        }
    }

    fn guidance(&mut self, guidance: &Markdown, depth: usize) {
        let indent = INDENT.repeat(depth + 1);
        let mut trial =
            Writer { text: self.before(guidance.as_str()).to_owned(), name: self.name, defined: String::new() };
        for level in 0..depth {
            trial.line(&format!("{}- c", INDENT.repeat(level)));
        }
        trial.line(&format!("{}- [ ] t {{#this}}\n", INDENT.repeat(depth)));
        trial.indented(guidance.as_str(), &indent);
        // What comes next may be nested in the item, or stand beside it.
        trial.line(&format!("\n{indent}- [ ] n {{#nested}}\n{}{NEXT}", INDENT.repeat(depth)));
        let plain = self.reads(&trial.text, |reading| {
            let items: Vec<&ChecklistItem> = reading.checklist.items().map(|(_, _, item)| item).collect();
            matches!(items.as_slice(), [this, nested, next]
                if this.guidance.as_ref() == Some(guidance)
                    && nested.guidance.is_none()
                    && nested.under.len() == depth + 1
                    && next.guidance.is_none()
                    && next.under.len() == depth)
        });
        self.line("");
        if plain {
            self.indented(guidance.as_str(), &indent)
        } else {
            self.literal(guidance, GUIDANCE, &indent)
        }
        self.line("");
    }

    fn role(&mut self, required: &RequiredRole) {
        let line = |ending| format!("\n**{}:** ____ {{role={}{ending}}}", required.title, required.role);
        let plain = self
            .reads(&format!("{}## Sign-off\n{}\n", self.before(required.title.as_str()), line("")), |reading| {
                reading.checklist.required_roles.iter().eq([required])
            });
        self.line(&line(if plain { "" } else { "; verbatim" }));
    }
}
