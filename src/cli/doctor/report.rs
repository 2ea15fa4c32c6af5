//! What the checks found: one line each, for people or as JSON.

use std::fmt::Write as _;

use serde::Serialize;

/// How bad something is, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FindingStatus {
    Ok,
    /// It works, and something should be done.
    Warning,
    Failure,
}

impl FindingStatus {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failure => "failure",
        }
    }
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// Which check, in words that stay the same.
    pub(super) check: &'static str,
    pub(super) status: FindingStatus,
    pub(super) message: String,
    /// What to do; `None` if nothing.
    pub(super) advice: Option<String>,
}

/// The findings in the order of the checks. As JSON, `status` is that of the worst.
#[derive(Debug, Default)]
pub(super) struct DoctorReport {
    findings: Vec<Finding>,
}

impl DoctorReport {
    pub(super) fn ok(&mut self, check: &'static str, message: impl Into<String>) {
        self.add(check, FindingStatus::Ok, message.into(), None);
    }

    pub(super) fn warn(&mut self, check: &'static str, message: impl Into<String>, advice: &str) {
        self.add(check, FindingStatus::Warning, message.into(), Some(advice.to_owned()));
    }

    pub(super) fn fail(&mut self, check: &'static str, message: impl Into<String>, advice: &str) {
        self.add(check, FindingStatus::Failure, message.into(), Some(advice.to_owned()));
    }

    fn add(&mut self, check: &'static str, status: FindingStatus, message: String, advice: Option<String>) {
        self.findings.push(Finding { check, status, message, advice });
    }

    pub(super) fn worst(&self) -> FindingStatus {
        self.findings.iter().map(|finding| finding.status).max().unwrap_or(FindingStatus::Ok)
    }

    /// One line for each finding; the second line of a finding is what to do.
    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        for Finding { check, status, message, advice } in &self.findings {
            let message = message.replace('\n', " ");
            // Writing to a string does not fail.
            let _ = writeln!(text, "{:<8} {check}: {message}", status.word());
            if let Some(advice) = advice {
                let _ = writeln!(text, "{:<8} → {advice}", "");
            }
        }
        text
    }

    /// The shape that docs/install.md describes.
    pub(super) fn to_json(&self) -> serde_json::Value {
        serde_json::json!({ "format": 1, "status": self.worst(), "checks": self.findings })
    }
}
