//! Keys in the browser: the founder's first run, unlocking, colleagues.

pub mod alarm;
pub mod join_page;
pub(crate) mod leaving;
pub(crate) mod let_in;
pub mod passphrase;
pub mod people_page;
pub mod recovery_sheet;
pub mod ring;
pub mod setup_page;
pub mod setup_steps;
pub mod unlock_page;
