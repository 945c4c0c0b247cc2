//! A client comes back without the link: by a passkey whose PRF opens what this device holds, on whatever device.
//!
//! On a device with the client's keys a passkey is made ([`make`]): the server keeps it for the client's key, which
//! signed that it should, with a slot that the PRF opens and a record under the slot's key. On any device one touch
//! gives both back ([`come`]). Where a browser has no such passkey, twelve words do it ([`words`]). Keys and receipts travel sealed; the signing key is nobody's but the client's.

mod come;
mod here;
mod make;
mod plain;
mod words;

pub use come::{Returned, Touched, VisitSeen};
pub use make::{BackSeen, MadeBack, NewBack};
#[cfg(any(test, feature = "fuzz"))]
pub(crate) use plain::HeldV1;
pub(in crate::client) use plain::back_key;
pub use words::NewWords;
