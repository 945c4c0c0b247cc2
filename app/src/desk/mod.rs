//! The desk of staff: the frame around every page that needs keys, and what all of them share.

pub mod app;
pub mod gate;
pub mod load;
pub mod shelf;
pub mod shell;
pub mod watch;
