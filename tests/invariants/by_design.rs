//! The promises of docs/security.md about sources, scripts, packages and deployment files, checked against those files.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use signoff::{
    domain::{
        markdown_limits,
        text::{Markdown, PersonName, Prose, Title},
    },
    web::{
        multipart,
        route::{FORM_BYTES, SIGNED_IN_FORM_BYTES},
    },
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// Every file below a folder with this ending: its path from the root, and its text without test code.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found.retain(|path| path.extension().is_some_and(|known| known == ending));
    let named = found.into_iter().map(|path| {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        let text = fs::read_to_string(&path).unwrap();
        (name, text.split("\n#[cfg(test)]\nmod tests {").next().unwrap().to_owned())
    });
    named.filter(|(name, _)| !name.ends_with("/tests.rs") && !name.contains("/tests/")).collect()
}

/// The files that contain one of these words outside of comments.
fn holding(files: &[(String, String)], words: &[&str]) -> BTreeSet<String> {
    let holds = |text: &str| {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        code.into_iter().any(|line| words.iter().any(|word| line.contains(word)))
    };
    files.iter().filter(|(_, text)| holds(text)).map(|(name, _)| name.clone()).collect()
}

#[track_caller]
fn only_in(files: &[(String, String)], words: &[&str], expected: &[&str]) {
    let expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(holding(files, words), expected, "{words:?}");
}

#[test]
fn sources_hold_nothing_that_the_security_page_says_is_absent() {
    let sources = files("src", "rs");
    assert!(sources.len() > 200, "{}", sources.len());
    // Queries are literals of the program (sqlx enforces it, except with this wrapper), or made of names written in it.
    only_in(&sources, &["AssertSqlSafe"], &["src/record/verify/launch.rs"]);
    // Only these send requests: the library for buckets and the traces, to where the settings say, and the client of
    // webhooks, which cannot be led inside.
    only_in(&sources, &["reqwest"], &["src/outgoing/mod.rs", "src/traces.rs"]);
    // Only in commands, with the arguments of the person who runs them.
    only_in(&sources, &["process::Command", "process::CommandExt"], &["src/backup/postgres.rs", "src/cli/exec.rs"]);
    // No input becomes a regular expression or a template, every certificate is checked, nothing is logged elsewhere.
    let absent =
        ["Regex", "render_str", "dangerous", "danger_accept", "AcceptInvalid", "rolling::", "syslog", "unsafe "];
    only_in(&sources, &absent, &[]);
    assert!(read("Cargo.toml").contains("unsafe_code = \"forbid\""));
}

#[test]
fn dependencies_hold_nothing_that_the_security_page_says_is_absent() {
    let manifest = read("Cargo.toml");
    let dependencies = manifest.split_once("\n[dependencies]").unwrap().1.split_once("\n[dev-dependencies]").unwrap().0;
    let lines = dependencies.lines().filter_map(|line| line.split_once(" = "));
    let named: BTreeSet<&str> = lines.clone().map(|(name, _)| name).collect();
    assert!(named.len() > 40 && named.contains("axum"), "{named:?}");
    for (what, absent) in [
        ("a client that fetches", &["ureq", "isahc", "curl", "surf", "attohttpc"][..]),
        ("a reader of XML", &["quick-xml", "xml-rs", "roxmltree", "xmltree", "serde-xml-rs", "libxml", "usvg"]),
        ("templates read at run time", &["tera", "minijinja", "handlebars", "liquid", "mustache"]),
        ("regular expressions", &["regex", "fancy-regex", "pcre2", "regex-lite"]),
        ("other ciphers and hashes", &["aes", "aes-gcm", "des", "rc4", "cbc", "ecb", "blowfish", "md5", "md-5", "rsa"]),
        ("other TLS", &["openssl", "native-tls", "openssl-sys"]),
        ("LDAP, GraphQL, OAuth", &["ldap3", "async-graphql", "juniper", "oauth2", "openidconnect", "jsonwebtoken"]),
    ] {
        for name in absent {
            assert!(!named.contains(name), "{what}: {name}");
        }
    }
    for needed in ["ed25519-dalek", "argon2", "sha2", "chacha20poly1305", "hmac"] {
        assert!(named.contains(needed), "{needed}");
    }
    // Of a library with client and server, only the server.
    for (name, features) in lines.filter(|(name, _)| ["hyper", "hyper-util"].contains(name)) {
        assert!(!features.contains("\"client"), "{name} = {features}");
    }
    let lock = read("Cargo.lock");
    let packages: Vec<&str> = lock.split("[[package]]").skip(1).collect();
    assert!(packages.len() > 300);
    for package in packages.iter().filter(|package| !package.contains("name = \"signoff\"\n")) {
        assert!(
            package.contains("source = \"registry+https://github.com/rust-lang/crates.io-index\"")
                && package.contains("checksum = \""),
            "{package}"
        );
    }
    for native in ["openssl-sys", "native-tls", "aws-lc-sys"] {
        assert!(!lock.contains(&format!("name = \"{native}\"")), "{native}");
    }
    assert!(read("deny.toml").contains("allow-registry = [\"https://github.com/rust-lang/crates.io-index\"]"));
}

#[test]
fn scripts_make_no_code_of_text_and_keep_no_password() {
    let scripts = files("static/js", "js");
    assert!(scripts.len() > 20);
    let absent = [
        "eval(",
        "new Function",
        "document.write",
        "insertAdjacentHTML",
        "innerHTML =",
        "outerHTML =",
        "createContextualFragment",
        "setTimeout(\"",
        "__proto__",
        "window.postMessage",
        "parent.postMessage",
        "window.opener",
        "indexedDB",
        "document.cookie",
    ];
    only_in(&scripts, &absent, &[]);
    only_in(&scripts, &["\"paste\""], &["static/js/drop.js"]);
    let of_the_tab = ["static/js/drafts.js", "static/js/scroll_position.js", "static/js/submit_on_change.js"];
    only_in(&scripts, &["sessionStorage"], &of_the_tab);
    // Which sections are folded, and the last filter.
    let lasting = ["static/js/filter_memory.js", "static/js/fold.js"];
    only_in(&scripts, &["localStorage"], &lasting);
    let stored = [&lasting[..], &["static/js/draft_rules.js"], &of_the_tab[1..]].concat();
    only_in(&scripts, &[".setItem("], &stored);
    only_in(&scripts, &["type=password", "[type=\"password", "current-password"], &[]);
    let drafts = read("static/js/drafts.js");
    let text_fields = drafts.lines().find_map(|line| line.strip_prefix("const TEXT_FIELDS = ")).unwrap();
    let kinds = text_fields.split("type=").skip(1).map(|rest| rest.split(']').next().unwrap());
    assert_eq!(kinds.collect::<Vec<_>>(), ["text", "url", "email", "date", "datetime-local"], "{text_fields}");
}

#[test]
fn templates_hide_what_is_secret_and_hold_no_script_or_style() {
    let templates = files("templates", "html");
    assert!(templates.len() > 50);
    let macros = read("templates/macros/form.html");
    let password = macros.lines().find(|line| line.contains("name=\"{{ name }}\" type=\"password\"")).unwrap();
    assert!(password.contains("autocomplete=\"{{ autocomplete }}\""), "{password}");
    let mut fields = 0;
    for (name, text) in &templates {
        for call in text.split("form::password(").skip(1) {
            fields += 1;
            let call = call.split(") }}").next().unwrap();
            let new = call.contains("texts::new_password()");
            assert_eq!(new, call.contains("autocomplete = \"new-password\""), "{name}: {call}");
        }
        for other in ["name=\"password\"", "name=\"new_password\"", "text(\"password\"", "text(\"new_password\""] {
            assert!(!text.contains(other), "{name}: {other}");
        }
        for inline in ["<style", " style=\"", "javascript:", " onclick", " onload", " onerror", " onsubmit", "|safe"] {
            // A downloaded report and a mail contain their styles, since they are read without the server's files.
            let is_alone =
                ["templates/bundle/report_head.html", "templates/notification_mail/mail.html"].contains(&&**name);
            assert!(is_alone && inline == "<style" || !text.contains(inline), "{name}: {inline}");
        }
        for script in text.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains("src="), "{name}: {tag}");
        }
    }
    assert!(fields >= 9, "{fields}");
    // No secret questions, whose answers others may know.
    for (name, text) in &templates {
        assert!(!text.contains("password hint") && !text.contains("secret question"), "{name}");
    }
}

#[test]
fn deployment_files_do_what_the_security_page_says() {
    let nginx = read("deploy/nginx.conf");
    let servers: Vec<&str> = nginx.split("\nserver {").skip(1).collect();
    let [plain, secure] = servers[..] else { panic!("{servers:?}") };
    assert!(plain.contains("listen 80;") && plain.contains("return 301 https://") && !plain.contains("proxy_pass"));
    for line in [
        "listen 443 ssl",
        "ssl_protocols       TLSv1.2 TLSv1.3;",
        "add_header          Strict-Transport-Security \"max-age=63072000\" always;",
        "proxy_set_header X-Forwarded-For   $remote_addr;",
        "proxy_set_header Host              $http_host;",
    ] {
        assert!(secure.contains(line), "{line}");
    }
    let unit = read("deploy/signoff.service");
    for line in [
        "User=signoff",
        "StateDirectory=signoff signoff/evidence signoff/checkpoints",
        "StateDirectoryMode=0700",
        "UMask=0077",
        "CapabilityBoundingSet=",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateDevices=yes",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "MemoryDenyWriteExecute=yes",
        "SystemCallFilter=@system-service",
    ] {
        assert!(unit.lines().any(|known| known == line), "{line}");
    }
    // The file contains no password, and no variable of a container has one: each is in a file of its own.
    let compose = read("docker-compose.yml");
    for variable in compose.split("${").skip(1).map(|rest| rest.split('}').next().unwrap()) {
        assert!(!variable.contains("PASSWORD") && !variable.starts_with("SIGNOFF_SECRET_KEY"), "{variable}");
    }
    for secret in ["DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "SIGNOFF_SECRET_KEY", "POSTGRES_PASSWORD"] {
        assert!(compose.contains(&format!(" {secret}_FILE: /run/secrets/")), "{secret}");
    }
    assert!(compose.contains("cap_drop: [ALL]") && compose.contains("read_only: true"));
    // The image is built from a list of files without the Git history, and contains one binary.
    let ignored = read(".dockerignore");
    let mut lines = ignored.lines().filter(|line| !line.starts_with('#'));
    assert_eq!(lines.next(), Some("*"));
    let mut sent: Vec<&str> = lines.map(|line| line.strip_prefix('!').unwrap()).collect();
    assert!(!sent.iter().any(|name| name.contains(".git") || name.contains(".env")), "{sent:?}");
    // The list has everything that a build reads: what build.rs names, and what the sources embed.
    sent.sort_unstable();
    for name in
        ["Cargo.lock", "Cargo.toml", "build.rs", ".sqlx", "src", "migrations", "static", "templates", "checklists"]
    {
        assert!(sent.binary_search(&name).is_ok(), "{name}");
    }
    let build = read("build.rs");
    for name in build.split('"').filter_map(|quoted| quoted.split('/').next()) {
        let exists = !name.is_empty() && root().join(name).exists();
        assert!(!exists || sent.binary_search(&name).is_ok(), "build.rs reads {name}");
    }
    let image = read("Dockerfile");
    let last = image.rsplit("\nFROM ").next().unwrap();
    let copied: Vec<&str> = last.lines().filter(|line| line.starts_with("COPY")).collect();
    assert_eq!(copied[0], "COPY --from=build /signoff /usr/local/bin/signoff");
    assert_eq!(copied[1], "COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/");
    assert!(copied[2..].iter().all(|line| line.contains("LICENSE")), "{copied:?}");
    assert!(last.contains("\nUSER 10001"));
}

#[test]
fn limits_on_the_security_page_are_those_of_the_program() {
    let page = read("docs/security.md");
    let table = page.split_once("## What is limited").unwrap().1.split_once("\n## ").unwrap().0;
    let thousands = |number: usize| {
        let (high, low) = (number / 1_000, number % 1_000);
        if high == 0 { low.to_string() } else { format!("{high},{low:03}") }
    };
    for row in [
        format!(
            "| an ordinary form | {} KiB, {} KiB once signed in",
            FORM_BYTES / 1024,
            thousands(usize::try_from(SIGNED_IN_FORM_BYTES / 1024).unwrap())
        ),
        format!(
            "| a form with files | {} KiB the head of a part, {} KiB the heads of all, {} parts, 1 KiB before the first;",
            multipart::MAX_HEAD_BYTES / 1024,
            multipart::MAX_HEADS_BYTES / 1024,
            multipart::MAX_PARTS
        ),
        format!("| a title, a name | {}, {} characters |", Title::MAX, PersonName::MAX),
        format!("| a reason, a comment | {}, {} characters |", thousands(Prose::MAX), thousands(Markdown::MAX)),
        format!("| {} levels of quotes, lists, emphasis and links;", markdown_limits::MAX_NESTING_LEVELS),
    ] {
        assert!(table.contains(&row), "{row}");
    }
    // The example file lists settings with their defaults.
    let example = read(".env.example");
    for setting in [
        "SIGNOFF_CHANGES_PER_MINUTE",
        "SIGNOFF_STREAMS_PER_PERSON",
        "SIGNOFF_UPLOADS_PER_PERSON",
        "SIGNOFF_EVIDENCE_DAY_MB",
        "SIGNOFF_EVIDENCE_TOTAL_MB",
        "SIGNOFF_CONNECTIONS",
        "SIGNOFF_CONNECTIONS_PER_ADDRESS",
        "SIGNOFF_EVIDENCE_MAX_MB",
    ] {
        let marker = format!("`{setting}` (");
        let shown = table.split(&marker).nth(1).unwrap_or_else(|| panic!("{setting}"));
        let shown = shown.split(')').next().unwrap().replace(',', "");
        let known =
            example.lines().find_map(|line| line.trim_start_matches(['#', ' ']).strip_prefix(&format!("{setting}=")));
        assert_eq!(known, Some(shown.as_str()), "{setting}");
    }
}
