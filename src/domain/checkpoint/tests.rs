//! Checkpoints as text: what is written, what is taken, and what is believed.

use proptest::prelude::*;

use super::*;
use crate::domain::{key::tests::key, launch::event::Event};

/// An origin of the installation that [`key`] makes of this number.
fn origin(number: u8, log: LogId) -> Origin {
    Origin { installation: key(number).public().installation(), log }
}

fn launch() -> LogId {
    LogId::Launch(LaunchId(Uuid::from_u128(0xAB)))
}

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: origin(7, launch()), head: Head { size: 214, root: Sha256Hash::of(b"root") } }
}

/// What is signed, written down once: whoever keeps one reads it for ever.
const WRITTEN: &str = "\
signoff/00000000-0000-0000-0000-000000000007/00000000-0000-0000-0000-0000000000ab
214
SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=
";

#[test]
fn it_is_written_as_the_format_says() {
    let signed = checkpoint().sign(&key(7));
    let text = signed.to_string();
    assert_eq!(checkpoint().to_string(), WRITTEN);
    let last = text.lines().last().unwrap();
    let encoded = last.strip_prefix("— signoff/00000000-0000-0000-0000-000000000007 ").unwrap();
    let bytes = BASE64_STANDARD.decode(encoded).unwrap();
    assert_eq!((bytes.len(), &bytes[..4]), (68, &key(7).public().hash()[..]));
    assert!(key(7).public().made(&bytes[4..], checkpoint().to_string().as_bytes()), "the three lines are signed");
    assert_eq!(text.parse(), Ok(signed.clone()));
    assert_eq!(signed.verified(&key(7).public()), Ok(checkpoint()));
    assert_eq!(origin(7, LogId::Installation).to_string(), "signoff/00000000-0000-0000-0000-000000000007/installation");
}

#[test]
fn it_is_believed_only_with_its_own_keys_signature() {
    let signed = checkpoint().sign(&key(7));
    let text = signed.to_string();
    let read = |text: &str| text.parse::<SignedCheckpoint>().unwrap();
    let own = key(7).public();
    assert_eq!(signed.verified(&key(8).public()), Err(NotSigned::Elsewhere));
    // Another key of an installation that says it is this one.
    let impostor = PrivateKey::new(own.installation(), &secrecy::zeroize::Zeroizing::new([8; 32]));
    assert_eq!(signed.verified(&impostor.public()), Err(NotSigned::ByAnother));
    assert_eq!(checkpoint().sign(&impostor).verified(&own), Err(NotSigned::ByAnother));
    // Anything in it that is another.
    assert_eq!(read(&text.replacen("\n214\n", "\n215\n", 1)).verified(&own), Err(NotSigned::False));
    assert_eq!(read(&text.replacen("00ab\n", "00ac\n", 1)).verified(&own), Err(NotSigned::False));
    // Signatures of others are kept and not minded, but a false one in its own name is.
    let line = text.lines().last().unwrap();
    let witness = format!("— witness.example/w {}\n", BASE64_STANDARD.encode([5; 80]));
    let witnessed = read(&format!("{text}{witness}"));
    assert_eq!(witnessed.verified(&own), Ok(checkpoint()));
    assert_eq!(witnessed.to_string(), format!("{text}{witness}"));
    let twice = read(&format!("{text}{line}\n"));
    assert_eq!(twice.verified(&own), Ok(checkpoint()));
    let false_one = NoteSignature { name: own.name(), hash: own.hash(), bytes: vec![0; 64] };
    let mut tampered = signed.clone();
    tampered.signatures.push(false_one);
    assert_eq!(tampered.verified(&own), Err(NotSigned::False));
}

#[test]
fn what_is_not_exactly_one_is_refused() {
    let text = checkpoint().sign(&key(7)).to_string();
    let lines: Vec<&str> = text.lines().collect();
    let [origin, size, root, _, line] = lines[..] else { panic!("{text}") };
    let with = |origin: &str, size: &str, root: &str, rest: &str| format!("{origin}\n{size}\n{root}\n\n{rest}");
    let signed = format!("{line}\n");
    use BadCheckpoint as Bad;
    for (text, why) in [
        (String::new(), Bad::Form),
        ("\n\n\n".to_owned(), Bad::Origin),
        (with(origin, size, root, line), Bad::Form),
        (with(origin, size, root, ""), Bad::Form),
        (text.replace('\n', "\r\n"), Bad::Form),
        (format!("\u{FEFF}{text}"), Bad::Origin),
        (format!("{origin}\n{size}\n\n{signed}"), Bad::Form),
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
        // The last letter has bits to spare, which must not be used.
        (with(origin, size, &format!("{}B=", "A".repeat(42)), &signed), Bad::Root),
        (with(origin, size, root, &signed.replace('—', "-")), Bad::Signature),
        (with(origin, size, root, "— name\n"), Bad::Signature),
        (with(origin, size, root, "—  AAAAAAAA\n"), Bad::Signature),
        (with(origin, size, root, "— a+b AAAAAAAA\n"), Bad::Signature),
        (with(origin, size, root, "— a\u{2003}b AAAAAAAA\n"), Bad::Signature),
        (with(origin, size, root, "— name AAAAAA==\n"), Bad::Signature),
        (with(origin, size, root, "— name AAAAAAAA AAAA\n"), Bad::Signature),
        (with(origin, size, root, &signed.repeat(MOST_SIGNATURES + 1)), Bad::Signature),
        (with(origin, size, root, &format!("— name {}\n", "A".repeat(MOST_BYTES))), Bad::TooLong),
    ] {
        assert_eq!(text.parse::<SignedCheckpoint>().unwrap_err(), why, "{text:?}");
    }
    assert!(with(origin, size, root, &signed.repeat(MOST_SIGNATURES)).parse::<SignedCheckpoint>().is_ok());
    let empty = Checkpoint { head: Head { size: 0, root: Sha256Hash::of(b"") }, ..checkpoint() }.sign(&key(7));
    assert_eq!(empty.to_string().parse(), Ok(empty), "an empty log has a checkpoint too");
}

/// Of every kind of event there is, in the fixtures.
#[test]
fn what_somebody_is_held_to_leaves_a_checkpoint() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/events");
    let mut left = std::collections::BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let event = Event::read(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        let cause = match Cause::of(&event.change) {
            Some(Cause::Signature) => "signature",
            Some(Cause::Decision) => "decision",
            Some(Cause::Export | Cause::Daily) => panic!("{:?} is no cause of that", event.change),
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
    fn it_reads_back_what_it_writes(
        installation in 1..9_u8, log in any::<Option<u128>>(), size in 0..LARGEST, root in any::<[u8; 32]>(),
    ) {
        let log = log.map_or(LogId::Installation, |id| LogId::Launch(LaunchId(Uuid::from_u128(id))));
        let checkpoint = Checkpoint { origin: origin(installation, log), head: Head { size, root: Sha256Hash(root) } };
        let signed = checkpoint.sign(&key(installation));
        let read: SignedCheckpoint = signed.to_string().parse().unwrap();
        prop_assert_eq!(&read, &signed);
        prop_assert_eq!(read.verified(&key(installation).public()), Ok(checkpoint));
        prop_assert!(read.verified(&key(installation % 8 + 1).public()).is_err());
    }

    /// A text with one byte changed is refused, or does not verify, or is of another's signature.
    #[test]
    fn a_changed_byte_is_found(at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let mut bytes = checkpoint().sign(&key(7)).to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(text) = String::from_utf8(bytes)
            && let Ok(read) = text.parse::<SignedCheckpoint>()
        {
            prop_assert_eq!(read.to_string(), text);
            prop_assert!(read.verified(&key(7).public()).is_err());
        }
    }

    #[test]
    fn nonsense_is_refused(text in "(\\PC{0,40}\n){0,6}") {
        prop_assert!(text.parse::<SignedCheckpoint>().is_err());
    }
}
