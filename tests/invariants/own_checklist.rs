//! docs/own-checklist.md answers every item of the checklist that ships, for signoff itself.

use std::{fs, path::Path};

use signoff::{
    checklists::shipped,
    domain::{markdown_checklist::parse_markdown, text::Title},
};

/// How an answer begins, and whether it must link to what shows it.
const ANSWERS: [(&str, bool); 3] = [("**Answered.** ", true), ("**Partly.** ", true), ("**Not for signoff.** ", false)];

#[test]
fn own_checklist_answers_every_item_that_ships() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/own-checklist.md")).unwrap();
    let own = parse_markdown(&text, &Title::new("own").unwrap());
    let shipped = shipped::read_shipped().unwrap();
    assert!(own.omissions.is_empty(), "it can be imported whole: {:?}", own.omissions);
    let mut counts = [0; ANSWERS.len()];
    let (mut answered, mut questions) = (own.checklist.items(), shipped.checklist.items());
    loop {
        let (own, shipped) = match (answered.next(), questions.next()) {
            (None, None) => break,
            (Some(own), Some(shipped)) => (own, shipped),
            (own, shipped) => panic!("one of them ends early: {own:?} {shipped:?}"),
        };
        let mut same = shipped.2.clone();
        same.guidance.clone_from(&own.2.guidance);
        assert_eq!((&own.0.title, &own.1.title, own.2), (&shipped.0.title, &shipped.1.title, &same));
        let answer = own.2.guidance.as_ref().map_or("", |guidance| guidance.as_str());
        let kind = ANSWERS.iter().position(|(begin, _)| answer.starts_with(begin));
        let kind = kind.unwrap_or_else(|| panic!("{} has no answer: {answer}", own.2.key));
        counts[kind] += 1;
        assert!(!ANSWERS[kind].1 || answer.contains("]("), "{} has no link: {answer}", own.2.key);
    }
    let [answered, partly, others] = counts;
    let sum = format!("{answered} are answered, {partly} partly, and {others} are not for signoff");
    assert!(text.replace('\n', " ").contains(&sum), "the introduction says: {sum}");
}
