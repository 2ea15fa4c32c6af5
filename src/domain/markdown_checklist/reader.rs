//! Makes a checklist out of a file's blocks, one after the other, and reports what each line became.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    LineMeaning, Omission, OmissionReason, ParseNotice, ParsedChecklist, ParsedLine, attributes,
    blocks::{self, BlockKind, ListLine, MarkdownBlock},
    boxes,
    closing::{ClosingHeading, ClosingScope},
    definition_lines,
    definitions::LinkDefinitions,
    guidance::{self, INTRODUCTION_FENCE},
    inline::{self, InlineText},
    item_text::ItemText,
    items::{self, NestingContext, OutlineBuilder, UnfinishedItem},
    lines::{self, SourceLine},
    outline::{HeadingText, MarkdownOutline},
    sign_off,
};
use crate::domain::{
    checklist::{Checklist, MAX_ITEMS, RequiredRole},
    role::RoleSlug,
    text::Title,
};

pub(super) fn read_markdown(markdown: &str, fallback: &Title) -> ParsedChecklist {
    let (text, dropped) = lines::clean_text(markdown);
    let (lines, blocks) = blocks::scan_blocks(text.lines().map(SourceLine::new).collect());
    let mut reader = ChecklistReader::new(&lines, &blocks);
    if dropped > 0 {
        reader.notices.push(ParseNotice::DroppedCharacters(dropped));
    }
    for at in 0..blocks.len() {
        if !reader.read_block(at) {
            break;
        }
    }
    reader.finish(fallback)
}

/// What a line becomes, as far as it is known while the file is read: items have their keys at the end.
#[derive(Debug, Clone)]
pub(super) enum LineFate {
    Final(LineMeaning),
    Item(usize),
    Guidance(usize),
}

/// Where an item comes from: its line, from 1, and what its table says of it besides its title.
pub(super) struct ItemSource {
    pub(super) line: usize,
    pub(super) ticked: bool,
    pub(super) column_guidance: String,
}

/// Goes through the blocks and gathers what they say.
pub(super) struct ChecklistReader<'a> {
    pub(super) lines: &'a [SourceLine<'a>],
    pub(super) blocks: &'a [MarkdownBlock<'a>],
    pub(super) outline: MarkdownOutline,
    pub(super) definitions: LinkDefinitions,
    /// The labels of those that something in the checklist refers to.
    pub(super) used_labels: BTreeSet<String>,
    name: Option<Title>,
    /// The blocks of the introduction.
    pub(super) introduction: Vec<usize>,
    /// Whether a heading or an item was seen, after which nothing is introduction.
    pub(super) has_begun: bool,
    /// The level of the heading above, 0 before the first.
    pub(super) heading_level: usize,
    /// The last item since the heading or horizontal rule above: what explains is under it.
    pub(super) last_item: Option<usize>,
    /// The line of a list that this item is nested in, by block.
    pub(super) last_item_parent: Option<usize>,
    /// Whether an item is under the heading above.
    pub(super) heading_has_items: bool,
    /// The blocks that explain the item that comes next, each with the level of the heading that it is under.
    pub(super) pending_blocks: Vec<(usize, usize)>,
    pub(super) outline_builder: OutlineBuilder,
    pub(super) unfinished_items: Vec<UnfinishedItem>,
    pub(super) nesting_contexts: BTreeMap<usize, NestingContext>,
    pub(super) required_roles: Vec<RequiredRole>,
    /// The slugs of those.
    pub(super) required_slugs: BTreeSet<RoleSlug>,
    pub(super) scope: ClosingScope,
    /// Whether a role was named since the heading above.
    pub(super) has_signer_above: bool,
    pub(super) line_fates: Vec<LineFate>,
    pub(super) omissions: Vec<Omission>,
    /// The last block of the list that was left out last.
    pub(super) last_omitted_list_block: Option<usize>,
    pub(super) notices: Vec<ParseNotice>,
    too_deep_count: usize,
}

impl<'a> ChecklistReader<'a> {
    fn new(lines: &'a [SourceLine<'a>], blocks: &'a [MarkdownBlock<'a>]) -> Self {
        let definitions = definition_lines::collect_definitions(blocks);
        let outline = MarkdownOutline::from_blocks(lines, blocks, &definitions);
        Self {
            definitions,
            used_labels: BTreeSet::new(),
            outline_builder: OutlineBuilder::new(outline.part_level),
            outline,
            lines,
            blocks,
            name: None,
            introduction: Vec::new(),
            has_begun: false,
            heading_level: 0,
            last_item: None,
            last_item_parent: None,
            heading_has_items: false,
            pending_blocks: Vec::new(),
            unfinished_items: Vec::new(),
            nesting_contexts: BTreeMap::new(),
            required_roles: Vec::new(),
            required_slugs: BTreeSet::new(),
            scope: ClosingScope::default(),
            has_signer_above: false,
            line_fates: vec![LineFate::Final(LineMeaning::Nothing); lines.len()],
            omissions: Vec::new(),
            last_omitted_list_block: None,
            notices: Vec::new(),
            too_deep_count: 0,
        }
    }

    /// Reads one block. Gives whether to go on.
    fn read_block(&mut self, at: usize) -> bool {
        let block = &self.blocks[at];
        match &block.kind {
            BlockKind::Heading { text, .. } => self.read_heading(at, text),
            BlockKind::ListLine(entry) => return self.read_list_line(at, entry),
            BlockKind::Table if self.outline.checks.contains_key(&at) => return self.read_check_table(at),
            BlockKind::Comment => self.omit_block(at, OmissionReason::Comment(self.count_boxes_in(at))),
            BlockKind::FrontMatter => self.omit_block(at, OmissionReason::FrontMatter),
            BlockKind::Definition { label, target } => self.read_definition(at, label, target),
            BlockKind::Text
            | BlockKind::Code { .. }
            | BlockKind::IndentedCode
            | BlockKind::Html
            | BlockKind::Table
            | BlockKind::Rule => self.read_other_block(at),
        }
        true
    }

    fn read_heading(&mut self, at: usize, text: &str) {
        let line = self.blocks[at].lines.start;
        let heading = HeadingText::read(text, line + 1, &self.definitions);
        let BlockKind::Heading { level, .. } = self.blocks[at].kind else { return };
        self.omit_pending(level);
        self.last_item = None;
        self.heading_has_items = false;
        self.heading_level = level;
        let is_name = self.outline.name == Some(at);
        let title = heading.title.as_ref().map_or("", Title::as_str);
        let was_signing = self.scope.is_sign_off();
        if is_name || heading.is_literal {
            self.scope.enter_literal_heading();
        } else {
            self.scope.enter_heading(level, title);
        }
        let says_who_signs = matches!(ClosingHeading::from_title(title), Some(ClosingHeading::SignOff { .. }));
        self.has_signer_above = false;
        let signer = (was_signing && self.scope.is_sign_off() && !says_who_signs && self.is_followed_by_fields(at, 3))
            .then(|| sign_off::role_from_text(sign_off::without_number(title), None))
            .flatten();
        self.has_begun |= !is_name;
        let holds_items = self.outline.holds_items[at];
        let boxes_in_text = boxes::count_boxes(text) + boxes::count_boxes_in_spans(text);
        if heading.has_box || (!heading.is_literal && boxes_in_text > 0) {
            self.omit_pieces(line + 1, vec![text.to_owned()], OmissionReason::BoxInHeading);
        }
        let role = signer.as_ref().map(|signer| signer.role.clone());
        if let Some(signer) = signer {
            self.require_role(line, signer);
        }
        let meaning = match level {
            _ if is_name => LineMeaning::Name,
            _ if !holds_items && self.scope.is_sign_off() && says_who_signs => LineMeaning::SignOff,
            _ if !holds_items && role.is_some() => role.map_or(LineMeaning::SignOff, LineMeaning::RequiredRole),
            _ if !holds_items && self.scope.is_notes() => return self.omit_block(at, OmissionReason::Notes),
            _ if !holds_items => return self.omit_block(at, OmissionReason::Heading),
            _ if level <= self.outline.part_level => LineMeaning::Part,
            _ => LineMeaning::Section,
        };
        self.omit_beside_title(line + 1, heading.inline);
        self.notices.extend(heading.notice);
        if heading.is_cut {
            self.notices.push(ParseNotice::TitleCut { line: line + 1 });
        }
        if is_name {
            self.name = heading.title;
        } else if matches!(meaning, LineMeaning::Part | LineMeaning::Section) {
            self.outline_builder.enter_heading(level, heading.title);
        }
        self.set_meaning(at, meaning);
    }

    fn read_list_line(&mut self, at: usize, entry: &ListLine) -> bool {
        let block = &self.blocks[at];
        let around = block.parent.and_then(|parent| self.nesting_contexts.get(&parent)).cloned().unwrap_or_default();
        let Some(ticked) = entry.ticked else {
            if self.outline.holds_items[at] {
                self.has_begun = true;
                let title = self.read_context(at, &entry.text);
                self.nesting_contexts.insert(at, around.nested_in(title, None));
            } else {
                self.read_other_block(at);
                // What is nested in it goes where it goes itself.
                let item = match self.line_fates[block.lines.start] {
                    LineFate::Guidance(item) => Some(item),
                    _ => around.item,
                };
                let signs = around.names_signers
                    || matches!(self.line_fates[block.lines.start], LineFate::Final(LineMeaning::SignOff));
                self.nesting_contexts
                    .insert(at, NestingContext { item, names_signers: signs, ..NestingContext::default() });
            }
            return true;
        };
        let text = match self.outline.items.remove(&at).unwrap_or(Err(OmissionReason::EmptyBox)) {
            Ok(text) => text,
            Err(why) => {
                let line = block.lines.start;
                match sign_off::read_role_line(&entry.text, sign_off::SignerLinePlace::Uncertain)
                    .filter(|_| why == OmissionReason::Signature)
                {
                    Some(role) => {
                        self.has_begun = true;
                        self.report_omitted_piece(line, why);
                        self.report_signer_lines(at);
                        self.set_meaning(at, LineMeaning::RequiredRole(role.role.clone()));
                        self.require_role(line, role);
                    }
                    None => self.omit_block(at, why),
                }
                self.nesting_contexts.insert(at, around);
                return true;
            }
        };
        self.has_begun = true;
        let Some(item) = self.add_item(
            text,
            ItemSource { line: block.lines.start + 1, ticked, column_guidance: String::new() },
            &around,
        ) else {
            self.omit_lines(block.lines.start..self.lines.len(), OmissionReason::TooManyItems);
            return false;
        };
        self.last_item_parent = block.parent;
        self.line_fates[block.lines.clone()].fill(LineFate::Item(item));
        let title = self.unfinished_items[item].title.clone();
        self.nesting_contexts.insert(at, around.nested_in(Some(title), Some(item)));
        true
    }

    /// The title of a plain line that items are nested in.
    fn read_context(&mut self, at: usize, text: &str) -> Option<Title> {
        let line = self.blocks[at].lines.start + 1;
        let literal = attributes::read_attributes(text).filter(|(_, attributes)| attributes.context);
        let is_literal = literal.is_some();
        let inline = match literal {
            Some((before, _)) => InlineText::from_literal(before),
            None => inline::read_inline(text, &self.definitions),
        };
        let (title, cut) = inline::to_title(&inline.text).unzip();
        if cut == Some(true) {
            self.notices.push(ParseNotice::TitleCut { line });
        }
        self.omit_beside_title(line, inline);
        self.set_meaning(at, LineMeaning::Context);
        if !is_literal {
            self.report_boxes(at);
        }
        title
    }

    /// Adds an item whose line or row says this. Gives nothing when there are too many.
    pub(super) fn add_item(&mut self, text: ItemText, row: ItemSource, around: &NestingContext) -> Option<usize> {
        if self.unfinished_items.len() == MAX_ITEMS {
            return None;
        }
        let ItemSource { line, ticked, column_guidance: columns } = row;
        let ItemText { title, is_cut: cut, attributes, inline, unknown_attributes: unknown } = text;
        if cut {
            self.notices.push(ParseNotice::TitleCut { line });
        }
        if !unknown.is_empty() {
            self.notices.push(ParseNotice::NotAnAttribute { line, text: format!("{{{unknown}}}") });
        }
        self.notices
            .extend(attributes.repeated.iter().map(|text| ParseNotice::RepeatedAttribute { line, text: text.clone() }));
        self.used_labels.extend(inline.labels);
        self.omit_comments(line, inline.comments);
        self.too_deep_count += usize::from(around.too_deep);
        self.outline_builder.count_item();
        let item = self.unfinished_items.len();
        self.unfinished_items.push(UnfinishedItem {
            line,
            title,
            ticked,
            attributes,
            under: around.under.clone(),
            full_title: if cut { inline.text } else { String::new() },
            column_guidance: columns,
            details: inline.details,
            guidance_blocks: Vec::new(),
            links: inline.links,
        });
        self.last_item = Some(item);
        self.last_item_parent = None;
        self.heading_has_items = true;
        for (_, block) in std::mem::take(&mut self.pending_blocks) {
            self.add_guidance(item, block);
        }
        Some(item)
    }

    pub(super) fn set_meaning(&mut self, at: usize, meaning: LineMeaning) {
        self.line_fates[self.blocks[at].lines.clone()].fill(LineFate::Final(meaning));
    }

    fn finish(mut self, fallback: &Title) -> ParsedChecklist {
        self.omit_pending(0);
        self.report_unlisted_boxes();
        let text = guidance::join_blocks(
            self.lines,
            self.blocks,
            &self.introduction,
            INTRODUCTION_FENCE,
            &self.definitions,
            &mut self.used_labels,
        );
        let (introduction, cut) = guidance::to_markdown(&text).unzip();
        let blocks = std::mem::take(&mut self.introduction);
        match (cut, blocks.first()) {
            (Some(true), Some(first)) => {
                self.notices.push(ParseNotice::TextCut { line: self.blocks[*first].lines.start + 1 });
            }
            (None, _) => self.omit_unseen(&blocks),
            _ => {}
        }
        let ticked = self.unfinished_items.iter().filter(|draft| draft.ticked).count();
        if ticked > 0 {
            self.notices.insert(0, ParseNotice::TickedBoxes(ticked));
        }
        if self.too_deep_count > 0 {
            self.notices.push(ParseNotice::TooDeep(self.too_deep_count));
        }
        let ticked: Vec<bool> = self.unfinished_items.iter().map(|draft| draft.ticked).collect();
        let (items, unseen) = items::finish_items(
            std::mem::take(&mut self.unfinished_items),
            self.lines,
            self.blocks,
            &self.definitions,
            &mut self.used_labels,
            &mut self.notices,
        );
        for items::UnseenGuidance { line, beside, blocks } in unseen {
            if !beside.is_empty() {
                self.omit_pieces(line, vec![beside], OmissionReason::Text);
            }
            self.omit_unseen(&blocks);
        }
        self.omit_unused_definitions();
        let meanings = self.line_fates.into_iter().map(|fate| match fate {
            LineFate::Final(meaning) => meaning,
            LineFate::Guidance(item) => LineMeaning::Guidance(items[item].key.clone()),
            LineFate::Item(item) => LineMeaning::Item {
                key: items[item].key.clone(),
                nesting: items[item].under.len(),
                was_ticked: ticked[item],
            },
        });
        let lines = self.lines.iter().zip(meanings).enumerate();
        let lines: Vec<ParsedLine> = lines
            .map(|(at, (line, meaning))| ParsedLine { number: at + 1, text: line.text.to_owned(), meaning })
            .collect();
        self.omissions.sort_by_key(|left| left.line);
        ParsedChecklist {
            lines,
            checklist: Checklist {
                name: self.name.unwrap_or_else(|| fallback.clone()),
                introduction,
                parts: self.outline_builder.parts(items),
                required_roles: self.required_roles,
            },
            omissions: self.omissions,
            notices: self.notices,
        }
    }
}
