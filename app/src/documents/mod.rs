//! Documents in the browser: sealed by workers and sent in parts; read, verified and shown in
//! place.

pub mod adding;
pub mod file_row;
pub mod job;
pub mod open;
pub mod opened;
pub mod picker;
pub mod preview;
pub mod queue;
pub mod row;
pub mod tab;
pub mod table_row;
pub mod transfer;
pub mod type_of;
