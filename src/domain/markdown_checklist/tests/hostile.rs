//! Files made to hurt: each is large, and has to be read in one go, without running out of stack. None takes more than
//! a few tenths of a second unoptimised; one that took time by the square of its length would take minutes.

use super::read_named;
use crate::domain::{
    checklist::{ItemKey, MAX_DEPTH, MAX_ITEMS},
    markdown_checklist::{OmissionReason, to_summary_json},
    text::{Markdown, Title},
};

const HOSTILE_BYTES: usize = 200_000;

fn repeat_to_size(piece: &str, size: usize) -> String {
    piece.repeat(size / piece.len())
}

#[test]
fn reader_of_hostile_text_takes_linear_time() {
    let deep: String = (0..750).map(|depth| format!("{}- [ ] a\n", " ".repeat(depth))).collect();
    let deep_plain: String = (0..750).map(|depth| format!("{}- a\n", " ".repeat(depth))).collect();
    let stair = format!("{deep_plain}{}", repeat_to_size("text\n", HOSTILE_BYTES));
    let wide_table = format!(
        "|{}\n|{}\n{}",
        repeat_to_size("Level of it all|", HOSTILE_BYTES / 2),
        repeat_to_size("-|", HOSTILE_BYTES / 20),
        repeat_to_size("|✅|✅|✅|✅|✅|✅\n", HOSTILE_BYTES / 2)
    );
    for (name, text) in [
        ("nested one column at a time", deep.clone()),
        ("a stair and then text", stair),
        ("markers on one line", format!("{}[ ] a", repeat_to_size("- ", HOSTILE_BYTES))),
        ("quotation marks", format!("{}- [ ] a", repeat_to_size("> ", HOSTILE_BYTES))),
        ("quotation marks, line by line", repeat_to_size(">>> - [ ] a\n>\n\n", HOSTILE_BYTES)),
        ("backticks", repeat_to_size("`", HOSTILE_BYTES)),
        ("an item of backticks", format!("- [ ] [a] {}", repeat_to_size("` `` ", HOSTILE_BYTES))),
        ("open brackets", format!("- [ ] {}", repeat_to_size("[", HOSTILE_BYTES / 10))),
        ("open links", format!("- [ ] {}", repeat_to_size("[a](", HOSTILE_BYTES / 10))),
        ("open images and tags", format!("- [ ] {}", repeat_to_size("![<a ", HOSTILE_BYTES / 10))),
        ("stars", format!("- [ ] [a]{}", repeat_to_size("*a_", HOSTILE_BYTES / 10))),
        ("open comments", repeat_to_size("- [ ] a <!-- b\n", HOSTILE_BYTES)),
        ("open comments that end", format!("{}-->", repeat_to_size("- [ ] a <!-- b\n", HOSTILE_BYTES))),
        ("fences", repeat_to_size("- [ ] a\n  ```\n", HOSTILE_BYTES)),
        ("fences of every length", (3..750).map(|n| format!("{}\n", "`".repeat(n))).collect()),
        ("braces", format!("- [ ] a {}", repeat_to_size("{a;", HOSTILE_BYTES))),
        ("tables of one row", repeat_to_size("|a|\n|-|\n", HOSTILE_BYTES)),
        ("a wide table", wide_table),
        ("headings", repeat_to_size("# a\n", HOSTILE_BYTES)),
        (
            "headings within headings",
            repeat_to_size("# a\n## a\n### a\n#### a\n##### a\n###### a\n- [ ] a\n", HOSTILE_BYTES),
        ),
        ("a long wrapped title", format!("- [ ] a\n{}", repeat_to_size("and on\n", HOSTILE_BYTES))),
        ("the same title", repeat_to_size("- [ ] a\n", HOSTILE_BYTES)),
        ("definitions", format!("{}- [ ] [a]\n\n  [a] [a]\n", repeat_to_size("[a]: b\n", HOSTILE_BYTES))),
        ("HTML", repeat_to_size("<div>\n- [ ] a\n\n", HOSTILE_BYTES)),
        (
            "roles",
            format!(
                "## Sign-off\n{}",
                (0..HOSTILE_BYTES / 20).map(|n| format!("Role {n}: ____\n")).collect::<String>()
            ),
        ),
        ("controls", repeat_to_size("- [ ] \0\u{202E}\n", HOSTILE_BYTES)),
        ("empty boxes", repeat_to_size("- [ ]\n", HOSTILE_BYTES)),
        ("choices", repeat_to_size("- [ ] yes [ ] no\n", HOSTILE_BYTES)),
        ("answers", repeat_to_size("- [ ] yes\n- [ ] no\n", HOSTILE_BYTES)),
        ("ticks beside boxes", repeat_to_size("- ⬜ a\n- ✅ b\n", HOSTILE_BYTES)),
        ("spans that never end", repeat_to_size("- [ ] `a\n", HOSTILE_BYTES)),
        ("spans that end on the next line", format!("- [ ] {}", repeat_to_size("`A\n`\n", HOSTILE_BYTES))),
        ("a title of open spans", format!("- [ ] {}", repeat_to_size("`` ` *a [ ( ", HOSTILE_BYTES))),
        ("text between items", repeat_to_size("- [ ] a\n\ntext [ ]\n\n", HOSTILE_BYTES)),
        ("text that waits", format!("{}- [ ] a\n", repeat_to_size("text [ ]\n\n", HOSTILE_BYTES))),
        ("headings with text that waits", repeat_to_size("# a\n\ntext\n\n## b\n\ntext\n\n", HOSTILE_BYTES)),
        ("tags", format!("- [ ] {}", repeat_to_size("<b><a href=x>", HOSTILE_BYTES))),
        ("summaries", format!("- [ ] {}", repeat_to_size("<details><summary>x</summary>", HOSTILE_BYTES))),
        ("boxes of HTML that never end", format!("- [ ] {}", repeat_to_size("<input ", HOSTILE_BYTES))),
        ("comments in a title", format!("- [ ] {}", repeat_to_size("<!-- - [ ] a --> ", HOSTILE_BYTES))),
        ("comments in a title that never end", format!("- [ ] {}", repeat_to_size("<!-- ", HOSTILE_BYTES))),
        (
            "footnotes",
            format!("{}- [ ] {}\n", repeat_to_size("[^1]: b\n", HOSTILE_BYTES), repeat_to_size("[^1]", HOSTILE_BYTES)),
        ),
        (
            "a long footnote of many items",
            format!("[^1]: {}\n\n{}", "b".repeat(HOSTILE_BYTES), repeat_to_size("- [ ] a[^1]\n", HOSTILE_BYTES / 4)),
        ),
        (
            "a long address in one title",
            format!("[a]: /{}\n\n- [ ] {}", "b".repeat(HOSTILE_BYTES), repeat_to_size("[a] ", HOSTILE_BYTES)),
        ),
        ("definitions that begin", repeat_to_size("[a]: b\n'\n", HOSTILE_BYTES)),
        ("titles of tags", format!("- [ ] {}", repeat_to_size("<b title=x>", HOSTILE_BYTES))),
        (
            "pictures in pictures",
            format!("- [ ] {}a{}", repeat_to_size("![", HOSTILE_BYTES / 2), repeat_to_size("](b)", HOSTILE_BYTES)),
        ),
        (
            "groups of rows",
            format!("| Check | Status |\n|---|---|\n{}", repeat_to_size("| **a** | |\n| b | |\n", HOSTILE_BYTES)),
        ),
        ("headings of roles", format!("## Sign-off\n{}", repeat_to_size("### QA\nName: __\n", HOSTILE_BYTES))),
        ("labels of roles", repeat_to_size("- [ ] a\n\n**Approvals:**\n\n- QA:\n\n", HOSTILE_BYTES)),
        ("boxes in code and HTML", repeat_to_size("```\n- [ ] a\n```\n\n<div>☐</div>\n\n", HOSTILE_BYTES)),
        ("blank lines in notes", format!("- [ ] a\n\n  b\n{}  c\n", repeat_to_size("\n", HOSTILE_BYTES))),
    ] {
        let reading = read_named(&text, "n");
        let items = reading.checklist.items().count();
        assert!(items <= MAX_ITEMS && items <= text.lines().count(), "{name}: {items}");
        assert!(reading.checklist.items().all(|(_, _, item)| item.under.len() <= MAX_DEPTH), "{name}");
        assert_eq!(reading.lines.len(), text.lines().count(), "{name}");
        assert!(to_summary_json(&reading).is_object(), "{name}");
    }
}

#[test]
fn reader_of_extreme_nesting_keeps_maximum_depth() {
    let text: String = (0..10_000).map(|depth| format!("{}- [ ] a\n", " ".repeat(depth.min(4_000)))).collect();
    let reading = read_named(&text, "n");
    assert_eq!(reading.checklist.items().count(), MAX_ITEMS);
    assert_eq!(
        reading.omissions.last().map(|left| (left.line, left.reason)),
        Some((MAX_ITEMS + 1, OmissionReason::TooManyItems))
    );
    assert!(reading.notices.iter().any(|notice| notice.to_string().contains("nested more than")));
}

#[test]
fn reader_of_too_long_texts_cuts_them_and_keeps_whole_title_in_guidance() {
    let title = "long ".repeat(100);
    let reading = read_named(&format!("- [ ] {title}{{#long}}\n\n  {}", "ж".repeat(Markdown::MAX + 1)), "n");
    let (_, _, item) = reading.checklist.items().next().expect("an item");
    assert_eq!(item.key, "long".parse::<ItemKey>().expect("a key"));
    assert!(item.title.as_str().chars().count() <= Title::MAX && item.title.as_str().ends_with('…'));
    let guidance = item.guidance.as_ref().expect("guidance").as_str();
    assert!(guidance.starts_with(title.trim()));
    assert_eq!(guidance.chars().count(), Markdown::MAX);
    assert_eq!(reading.notices.len(), 2);
}
