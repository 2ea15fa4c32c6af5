//! Sizes in bytes, as people read them.

use crate::texts;

/// A number of bytes for people: `50 MB`, `1.4 kB`.
#[must_use]
pub fn format_bytes(count: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    if count < 1_000 {
        return texts::count_of_bytes(count).into_owned();
    }
    let mut tenths = count / 100;
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < units.len() {
        tenths /= 1_000;
        unit += 1;
    }
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let unit = units[unit];
    if tenth == 0 || whole >= 100 { format!("{whole} {unit}") } else { format!("{whole}.{tenth} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_bytes_uses_the_largest_unit() {
        for (count, text) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_400, "1.4 kB"),
            (50_000_000, "50 MB"),
            (123_456_789, "123 MB"),
            (1_000_000_000, "1 GB"),
        ] {
            assert_eq!(format_bytes(count), text);
        }
    }
}
