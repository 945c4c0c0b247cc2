//! The relay: one mail with a client's code. Address and code are handed over for that one send, stay in this
//! process's memory, overwritten when it is done, and come into no row, no log and no error. A mail server that
//! says "later" is asked again, with growing waits, until the code ends.

mod message;
mod queue;
pub mod relay;
pub mod routes;
pub mod store;

pub use message::Recipient;
