//! The bodies of the fuzz targets over the inputs that are kept for them: what they are made of, and what was found.

use std::{fs, path::Path};

#[path = "../fuzz/bodies.rs"]
mod bodies;

/// Tries every kept input of a target.
fn over_kept(target: &str, body: fn(&[u8])) {
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
            over_kept(stringify!($name), bodies::$name);
        }
    )+

        /// Every target is tried here.
        #[test]
        fn none_is_left_out() {
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
