//! What the reader reports about a file: why something was left out, and what else its importer should know.

use crate::{
    domain::{
        checklist::{ItemKey, MAX_DEPTH, MAX_ITEMS},
        role::RoleSlug,
        text::{Markdown, Title},
    },
    texts,
};

/// Why something was left out. Its `Display` is the reason that people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OmissionReason {
    /// A description of the file at its beginning.
    #[error("{}", texts::left_out_front_matter())]
    FrontMatter,
    /// A comment, and how many boxes are in it.
    #[error("{}", texts::left_out_comment(.0))]
    Comment(usize),
    /// HTML, and how many boxes are in it.
    #[error("{}", texts::left_out_html(.0))]
    Html(usize),
    /// A fenced block, and how many boxes are in it.
    #[error("{}", texts::left_out_code(.0))]
    Code(usize),
    #[error("{}", texts::left_out_indented_code())]
    IndentedCode,
    /// Running text outside of any item.
    #[error("{}", texts::left_out_text())]
    Text,
    /// Running text with a box in it.
    #[error("{}", texts::left_out_box_in_text())]
    BoxInText,
    /// Brackets like a box that are the text of a link.
    #[error("{}", texts::left_out_box_is_link())]
    BoxIsLink,
    /// A box in a code span.
    #[error("{}", texts::left_out_box_in_code())]
    BoxInCode,
    #[error("{}", texts::left_out_box_in_heading())]
    BoxInHeading,
    /// Several boxes in one line or cell.
    #[error("{}", texts::left_out_choice())]
    Choice,
    /// Boxes of which each is an answer ("Approved", "Rejected").
    #[error("{}", texts::left_out_answers())]
    AnswerChoice,
    /// A box on the line or in the row of a role that must sign.
    #[error("{}", texts::left_out_signature())]
    Signature,
    /// What is beside a role that must sign.
    #[error("{}", texts::left_out_signer_details())]
    SignerDetails,
    /// A list in which there is no box.
    #[error("{}", texts::left_out_list())]
    List,
    /// A list of links into the file.
    #[error("{}", texts::left_out_table_of_contents())]
    TableOfContents,
    /// A table that has no checks.
    #[error("{}", texts::left_out_table())]
    Table,
    /// A row without a title.
    #[error("{}", texts::left_out_empty_row())]
    EmptyRow,
    /// A row that adds up the others.
    #[error("{}", texts::left_out_total_row())]
    TotalRow,
    /// A box without a title, or with one that has neither letter nor digit.
    #[error("{}", texts::left_out_empty_box())]
    EmptyBox,
    /// A heading above no item.
    #[error("{}", texts::left_out_heading())]
    Heading,
    /// What is under a closing heading such as “Notes”.
    #[error("{}", texts::left_out_notes())]
    Notes,
    /// A link in a heading, or in a line that items are nested in.
    #[error("{}", texts::left_out_link())]
    Link,
    /// What comes after the last item that is taken.
    #[error("{}", texts::left_out_rest(MAX_ITEMS))]
    TooManyItems,
}

/// What an importer should know of a file. Its `Display` is the sentence that people read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseNotice {
    /// The number of ticked boxes; they are imported unticked.
    #[error("{}", texts::ticked_boxes(.0))]
    TickedBoxes(usize),
    /// Characters that are never kept were dropped.
    #[error("{}", texts::dropped_characters(.0))]
    DroppedCharacters(usize),
    /// What ends a line in braces is no attribute.
    #[error("{}", texts::not_an_attribute(.line, .text))]
    NotAnAttribute { line: usize, text: String },
    /// An attribute contradicts one before it on its line.
    #[error("{}", texts::repeated_attribute(.line, .text))]
    RepeatedAttribute {
        line: usize,
        /// The attribute that counts.
        text: String,
    },
    /// A heading ended in an identifier or class for web pages.
    #[error("{}", texts::heading_attribute(.line, .text))]
    HeadingAttribute { line: usize, text: String },
    /// Two items had one key.
    #[error("{}", texts::duplicate_key(.line, .key, .new_key))]
    DuplicateKey {
        line: usize,
        /// The key it asked for.
        key: ItemKey,
        /// The key it has.
        new_key: ItemKey,
    },
    /// A title was too long.
    #[error("{}", texts::title_was_cut(.line, Title::MAX))]
    TitleCut { line: usize },
    /// Guidance or an introduction was too long.
    #[error("{}", texts::text_was_cut(.line, Markdown::MAX))]
    TextCut { line: usize },
    /// Items were nested deeper than is kept.
    #[error("{}", texts::items_nested_too_deep(.0, MAX_DEPTH))]
    TooDeep(usize),
    /// A role was asked to sign twice.
    #[error("{}", texts::role_is_required_already(.line, .role))]
    DuplicateRole { line: usize, role: RoleSlug },
}
