//! What the reader reports about a file: why something was left out, and what else its importer should know.

use crate::domain::{
    checklist::{ItemKey, MAX_DEPTH, MAX_ITEMS},
    role::RoleSlug,
    text::{Markdown, Title},
};

/// Why something was left out. Its `Display` is the reason that people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OmissionReason {
    /// A description of the file at its beginning.
    #[error("front matter: it describes the file")]
    FrontMatter,
    /// A comment, and how many boxes are in it.
    #[error("an HTML comment{}", describe_boxes(*.0, "take the marks of the comment off"))]
    Comment(usize),
    /// HTML, and how many boxes are in it.
    #[error("HTML: it is left alone{}", describe_boxes(*.0, "write them as Markdown"))]
    Html(usize),
    /// A fenced block, and how many boxes are in it.
    #[error("a block of code{}", describe_boxes(*.0, "take the code fence off"))]
    Code(usize),
    /// Code by its indent.
    #[error("indented by four or more with no list to belong to: that is code in Markdown")]
    IndentedCode,
    /// Running text outside of any item.
    #[error("text that belongs to no item")]
    Text,
    /// Running text with a box in it.
    #[error("a box in running text is not an item")]
    BoxInText,
    /// A box in a code span.
    #[error("a box in code is not an item: take the backticks off to make it one")]
    BoxInCode,
    /// A box in a heading.
    #[error("a box in a heading is not an item")]
    BoxInHeading,
    /// Several boxes in one line or cell.
    #[error("several boxes in a line are a choice, not a check")]
    Choice,
    /// Boxes of which each is an answer ("Approved", "Rejected").
    #[error("answers to choose from are a choice, not checks")]
    AnswerChoice,
    /// A box on the line or in the row of a role that must sign.
    #[error("a line to sign on names a role that must sign, and is no check")]
    Signature,
    /// What is beside a role that must sign.
    #[error("who signs, and when, is recorded in each launch: only the role is taken")]
    SignerDetails,
    /// A list in which there is no box.
    #[error("a list without boxes")]
    List,
    /// A list of links into the file.
    #[error("a table of contents")]
    TableOfContents,
    /// A table that has no checks.
    #[error("a table that informs: it has no boxes, and no columns that say it is one of checks")]
    Table,
    /// A row without a title.
    #[error("a row that names no check")]
    EmptyRow,
    /// A row that adds up the others.
    #[error("a row of totals names no check")]
    TotalRow,
    /// A box without a title, or with one that has neither letter nor digit.
    #[error("nothing is written beside the box")]
    EmptyBox,
    /// A heading above no item.
    #[error("a heading with no items under it")]
    Heading,
    /// The closing notes.
    #[error("notes: they are written in each launch")]
    Notes,
    /// A link in a heading, or in a line that items are nested in.
    #[error("the address of a link: a line that only groups items has no place for it")]
    Link,
    /// What comes after the last item that is taken.
    #[error("more than {MAX_ITEMS} items: the rest of the file was not read")]
    TooManyItems,
}

/// What an importer should know of a file. Its `Display` is the sentence that people read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseNotice {
    /// Boxes were ticked.
    #[error("{}", describe_ticked(*.0))]
    TickedBoxes(usize),
    /// Characters that are never kept were dropped.
    #[error("{0} characters that can't be kept (controls, or ones that reverse the direction of text) were dropped.")]
    DroppedCharacters(usize),
    /// What ends a line in braces is no attribute.
    #[error("Line {line}: “{text}” is not an attribute known here; it stays in the title.")]
    NotAnAttribute {
        /// The line.
        line: usize,
        /// What it says.
        text: String,
    },
    /// An attribute contradicts one before it on its line.
    #[error("Line {line}: “{text}” comes after another of its kind; the last one counts.")]
    RepeatedAttribute {
        /// The line.
        line: usize,
        /// The attribute that counts.
        text: String,
    },
    /// A heading ended in an identifier or class for web pages.
    #[error("Line {line}: “{text}” was taken off the heading.")]
    HeadingAttribute {
        /// The line.
        line: usize,
        /// What it says.
        text: String,
    },
    /// Two items had one key.
    #[error("Line {line}: the key “{key}” is another item's already; this one has “{new_key}”.")]
    DuplicateKey {
        /// The line.
        line: usize,
        /// The key it asked for.
        key: ItemKey,
        /// The key it has.
        new_key: ItemKey,
    },
    /// A title was too long.
    #[error("Line {line}: a title has at most {max} characters, so this one was cut; an item's whole text is in its guidance.", max = Title::MAX)]
    TitleCut {
        /// The line.
        line: usize,
    },
    /// Guidance or an introduction was too long.
    #[error("Line {line}: the text that begins here is longer than {max} characters and was cut.", max = Markdown::MAX)]
    TextCut {
        /// The line.
        line: usize,
    },
    /// Items were nested deeper than is kept.
    #[error("{0} items are nested more than {MAX_DEPTH} deep; they are kept at that depth.")]
    TooDeep(usize),
    /// A role was asked to sign twice.
    #[error("Line {line}: the role “{role}” is required already.")]
    DuplicateRole {
        /// The line.
        line: usize,
        /// The role.
        role: RoleSlug,
    },
}

/// How many boxes are in something that is left alone, and what makes items of them.
fn describe_boxes(count: usize, remedy: &str) -> String {
    match count {
        0 => String::new(),
        1 => format!(", with 1 box in it: {remedy} to make it an item"),
        _ => format!(", with {count} boxes in it: {remedy} to make them items"),
    }
}

fn describe_ticked(count: usize) -> String {
    match count {
        1 => "1 box was ticked; it is imported unticked.".to_owned(),
        _ => format!("{count} boxes were ticked; they are imported unticked."),
    }
}
