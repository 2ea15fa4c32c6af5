//! Table tests: the ways in which people write what is an item, what belongs to one, and what is none.

use super::{format_tree, item_titles, omission_reasons, read_named};

#[test]
fn reader_accepts_every_marker_and_box() {
    let markdown = "\
- [ ] dash
* [x] star
+ [X] plus
1. [ ] one
2) [ ] two
- ☐ ballot
- ☑ ticked ballot
- [✅] tick in a box
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
    assert_eq!(reading.omissions, []);
    assert_eq!(reading.notices[0].to_string(), "4 boxes were ticked; they are imported unticked.");
}

#[test]
fn reader_nests_by_any_indent() {
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
        ("- [ ] a\n\nText.\n\n  - [ ] b", "a; a>b"),
        ("- [ ] a\n\nAnother list:\n\n  - [ ] b", "a; b"),
        ("- [ ] a\n\nand then\n  [ ] b", "a; b"),
        ("- [ ] a\nA note.\n  - [ ] b", "a; a>b"),
        ("- [ ] a\nA note:\n  - [ ] b", "a; a>b"),
        ("- [ ] a that\n  goes on to this:\n  - [ ] b", "a that goes on to this:; a that goes on to this:>b"),
        ("- [ ] a\n\n<!-- c -->\n\n    - [ ] b", "a; a>b"),
        ("- [ ] a\n\n---\n\n    - [ ] b", "a; a>b"),
        ("- [ ] a\n\n> q\n\n    - [ ] b", "a; a>b"),
        ("- [ ] a\n\n```\ncode\n```\n\n    - [ ] b", "a; a>b"),
        ("- [ ] a\n\n<div>x</div>\n\n    - [ ] b", "a; a>b"),
        ("- [ ] a\n\n[l]: b\n\n    - [ ] b", "a; a>b"),
        ("    - [ ] a\n        - [ ] b\n    - [ ] c", "a; a>b; c"),
        ("1. [ ] a\n<!-- c -->\n   1. [ ] b\n      - [ ] c", "a; a>b; a>b>c"),
        ("- [ ] a\n# H\n  - [ ] b", "a; b"),
    ] {
        assert_eq!(format_tree(&read_named(markdown, "n")), nested, "{markdown}");
    }
}

#[test]
fn reader_omits_code_html_and_informing_text() {
    for (markdown, why) in [
        ("```\n- [ ] a\n```", "a block of code, with 1 box in it: remove the code fence to make it an item"),
        (
            "~~~ md\n- [ ] a\n```\n- [ ] b\n~~~",
            "a block of code, with 2 boxes in it: remove the code fence to make them items",
        ),
        ("````\n```\n| [ ] | a |\n````", "a block of code, with 1 box in it: remove the code fence to make it an item"),
        (
            "```\n- [ ] a never closed\n\n# H\n\n- [ ] b",
            "a block of code, with 2 boxes in it: remove the code fence to make them items",
        ),
        ("```\narray[x] = [ ]\n```", "a block of code"),
        ("<!-- a note -->", "an HTML comment"),
        ("<!-- - [ ] a -->", "an HTML comment, with 1 box in it: remove the marks of the comment to make it an item"),
        (
            "<!--\n- [ ] a\n\n- [ ] b\n-->",
            "an HTML comment, with 2 boxes in it: remove the marks of the comment to make them items",
        ),
        (
            "<!-- never closed\n\n- [ ] a",
            "an HTML comment, with 1 box in it: remove the marks of the comment to make it an item",
        ),
        ("<div>a</div>", "HTML: it is left alone"),
        ("<div>\n- [ ] a\n</div>", "HTML: it is left alone, with 1 box in it: write it as Markdown to make it an item"),
        (
            "<table><tr><td>☐ a</td></tr>\n<tr><td><input type=\"checkbox\"> b</td></tr></table>",
            "HTML: it is left alone, with 2 boxes in it: write them as Markdown to make them items",
        ),
        (
            "<details><summary>More</summary>\n- [ ] a\n</details>",
            "HTML: it is left alone, with 1 box in it: write it as Markdown to make it an item",
        ),
        ("Write [ ] before it.", "a box in running text is not an item"),
        ("☐ Yes ☐ No", "several boxes in a line are a choice, not a check"),
        ("- ☐ Yes ☐ No", "several boxes in a line are a choice, not a check"),
        ("1. [ ] Yes [x] No [ ] N/A", "several boxes in a line are a choice, not a check"),
        ("［ ］ 是 ［ ］ 否", "several boxes in a line are a choice, not a check"),
        ("- [ ] Approved\n- [ ] Rejected", "answers to choose from are a choice, not checks"),
        ("[ ] open\n[x] done", "answers to choose from are a choice, not checks"),
        ("- [ ] ______", "nothing is written beside the box"),
        ("- [ ] \u{200B}", "nothing is written beside the box"),
        ("- [ ] \u{3164}", "nothing is written beside the box"),
        ("- [ ] **...**", "nothing is written beside the box"),
        ("- [ ] &nbsp;", "nothing is written beside the box"),
        ("    plain code", "indented by four or more outside of a list: that is code in Markdown"),
        ("### [ ] A step", "a box in a heading is not an item"),
        ("- ✅ 99.5% uptime\n- ❌ none lost", "a list without boxes"),
        ("- a\n- b", "a list without boxes"),
        ("- [ ]", "nothing is written beside the box"),
        ("- Decision: [ ] Go [ ] No go", "a list without boxes"),
        ("[^1]: nothing refers to this", "text that belongs to no item"),
        ("> said", "text that belongs to no item"),
        ("[1]: https://example.org \"T\"", "text that belongs to no item"),
        ("- [a](y) is a link", "a list without boxes"),
        ("- [ ](https://y.example) A", "the brackets are the text of a link, not a box"),
        ("[ ](https://y.example) A", "the brackets are the text of a link, not a box"),
        ("- []int is a type", "a box in running text is not an item"),
        ("- []Yes []No", "several boxes in a line are a choice, not a check"),
        (
            "| Check | Meaning |\n|---|---|\n| [x] done | it is |\n| [ ] open | it is not |",
            "answers to choose from are a choice, not checks",
        ),
        ("---", ""),
    ] {
        let reading = read_named(&format!("# H\n\n## G\n\n{markdown}"), "n");
        assert_eq!(item_titles(&reading), [""; 0], "{markdown}");
        let reasons = omission_reasons(&reading);
        assert_eq!(
            reasons.iter().find(|r| !r.contains("no items under")).map_or("", String::as_str),
            why,
            "{markdown}"
        );
    }
}

#[test]
fn reader_omits_front_matter_but_not_after_rule() {
    let reading = read_named("---\ntitle: x\nlist:\n- [ ] a\n---\n- [ ] b", "n");
    assert_eq!(item_titles(&reading), ["b"]);
    assert_eq!(omission_reasons(&reading), ["front matter: it describes the file"]);
    assert_eq!(item_titles(&read_named("---\n\n- [ ] a\n\n---\n- [ ] b", "n")), ["a", "b"]);
    assert_eq!(item_titles(&read_named("---\n- [ ] a\n---\n- [ ] b", "n")), ["a", "b"]);
}

#[test]
fn reader_ends_code_with_its_item_and_comments_at_their_end() {
    for (markdown, expected) in [
        ("- [ ] a\n  ```\n  - [ ] x\n- [ ] b", vec!["a", "b"]),
        ("- [ ] a\n  ```\n  - [ ] x\n  ```\n- [ ] b", vec!["a", "b"]),
        ("- [ ] a <!-- hidden\n- [ ] x\n-->\n- [ ] b", vec!["a", "b"]),
        ("- [ ] a <!-- note -->\n- [ ] b", vec!["a", "b"]),
        ("- [ ] a <!-- never closed\n- [ ] b", vec!["a <!-- never closed", "b"]),
        ("<details>\n<summary>More</summary>\n\n- [ ] a\n\n</details>\n\n- [ ] b", vec!["a", "b"]),
        ("> - [ ] a\n> ```\n> - [ ] x\n\n- [ ] b", vec!["a", "b"]),
        ("Before:\n☐ a\n☐ b", vec!["a", "b"]),
        ("Before\n☐ a\n☐ b\n\nAfter\n[ ] c\n[x] d", vec!["a", "b", "c", "d"]),
        ("Before that\n    - [ ] a", vec!["a"]),
        ("    - [ ] a\n\n        [ ] b", vec!["a", "b"]),
        ("> [!NOTE]\n> - [ ] a\n>\n> | Check | Done |\n> |---|---|\n> | b | [ ] |", vec!["a", "b"]),
        ("!!! note\n    - [ ] a", vec!["a"]),
        (
            "<details>\n<summary>More</summary>\n\n- [ ] a\n\n| | Task |\n|---|---|\n| [ ] | b |\n\n</details>",
            vec!["a", "b"],
        ),
        ("1. First\n   [ ] a\n2. Second\n   - [ ] b", vec!["a", "b"]),
        ("- ⬜ a\n- ✅ b\n- ✔️ c", vec!["a", "b", "c"]),
        ("- [ ] a\n- ✅ is no box here", vec!["a"]),
        ("- [ ] ☐ a\n- [ ] [x] b", vec!["a", "b"]),
        ("**[ ] a**\n- **[ ]** b", vec!["a", "b"]),
        ("[ ]a", vec!["a"]),
        ("a) [ ] a\niv. [ ] b\n→ [ ] c", vec!["a", "b", "c"]),
        ("2- [ ] a\n٣- [ ] b\n4: [ ] c", vec!["a", "b", "c"]),
        ("- [ ] a\nstep 5: [ ] b", vec!["a"]),
        ("- [ ] a\n\n    > - [ ] b", vec!["a", "b"]),
        (
            "- [ ] Other: give the keys\n- [ ] Other: give the files",
            vec!["Other: give the keys", "Other: give the files"],
        ),
        ("- [ ] Done\n- [ ] Done", vec!["Done", "Done"]),
        ("- []C\n-[]E\n[]F\n1. []G\n> []H\n- [ ] A", vec!["C", "E", "F", "G", "H", "A"]),
        ("- [ ](optional) a\n- [ ] b", vec!["(optional) a", "b"]),
        ("Where (choose one or more):\n- [ ] Here\n- [ ] There", vec!["Here", "There"]),
        ("Where (choose one):\n- [ ] Here\n\n## Next\n- [ ] Low", vec!["Low"]),
        ("- [ ] Where (choose one)\n  - [ ] Here\n  - [ ] There\n- [ ] Low", vec!["Where (choose one)", "Low"]),
        ("| # | Check | Status |\n|---|---|---|\n| 1 | **Security** | |\n| 2 | Keys | |", vec!["Keys"]),
        ("【 】 項目", vec!["項目"]),
        ("- [ ] Rollback tried?\n  - [ ] Yes\n  - [ ] No", vec!["Rollback tried?"]),
        ("- [ ] Approved", vec!["Approved"]),
        ("- [ ] Go {#go}\n- [ ] No go {#no-go}", vec!["Go", "No go"]),
        ("+++\ntitle = \"x\"\n+++\n- [ ] a", vec!["a"]),
        ("Before\n- [ ] a\n", vec!["a"]),
        ("- [ ] a | b\n- [ ] c\n--|--\n", vec!["a | b", "c"]),
        ("- ~~~ <!--\n  - [ ] x -->", vec![]),
        ("- |\n  - |\n    - [ ] a", vec!["a"]),
        ("- [ ] a\r\n- [ ] b\r- [ ] c", vec!["a", "b", "c"]),
        ("☐ a\n✔ b\n☐ c", vec!["a", "b", "c"]),
        ("✅ a\n\n⬜ b", vec!["a", "b"]),
        ("✅ a\n✅ b", vec![]),
        ("- Back up [ ]\n- Restore: ☑", vec!["Back up", "Restore"]),
        ("Back up ..... [ ]\nRestore ..... [x]", vec!["Back up", "Restore"]),
        ("Back up [ ]\nand restore", vec![]),
        ("- Mark them with [x]", vec![]),
        ("| Check | Done |\n| a | [ ] |\n| b | [x] |", vec!["a", "b"]),
        ("| [ ] | a |\n| [ ] | b |", vec!["a", "b"]),
        ("| a | b |\n| c | d |", vec![]),
        (
            "+-------+------+\n| Check | Done |\n+=======+======+\n| a     | [ ]  |\n| more  |      |\n+-------+------+\n| b     | [x]  |\n+-------+------+",
            vec!["a more", "b"],
        ),
        ("| Check | Status |\n|---|---|\n| a | open |\n| **Total** | 1 |", vec!["a"]),
        ("| Check | Status |\n|---|---|\n| a | open |\n| Total | [ ] |", vec!["a", "Total"]),
    ] {
        assert_eq!(item_titles(&read_named(markdown, "n")), expected, "{markdown}");
    }
}

#[test]
fn reader_makes_text_under_item_its_guidance() {
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
        ("- [ ] a\n\n- 📖 [Guide](https://x.example)\n\n- [ ] b", "- 📖 [Guide](https://x.example)"),
        ("- [ ] a\n\n```sh\nrun\n```\n\n- [ ] b", "```sh\nrun\n```"),
        ("- [ ] a\n\n> [!NOTE]\n> Mind.\n\n- [ ] b", "> [!NOTE]\n> Mind."),
        ("- [ ] a\n\n!!! note\n    Mind.\n\n- [ ] b", "!!! note\n    Mind."),
        ("- [ ] a\n\nMore of it.\n\n# H\n- [ ] b", "More of it."),
        ("- c\n  - [ ] a\n  - plain\n    - deeper\n  - [ ] b", "- plain\n  - deeper"),
        ("## H\nNo way back.\n\n- [ ] a\n- [ ] b", "No way back."),
        ("## H\nOf all.\n### S\nOf this.\n\n- [ ] a", "Of all.\n\nOf this."),
        ("- [ ] a\n\nThen:\n\n- [ ] b", ""),
        ("- [ ] a\n\n---\n\nA last line.", ""),
        ("- [ ] <details><summary>a</summary> <p>Long.</p></details>", "Long."),
        ("- [ ] <details><summary>a</summary>\n  Long.\n  </details>", "Long."),
        // A picture is not shown, so that one in a title is a link, and guidance of nothing else is none.
        ("- [ ] **a:** ![High][h]\n\n[h]: https://img.example/high.svg", "[High](https://img.example/high.svg)"),
        ("- [ ] a\n\n  ![High](high.svg)", ""),
        (
            "- [ ] **a:** ![High][h]\n  Note.\n\n[h]: https://img.example/high.svg",
            "Note.\n\n[High](https://img.example/high.svg)",
        ),
        ("- [ ] a[^1]\n\n[^1]: What it means.", "What it means."),
        ("- [ ] a[^1]\n\n[^1]: See [b].\n\n[b]: c", "See [b].\n\n[b]: c"),
        ("- [ ] a [b](c \"T\")", "[b](c \"T\")"),
        ("- [ ] a\n  See [b].\n\n[b]: <c d>\n  'T'", "See [b].\n\n[b]: <c d> \"T\""),
        ("- [ ] <abbr title=\"recovery point\">RPO</abbr> met", "RPO: recovery point"),
        ("| **Check** | **Owner** |\n|---|---|\n| a | Bo |", "Owner: Bo"),
        ("| Check | Notes |\n|---|---|\n| a | see [b] |\n\n[b]: c", "see [b]\n\n[b]: c"),
        ("- [ ] a\n  See[^n].\n\n[^n]: What it means.", "See[^n].\n\n[^n]: What it means."),
        ("- [ ] a <a href=\"https://x.example\">b</a>", "[b](https://x.example)"),
        ("- [ ] a\n  - context\n    - [ ] b\n      For b.\n\n    For context.", "For context."),
    ] {
        let reading = read_named(markdown, "n");
        let (_, _, item) = reading.checklist.items().next().expect("an item");
        assert_eq!(item.guidance.as_ref().map_or("", |text| text.as_str()), guidance, "{markdown}");
    }
}

#[test]
fn reader_makes_titles_one_line_of_text() {
    for (markdown, title) in [
        ("- [ ] **Bold** and `code`", "Bold and code"),
        ("- [ ] text <em>bold</em> here<br>and <!-- c --> there", "text bold here and there"),
        ("- [ ] &nbsp;&nbsp;A &amp; B", "A & B"),
        ("- [ ] Set `protect with:\n  :exception` in the base", "Set protect with: :exception in the base"),
        ("- [ ] See [the\n  Guide](https://x.example)", "See the Guide"),
        ("- [ ] It is **very\n  Important** that", "It is very Important that"),
        ("- [ ] Costs 5 * more\n  Note.", "Costs 5 * more"),
        ("- [ ] Open ` tick\n  Note.", "Open ` tick"),
        ("- [ ] Set <hostname> in `<b>`", "Set <hostname> in <b>"),
        ("- [ ] The [guide](https://example.org) was read", "The guide was read"),
        ("- [ ] ![A chart](c.png) looks well", "A chart looks well"),
        ("- [ ] a\tb", "a b"),
        ("- [ ] starts here\n  and goes on", "starts here and goes on"),
        ("- [ ]\n  on its own line", "on its own line"),
        ("- [ ] custom\\_name", "custom_name"),
        ("- [ ] `git pull && make`", "git pull && make"),
        ("- [ ] a\u{202E}b\0", "ab"),
        ("- [ ] 1. first", "1. first"),
        ("- [ ] [x] twice", "twice"),
        ("- [ ] Renders {name}", "Renders {name}"),
    ] {
        assert_eq!(item_titles(&read_named(markdown, "n")), [title], "{markdown}");
    }
}

#[test]
fn reader_reports_every_box_and_text_that_is_not_taken() {
    for (markdown, line, why) in [
        ("# N\n\nKey: [ ] open, [x] done\n\n- [ ] a", 3, "several boxes in a line are a choice, not a check"),
        ("# N\n\nTick [x] there.\n\n- [ ] a", 3, "a box in running text is not an item"),
        (
            "# N\n\n```\n- [ ] x\n- [ ] y\n```\n\n- [ ] a",
            3,
            "a block of code, with 2 boxes in it: remove the code fence to make them items",
        ),
        (
            "- [ ] a\n\n  ```\n  - [ ] x\n  ```",
            3,
            "a block of code, with 1 box in it: remove the code fence to make it an item",
        ),
        (
            "Risk level:\n- [ ] Low\n- [ ] Medium\n- [ ] High\n\n- [ ] a",
            2,
            "answers to choose from are a choice, not checks",
        ),
        (
            "- Risk level:\n  - [ ] Low risk\n  - [ ] High risk\n- [ ] a",
            2,
            "answers to choose from are a choice, not checks",
        ),
        (
            "Where (choose one):\n\n- [ ] Here\n- [ ] There\n\n## N\n- [ ] a",
            3,
            "answers to choose from are a choice, not checks",
        ),
        ("- [ ] a\n- [x](b.md) c", 2, "the brackets are the text of a link, not a box"),
        ("- [ ] a\n  []int is a type", 2, "a box in running text is not an item"),
        (
            "- [ ] a\n  <details>\n  - [], b",
            2,
            "HTML: it is left alone, with 1 box in it: write it as Markdown to make it an item",
        ),
        ("- [ ] a\n  Tick [x] there.", 2, "a box in running text is not an item"),
        (
            "# N\n\nWrite `[ ]` there.\n\n- [ ] a",
            3,
            "a box in code is not an item: remove the backticks to make it one",
        ),
        ("- [ ] a\n- `[ ]` b", 2, "a box in code is not an item: remove the backticks to make it one"),
        ("- [ ] a\n\n[//]: # (to be rewritten)", 3, "an HTML comment"),
        (
            "- [ ] a\n\n[//]: # (- [ ] hidden)",
            3,
            "an HTML comment, with 1 box in it: remove the marks of the comment to make it an item",
        ),
        ("- <details><summary>S</summary>more</details>\n  - [ ] a", 1, "text that belongs to no item"),
        (
            "| Check | Owner | Done |\n|---|---|---|\n| **G** | **Bo** | |\n| a | Ana | [ ] |",
            3,
            "text that belongs to no item",
        ),
        ("- [ ] a[^1]\n\n[^1]: Tick [ ] there.", 3, "a box in running text is not an item"),
        ("- [ ] a\n\n[b]: https://x.example\n\"T\"", 3, "text that belongs to no item"),
        ("- [ ] a\n  [b]\n\n[b]: c\n[B]: d", 5, "text that belongs to no item"),
        ("- [ ] a\n\n[b]: c\n\n# H\n\nSee [b].", 3, "text that belongs to no item"),
        ("- [ ] a\n\n  ![Chart](c.png)", 3, "text that belongs to no item"),
        ("![Chart](c.png)\n\n- [ ] a", 1, "text that belongs to no item"),
        ("# <abbr title=\"service level\">SLA</abbr>\n- [ ] a", 1, "text that belongs to no item"),
        ("| Check | Status |\n|---|---|\n| a | |\n| Total | 3 |", 4, "a row of totals names no check"),
        ("- [ ] a\n- Decision: [ ] Go [ ] No go", 2, "several boxes in a line are a choice, not a check"),
        (
            "- [ ] a <!-- - [ ] b -->",
            1,
            "an HTML comment, with 1 box in it: remove the marks of the comment to make it an item",
        ),
        (
            "| Check | Answer |\n|---|---|\n| a | [ ] Yes [ ] No |",
            3,
            "several boxes in a line are a choice, not a check",
        ),
        (
            "- [ ] a\n\n| Name | Decision |\n|---|---|\n| ___ | [ ] Yes [ ] No |",
            5,
            "several boxes in a line are a choice, not a check",
        ),
    ] {
        let reading = read_named(markdown, "n");
        assert_eq!(item_titles(&reading), ["a"], "{markdown}");
        let reason = reading.omissions.iter().find(|left| left.line == line).map(|left| left.reason.to_string());
        assert_eq!(reason.as_deref(), Some(why), "{markdown}");
    }
}
