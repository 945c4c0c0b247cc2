//! Documents in the browser: sealed by workers and sent in parts; read, verified and shown in
//! place.

pub mod job;
pub mod row;
pub mod transfer;
pub mod type_of;
pub mod open;
pub mod preview;
pub mod opened;
pub mod tab;
