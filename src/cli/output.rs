//! What commands print. A reader that closes the pipe, as `head` does, has read enough: that ends no command and is no
//! error, where the macros of the standard library panic. So those are shadowed here, for all commands.

use std::{
    fmt,
    io::{self, Write as _},
    sync::{Mutex, PoisonError},
};

/// The first failure to write to standard output.
static FAILURE: Mutex<Option<io::Error>> = Mutex::new(None);

/// Prints on standard output, like the standard library's macro. [`check_written`] reports what fails.
macro_rules! print {
    ($($text:tt)*) => { $crate::cli::output::write_out(format_args!($($text)*)) };
}

/// Prints a line on standard output.
macro_rules! println {
    () => { print!("\n") };
    ($($text:tt)*) => { print!("{}\n", format_args!($($text)*)) };
}

/// Prints on standard error. Where nobody reads it, the exit status is enough.
macro_rules! eprint {
    ($($text:tt)*) => { $crate::cli::output::write_note(format_args!($($text)*)) };
}

/// Prints a line on standard error.
macro_rules! eprintln {
    ($($text:tt)*) => { eprint!("{}\n", format_args!($($text)*)) };
}

pub(super) fn write_out(text: fmt::Arguments<'_>) {
    record(io::stdout().write_fmt(text));
}

pub(super) fn write_note(text: fmt::Arguments<'_>) {
    drop(io::stderr().write_fmt(text));
}

/// Fails when something that was printed is lost for another reason than a reader that has read enough, such as a full disk.
pub(super) fn check_written() -> io::Result<()> {
    record(io::stdout().flush());
    FAILURE.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(Ok(()), Err)
}

fn record(written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        FAILURE.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}
