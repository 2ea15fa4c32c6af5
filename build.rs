//! Builds again when what is compiled into the binary changes, which the compiler does not see by itself.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=static");
}
