//! Whether empty brackets are a box, by the text that follows them.

/// Whether empty brackets with this text behind them are a box, and not a type of a programming language (`[]int`), an
/// index or an empty list.
pub(super) fn may_follow_empty_brackets(rest: &str) -> bool {
    const BEGINNINGS: [&str; 7] = ["**", "~~", "`", "\"", "'", "<", "&"];
    rest.is_empty()
        || rest.starts_with(|c: char| c.is_whitespace() || !c.is_ascii())
        || BEGINNINGS.iter().any(|beginning| rest.starts_with(beginning))
        || (rest.starts_with(char::is_alphanumeric) && !begins_with_type(rest))
}

/// Whether a text begins with the name of a type that programs have lists of.
pub(super) fn begins_with_type(text: &str) -> bool {
    const TYPES: &str = "any bool boolean byte char double error float float32 float64 int int8 int16 int32 int64 interface \
        map object rune str string struct u8 uint uint8 uint16 uint32 uint64 usize";
    let word = text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    TYPES.split_whitespace().any(|listed| listed == word)
}

/// Whether a text begins with a remark in round brackets, and goes on behind it. An address there makes a link of what
/// is before it.
pub(super) fn begins_with_remark(text: &str) -> bool {
    let Some((remark, after)) = text.strip_prefix('(').and_then(|inside| inside.split_once(')')) else { return false };
    let is_address = remark.contains(['/', '#', '.', '@', ':', '<']);
    !is_address && remark.contains(char::is_alphanumeric) && after.contains(char::is_alphanumeric)
}
