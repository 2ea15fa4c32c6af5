//! Tests writing, parsing and verifying checkpoints.

use proptest::prelude::*;

use super::*;
use crate::domain::{key::tests::test_key, launch::event::Event, signed_note::MAX_SIGNATURES};

/// The origin for the installation of [`test_key`] with this number.
fn origin(number: u8, log: LogId) -> LogOrigin {
    LogOrigin { installation: test_key(number).public_key().installation(), log }
}

fn launch_log() -> LogId {
    LogId::Launch(LaunchId(Uuid::from_u128(0xAB)))
}

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: origin(7, launch_log()), head: TreeHead { size: 214, root: Sha256Hash::compute(b"root") } }
}

/// The signed text as a literal: checkpoints that people have stored must stay readable for ever.
const CHECKPOINT_TEXT: &str = "\
signoff/00000000-0000-0000-0000-000000000007/00000000-0000-0000-0000-0000000000ab
214
SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=
";

#[test]
fn checkpoint_text_matches_the_format() {
    let signed = checkpoint().sign(&test_key(7));
    let text = signed.to_string();
    assert_eq!(checkpoint().to_string(), CHECKPOINT_TEXT);
    let last = text.lines().last().unwrap();
    let encoded = last.strip_prefix("— signoff/00000000-0000-0000-0000-000000000007 ").unwrap();
    let bytes = BASE64_STANDARD.decode(encoded).unwrap();
    assert_eq!((bytes.len(), &bytes[..4]), (68, &test_key(7).public_key().hash()[..]));
    assert!(
        test_key(7).public_key().verifies(&bytes[4..], checkpoint().to_string().as_bytes()),
        "the three lines are signed"
    );
    assert_eq!(text.parse(), Ok(signed.clone()));
    assert_eq!(signed.verify(&test_key(7).public_key()), Ok(checkpoint()));
    assert_eq!(origin(7, LogId::Installation).to_string(), "signoff/00000000-0000-0000-0000-000000000007/installation");
}

#[test]
fn checkpoint_without_own_keys_signature_is_not_verified() {
    let signed = checkpoint().sign(&test_key(7));
    let text = signed.to_string();
    let read = |text: &str| text.parse::<SignedCheckpoint>().unwrap();
    let own = test_key(7).public_key();
    assert_eq!(signed.verify(&test_key(8).public_key()), Err(CheckpointSignatureError::OtherInstallation));
    // Another key that claims to be of the same installation.
    let impostor = PrivateKey::new(own.installation(), &secrecy::zeroize::Zeroizing::new([8; 32]));
    assert_eq!(signed.verify(&impostor.public_key()), Err(CheckpointSignatureError::OtherKey));
    assert_eq!(checkpoint().sign(&impostor).verify(&own), Err(CheckpointSignatureError::OtherKey));
    // Any change of the content.
    assert_eq!(
        read(&text.replacen("\n214\n", "\n215\n", 1)).verify(&own),
        Err(CheckpointSignatureError::InvalidSignature)
    );
    assert_eq!(
        read(&text.replacen("00ab\n", "00ac\n", 1)).verify(&own),
        Err(CheckpointSignatureError::InvalidSignature)
    );
    // Signatures of others are kept and not checked, but an invalid one in the key's own name is an error.
    let line = text.lines().last().unwrap();
    let witness = format!("— witness.example/w {}\n", BASE64_STANDARD.encode([5; 80]));
    let witnessed = read(&format!("{text}{witness}"));
    assert_eq!(witnessed.verify(&own), Ok(checkpoint()));
    assert_eq!(witnessed.to_string(), format!("{text}{witness}"));
    let twice = read(&format!("{text}{line}\n"));
    assert_eq!(twice.verify(&own), Ok(checkpoint()));
    let false_one = NoteSignature::sign(&test_key(7), "another text");
    let mut tampered = signed.clone();
    tampered.signatures.push(false_one);
    assert_eq!(tampered.verify(&own), Err(CheckpointSignatureError::InvalidSignature));
}

#[test]
fn checkpoint_text_in_any_other_form_is_refused() {
    let text = checkpoint().sign(&test_key(7)).to_string();
    let lines: Vec<&str> = text.lines().collect();
    let [origin, size, root, _, line] = lines[..] else { panic!("{text}") };
    let with = |origin: &str, size: &str, root: &str, rest: &str| format!("{origin}\n{size}\n{root}\n\n{rest}");
    let signed = format!("{line}\n");
    use CheckpointParseError as Bad;
    for (text, why) in [
        (String::new(), Bad::Format),
        ("\n\n\n".to_owned(), Bad::Origin),
        (with(origin, size, root, line), Bad::Format),
        (with(origin, size, root, ""), Bad::Format),
        (text.replace('\n', "\r\n"), Bad::Format),
        (format!("\u{FEFF}{text}"), Bad::Origin),
        (format!("{origin}\n{size}\n\n{signed}"), Bad::Format),
        (with(origin, size, &format!("{root}\nmore"), &signed), Bad::Extension),
        (with(origin, size, &format!("{root}\n"), &signed), Bad::Extension),
        (format!("{text}\n"), Bad::Extension),
        (with("", size, root, &signed), Bad::Origin),
        (with("example.com/log", size, root, &signed), Bad::Origin),
        (with(&origin.to_uppercase(), size, root, &signed), Bad::Origin),
        (with(&format!("{origin} "), size, root, &signed), Bad::Origin),
        (with(&origin.replace("0000000000ab", "0000000000AB"), size, root, &signed), Bad::Origin),
        (with(&format!("{origin}/x"), size, root, &signed), Bad::Origin),
        (with(origin, "", root, &signed), Bad::Size),
        (with(origin, "0214", root, &signed), Bad::Size),
        (with(origin, "+214", root, &signed), Bad::Size),
        (with(origin, "-1", root, &signed), Bad::Size),
        (with(origin, "9007199254740992", root, &signed), Bad::Size),
        (with(origin, "99999999999999999999999", root, &signed), Bad::Size),
        (with(origin, size, &root.replace('=', ""), &signed), Bad::Root),
        (with(origin, size, "AAAA", &signed), Bad::Root),
        // The last letter has unused bits, which must be zero.
        (with(origin, size, &format!("{}B=", "A".repeat(42)), &signed), Bad::Root),
        (with(origin, size, root, &signed.replace('—', "-")), Bad::Signature),
        (with(origin, size, root, "— name\n"), Bad::Signature),
        (with(origin, size, root, "—  AAAAAAAA\n"), Bad::Signature),
        (with(origin, size, root, "— a+b AAAAAAAA\n"), Bad::Signature),
        (with(origin, size, root, "— a\u{2003}b AAAAAAAA\n"), Bad::Signature),
        (with(origin, size, root, "— name AAAAAA==\n"), Bad::Signature),
        (with(origin, size, root, "— name AAAAAAAA AAAA\n"), Bad::Signature),
        (with(origin, size, root, &signed.repeat(MAX_SIGNATURES + 1)), Bad::Signature),
        (with(origin, size, root, &format!("— name {}\n", "A".repeat(MAX_NOTE_BYTES))), Bad::TooLong),
    ] {
        assert_eq!(text.parse::<SignedCheckpoint>().unwrap_err(), why, "{text:?}");
    }
    assert!(with(origin, size, root, &signed.repeat(MAX_SIGNATURES)).parse::<SignedCheckpoint>().is_ok());
    let empty =
        Checkpoint { head: TreeHead { size: 0, root: Sha256Hash::compute(b"") }, ..checkpoint() }.sign(&test_key(7));
    assert_eq!(empty.to_string().parse(), Ok(empty), "an empty log has a checkpoint too");
}

/// Checks every kind of event, from the fixtures.
#[test]
fn checkpoint_cause_is_set_for_signatures_and_decisions_only() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/events");
    let mut left = std::collections::BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let event = Event::from_bytes(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        let cause = match CheckpointCause::from_change(&event.change) {
            Some(CheckpointCause::Signature) => "signature",
            Some(CheckpointCause::Decision) => "decision",
            Some(CheckpointCause::Export | CheckpointCause::Daily) => panic!("{:?} is no cause of that", event.change),
            None => continue,
        };
        left.insert((cause, event.change.kind().to_owned()));
    }
    let left: Vec<_> = left.iter().map(|(cause, kind)| (*cause, kind.as_str())).collect();
    let decisions = ["cancelled", "closed", "go_declared", "held", "launched", "reopened", "resumed"];
    let decisions = decisions.map(|kind| ("decision", kind));
    assert_eq!(left, [&decisions[..], &[("signature", "signature_withdrawn"), ("signature", "signed")]].concat());
}

proptest! {
    #[test]
    fn checkpoint_text_is_read_back_unchanged(
        installation in 1..9_u8, log in any::<Option<u128>>(), size in 0..SIZE_LIMIT, root in any::<[u8; 32]>(),
    ) {
        let log = log.map_or(LogId::Installation, |id| LogId::Launch(LaunchId(Uuid::from_u128(id))));
        let checkpoint = Checkpoint { origin: origin(installation, log), head: TreeHead { size, root: Sha256Hash(root) } };
        let signed = checkpoint.sign(&test_key(installation));
        let read: SignedCheckpoint = signed.to_string().parse().unwrap();
        prop_assert_eq!(&read, &signed);
        prop_assert_eq!(read.verify(&test_key(installation).public_key()), Ok(checkpoint));
        prop_assert!(read.verify(&test_key(installation % 8 + 1).public_key()).is_err());
    }

    /// A text with one changed byte is refused or does not verify, unless the change is in another party's signature.
    #[test]
    fn checkpoint_with_a_changed_byte_is_not_verified(at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let mut bytes = checkpoint().sign(&test_key(7)).to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(text) = String::from_utf8(bytes)
            && let Ok(read) = text.parse::<SignedCheckpoint>()
        {
            prop_assert_eq!(read.to_string(), text);
            prop_assert!(read.verify(&test_key(7).public_key()).is_err());
        }
    }

    #[test]
    fn checkpoint_parser_refuses_random_text(text in "(\\PC{0,40}\n){0,6}") {
        prop_assert!(text.parse::<SignedCheckpoint>().is_err());
    }
}
