//! The units of systemd and the package, checked as far as that needs no systemd that runs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use signoff::app;

/// The most exposure that `systemd-analyze security` may find, from 0 to 10.
const MOST_EXPOSURE: f64 = 1.5;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of the units of one kind, in every folder of deploy/.
fn find_units(kind: &str) -> Vec<PathBuf> {
    let mut folders = vec![root().join("deploy")];
    let mut units = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|ending| ending == kind)
                && entry.file_name().unwrap().to_str().unwrap().starts_with("signoff")
            {
                units.push(entry);
            }
        }
    }
    units.sort();
    units
}

#[test]
fn unit_of_systemd_is_confined() {
    let units = find_units("service");
    assert!(units.len() >= 5, "{units:?}");
    for unit in &units {
        let text = fs::read_to_string(unit).unwrap();
        for line in ["NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "UMask=0077"] {
            assert!(text.lines().any(|known| known == line), "{}: {line}", unit.display());
        }
        assert!(text.contains("\nUser=signoff\n") || text.contains("\nDynamicUser=yes\n"), "{}", unit.display());
        // Where systemd is not installed, the lines above must do.
        let Ok(output) = Command::new("systemd-analyze").args(["security", "--offline=yes"]).arg(unit).output() else {
            continue;
        };
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let exposure = printed.rsplit_once(": ").and_then(|(_, rest)| rest.split(' ').next()?.parse::<f64>().ok());
        if let Some(exposure) = exposure {
            assert!(exposure <= MOST_EXPOSURE, "{}: {exposure}\n{printed}", unit.display());
        }
    }
}

/// Whoever reads the log of a proxy must not be able to set up an account, or to choose somebody's password.
#[test]
fn proxy_logs_every_address_with_a_secret_without_it() {
    let routes = app::routes();
    let with_secret: Vec<_> = routes.iter().filter_map(|route| route.path.strip_suffix("/{token}")).collect();
    assert!(with_secret.len() >= 4, "{with_secret:?}");
    for (file, places) in [("nginx.conf", 2), ("Caddyfile", 1)] {
        let text = fs::read_to_string(root().join("deploy").join(file)).unwrap();
        let lists: Vec<_> = text.lines().filter_map(|line| line.split_once("setup|")?.1.split(')').next()).collect();
        assert_eq!(lists.len(), places, "{file}");
        for path in with_secret.iter().map(|path| path.trim_start_matches('/')).filter(|path| *path != "setup") {
            assert!(lists.iter().all(|list| list.split('|').any(|known| known == path)), "{file}: {path}");
        }
    }
}

/// A failure notifies the operator.
#[test]
fn unit_of_systemd_reports_its_failure() {
    for unit in find_units("service") {
        let text = fs::read_to_string(&unit).unwrap();
        let reports = text.contains("\nOnFailure=signoff-failure@%n.service\n");
        assert_eq!(reports, !unit.ends_with("signoff-failure@.service"), "{}", unit.display());
    }
    for timer in find_units("timer") {
        assert!(timer.with_extension("service").exists(), "{}", timer.display());
    }
}

/// Each file that the package copies exists, and each unit is in the package.
#[test]
fn package_has_every_unit_and_no_missing_file() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let assets = manifest.split_once("\nassets = [\n").unwrap().1.split_once("\n]").unwrap().0;
    let sources: Vec<&str> = assets.lines().map(|line| line.split('"').nth(1).unwrap()).collect();
    for source in &sources {
        let fixed = source.split('*').next().unwrap();
        let exists = root().join(fixed).exists()
            || fixed.rsplit_once('/').is_some_and(|(folder, _)| root().join(folder).exists());
        assert!(exists || source.starts_with("target/") || source.contains("LICENSE"), "{source}");
    }
    for unit in find_units("service").into_iter().chain(find_units("timer")) {
        let unit = unit.strip_prefix(root()).unwrap();
        let folder = unit.parent().unwrap().display();
        let pattern = format!("{folder}/*.{}", unit.extension().unwrap().display());
        assert!(sources.contains(&pattern.as_str()), "{} is not in the package", unit.display());
    }
}
