//! What a heading means for what is under it: that it names who signs, or holds notes.

/// What a heading means, besides being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClosingHeading {
    /// What is under it names who signs. `exact`: the heading says nothing else ("Sign-off", not "Approval process").
    SignOff { exact: bool },
    /// What is noted there belongs to a launch, not to its checklist.
    Notes,
}

impl ClosingHeading {
    /// What a heading or label with this text means: its words decide, whatever number, hyphen or colon is with them.
    pub(super) fn from_title(title: &str) -> Option<Self> {
        const SIGN_OFF: &[&str] = &[
            "signoff",
            "signoffs",
            "approval",
            "approvals",
            "signature",
            "signatures",
            "signatories",
            "approvers",
            "authorization",
            "authorizations",
            "authorisation",
            "authorisations",
            "unterschrift",
            "unterschriften",
            "freigabe",
            "freigaben",
            "genehmigung",
            "genehmigungen",
            "firmas",
            "aprobación",
            "aprobaciones",
            "signataires",
            "approbation",
            "approbations",
            "firme",
            "approvazioni",
            "aprovações",
            "assinaturas",
            "подпись",
            "подписи",
            "утверждение",
            "согласование",
            "handtekeningen",
        ];
        const SIGN_OFF_PARTS: &[&str] =
            &["签字", "签署", "签核", "審批", "审批", "承認", "署名", "서명", "승인", "التوقيع", "חתימות"];

        let mut words: Vec<String> = split_words(title);
        let lower = title.to_lowercase();
        // "Sign-off" and "sign off" are one word here.
        let is_sign_off = |two: &[String]| {
            let second = two[1].as_str();
            match two[0].as_str() {
                "sign" | "signed" => matches!(second, "off" | "offs"),
                "approved" | "authorized" | "authorised" => second == "by",
                _ => false,
            }
        };
        while let Some(at) = words.windows(2).position(is_sign_off) {
            words.remove(at);
            words[at] = "signoff".to_owned();
        }
        let named: Vec<&str> =
            words.iter().map(String::as_str).filter(|word| !word.chars().all(char::is_numeric)).collect();
        let signs = |word: &str| SIGN_OFF.contains(&word);
        if named.iter().any(|word| signs(word)) || SIGN_OFF_PARTS.iter().any(|part| lower.contains(part)) {
            const BESIDE: &[&str] = &[
                "and",
                "the",
                "final",
                "required",
                "form",
                "sheet",
                "by",
                "section",
                "launch",
                "release",
                "team",
                "stakeholder",
                "und",
                "y",
            ];
            return Some(Self::SignOff {
                exact: named.len() <= 1 || named.iter().all(|word| signs(word) || BESIDE.contains(word)),
            });
        }
        matches!(named.as_slice(), ["notes" | "note"] | ["additional", "notes"]).then_some(Self::Notes)
    }
}

fn split_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    // A title is that short; a longer text is searched no further.
    words.take(MAX_WORDS).map(str::to_lowercase).collect()
}

const MAX_WORDS: usize = 60;

/// What the headings above a place mean. Under one that says who signs, the smaller headings belong to it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ClosingScope {
    closing: Option<(ClosingHeading, usize)>,
}

impl ClosingScope {
    pub(super) fn enter_heading(&mut self, level: usize, title: &str) {
        let own = ClosingHeading::from_title(title).map(|closing| (closing, level));
        let around = self.closing.filter(|(closing, above)| *closing != ClosingHeading::Notes && *above < level);
        self.closing = own.or(around);
    }

    /// Enters a heading that means nothing besides.
    pub(super) fn enter_literal_heading(&mut self) {
        self.closing = None;
    }

    /// Enters a label that says who signs ("**Signatures:**"), as under a smallest heading.
    pub(super) fn enter_label(&mut self) {
        self.closing = Some((ClosingHeading::SignOff { exact: true }, LABEL_LEVEL));
    }

    pub(super) fn is_sign_off(self) -> bool {
        matches!(self.closing, Some((ClosingHeading::SignOff { .. }, _)))
    }

    pub(super) fn is_exact(self) -> bool {
        matches!(self.closing, Some((ClosingHeading::SignOff { exact: true }, _)))
    }

    pub(super) fn is_notes(self) -> bool {
        matches!(self.closing, Some((ClosingHeading::Notes, _)))
    }
}

/// The level of a heading that a label stands for.
const LABEL_LEVEL: usize = 7;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_heading_is_recognized_in_many_languages() {
        for (title, exact) in [
            ("Sign-off", true),
            ("SIGN OFF", true),
            ("Signoff", true),
            ("12. Sign-off:", true),
            ("Approvals", true),
            ("Final Sign-off and Approval", true),
            ("Functional Sign-offs", false),
            ("Release approval process", false),
            ("審批", true),
            ("Freigaben", true),
        ] {
            assert_eq!(ClosingHeading::from_title(title), Some(ClosingHeading::SignOff { exact }), "{title}");
        }
        assert_eq!(ClosingHeading::from_title("Notes"), Some(ClosingHeading::Notes));
        for title in ["Release notes", "Design office", "Assign offers", "Signals", ""] {
            assert_eq!(ClosingHeading::from_title(title), None, "{title}");
        }
    }

    #[test]
    fn closing_scope_includes_smaller_headings() {
        let mut scope = ClosingScope::default();
        for (level, title, signs) in
            [(2, "Approvals", true), (3, "QA Lead", true), (3, "Owner", true), (2, "After", false), (3, "x", false)]
        {
            scope.enter_heading(level, title);
            assert_eq!(scope.is_sign_off(), signs, "{title}");
        }
    }
}
