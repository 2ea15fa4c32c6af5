//! The processing time of inputs: it grows at most linearly with their length, up to the size limit and beyond it.
//!
//! Each is sent at a quarter of its largest size, at that size, and at four times that size, which is refused. The test
//! measures the processor time of this process, in which the server runs: it does not depend on what else the machine
//! does. Four times the input may cost at most [`MOST`] times as much; quadratic growth costs sixteen times.

use std::time::Duration;

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use rustix::time::{ClockId, clock_gettime};
use signoff::{
    access::password,
    app,
    domain::{checklist_difference::ChecklistDifference, markdown_checklist::parse_markdown, text::Title},
    web::route::Right,
};

use super::field_names;
use crate::helpers::{admin, client::Client, installation::Installation, launch::Launch};

/// The highest accepted cost ratio for four times the input.
const MOST: u32 = 8;

/// Costs below this cannot be distinguished from the cost of any request.
const FLOOR: Duration = Duration::from_millis(10);

/// The processor time that this process has used.
fn processor_time() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().unwrap()
}

/// The least processor time that some runs take.
async fn measure_cost<T>(runs: usize, mut work: impl AsyncFnMut(usize) -> T) -> Duration {
    let mut least = Duration::MAX;
    for run in 0..runs {
        let begun = processor_time();
        work(run).await;
        least = least.min(processor_time() - begun);
    }
    least
}

/// Asserts that each cost is in proportion to the one before, whose input was a fourth.
#[track_caller]
fn assert_linear(what: &str, costs: &[Duration]) {
    println!("{what}: {costs:?}");
    for pair in costs.windows(2) {
        assert!(pair[1] <= pair[0].max(FLOOR) * MOST, "{what}: {costs:?}");
    }
}

/// A quarter of a size, the size, and four times it.
const fn sizes_around(size: usize) -> [usize; 3] {
    [size / 4, size, size * 4]
}

/// Texts of about this many bytes, each with one repeated structure.
fn markdown_inputs(size: usize) -> Vec<(String, String)> {
    let repeated = [
        ">",
        "> ",
        "- ",
        "-\t",
        "1. ",
        "> - 1. ",
        "*a ",
        "**a ",
        "_a ",
        "a*",
        "*a**",
        "~~a ",
        "[",
        "![",
        "[a](",
        "[a](<b",
        "[a][",
        "[a]: /u\n",
        "[a]: u 'b\n",
        "`",
        "`` ` ",
        "<",
        "<!--",
        "<![CDATA[",
        "<a b=\"",
        "a <?",
        "<http://a>",
        "&",
        "&#",
        "&amp;",
        "|",
        "|a|b\n",
        "|a\n|-\n",
        "-|\n",
        "# a\n",
        "a\n-\n",
        "a\n",
        "a  \n",
        "- a\n\n",
        "*\n+\n",
        "\\",
        "```\n",
        "> ```\n",
        "\"",
        "ж*й ",
    ];
    let mut shapes: Vec<_> =
        repeated.iter().map(|shape| ((*shape).to_owned(), shape.repeat(size / shape.len()))).collect();
    let half = |one: &str, other: &str| [one, other].map(|shape| shape.repeat(size / 2 / shape.len())).concat();
    for (one, other) in [("> ", "a\n"), ("- ", "a\n"), ("- ", "\n"), ("*a ", " a*"), ("[", "]"), ("[a", "](b)")] {
        shapes.push((format!("{one}{other}"), half(one, other)));
    }
    let columns = size / 8;
    let table = format!("{}\n{}\n{}", "|a".repeat(columns), "|-".repeat(columns), "a\n".repeat(size / 4));
    shapes.push(("a wide table of short rows".to_owned(), table));
    shapes
        .push(("a long address".to_owned(), format!("[a]: /{}\n\n{}", "u".repeat(size / 2), "[a] ".repeat(size / 8))));
    shapes.push(("indented".to_owned(), {
        let lines = (0..).map(|level| format!("{}- a\n", "  ".repeat(level)));
        lines
            .scan(0, |length, line| {
                *length += line.len();
                (*length < size).then_some(line)
            })
            .collect()
    }));
    shapes
}

#[tokio::test]
async fn markdown_rendering_time_grows_linearly_with_length() {
    let launch = Launch::ledger().make().await;
    let (notes, page) = (format!("/launches/{}/notes", launch.id), format!("/launches/{}", launch.id));
    let sizes = sizes_around(19_000).map(markdown_inputs);
    for at in 0..sizes[0].len() {
        let mut costs = Vec::new();
        for shapes in &sizes {
            let (_, text) = &shapes[at];
            // The text differs each time, so that no rendered copy is cached.
            let work = async |run: usize| {
                let status =
                    launch.member.post(&notes, &[("notes", &format!("{run}\n\n{text}"))]).await.status.as_u16();
                assert!(matches!(status, 303 | 413 | 422), "{status}");
                launch.member.get(&page).await.expect_status(200);
            };
            costs.push(measure_cost(2, work).await);
        }
        assert_linear(&format!("notes of {:?}", sizes[0][at].0), &costs);
    }
}

#[tokio::test]
async fn checklist_import_time_grows_linearly_with_length() {
    let launch = Launch::ledger().make().await;
    let admin = launch.app.session(&launch.app.person(&admin()).await).await;
    let lines = ["- [ ] a\n", "> ", "- ", "  - [ ] a\n", "|a|b|\n|-|-|\n", "# a\n\n- [ ] b\n\n", "*a ", "<!-- ", "a\n"];
    for line in lines {
        let mut costs = Vec::new();
        for size in [100_000, 400_000, 1_600_000, 6_400_000] {
            let text = line.repeat(size / line.len());
            let work = async |_| {
                let form = Form::new().part("file", Part::bytes(text.clone().into_bytes()).file_name("a.md"));
                let status = admin.upload("/checklists/import", form.text("step", "preview")).await.status.as_u16();
                assert!(matches!(status, 200 | 413 | 422), "{status}");
            };
            costs.push(measure_cost(1, work).await);
        }
        assert_linear(&format!("an import of {line:?}"), &costs);
    }
}

/// A name, its largest size, and a function that makes an input of any size.
type Shape = (&'static str, usize, fn(usize) -> String);

#[tokio::test]
async fn form_parsing_time_grows_linearly_with_length() {
    let launch = Launch::ledger().make().await;
    let evidence = launch.item_path("required", "/evidence");
    let multipart = async |body: &str| {
        let request = launch.member.request(Method::POST, &evidence).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "multipart/form-data; boundary=part").body(body.to_owned());
        let status = Client::send(request).await.status.as_u16();
        assert!(matches!(status, 303 | 400 | 413 | 422), "{status}");
    };
    let head = "--part\r\ncontent-disposition: form-data; name=\"note\"";
    let shapes: [Shape; 6] = [
        ("the head of a part", 16_000, |size| format!("\r\nx: {}\r\n\r\n\r\n--part--\r\n", "a".repeat(size))),
        ("the name of a file", 16_000, |size| {
            format!("; filename=\"{}\"\r\n\r\n\r\n--part--\r\n", "a/".repeat(size / 2))
        }),
        ("a head without end", 1_000_000, |size| format!("\r\nx: {}", "a".repeat(size))),
        ("a text", 200_000, |size| format!("\r\n\r\n{}\r\n--part--\r\n", "\r\n--par".repeat(size / 7))),
        ("parts", 60_000, |size| {
            let part = "\r\n--part\r\ncontent-disposition: form-data; name=\"x\"\r\n\r\n";
            format!("\r\n\r\n{}\r\n--part--\r\n", part.repeat(size / part.len()))
        }),
        ("what is not read", 1_000_000, |size| format!("\r\n\r\nx\r\n--part--\r\n{}", "--part\r\n".repeat(size / 8))),
    ];
    for (what, size, shape) in shapes {
        let mut costs = Vec::new();
        for size in sizes_around(size) {
            let body = format!("{head}{}", shape(size));
            costs.push(measure_cost(3, |_| multipart(&body)).await);
        }
        assert_linear(what, &costs);
    }
    let notes = format!("/launches/{}/notes", launch.id);
    for field in ["a=1&", "notes=%00&", "%", "notes=+", "&", "notes="] {
        let mut costs = Vec::new();
        for size in sizes_around(256 * 1024) {
            let body = field.repeat(size / field.len());
            let work = async |_| {
                let request = launch.member.request(Method::POST, &notes).header("sec-fetch-site", "same-origin");
                let request = request.header("content-type", "application/x-www-form-urlencoded").body(body.clone());
                // A refusal before the body is read may break the connection of a client that is still sending.
                let _answer = request.send().await;
            };
            costs.push(measure_cost(3, work).await);
        }
        assert_linear(&format!("fields of {field:?}"), &costs);
    }
}

#[tokio::test]
async fn address_and_header_parsing_time_grows_linearly_with_length() {
    let launch = Launch::ledger().make().await;
    launch
        .member
        .post(&launch.item_path("required", "/comments"), &[("body", &"ab ".repeat(6_000))])
        .await
        .expect_status(303);
    let (launch_id, seq) = (launch.id, launch.state().await.seq);
    let get = async |path: String| {
        let status = launch.member.get(&path).await.status.as_u16();
        assert!(matches!(status, 200 | 303 | 400 | 404 | 414 | 422 | 429 | 431), "{status}");
    };
    for (path, size) in [
        ("/search?q=".to_owned(), 200),
        ("/search?q=".to_owned(), 8_000),
        (format!("/launches/{launch_id}?q="), 8_000),
        (format!("/launches/{launch_id}/history?q="), 8_000),
        ("/launches?q=".to_owned(), 8_000),
        (format!("/launches/{launch_id}/as-of/{seq}?q="), 8_000),
        ("/login?next=/".to_owned(), 8_000),
    ] {
        for word in ["ab+", "a", "%22", "a%C2%A0"] {
            let mut costs = Vec::new();
            for size in sizes_around(size) {
                let requested = format!("{path}{}", word.repeat(size / word.len()));
                costs.push(measure_cost(2, |_| get(requested.clone())).await);
            }
            assert_linear(&format!("{path}{word}"), &costs);
            // Searching has a rate limit of its own.
            launch.app.state.clock.advance(60);
        }
    }
    for (name, value) in
        [("cookie", "signoff=x; "), ("accept", "text/html, "), ("x-forwarded-for", "1.1.1.1, "), ("range", "1-2,")]
    {
        let mut costs = Vec::new();
        for size in sizes_around(60_000) {
            let work = async |_| {
                let request = launch.anon.request(Method::GET, "/login").header(name, value.repeat(size / value.len()));
                let _answer = request.send().await;
            };
            costs.push(measure_cost(3, work).await);
        }
        assert_linear(name, &costs);
    }
}

#[tokio::test]
async fn password_checking_time_grows_linearly_and_hashing_comes_last() {
    let launch = Launch::ledger().make().await;
    let hashing = measure_cost(3, |_| password::verify("velvet harbour compass", None)).await;
    for shape in ["a", "ab", "password", "aA1!", "qwerty", "19121945", "p4$$w0rd"] {
        let mut costs = Vec::new();
        for size in sizes_around(1_000) {
            let new = shape.repeat(size / shape.len());
            let work = async |_| {
                launch
                    .member
                    .post("/account/password", &[("password", ""), ("new_password", &new)])
                    .await
                    .expect_status(422);
            };
            costs.push(measure_cost(2, work).await);
        }
        assert_linear(&format!("a password of {shape:?}"), &costs);
    }
    // Even a strong new password is not hashed while the old one is missing, or wrong and tried too often.
    let strong = [("password", ""), ("new_password", "velvet harbour compass lantern")];
    let weak = [("password", ""), ("new_password", "")];
    let least = measure_cost(10, async |_| {
        launch.member.post("/account/password", &weak).await.expect_status(422);
    })
    .await;
    let refused = measure_cost(10, async |_| {
        launch.member.post("/account/password", &strong).await.expect_status(422);
    })
    .await;
    assert!(refused < least + hashing / 2, "{refused:?}, {least:?} without, where hashing takes {hashing:?}");
    let wrong = [("password", "wrong"), ("new_password", "velvet harbour compass lantern")];
    for _ in 0..10 {
        launch.member.post("/account/password", &wrong).await.expect_status(422);
    }
    let limited = measure_cost(10, async |_| {
        launch.member.post("/account/password", &wrong).await.expect_status(429);
    })
    .await;
    assert!(limited < least + hashing / 2, "{limited:?}, {least:?} without, where hashing takes {hashing:?}");
    let empty = measure_cost(10, async |_| {
        launch.anon.login("nobody@example.org", "").await;
    })
    .await;
    assert!(empty < least + hashing / 2, "{empty:?}");
}

/// Every form, with each field of any form: repeated many times, or long.
#[tokio::test]
async fn every_form_costs_in_proportion_to_its_length_whatever_is_repeated_in_it() {
    let installation = Installation::of(Launch::ledger().make().await).await;
    let names = field_names();
    for route in app::routes().iter().filter(|route| route.changes && route.path != "/logout") {
        let address = installation.address(route, None);
        let client = match route.right {
            Right::Launch(_) => &installation.launch.owner,
            Right::Public => &installation.launch.anon,
            _ => &installation.admin,
        };
        for (what, value) in [("many", "x"), ("ids", "00000000-0000-4000-8000-00000000000a.1"), ("long", "")] {
            let mut costs = Vec::new();
            for size in [60_000, 240_000] {
                let body = if value.is_empty() {
                    let each = size / names.len();
                    names.iter().map(|name| format!("{name}={}&", "a+%3E+".repeat(each / 6))).collect::<String>()
                } else {
                    let all: String = names.iter().map(|name| format!("{name}={value}&")).collect();
                    all.repeat(size / all.len())
                };
                let work = async |_| {
                    let request = client.request(Method::POST, &address).header("sec-fetch-site", "same-origin");
                    let request =
                        request.header("content-type", "application/x-www-form-urlencoded").body(body.clone());
                    let status = Client::send(request).await.status;
                    assert!(!status.is_server_error(), "{address}, {what}: {status}");
                };
                costs.push(measure_cost(2, work).await);
            }
            assert_linear(&format!("{address}, {what}"), &costs);
        }
        // Proofs of identity have a rate limit of their own.
        installation.launch.app.state.clock.advance(60);
    }
}

#[tokio::test]
async fn checklist_comparison_time_grows_linearly_with_length() {
    let checklist = |headings: usize, word: &str| {
        let text: String = (0..headings)
            .map(|n| format!("## {word} {n}\n\n### {word} {n}\n\n- [ ] Item {n} {{#item-{n}}}\n\n"))
            .collect();
        parse_markdown(&text, &Title::new("Many").unwrap()).checklist
    };
    let mut costs = Vec::new();
    for headings in [300, 1_200, 4_800] {
        let (before, after) = (checklist(headings, "Old"), checklist(headings, "New"));
        assert_eq!(after.items().count(), headings);
        costs.push(
            measure_cost(2, async |_| {
                assert!(!ChecklistDifference::compare(&before, &after).is_empty());
            })
            .await,
        );
    }
    assert_linear("headings", &costs);
}

#[tokio::test]
async fn thumbnail_drawing_time_grows_linearly_with_pixels() {
    let launch = Launch::ledger().make().await;
    let mut costs = Vec::new();
    for side in [200, 400, 800, 21_000] {
        let mut png = std::io::Cursor::new(Vec::new());
        image::GrayImage::new(side, if side > 20_000 { 10 } else { side })
            .write_to(&mut png, image::ImageFormat::Png)
            .unwrap();
        let file = Part::bytes(png.into_inner()).file_name("a.png");
        launch
            .member
            .upload(&launch.item_path("required", "/evidence"), Form::new().part("files", file))
            .await
            .expect_status(303);
        let newest = *launch.item_state("required").await.evidence.last().unwrap();
        let path = format!("/evidence/{newest}/thumbnail");
        costs.push(
            measure_cost(1, async |_| {
                launch.member.get(&path).await.expect_status(200);
            })
            .await,
        );
    }
    assert_linear("a picture", &costs);
}
