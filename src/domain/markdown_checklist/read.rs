//! Makes a checklist out of a file's blocks, one after the other, and tells of every line what it became.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Became, LeftOut, Notice, ReadLine, Reading, Why, attributes,
    blocks::{self, Block, Entry, Kind},
    guidance::{self, INTRODUCTION},
    inline::{self, Definitions, Inline},
    items::{self, Draft, Place},
    lines::{self, Line},
    marks,
    outline::{Heading, Outline},
    signatures::{self, Closing, Scope},
    titles::ItemText,
};
use crate::domain::{
    checklist::{Checklist, MAX_DEPTH, MAX_ITEMS, RequiredRole},
    role::RoleSlug,
    text::Title,
};

/// See [`super::read`].
pub(super) fn read(markdown: &str, fallback: &Title) -> Reading {
    let (text, dropped) = lines::clean(markdown);
    let (lines, blocks) = blocks::scan(text.lines().map(Line::new).collect());
    let mut reader = Reader::new(&lines, &blocks);
    if dropped > 0 {
        reader.notices.push(Notice::Characters(dropped));
    }
    for at in 0..blocks.len() {
        if !reader.block(at) {
            break;
        }
    }
    reader.finish(fallback)
}

/// What links anywhere in a file may refer to: labels in lower case, and addresses.
pub(super) fn definitions(markdown: &str) -> Definitions {
    defined_in(&blocks::scan(markdown.lines().map(Line::new).collect()).1)
}

fn defined_in(blocks: &[Block<'_>]) -> Definitions {
    let definition = |block: &Block<'_>| match block.kind {
        Kind::Definition { label, address } => Some((label.to_lowercase(), address.to_owned())),
        _ => None,
    };
    blocks.iter().filter_map(definition).collect()
}

/// What a line of a list passes on to what is nested in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Nest {
    /// The titles above it and its own.
    pub(super) under: Vec<Title>,
    /// Whether some of them are left out, being too many.
    too_deep: bool,
    /// The item whose guidance the text in it is.
    pub(super) item: Option<usize>,
    /// Whether what is nested in it names who signs.
    pub(super) signs: bool,
}

impl Nest {
    /// What a line with this title in it passes on.
    pub(super) fn with(mut self, title: Option<Title>, item: Option<usize>) -> Self {
        self.item = item.or(self.item);
        if let Some(title) = title {
            self.too_deep = self.under.len() == MAX_DEPTH;
            if !self.too_deep {
                self.under.push(title);
            }
        }
        self
    }
}

/// What a line becomes, as far as it is known while the file is read: items have their keys at the end.
#[derive(Debug, Clone)]
pub(super) enum Fate {
    Known(Became),
    Item(usize),
    Guidance(usize),
}

/// Where an item comes from: its line, from 1, and what its table says of it besides its title.
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) ticked: bool,
    pub(super) columns: String,
}

/// Goes through the blocks and gathers what they say.
pub(super) struct Reader<'a> {
    pub(super) lines: &'a [Line<'a>],
    pub(super) blocks: &'a [Block<'a>],
    pub(super) outline: Outline,
    definitions: Definitions,
    /// The labels of the footnotes that something refers to, in lower case.
    footnotes: BTreeSet<String>,
    name: Option<Title>,
    /// The blocks of the introduction.
    pub(super) introduction: Vec<usize>,
    /// Whether a heading or an item was seen, after which nothing is introduction.
    pub(super) begun: bool,
    /// The level of the heading above, 0 before the first.
    pub(super) level: usize,
    /// The last item since the heading or line across above: what explains stands under it.
    pub(super) above: Option<usize>,
    /// The line of a list that this item is nested in, by block.
    pub(super) above_parent: Option<usize>,
    /// Whether an item stands under the heading above.
    pub(super) items_here: bool,
    /// The blocks that explain the item that comes next, each with the level of the heading that it stands under.
    pub(super) waiting: Vec<(usize, usize)>,
    pub(super) place: Place,
    pub(super) drafts: Vec<Draft>,
    pub(super) nests: BTreeMap<usize, Nest>,
    pub(super) required_roles: Vec<RequiredRole>,
    /// The slugs of those.
    pub(super) roles: BTreeSet<RoleSlug>,
    pub(super) scope: Scope,
    /// Whether a role was named since the heading above.
    pub(super) signer_above: bool,
    pub(super) fates: Vec<Fate>,
    pub(super) left_out: Vec<LeftOut>,
    /// The last block of the list that was left out last.
    pub(super) left_list: Option<usize>,
    pub(super) notices: Vec<Notice>,
    too_deep: usize,
}

impl<'a> Reader<'a> {
    fn new(lines: &'a [Line<'a>], blocks: &'a [Block<'a>]) -> Self {
        let definitions = defined_in(blocks);
        let outline = Outline::of(lines, blocks, &definitions);
        Self {
            definitions,
            footnotes: lines::footnotes(lines),
            place: Place::new(outline.part_level),
            outline,
            lines,
            blocks,
            name: None,
            introduction: Vec::new(),
            begun: false,
            level: 0,
            above: None,
            above_parent: None,
            items_here: false,
            waiting: Vec::new(),
            drafts: Vec::new(),
            nests: BTreeMap::new(),
            required_roles: Vec::new(),
            roles: BTreeSet::new(),
            scope: Scope::default(),
            signer_above: false,
            fates: vec![Fate::Known(Became::Nothing); lines.len()],
            left_out: Vec::new(),
            left_list: None,
            notices: Vec::new(),
            too_deep: 0,
        }
    }

    /// Reads one block. Gives whether to go on.
    fn block(&mut self, at: usize) -> bool {
        let block = &self.blocks[at];
        match &block.kind {
            Kind::Heading { text, .. } => self.heading(at, text),
            Kind::Entry(entry) => return self.entry(at, entry),
            Kind::Table if self.outline.checks.contains_key(&at) => return self.table(at),
            Kind::Comment => self.leave(at, Why::Comment(self.boxes_in(at))),
            Kind::FrontMatter => self.leave(at, Why::FrontMatter),
            Kind::Definition { label, .. } => {
                if label.starts_with('^') && !self.footnotes.contains(&label.to_lowercase()) {
                    self.leave(at, Why::Text);
                }
            }
            Kind::Text | Kind::Code { .. } | Kind::IndentedCode | Kind::Html | Kind::Table | Kind::Rule => {
                self.rest(at)
            }
        }
        true
    }

    fn heading(&mut self, at: usize, text: &str) {
        let line = self.blocks[at].lines.start;
        let heading = Heading::read(text, line + 1, &self.definitions);
        let Kind::Heading { level, .. } = self.blocks[at].kind else { return };
        self.stop_waiting(level);
        self.above = None;
        self.items_here = false;
        self.level = level;
        let is_name = self.outline.name == Some(at);
        let title = heading.title.as_ref().map_or("", Title::as_str);
        let was_signing = self.scope.is_sign_off();
        if is_name || heading.literal {
            self.scope.literal_heading();
        } else {
            self.scope.heading(level, title);
        }
        let says_who_signs = matches!(Closing::of(title), Some(Closing::SignOff { .. }));
        self.signer_above = false;
        let signer = (was_signing && self.scope.is_sign_off() && !says_who_signs && self.is_followed_by_fields(at, 3))
            .then(|| signatures::named(signatures::without_number(title), None))
            .flatten();
        self.begun |= !is_name;
        let holds_items = self.outline.holds_items[at];
        if heading.has_box || (!heading.literal && marks::count_boxes(text) > 0) {
            self.leave_pieces(line + 1, vec![text.to_owned()], Why::BoxInHeading);
        }
        let role = signer.as_ref().map(|signer| signer.role.clone());
        if let Some(signer) = signer {
            self.require(line, signer);
        }
        let became = match level {
            _ if is_name => Became::Name,
            _ if !holds_items && self.scope.is_sign_off() && says_who_signs => Became::SignOff,
            _ if !holds_items && role.is_some() => role.map_or(Became::SignOff, Became::RequiredRole),
            _ if !holds_items && self.scope.is_notes() => return self.leave(at, Why::Notes),
            _ if !holds_items => return self.leave(at, Why::Heading),
            _ if level <= self.outline.part_level => Became::Part,
            _ => Became::Section,
        };
        self.leave_pieces(line + 1, heading.inline.links, Why::Link);
        self.leave_comments(line + 1, heading.inline.comments);
        self.notices.extend(heading.notice);
        if heading.cut {
            self.notices.push(Notice::TitleCut { line: line + 1 });
        }
        if is_name {
            self.name = heading.title;
        } else if matches!(became, Became::Part | Became::Section) {
            self.place.heading(level, heading.title);
        }
        self.became(at, became);
    }

    /// Reads a line of a list.
    fn entry(&mut self, at: usize, entry: &Entry) -> bool {
        let block = &self.blocks[at];
        let around = block.parent.and_then(|parent| self.nests.get(&parent)).cloned().unwrap_or_default();
        let Some(ticked) = entry.ticked else {
            if self.outline.holds_items[at] {
                self.begun = true;
                let title = self.context(at, &entry.text);
                self.nests.insert(at, around.with(title, None));
            } else {
                self.rest(at);
                // What is nested in it goes where it goes itself.
                let item = match self.fates[block.lines.start] {
                    Fate::Guidance(item) => Some(item),
                    _ => around.item,
                };
                let signs = around.signs || matches!(self.fates[block.lines.start], Fate::Known(Became::SignOff));
                self.nests.insert(at, Nest { item, signs, ..Nest::default() });
            }
            return true;
        };
        let text = match self.outline.items.remove(&at).unwrap_or(Err(Why::EmptyBox)) {
            Ok(text) => text,
            Err(why) => {
                let line = block.lines.start;
                match signatures::role(&entry.text, signatures::Place::Loose).filter(|_| why == Why::Signature) {
                    Some(role) => {
                        self.begun = true;
                        self.leave_piece(line, why);
                        self.became(at, Became::RequiredRole(role.role.clone()));
                        self.require(line, role);
                    }
                    None => self.leave(at, why),
                }
                self.nests.insert(at, around);
                return true;
            }
        };
        self.begun = true;
        let Some(item) = self.item(text, Row { line: block.lines.start + 1, ticked, columns: String::new() }, &around)
        else {
            self.leave_lines(block.lines.start..self.lines.len(), Why::TooMany);
            return false;
        };
        self.above_parent = block.parent;
        self.fates[block.lines.clone()].fill(Fate::Item(item));
        let title = self.drafts[item].title.clone();
        self.nests.insert(at, around.with(Some(title), Some(item)));
        true
    }

    /// The title of a plain line that items are nested in.
    fn context(&mut self, at: usize, text: &str) -> Option<Title> {
        let line = self.blocks[at].lines.start + 1;
        let literal = attributes::read(text).filter(|(_, said)| said.context);
        let is_literal = literal.is_some();
        let inline = match literal {
            Some((before, _)) => Inline::literal(before),
            None => inline::read(text, &self.definitions),
        };
        self.leave_pieces(line, inline.links, Why::Link);
        self.leave_comments(line, inline.comments);
        let (title, cut) = inline::title(&inline.text).unzip();
        if cut == Some(true) {
            self.notices.push(Notice::TitleCut { line });
        }
        self.became(at, Became::Context);
        if !is_literal {
            self.name_boxes(at);
        }
        title
    }

    /// Adds an item whose line or row says this. Gives nothing when there are too many.
    pub(super) fn item(&mut self, text: ItemText, row: Row, around: &Nest) -> Option<usize> {
        if self.drafts.len() == MAX_ITEMS {
            return None;
        }
        let Row { line, ticked, columns } = row;
        let ItemText { title, cut, said, inline, unknown } = text;
        if cut {
            self.notices.push(Notice::TitleCut { line });
        }
        if !unknown.is_empty() {
            self.notices.push(Notice::NotAnAttribute { line, text: format!("{{{unknown}}}") });
        }
        self.notices.extend(said.twice.iter().map(|text| Notice::AttributeTwice { line, text: text.clone() }));
        self.leave_comments(line, inline.comments);
        self.too_deep += usize::from(around.too_deep);
        self.place.item();
        let item = self.drafts.len();
        self.drafts.push(Draft {
            line,
            title,
            ticked,
            said,
            under: around.under.clone(),
            whole: if cut { inline.text } else { String::new() },
            columns,
            details: inline.details,
            notes: Vec::new(),
            links: inline.links,
        });
        self.above = Some(item);
        self.above_parent = None;
        self.items_here = true;
        for (_, block) in std::mem::take(&mut self.waiting) {
            self.explain(item, block);
        }
        Some(item)
    }

    pub(super) fn became(&mut self, at: usize, became: Became) {
        self.fates[self.blocks[at].lines.clone()].fill(Fate::Known(became));
    }

    fn finish(mut self, fallback: &Title) -> Reading {
        self.stop_waiting(0);
        let text = guidance::text(self.lines, self.blocks, &self.introduction, INTRODUCTION, &self.definitions);
        let (introduction, cut) = guidance::markdown(&text).unzip();
        if let (Some(true), Some(first)) = (cut, self.introduction.first()) {
            self.notices.push(Notice::TextCut { line: self.blocks[*first].lines.start + 1 });
        }
        let ticked = self.drafts.iter().filter(|draft| draft.ticked).count();
        if ticked > 0 {
            self.notices.insert(0, Notice::Ticked(ticked));
        }
        if self.too_deep > 0 {
            self.notices.push(Notice::TooDeep(self.too_deep));
        }
        let ticked: Vec<bool> = self.drafts.iter().map(|draft| draft.ticked).collect();
        let items = items::finish(self.drafts, self.lines, self.blocks, &self.definitions, &mut self.notices);
        let became = self.fates.into_iter().map(|fate| match fate {
            Fate::Known(became) => became,
            Fate::Guidance(item) => Became::Guidance(items[item].key.clone()),
            Fate::Item(item) => Became::Item {
                key: items[item].key.clone(),
                nesting: items[item].under.len(),
                was_ticked: ticked[item],
            },
        });
        let lines = self.lines.iter().zip(became).enumerate();
        let lines: Vec<ReadLine> =
            lines.map(|(at, (line, became))| ReadLine { line: at + 1, text: line.text.to_owned(), became }).collect();
        self.left_out.sort_by_key(|left| left.line);
        Reading {
            lines,
            checklist: Checklist {
                name: self.name.unwrap_or_else(|| fallback.clone()),
                introduction,
                parts: self.place.parts(items),
                required_roles: self.required_roles,
            },
            left_out: self.left_out,
            notices: self.notices,
        }
    }
}
