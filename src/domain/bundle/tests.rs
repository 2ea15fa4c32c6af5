//! Tests of the entries of a bundle: their names, their order, and what is read from them.

use super::*;
use crate::domain::key_chain::KeyChain;

#[test]
fn bundle_entry_has_one_name_and_one_place() {
    let mut all: Vec<BundleEntry> = BundleEntry::REQUIRED.to_vec();
    all.insert(7, BundleEntry::Evidence(Sha256Hash([0xab; 32])));
    all.insert(2, BundleEntry::EarlierKeys);
    assert!(all.is_sorted());
    for entry in all {
        assert_eq!(BundleEntry::from_name(&entry.name()), Some(entry));
    }
    for other in ["", "bundle.jso", "./bundle.json", "evidence/", "evidence/ab", "../key.txt", "evidence/../key.txt"] {
        assert_eq!(BundleEntry::from_name(other), None, "{other}");
    }
    let upper = format!("evidence/{}", "AB".repeat(32));
    assert_eq!(BundleEntry::from_name(&upper), None, "a hash has one form");
}

#[test]
fn bundle_manifest_distinguishes_no_bundle_from_altered_one() {
    let mut verifier = BundleVerifier::default();
    assert_eq!(verifier.begin_entry("readme.txt").unwrap_err().exit_code(), 2);
    assert_eq!(verifier.begin_entry("key.txt").unwrap_err().exit_code(), 2);
    verifier.begin_entry("bundle.json").unwrap();
    assert_eq!(verifier.accept_whole(b"{}").unwrap_err().exit_code(), 2);
    assert_eq!(verifier.begin_entry("readme.txt").unwrap_err().exit_code(), 1);
    assert_eq!(BundleVerifier::default().finish().unwrap_err().exit_code(), 2);
}

#[test]
fn held_checkpoint_is_parsed_from_checkpoint_or_receipt() {
    let key = crate::domain::key::tests::test_key(7);
    let origin = crate::domain::checkpoint::LogOrigin {
        installation: key.public_key().installation(),
        log: crate::domain::checkpoint::LogId::Installation,
    };
    let head = crate::domain::merkle::proof::TreeHead { size: 3, root: Sha256Hash([1; 32]) };
    let note = crate::domain::checkpoint::Checkpoint { origin, head }.sign(&key).to_string();
    for pasted in [note.clone(), note.trim().to_owned(), format!("\n{}\n\n", note.replace('\n', "\r\n"))] {
        let held: HeldCheckpoint = pasted.parse().unwrap();
        assert_eq!(held.verify(&KeyChain::new(key.public_key()), origin), Ok((1, head)), "{pasted:?}");
    }
    assert!("{}".parse::<HeldCheckpoint>().is_err());
    assert!("hello".parse::<HeldCheckpoint>().is_err());
}
