//! Rebuilds when embedded files change, which the compiler does not notice by itself.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=static");
}
