//! Runs the fuzz targets over their stored corpus: seeds and earlier findings.

use std::{fs, path::Path};

#[path = "../../fuzz/bodies.rs"]
mod bodies;

fn run_corpus(target: &str, body: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{target} has no inputs");
    for file in files {
        eprintln!("{}", file.display());
        body(&fs::read(file).unwrap());
    }
}

macro_rules! targets {
    ($($name:ident),+) => {$(
        #[test]
        fn $name() {
            run_corpus(stringify!($name), bodies::$name);
        }
    )+

        /// Every target has a test here.
        #[test]
        fn every_fuzz_target_has_a_test() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
            let mut there: Vec<_> =
                fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
            there.sort();
            let mut tried = vec![$(concat!(stringify!($name), ".rs")),+];
            tried.sort_unstable();
            assert_eq!(there, tried);
        }
    };
}

targets!(markdown_import, canonical_json, form, multipart, checkpoint, bundle);
