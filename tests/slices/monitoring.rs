//! The metrics, and the rules and the dashboard that use them.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use signoff::{
    metrics::{METRICS, MetricDescription},
    monitoring,
};
use tower::ServiceExt as _;

use crate::helpers::{TestApp, admin, client::install_tls, member, people::PASSWORD, program::Program};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn monitoring_file(name: &str) -> PathBuf {
    root().join("deploy/monitoring").join(name)
}

/// `promtool`, which `make test` finds.
fn promtool(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("PROMTOOL").unwrap_or_else(|| "promtool".into()));
    command.args(arguments).current_dir(root().join("deploy/monitoring"));
    command
}

#[track_caller]
fn assert_success(mut command: Command) {
    let output = command.output().expect("promtool runs: run the tests with `make test`");
    let printed = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{printed}");
}

async fn scrape(app: &TestApp) -> String {
    let request = http::Request::get("/metrics").body(axum::body::Body::empty()).unwrap();
    let answer = monitoring::build_router(app.state.clone()).oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    String::from_utf8(axum::body::to_bytes(answer.into_body(), 1_000_000).await.unwrap().to_vec()).unwrap()
}

/// The value of a sample, given as it is written before its value.
#[track_caller]
fn value(text: &str, sample: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{sample} in\n{text}")).parse().unwrap()
}

#[tokio::test]
async fn metrics_of_a_running_server_pass_promtool() {
    let mut program = Program::make().await;
    program.set("SIGNOFF_METRICS_LISTEN", "127.0.0.1:0");
    let mut server = program.serve();
    let line = server.wait_for("serving metrics");
    let metrics = line.split("address=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let site = server.address();
    install_tls();
    let client = reqwest::Client::new();
    for path in ["healthz", "login", "secret-that-is-no-route", "launches"] {
        client.get(format!("http://{site}/{path}")).send().await.unwrap();
    }
    let method = reqwest::Method::from_bytes(b"ANYTHING").unwrap();
    client.request(method, format!("http://{site}/login")).send().await.unwrap();
    let absent = client.get(format!("http://{site}/metrics")).send().await.unwrap();
    assert_eq!(absent.status(), 404, "the site itself does not serve them");
    let answer = client.get(format!("http://{metrics}/metrics")).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = answer.text().await.unwrap();

    let mut check = promtool(&["check", "metrics"]);
    let mut check = check.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    check.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = check.wait_with_output().unwrap();
    let printed = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && printed.trim().is_empty(), "{printed}");

    // No label is taken from a request.
    assert!(!text.contains("secret-that-is-no-route") && !text.contains("ANYTHING"), "{text}");
    assert_eq!(value(&text, r#"signoff_http_requests_total{method="GET",route="none",status="4xx"}"#), 2.0);
    assert_eq!(value(&text, r#"signoff_http_requests_total{method="other",route="/login",status="4xx"}"#), 1.0);
    assert_eq!(value(&text, r#"signoff_http_request_duration_seconds_count{method="GET",route="/healthz"}"#), 1.0);
    assert_eq!(value(&text, "signoff_database_up"), 1.0);
    // Connections that the server itself has taken, measured through the log.
    assert!(value(&text, "signoff_database_acquire_duration_seconds_count") > 0.0);
    assert!(value(&text, "signoff_evidence_free_bytes") > 0.0);
    assert!(value(&text, "process_resident_memory_bytes") > 1e6);
    assert_eq!(value(&text, &format!("signoff_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"))), 1.0);
    // Those that appear only when something happens.
    let later = ["signoff_refusals_total", "signoff_proof_failures_total", "signoff_log_lines_total"];
    let later = later.into_iter().chain(["signoff_last_run", "signoff_last_success", "signoff_jobs_total"]);
    let later: Vec<&str> = later.chain(["signoff_job_duration"]).collect();
    for MetricDescription { name, .. } in METRICS.descriptions() {
        let is_later = later.iter().any(|later| name.starts_with(later));
        assert!(is_later || text.contains(&format!("# TYPE {name} ")), "{name} in\n{text}");
    }
    server.stop();
}

#[tokio::test]
async fn metrics_count_failures_refusals_and_what_is_open() {
    let app = TestApp::start().await;
    let mia = app.person(&member()).await;
    app.client().login(&mia.email, "wrong").await.expect_status(422);
    let hers = app.session(&mia).await;
    hers.get("/admin").await.expect_status(403);
    app.wait_for_background_work().await;
    let text = scrape(&app).await;
    assert_eq!(value(&text, r#"signoff_proof_failures_total{credential="password",purpose="sign_in"}"#), 1.0);
    assert_eq!(value(&text, r#"signoff_refusals_total{reason="not_allowed"}"#), 1.0);
    assert!(value(&text, "signoff_redis_command_duration_seconds_count") > 0.0);
    assert_eq!(value(&text, "signoff_live_streams"), 0.0);
    assert_eq!(value(&text, r#"signoff_jobs_waiting{kind="mail"}"#), 0.0);
    assert_eq!(value(&text, "signoff_verification_problems"), 0.0);
    assert!(value(&text, "signoff_database_bytes") > value(&text, "signoff_history_bytes"));
    assert!(!text.contains(&mia.email) && !text.contains(&mia.id.to_string()), "{text}");
}

#[tokio::test]
async fn metrics_without_a_database_say_so_in_bounded_time() {
    let app = TestApp::start().await;
    app.state.db.close().await;
    let text = scrape(&app).await;
    assert_eq!(value(&text, "signoff_database_up"), 0.0);
}

#[test]
fn alert_rules_and_scrape_configuration_pass_promtool() {
    assert_success(promtool(&["check", "config", "prometheus.yml"]));
    assert_success(promtool(&["test", "rules", "alerts_test.yml"]));
}

/// The names of metrics in a text: words that begin like one, without the suffixes of a histogram's series.
fn metric_names(text: &str) -> BTreeSet<String> {
    let histograms: Vec<&str> =
        METRICS.descriptions().iter().filter(|metric| metric.kind == "histogram").map(|metric| metric.name).collect();
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|word| word.starts_with("signoff_") || word.starts_with("process_"))
        .map(|word| {
            let series = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| word.strip_suffix(suffix));
            series.filter(|name| histograms.contains(name)).unwrap_or(word).to_owned()
        })
        .collect()
}

/// The names of the groups of rules also begin with `signoff_`.
fn without_group_names(rules: &str) -> String {
    rules.lines().filter(|line| !line.trim_start().starts_with("- name:")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn alerts_and_dashboard_query_only_metrics_that_exist() {
    let known: BTreeSet<String> = METRICS.descriptions().iter().map(|metric| metric.name.to_owned()).collect();
    let rules = fs::read_to_string(monitoring_file("alerts.yml")).unwrap();
    let dashboard = fs::read_to_string(monitoring_file("dashboard.json")).unwrap();
    let tests = fs::read_to_string(monitoring_file("alerts_test.yml")).unwrap();
    for text in [without_group_names(&rules), dashboard.clone(), tests] {
        let unknown: Vec<String> = metric_names(&text).difference(&known).cloned().collect();
        assert_eq!(unknown, Vec::<String>::new());
    }
    // Whoever looks at the dashboard misses nothing that is measured.
    let shown = metric_names(&dashboard);
    let unseen: Vec<&String> = known.difference(&shown).collect();
    let expected = [
        "process_max_fds",
        "process_start_time_seconds",
        "process_threads",
        "process_virtual_memory_bytes",
        "signoff_job_oldest_age_seconds",
        "signoff_last_run_ok",
        "signoff_verification_oldest_timestamp_seconds",
    ];
    assert_eq!(unseen, expected);
    let dashboard: serde_json::Value = serde_json::from_str(&dashboard).unwrap();
    let queries = dashboard["panels"].as_array().unwrap().iter().filter_map(|panel| panel["targets"].as_array());
    assert!(queries.flatten().all(|target| target["expr"].as_str().is_some_and(|expr| !expr.is_empty())));
}

/// The anchor of a heading, as the usual renderers of Markdown make it.
fn anchor(heading: &str) -> String {
    let cleaned = heading.to_lowercase().replace(|c: char| !(c.is_alphanumeric() || c == ' ' || c == '-'), "");
    cleaned.replace(' ', "-")
}

#[test]
fn every_alert_is_tested_and_has_a_severity_a_summary_and_a_section_in_the_runbook() {
    let rules = fs::read_to_string(monitoring_file("alerts.yml")).unwrap();
    let tests = fs::read_to_string(monitoring_file("alerts_test.yml")).unwrap();
    let runbook = fs::read_to_string(root().join("docs/runbook.md")).unwrap();
    let guide = fs::read_to_string(root().join("docs/monitoring.md")).unwrap();
    let anchors: BTreeSet<String> = runbook.lines().filter_map(|line| line.strip_prefix("## ")).map(anchor).collect();
    let mut alerts = 0;
    let mut used = BTreeSet::new();
    for rule in rules.split("- alert: ").skip(1) {
        let name = rule.lines().next().unwrap();
        assert!(rule.contains("severity: critical") || rule.contains("severity: warning"), "{name}");
        assert!(rule.contains("summary: \""), "{name}");
        let link = rule.split("runbook_url: docs/runbook.md#").nth(1).unwrap().lines().next().unwrap();
        assert!(anchors.contains(link), "{name}: {link} is not in {anchors:?}");
        used.insert(link.to_owned());
        assert!(
            tests.contains(&format!("\"{name}\"")) || tests.contains(&format!("{name}\\n")),
            "{name} is not tested"
        );
        assert!(runbook.contains(&format!("`{name}`")), "{name} is not in the runbook");
        alerts += 1;
    }
    assert_eq!(used, anchors, "a section of the runbook without an alert");
    assert!(alerts > 20, "{alerts}");
    // The guide answers each item of the shipped checklist's section on alerting.
    let checklist = fs::read_to_string(root().join("checklists/production-readiness.md")).unwrap();
    let section = checklist.split("### Alerting").nth(1).unwrap().split("\n#").next().unwrap();
    let keys: Vec<&str> = section.split("{#").skip(1).map(|rest| rest.split([';', '}']).next().unwrap()).collect();
    assert_eq!(keys.len(), 6);
    for key in keys {
        assert!(guide.contains(&format!("(`{key}`) |")), "{key}");
    }
}

/// The table of `docs/monitoring.md`. `BLESS=1` writes it anew.
#[test]
fn metrics_reference_is_that_of_the_code() {
    let path = root().join("docs/monitoring.md");
    let text = fs::read_to_string(&path).unwrap();
    let head = "| metric | kind | labels | what |\n|---|---|---|---|\n";
    let (before, rest) = text.split_once(head).unwrap();
    let rows_end = rest.find("\n\n").map_or(0, |at| at + 1);
    let (rows, after) = if rest.starts_with('\n') { ("", rest) } else { rest.split_at(rows_end) };
    let expected: String = METRICS
        .descriptions()
        .iter()
        .map(|MetricDescription { name, kind, labels, help }| {
            let labels: Vec<String> = labels.iter().map(|label| format!("`{label}`")).collect();
            format!("| `{name}` | {kind} | {} | {} |\n", labels.join(", "), help.replace('|', "\\|"))
        })
        .collect();
    if env::var_os("BLESS").is_some() {
        fs::write(&path, format!("{before}{head}{expected}{after}")).unwrap();
        return;
    }
    assert_eq!(rows, expected, "BLESS=1 writes the table anew");
}

/// Names, units and kinds follow the rules of Prometheus (https://prometheus.io/docs/practices/naming/).
#[test]
fn metric_names_have_a_base_unit_and_counters_end_in_total() {
    let mut by_name = BTreeMap::new();
    for metric in METRICS.descriptions() {
        assert_eq!(metric.name.ends_with("_total"), metric.kind == "counter", "{}", metric.name);
        for unit in ["_ms", "_milliseconds", "_minutes", "_hours", "_kb", "_megabytes"] {
            assert!(!metric.name.ends_with(unit), "{}", metric.name);
        }
        assert!(by_name.insert(metric.name, metric).is_none(), "{} twice", metric.name);
    }
}

#[tokio::test]
async fn operations_page_is_for_admins_and_shows_the_last_runs() {
    let app = TestApp::start().await;
    let ann = app.sign_in(admin()).await;
    let page = ann.get("/admin/operations").await.expect_status(200);
    assert_eq!(page.texts("[data-operation]").len(), 4);
    assert!(page.texts("[data-operation=backup]")[0].contains("never"));
    assert_eq!(page.texts("[data-problems]").len(), 0);
    sqlx::query(
        "INSERT INTO operations_status (name, at, ok, detail, succeeded_at)
         VALUES ('backup', now(), false, 'No space left on device', now() - interval '1 day')",
    )
    .execute(&app.owner)
    .await
    .unwrap();
    let page = ann.get("/admin/operations").await.expect_status(200);
    assert_eq!(page.attribute("[data-operation=backup]", "data-ok").as_deref(), Some("false"));
    assert!(page.texts("[data-operation=backup]")[0].contains("No space left on device"));
    assert!(page.texts("dl.facts dd").contains(&env!("CARGO_PKG_VERSION").to_owned()));
    let mia = app.sign_in(member()).await;
    mia.get("/admin/operations").await.expect_status(403);
    mia.post("/admin/operations/verification", &[("password", PASSWORD)]).await.expect_status(403);
}
