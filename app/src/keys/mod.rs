//! Keys in the browser: the founder's first run, unlocking, the ways in of an account, colleagues.

pub mod account_page;
pub mod alarm;
pub mod authenticator;
pub mod change_passphrase;
pub(crate) mod duties;
pub mod invite_staff;
pub mod join_page;
pub(crate) mod leaving;
pub(crate) mod let_in;
pub mod passphrase;
pub mod people_page;
pub mod posts;
pub mod recovery;
pub mod recovery_sheet;
pub mod review_page;
pub mod reviews;
pub mod ring;
pub mod second_factor;
pub mod sessions;
pub mod setup_page;
pub mod setup_steps;
pub mod step_up;
pub mod unlock_page;
pub mod unlock_sheets;
pub mod unlock_ways;
pub mod ways;
