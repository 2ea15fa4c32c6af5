//! What the line of an item says, or the cell of a table that names one: a title with attributes, or no check at all.

use std::borrow::Cow;

use super::{
    OmissionReason,
    attributes::{self, ItemAttributes},
    boxes,
    definitions::LinkDefinitions,
    inline::{self, InlineText},
};
use crate::domain::text::Title;

#[derive(Debug)]
pub(super) struct ItemText {
    pub(super) title: Title,
    /// Whether the title had to be cut.
    pub(super) is_cut: bool,
    pub(super) attributes: ItemAttributes,
    /// The title uncut, and what was in the text besides.
    pub(super) inline: InlineText,
    /// What is in braces at the end and is no attribute.
    pub(super) unknown_attributes: String,
}

impl ItemText {
    /// Reads what is behind a box.
    ///
    /// # Errors
    /// Why it is no item: more boxes follow, or nothing that could be a title.
    pub(super) fn read(source: &str, definitions: &LinkDefinitions) -> Result<Self, OmissionReason> {
        let (text, attributes) =
            attributes::read_attributes(source).unwrap_or_else(|| (source, ItemAttributes::default()));
        let mut text = text.to_owned();
        let mut unknown = attributes.unknown.join("; ");
        if !unknown.is_empty() {
            text = format!("{text} {{{unknown}}}");
        } else if let Some((_, inside)) =
            attributes::split_braces(source).filter(|_| attributes == ItemAttributes::default())
        {
            inside.clone_into(&mut unknown);
        }
        if !attributes.verbatim && (boxes::count_boxes(&strip_comments(&text)) > 0 || is_choice_of_answers(&text)) {
            return Err(OmissionReason::Choice);
        }
        let inline =
            if attributes.verbatim { InlineText::from_literal(&text) } else { inline::read_inline(&text, definitions) };
        let (title, cut) = inline::to_title(&inline.text)
            .filter(|(title, _)| attributes.verbatim || inline::has_letter_or_digit(title.as_str()))
            .ok_or(OmissionReason::EmptyBox)?;
        Ok(Self { title, is_cut: cut, attributes, inline, unknown_attributes: unknown })
    }

    /// The answer to a question that the title is, such as "Approved", "No" or "Low": beside another one it is no check, but a
    /// choice, or the legend of the boxes. An item that has attributes is one whatever its title.
    pub(super) fn as_answer(&self) -> Option<&'static str> {
        if self.attributes == ItemAttributes::default() { find_answer(self.title.as_str()) } else { None }
    }
}

/// Whether each piece between empty brackets is an answer ("Yes [] No"): in other lines they may as well be code.
fn is_choice_of_answers(text: &str) -> bool {
    text.contains("[]") && text.split("[]").all(|piece| find_answer(piece).is_some())
}

/// The answer or level that a title is.
fn find_answer(title: &str) -> Option<&'static str> {
    const ANSWERS: &str = "approve approved rejected reject declined denied disapproved accepted not-accepted yes no go \
        no-go nogo hold pass passed fail failed n-a na not-applicable deferred conditional conditional-go \
        conditionally-approved approved-with-conditions go-with-conditions conditional-approval not-approved open done \
        todo to-do not-started in-progress started complete completed incomplete pending blocked skipped true false \
        not-done not-completed unfinished cancelled canceled wip \
        ja nein genehmigt abgelehnt freigegeben nicht-freigegeben oui non approuvé rejeté refusé sí si aprobado \
        rechazado sì approvato respinto sim não aprovado rejeitado да нет одобрено отклонено tak nie 是 否 通过 不通过 \
        批准 拒绝 同意 不同意 はい いいえ 承認 却下 合格 不合格 예 아니요 승인 반려 نعم لا כן לא";
    const LEVELS: &str = "none very-low low medium moderate high very-high critical minor major trivial normal severe \
        negligible urgent small large tiny huge p0 p1 p2 p3 p4 s0 s1 s2 s3 s4 sev0 sev1 sev2 sev3 sev4 \
        niedrig gering mittel hoch kritisch sehr-hoch sehr-niedrig klein groß faible moyen moyenne élevé élevée bajo \
        medio alto basso baixo médio низкий средний высокий 低 中 高";
    /// What has levels, and may be named with each.
    const LEVELED: [&str; 9] =
        ["risk", "impact", "priority", "severity", "level", "effort", "complexity", "confidence", "urgency"];
    /// Beyond this many words after it, an answer only begins a title ("Other: …", "Go, then …").
    const MOST_WORDS: usize = 1;

    // "REJECTED, because:" and "Approved with changes: ____" have their blanks to fill in.
    let end = title.find([',', ':', ';', '(', '（', '：', '，', '–', '—', '_', '＿']).unwrap_or(title.len());
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.take(5).map(str::to_lowercase).collect()
    };
    if words(&title[end..]).len() > MOST_WORDS {
        return None;
    }
    let mut opening = words(&title[..end]);
    let find = |list: &'static str, word: &str| list.split_whitespace().find(|listed| *listed == word);
    if let Some(answer) = find(ANSWERS, &opening.join("-")) {
        return Some(answer);
    }
    if opening.len() > 1 {
        opening.retain(|word| !LEVELED.contains(&word.as_str()));
    }
    find(LEVELS, &opening.join("-"))
}

/// Whether a text asks for one of the answers that follow it ("Risk level (choose one):").
pub(super) fn asks_for_one(text: &str) -> bool {
    const ASKS: [&str; 11] = [
        "choose one",
        "select one",
        "pick one",
        "check one",
        "tick one",
        "mark one",
        "only one of",
        "eine auswählen",
        "eins auswählen",
        "eines auswählen",
        "nur eines",
    ];
    const ALLOWS_MORE: [&str; 4] = ["or more", "or several", "oder mehr", "at least"];
    /// A longer text explains more than what to choose.
    const LONGEST: usize = 200;
    if text.len() > LONGEST {
        return false;
    }
    let text = text.to_lowercase();
    ASKS.iter().any(|ask| text.contains(ask)) && !ALLOWS_MORE.iter().any(|more| text.contains(more))
}

/// A text without the comments in it: a box in one is not shown beside the first.
fn strip_comments(text: &str) -> Cow<'_, str> {
    if !text.contains("<!--") {
        return Cow::Borrowed(text);
    }
    let mut visible = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("<!--") {
        visible.push_str(before);
        match comment.split_once("-->") {
            Some((_, after)) => rest = after,
            None => {
                rest = comment;
                break;
            }
        }
    }
    visible.push_str(rest);
    Cow::Owned(visible)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Result<ItemText, OmissionReason> {
        ItemText::read(source, &LinkDefinitions::new())
    }

    #[test]
    fn item_text_without_title_is_no_item() {
        for (source, why) in [
            ("", OmissionReason::EmptyBox),
            ("____", OmissionReason::EmptyBox),
            ("\u{200B}", OmissionReason::EmptyBox),
            ("**—**", OmissionReason::EmptyBox),
            ("Yes [ ] No", OmissionReason::Choice),
            ("Go ☐ No go", OmissionReason::Choice),
            ("Yes [] No", OmissionReason::Choice),
            ("Low []Medium []High", OmissionReason::Choice),
        ] {
            assert_eq!(read(source).err(), Some(why), "{source:?}");
        }
        assert!(read("Yes [ ] No {verbatim}").is_ok_and(|text| text.title.as_str() == "Yes [ ] No"));
        assert!(read("___ {verbatim}").is_ok());
    }

    #[test]
    fn item_text_that_is_an_answer_is_recognized() {
        for source in [
            "**APPROVED**",
            "**REJECTED**, because:",
            "No-go",
            "N/A",
            "Approved with conditions: ____",
            "いいえ",
            "Low",
            "High risk",
        ] {
            assert!(read(source).is_ok_and(|text| text.as_answer().is_some()), "{source}");
        }
        for source in [
            "Approved budget filed",
            "No open bugs",
            "Go live date fixed",
            "Yes {critical}",
            "Passed by QA",
            "Done: all the keys are rotated",
            "High availability",
            "Risk",
            "No risk is left",
        ] {
            assert!(read(source).is_ok_and(|text| text.as_answer().is_none()), "{source}");
        }
    }
}
