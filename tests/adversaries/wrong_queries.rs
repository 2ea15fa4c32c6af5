//! Wrong values in the address of a page: the page says what is wrong and what to do, and keeps what was typed.

use reqwest::multipart::Form;

use crate::helpers::{Launch, admin, client::Client};

/// What a page says about its address: at fields, above the list, or in place of it.
fn sentences(answer: &crate::helpers::client::Answer) -> String {
    answer.texts(".error, .problem, .empty, .error-page").join(" ")
}

#[tokio::test]
async fn wrong_query_value_is_explained_on_every_page_with_parameters() {
    let launch = Launch::ledger().make().await;
    let admin = launch.app.sign_in(admin()).await;
    let at = |page: &str| format!("/launches/{}{page}", launch.id);
    let item = format!("/items/{}", launch.item("required"));
    let note = Form::new().text("note", "Here");
    launch.member.upload(&format!("{item}/evidence"), note).await.expect_status(303);
    for (page, status, sentence) in [
        ("/launches?show=nonsense".to_owned(), 200, "There is no such list."),
        ("/launches?verdict=maybe".to_owned(), 200, "There is no such readiness"),
        ("/launches?whose=hers".to_owned(), 200, "There is no such choice"),
        ("/launches?sort=size".to_owned(), 200, "There is no such order"),
        ("/launches?after=x".to_owned(), 200, "There is no such page."),
        ("/launches?q=a&q=b".to_owned(), 400, "Open the page without it"),
        ("/launches/calendar?month=2026-13".to_owned(), 200, "There is no such month."),
        ("/launches/calendar?month=a&month=b".to_owned(), 400, "Open the page without it"),
        ("/launches/new?checklist=x".to_owned(), 200, "is not offered"),
        (at("?show=nonsense"), 200, "There is no such filter."),
        (at("/as-of/1?show=nonsense"), 200, "There is no such filter."),
        (at("/evidence?kind=nonsense"), 200, "There is no such filter."),
        (at("/evidence?standing=nonsense"), 200, "There is no such filter."),
        (at("/history?kind=nonsense"), 200, "The address asks for a kind"),
        (at("/history?before=x"), 200, "The address asks for a kind"),
        (at("/history?from=yesterday"), 422, "This is not a date. Write it as 2026-12-31."),
        (at("/history?to=31.12.2026"), 422, "This is not a date."),
        (at("/compare?from=x"), 422, "There is no such event."),
        (at("/compare?to=999"), 422, "There is no such event."),
        ("/audit?kind=nonsense".to_owned(), 200, "The address asks for a kind"),
        ("/audit?before=x".to_owned(), 200, "The address asks for a kind"),
        ("/audit?to=tomorrow".to_owned(), 422, "This is not a date."),
        ("/admin/security?kind=nonsense".to_owned(), 200, "The address asks for a kind"),
        ("/admin/security?person=x".to_owned(), 200, "The address asks for a kind"),
        ("/search?q=ledger&kind=nonsense".to_owned(), 200, "There is no such kind."),
        ("/search?q=ledger&kind=items&page=x".to_owned(), 200, "There is no such page."),
    ] {
        // Only members make launches, and only admins read the security page.
        let answer = admin.get(&page).await.expect_status(status);
        assert!(sentences(&answer).contains(sentence), "{page}: {}", sentences(&answer));
        assert!(!answer.attributes("main a", "href").is_empty(), "{page}: a way on");
    }
    // Without a wrong value there is no message.
    for page in ["/launches".to_owned(), at(""), at("/evidence"), "/launches/calendar?month=2026-12".to_owned()] {
        assert_eq!(admin.get(&page).await.texts(".error, .problem"), [""; 0], "{page}");
    }
}

#[tokio::test]
async fn filter_text_that_is_too_long_stays_in_its_field_with_a_message() {
    let launch = Launch::ledger().make().await;
    let page_of = |page: &str| format!("/launches/{}{page}", launch.id);
    for (page, parameter, most) in [
        ("/launches".to_owned(), "q", 300),
        (page_of(""), "q", 300),
        (page_of("/as-of/1"), "q", 300),
        (page_of("/history"), "text", 200),
        (page_of("/history"), "item", 300),
        ("/audit".to_owned(), "text", 200),
        ("/search".to_owned(), "q", 200),
    ] {
        let typed = |count: usize| "ä".repeat(count);
        let address = |count: usize| {
            let query: String = url::form_urlencoded::byte_serialize(typed(count).as_bytes()).collect();
            format!("{page}?{parameter}={query}")
        };
        let answer = launch.auditor.get(&address(most + 1)).await.expect_status(422);
        let field = format!("main [name={parameter}]");
        assert_eq!(answer.attribute(&field, "value"), Some(typed(most + 1)), "{page}: what was typed is kept");
        assert_eq!(answer.attribute(&field, "aria-invalid").as_deref(), Some("true"), "{page}");
        let described = answer.attribute(&field, "aria-describedby").unwrap();
        let shown = answer.texts(&format!("#{described}"));
        assert_eq!(shown, [format!("This is too long: at most {most} characters.")], "{page}");
        let answer = launch.auditor.get(&address(most)).await.expect_status(200);
        assert!(answer.attribute(&field, "aria-invalid").is_none(), "{page}");
    }
}

#[tokio::test]
async fn checklists_of_one_name_differ_in_the_list_of_a_new_launch() {
    let launch = Launch::payments().make().await;
    let admin: Client = launch.app.sign_in(admin().named("Ann Publisher")).await;
    let publish = async |list: &str| {
        let form = Form::new().text("markdown", list.to_owned()).text("step", "publish").text("unsigned", "on");
        admin.upload("/checklists/import", form).await.expect_status(303);
    };
    publish("# Twin\n\n- [ ] One\n").await;
    publish("# Twin\n\n- [ ] Two\n").await;
    publish("# Single\n\n- [ ] One\n- [ ] Two\n").await;
    let options = launch.member.get("/launches/new").await.expect_status(200).texts("#f-checklist option");
    let twins: Vec<&String> = options.iter().filter(|option| option.starts_with("Twin")).collect();
    assert_eq!(twins.len(), 2, "{options:?}");
    assert_ne!(twins[0], twins[1]);
    for twin in twins {
        assert!(twin.starts_with("Twin v1, 1 item, published ") && twin.contains("by Ann Publisher"), "{twin}");
    }
    assert!(options.contains(&"Single v1, 2 items".to_owned()), "{options:?}");
}
