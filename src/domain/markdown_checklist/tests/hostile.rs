//! Files made to hurt: each is large, and has to be read in one go, without running out of stack. None takes more than
//! a few tenths of a second unoptimised; one that took time by the square of its length would take minutes.

use super::read_named;
use crate::domain::{
    checklist::{ItemKey, MAX_DEPTH, MAX_ITEMS},
    markdown_checklist::{Why, summary},
    text::{Markdown, Title},
};

const SIZE: usize = 200_000;

fn times(piece: &str, size: usize) -> String {
    piece.repeat(size / piece.len())
}

#[test]
fn nothing_hurts() {
    let deep: String = (0..750).map(|depth| format!("{}- [ ] a\n", " ".repeat(depth))).collect();
    let deep_plain: String = (0..750).map(|depth| format!("{}- a\n", " ".repeat(depth))).collect();
    let stair = format!("{deep_plain}{}", times("text\n", SIZE));
    let wide_table = format!(
        "|{}\n|{}\n{}",
        times("Level of it all|", SIZE / 2),
        times("-|", SIZE / 20),
        times("|✅|✅|✅|✅|✅|✅\n", SIZE / 2)
    );
    for (name, text) in [
        ("nested one column at a time", deep.clone()),
        ("a stair and then text", stair),
        ("markers on one line", format!("{}[ ] a", times("- ", SIZE))),
        ("quotation marks", format!("{}- [ ] a", times("> ", SIZE))),
        ("quotation marks, line by line", times(">>> - [ ] a\n>\n\n", SIZE)),
        ("backticks", times("`", SIZE)),
        ("an item of backticks", format!("- [ ] [a] {}", times("` `` ", SIZE))),
        ("open brackets", format!("- [ ] {}", times("[", SIZE / 10))),
        ("open links", format!("- [ ] {}", times("[a](", SIZE / 10))),
        ("open images and tags", format!("- [ ] {}", times("![<a ", SIZE / 10))),
        ("stars", format!("- [ ] [a]{}", times("*a_", SIZE / 10))),
        ("open comments", times("- [ ] a <!-- b\n", SIZE)),
        ("open comments that end", format!("{}-->", times("- [ ] a <!-- b\n", SIZE))),
        ("fences", times("- [ ] a\n  ```\n", SIZE)),
        ("fences of every length", (3..750).map(|n| format!("{}\n", "`".repeat(n))).collect()),
        ("braces", format!("- [ ] a {}", times("{a;", SIZE))),
        ("tables of one row", times("|a|\n|-|\n", SIZE)),
        ("a wide table", wide_table),
        ("headings", times("# a\n", SIZE)),
        ("headings within headings", times("# a\n## a\n### a\n#### a\n##### a\n###### a\n- [ ] a\n", SIZE)),
        ("a long wrapped title", format!("- [ ] a\n{}", times("and on\n", SIZE))),
        ("the same title", times("- [ ] a\n", SIZE)),
        ("definitions", format!("{}- [ ] [a]\n\n  [a] [a]\n", times("[a]: b\n", SIZE))),
        ("HTML", times("<div>\n- [ ] a\n\n", SIZE)),
        ("roles", format!("## Sign-off\n{}", (0..SIZE / 20).map(|n| format!("Role {n}: ____\n")).collect::<String>())),
        ("controls", times("- [ ] \0\u{202E}\n", SIZE)),
        ("empty boxes", times("- [ ]\n", SIZE)),
        ("choices", times("- [ ] yes [ ] no\n", SIZE)),
        ("answers", times("- [ ] yes\n- [ ] no\n", SIZE)),
        ("ticks beside boxes", times("- ⬜ a\n- ✅ b\n", SIZE)),
        ("spans that never end", times("- [ ] `a\n", SIZE)),
        ("spans that end on the next line", format!("- [ ] {}", times("`A\n`\n", SIZE))),
        ("a title of open spans", format!("- [ ] {}", times("`` ` *a [ ( ", SIZE))),
        ("text between items", times("- [ ] a\n\ntext [ ]\n\n", SIZE)),
        ("text that waits", format!("{}- [ ] a\n", times("text [ ]\n\n", SIZE))),
        ("headings with text that waits", times("# a\n\ntext\n\n## b\n\ntext\n\n", SIZE)),
        ("tags", format!("- [ ] {}", times("<b><a href=x>", SIZE))),
        ("summaries", format!("- [ ] {}", times("<details><summary>x</summary>", SIZE))),
        ("boxes of HTML that never end", format!("- [ ] {}", times("<input ", SIZE))),
        ("comments in a title", format!("- [ ] {}", times("<!-- - [ ] a --> ", SIZE))),
        ("comments in a title that never end", format!("- [ ] {}", times("<!-- ", SIZE))),
        ("footnotes", format!("{}- [ ] {}\n", times("[^1]: b\n", SIZE), times("[^1]", SIZE))),
        ("pictures in pictures", format!("- [ ] {}a{}", times("![", SIZE / 2), times("](b)", SIZE))),
        ("groups of rows", format!("| Check | Status |\n|---|---|\n{}", times("| **a** | |\n| b | |\n", SIZE))),
        ("headings of roles", format!("## Sign-off\n{}", times("### QA\nName: __\n", SIZE))),
        ("labels of roles", times("- [ ] a\n\n**Approvals:**\n\n- QA:\n\n", SIZE)),
        ("boxes in code and HTML", times("```\n- [ ] a\n```\n\n<div>☐</div>\n\n", SIZE)),
        ("blank lines in notes", format!("- [ ] a\n\n  b\n{}  c\n", times("\n", SIZE))),
    ] {
        let reading = read_named(&text, "n");
        let items = reading.checklist.items().count();
        assert!(items <= MAX_ITEMS && items <= text.lines().count(), "{name}: {items}");
        assert!(reading.checklist.items().all(|(_, _, item)| item.under.len() <= MAX_DEPTH), "{name}");
        assert_eq!(reading.lines.len(), text.lines().count(), "{name}");
        assert!(summary(&reading).is_object(), "{name}");
    }
}

#[test]
fn ten_thousand_deep_is_kept_at_the_most_that_is_kept() {
    let text: String = (0..10_000).map(|depth| format!("{}- [ ] a\n", " ".repeat(depth.min(4_000)))).collect();
    let reading = read_named(&text, "n");
    assert_eq!(reading.checklist.items().count(), MAX_ITEMS);
    assert_eq!(reading.left_out.last().map(|left| (left.line, left.why)), Some((MAX_ITEMS + 1, Why::TooMany)));
    assert!(reading.notices.iter().any(|notice| notice.to_string().contains("nested more than")));
}

#[test]
fn what_is_too_long_is_cut_and_nothing_of_a_title_is_lost() {
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
