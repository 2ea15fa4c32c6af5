//! Table tests of the rules.
