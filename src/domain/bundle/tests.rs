use super::*;

#[test]
fn entries_have_one_name_each_and_one_order() {
    let mut all: Vec<Entry> = Entry::ALWAYS.to_vec();
    all.insert(7, Entry::Evidence(Sha256Hash([0xab; 32])));
    assert!(all.is_sorted());
    for entry in all {
        assert_eq!(Entry::named(&entry.name()), Some(entry));
    }
    for other in ["", "bundle.jso", "./bundle.json", "evidence/", "evidence/ab", "../key.txt", "evidence/../key.txt"] {
        assert_eq!(Entry::named(other), None, "{other}");
    }
    let upper = format!("evidence/{}", "AB".repeat(32));
    assert_eq!(Entry::named(&upper), None, "a hash has one form");
}

#[test]
fn what_is_no_bundle_is_told_apart_from_one_that_was_altered() {
    let mut verifier = Verifier::default();
    assert_eq!(verifier.begin("readme.txt").unwrap_err().status(), 2);
    assert_eq!(verifier.begin("key.txt").unwrap_err().status(), 2);
    verifier.begin("bundle.json").unwrap();
    assert_eq!(verifier.whole(b"{}").unwrap_err().status(), 2);
    assert_eq!(verifier.begin("readme.txt").unwrap_err().status(), 1);
    assert_eq!(Verifier::default().finish().unwrap_err().status(), 2);
}

#[test]
fn a_text_that_was_kept_is_a_checkpoint_or_a_receipt() {
    let key = crate::domain::key::tests::key(7);
    let origin = crate::domain::checkpoint::Origin {
        installation: key.public().installation(),
        log: crate::domain::checkpoint::LogId::Installation,
    };
    let head = crate::domain::merkle::proof::Head { size: 3, root: Sha256Hash([1; 32]) };
    let note = crate::domain::checkpoint::Checkpoint { origin, head }.sign(&key).to_string();
    for pasted in [note.clone(), note.trim().to_owned(), format!("\n{}\n\n", note.replace('\n', "\r\n"))] {
        let held: Held = pasted.parse().unwrap();
        assert_eq!(held.verified(&key.public(), origin), Ok(head), "{pasted:?}");
    }
    assert!("{}".parse::<Held>().is_err());
    assert!("hello".parse::<Held>().is_err());
}
