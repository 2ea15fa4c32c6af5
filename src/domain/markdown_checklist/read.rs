//! Makes a checklist out of a file's blocks, one after the other, and tells of every line what it became.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Became, LeftOut, Notice, ReadLine, Reading, Why,
    attributes::{self, Attributes},
    blocks::{self, Block, Entry, Kind},
    guidance::{self, INTRODUCTION},
    inline::{self, Definitions, Inline},
    items::{self, Draft, Place},
    lines::{self, Line},
    outline::{Heading, Outline},
    signatures::Closing,
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
    under: Vec<Title>,
    /// Whether some of them are left out, being too many.
    too_deep: bool,
    /// The item whose guidance the text in it is.
    pub(super) item: Option<usize>,
}

impl Nest {
    /// What a line with this title in it passes on.
    fn with(mut self, title: Option<Title>, item: Option<usize>) -> Self {
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
struct Row {
    line: usize,
    ticked: bool,
    columns: String,
}

/// What came of a line that should be an item.
enum Added {
    Item(usize),
    /// It has no title.
    NoTitle,
    TooMany,
}

/// Goes through the blocks and gathers what they say.
pub(super) struct Reader<'a> {
    pub(super) lines: &'a [Line<'a>],
    pub(super) blocks: &'a [Block<'a>],
    outline: Outline,
    definitions: Definitions,
    name: Option<Title>,
    /// The blocks of the introduction.
    pub(super) introduction: Vec<usize>,
    /// Whether a heading or an item was seen, after which nothing is introduction.
    pub(super) begun: bool,
    place: Place,
    pub(super) drafts: Vec<Draft>,
    pub(super) nests: BTreeMap<usize, Nest>,
    pub(super) required_roles: Vec<RequiredRole>,
    /// The slugs of those.
    pub(super) roles: BTreeSet<RoleSlug>,
    pub(super) closing: Option<Closing>,
    pub(super) fates: Vec<Fate>,
    pub(super) left_out: Vec<LeftOut>,
    /// The last block of the list that was left out last.
    pub(super) left_list: Option<usize>,
    pub(super) notices: Vec<Notice>,
    too_deep: usize,
}

impl<'a> Reader<'a> {
    fn new(lines: &'a [Line<'a>], blocks: &'a [Block<'a>]) -> Self {
        let outline = Outline::of(lines, blocks);
        Self {
            definitions: defined_in(blocks),
            place: Place::new(outline.part_level),
            outline,
            lines,
            blocks,
            name: None,
            introduction: Vec::new(),
            begun: false,
            drafts: Vec::new(),
            nests: BTreeMap::new(),
            required_roles: Vec::new(),
            roles: BTreeSet::new(),
            closing: None,
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
            Kind::Comment => self.leave(at, Why::Comment),
            Kind::FrontMatter => self.leave(at, Why::FrontMatter),
            Kind::Definition { .. } => {}
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
        let is_name = self.outline.name == Some(at);
        self.begun |= !is_name;
        self.closing = heading.closing.filter(|_| !is_name);
        let became = match self.closing {
            _ if is_name => Became::Name,
            Some(Closing::SignOff) if !self.outline.holds_items[at] => Became::SignOff,
            _ if !self.outline.holds_items[at] => {
                let notes = self.closing == Some(Closing::Notes);
                return self.leave(at, if notes { Why::Notes } else { Why::Heading });
            }
            _ if level <= self.outline.part_level => Became::Part,
            _ => Became::Section,
        };
        self.leave_pieces(line + 1, heading.links, Why::Link);
        self.leave_pieces(line + 1, heading.comments, Why::Comment);
        self.notices.extend(heading.notice);
        if heading.cut {
            self.notices.push(Notice::TitleCut { line: line + 1 });
        }
        if is_name {
            self.name = heading.title;
        } else if became != Became::SignOff {
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
                // What is nested in it goes where it goes itself.
                let text_goes_to = Nest { item: around.item, ..Nest::default() };
                self.nests.insert(at, text_goes_to);
                self.rest(at);
            }
            return true;
        };
        self.begun = true;
        match self.item(&entry.text, Row { line: block.lines.start + 1, ticked, columns: String::new() }, &around) {
            Added::Item(item) => {
                self.fates[block.lines.clone()].fill(Fate::Item(item));
                let title = self.drafts[item].title.clone();
                self.nests.insert(at, around.with(Some(title), Some(item)));
            }
            Added::NoTitle => {
                self.leave(at, Why::EmptyBox);
                self.nests.insert(at, around);
            }
            Added::TooMany => {
                self.leave_lines(block.lines.start..self.lines.len(), Why::TooMany);
                return false;
            }
        }
        true
    }

    /// The title of a plain line that items are nested in.
    fn context(&mut self, at: usize, text: &str) -> Option<Title> {
        let line = self.blocks[at].lines.start + 1;
        let literal = attributes::read(text).filter(|(_, said)| said.context);
        let inline = match literal {
            Some((before, _)) => Inline::literal(before),
            None => inline::read(text, &self.definitions),
        };
        self.leave_pieces(line, inline.links, Why::Link);
        self.leave_pieces(line, inline.comments, Why::Comment);
        let (title, cut) = inline::title(&inline.text).unzip();
        if cut == Some(true) {
            self.notices.push(Notice::TitleCut { line });
        }
        self.became(at, Became::Context);
        title
    }

    /// Reads a table of checks.
    fn table(&mut self, at: usize) -> bool {
        let block = &self.blocks[at];
        let around = block.parent.and_then(|parent| self.nests.get(&parent)).cloned().unwrap_or_default();
        self.begun = true;
        for row in self.outline.checks.remove(&at).unwrap_or_default() {
            let line = block.lines.start + row.line;
            match self.item(&row.title, Row { line: line + 1, ticked: row.ticked, columns: row.guidance }, &around) {
                Added::Item(item) => self.fates[line] = Fate::Item(item),
                Added::NoTitle => self.leave_lines(line..line + 1, Why::EmptyRow),
                Added::TooMany => {
                    self.leave_lines(line..self.lines.len(), Why::TooMany);
                    return false;
                }
            }
        }
        true
    }

    /// Adds an item whose line or row says this.
    fn item(&mut self, source: &str, row: Row, around: &Nest) -> Added {
        if self.drafts.len() == MAX_ITEMS {
            return Added::TooMany;
        }
        let Row { line, ticked, columns } = row;
        let (text, said) = attributes::read(source).unwrap_or_else(|| (source, Attributes::default()));
        let mut text = text.to_owned();
        let mut unknown = said.unknown.join("; ");
        if !unknown.is_empty() {
            text = format!("{text} {{{unknown}}}");
        } else if let Some((_, inside)) = attributes::group(source).filter(|_| said == Attributes::default()) {
            inside.clone_into(&mut unknown);
        }
        let inline = if said.verbatim { Inline::literal(&text) } else { inline::read(&text, &self.definitions) };
        let Some((title, cut)) = inline::title(&inline.text) else { return Added::NoTitle };
        if cut {
            self.notices.push(Notice::TitleCut { line });
        }
        if !unknown.is_empty() {
            self.notices.push(Notice::NotAnAttribute { line, text: format!("{{{unknown}}}") });
        }
        self.notices.extend(said.twice.iter().map(|text| Notice::AttributeTwice { line, text: text.clone() }));
        self.leave_pieces(line, inline.comments, Why::Comment);
        self.too_deep += usize::from(around.too_deep);
        self.place.item();
        self.drafts.push(Draft {
            line,
            title,
            ticked,
            said,
            under: around.under.clone(),
            whole: if cut { inline.text } else { String::new() },
            columns,
            notes: Vec::new(),
            links: inline.links,
        });
        Added::Item(self.drafts.len() - 1)
    }

    pub(super) fn became(&mut self, at: usize, became: Became) {
        self.fates[self.blocks[at].lines.clone()].fill(Fate::Known(became));
    }

    fn finish(mut self, fallback: &Title) -> Reading {
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
