//! How surely the firm knows a matter's clients: verdicts in the matter's stream, checked as the clients'
//! devices check them (`shared::client::standing`), and the tables that say them again.

pub mod acts;
pub mod codes;
pub mod mail;
pub mod policy;
pub mod store;
