//! Identity papers: the keys that they are sealed to, and who may have them; checked as devices check them
//! (`shared::client::papers`).

pub mod acts;
pub mod job;
pub mod policy;
pub mod store;
