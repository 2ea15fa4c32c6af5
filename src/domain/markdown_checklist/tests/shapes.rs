//! Table tests: the ways in which people write what is an item, what belongs to one, and what is none.

use super::{items, read_named, reasons, tree};

#[test]
fn every_marker_and_every_box() {
    let markdown = "\
- [ ] dash
* [x] star
+ [X] plus
1. [ ] one
2) [ ] two
- ☐ ballot
- ☑ ticked ballot
- ✅ tick
- [\u{a0}] no-break space
- [] nothing between
-[ ] no space
• [ ] pasted bullet
1.2. [ ] two levels
☐ bare ballot
[ ] bare box
";
    let reading = read_named(markdown, "n");
    assert_eq!(reading.checklist.items().count(), 15);
    assert_eq!(reading.left_out, []);
    assert_eq!(reading.notices[0].to_string(), "4 boxes were ticked; they are imported unticked.");
}

#[test]
fn nesting_by_any_indent() {
    for (markdown, nested) in [
        ("- [ ] a\n  - [ ] b\n    - [ ] c\n- [ ] d", "a; a>b; a>b>c; d"),
        ("- [ ] a\n - [ ] b\n  - [ ] c\n- [ ] d", "a; a>b; a>b>c; d"),
        ("- [ ] a\n\t- [ ] b\n\t\t- [ ] c\n- [ ] d", "a; a>b; a>b>c; d"),
        ("- [ ] a\n        - [ ] b\n        - [ ] c\n   - [ ] d", "a; a>b; a>c; a>d"),
        ("1. [ ] a\n  - [ ] b\n2. [ ] c", "a; a>b; c"),
        ("- [ ] a\n\n    - [ ] b\n\n        - [ ] c", "a; a>b; a>b>c"),
        ("  - [ ] a\n    - [ ] b\n  - [ ] c", "a; a>b; c"),
        ("- a\n  - [ ] b\n    - c\n      - [ ] d", "a>b; a>b>c>d"),
        ("- - [ ] a\n- 1. [ ] b", "a; b"),
        ("☐ a\n  ☐ b\n☐ c", "a; a>b; c"),
        ("- [ ] a\n\u{3000}- [ ] b", "a; a>b"),
        ("- [ ] a\n\nText.\n\n  - [ ] b", "a; b"),
        ("- [ ] a\n# H\n  - [ ] b", "a; b"),
    ] {
        assert_eq!(tree(&read_named(markdown, "n")), nested, "{markdown}");
    }
}

#[test]
fn what_is_left_alone() {
    for (markdown, why) in [
        ("```\n- [ ] a\n```", "a block of code"),
        ("~~~ md\n- [ ] a\n```\n- [ ] b\n~~~", "a block of code"),
        ("````\n```\n- [ ] a\n````", "a block of code"),
        ("```\n- [ ] a never closed\n\n# H\n\n- [ ] b", "a block of code"),
        ("<!-- - [ ] a -->", "an HTML comment"),
        ("<!--\n- [ ] a\n\n- [ ] b\n-->", "an HTML comment"),
        ("<!-- never closed\n\n- [ ] a", "an HTML comment"),
        ("<div>\n- [ ] a\n</div>", "HTML: it is left alone"),
        ("<table><tr><td>☐ a</td></tr></table>", "HTML: it is left alone"),
        ("Write [ ] before it.", "a box in running text is not an item"),
        ("Tick the\n☐ that stands before it.", "a box in running text is not an item"),
        ("☐ Yes ☐ No", "a box in running text is not an item"),
        ("    - [ ] code", "indented by four or more with no list to belong to: that is code in Markdown"),
        ("- a\n- b", "a list without boxes"),
        ("- [ ]", "a box without text"),
        ("> said", "text that belongs to no item"),
        ("[1]: https://example.org", ""),
        ("- [x](y) is a link", "a list without boxes"),
        ("---", ""),
    ] {
        let reading = read_named(&format!("# H\n\n## G\n\n{markdown}"), "n");
        assert_eq!(items(&reading), [""; 0], "{markdown}");
        let reasons = reasons(&reading);
        assert_eq!(
            reasons.iter().find(|r| !r.contains("no items under")).map_or("", String::as_str),
            why,
            "{markdown}"
        );
    }
}

#[test]
fn front_matter_is_left_out_and_a_line_across_is_not_front_matter() {
    let reading = read_named("---\ntitle: x\nlist:\n- [ ] a\n---\n- [ ] b", "n");
    assert_eq!(items(&reading), ["b"]);
    assert_eq!(reasons(&reading), ["front matter: it describes the file"]);
    assert_eq!(items(&read_named("---\n\n- [ ] a\n\n---\n- [ ] b", "n")), ["a", "b"]);
    assert_eq!(items(&read_named("---\n- [ ] a\n---\n- [ ] b", "n")), ["a", "b"]);
}

#[test]
fn code_ends_with_its_item_and_comments_where_they_end() {
    for (markdown, found) in [
        ("- [ ] a\n  ```\n  - [ ] x\n- [ ] b", vec!["a", "b"]),
        ("- [ ] a\n  ```\n  - [ ] x\n  ```\n- [ ] b", vec!["a", "b"]),
        ("- [ ] a <!-- hidden\n- [ ] x\n-->\n- [ ] b", vec!["a", "b"]),
        ("- [ ] a <!-- note -->\n- [ ] b", vec!["a", "b"]),
        ("- [ ] a <!-- never closed\n- [ ] b", vec!["a <!-- never closed", "b"]),
        ("<details>\n<summary>More</summary>\n\n- [ ] a\n\n</details>\n\n- [ ] b", vec!["a", "b"]),
        ("> - [ ] a\n> ```\n> - [ ] x\n\n- [ ] b", vec!["a", "b"]),
        ("Before:\n☐ a\n☐ b", vec!["a", "b"]),
        ("Before\n- [ ] a\n", vec!["a"]),
        ("- [ ] a | b\n- [ ] c\n--|--\n", vec!["a | b", "c"]),
        ("- ~~~ <!--\n  - [ ] x -->", vec![]),
        ("- |\n  - |\n    - [ ] a", vec!["a"]),
        ("- [ ] a\r\n- [ ] b\r- [ ] c", vec!["a", "b", "c"]),
    ] {
        assert_eq!(items(&read_named(markdown, "n")), found, "{markdown}");
    }
}

#[test]
fn what_stands_under_an_item_is_its_guidance() {
    for (markdown, guidance) in [
        ("- [ ] a\n\n  A paragraph.\n\n  And another.", "A paragraph.\n\nAnd another."),
        ("- [ ] a\n    - plain\n      - deeper\n    - more", "- plain\n  - deeper\n- more"),
        ("- [ ] a\n  ```sh\n  run - [ ] x\n  ```", "```sh\nrun - [ ] x\n```"),
        ("- [ ] a\n  A note.", "A note."),
        ("- [ ] a\nA note without an indent.", "A note without an indent."),
        ("- [ ] a\n\n  > quoted", "> quoted"),
        ("- [ ] a\n\n  | k | v |\n  |---|---|\n  | a | b |", "| k | v |\n|---|---|\n| a | b |"),
        ("- [ ] a\n  - [ ] b\n\n  After what is nested.", "After what is nested."),
        ("- [ ] see [b](c)\n  Note.", "Note.\n\n[b](c)"),
        ("- [ ] a\n  See [b].\n\n# H\n\n[b]: c", "See [b].\n\n[b]: c"),
        ("- [ ] a\n  - context\n    - [ ] b\n      For b.\n\n    For context.", "For context."),
    ] {
        let reading = read_named(markdown, "n");
        let (_, _, item) = reading.checklist.items().next().expect("an item");
        assert_eq!(item.guidance.as_ref().map_or("", |text| text.as_str()), guidance, "{markdown}");
    }
}

#[test]
fn titles_are_one_line_of_text() {
    for (markdown, title) in [
        ("- [ ] **Bold** and `code`", "**Bold** and `code`"),
        ("- [ ] The [guide](https://example.org) was read", "The guide was read"),
        ("- [ ] ![A chart](c.png) looks well", "A chart looks well"),
        ("- [ ] a\tb", "a b"),
        ("- [ ] starts here\n  and goes on", "starts here and goes on"),
        ("- [ ]\n  on its own line", "on its own line"),
        ("- [ ] custom\\_name", "custom\\_name"),
        ("- [ ] `git pull && make`", "`git pull && make`"),
        ("- [ ] a\u{202E}b\0", "ab"),
        ("- [ ] 1. first", "1. first"),
        ("- [ ] [x] twice", "[x] twice"),
        ("- [ ] Renders {name}", "Renders {name}"),
    ] {
        assert_eq!(items(&read_named(markdown, "n")), [title], "{markdown}");
    }
}
