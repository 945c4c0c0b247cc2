//! Keys in the browser: the founder's first run, unlocking, colleagues.

pub mod ring;
pub mod setup_page;
pub mod setup_steps;
pub mod recovery_sheet;
pub mod unlock_page;
pub mod passphrase;
pub mod join_page;
pub mod people_page;
