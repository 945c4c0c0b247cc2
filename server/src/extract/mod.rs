//! What handlers take: who asks ([`caller`]) and what for ([`call`]).

pub mod call;
pub mod caller;
pub mod place;

pub use caller::Caller;
