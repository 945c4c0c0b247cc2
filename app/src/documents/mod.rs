//! Documents in the browser: sealed by workers, sent in parts, opened in place.

pub mod job;
pub mod row;
pub mod transfer;
pub mod type_of;
