//! A request type knows its own route and its answer.
//!
//! Every control call is a `POST` of the request's JSON to a fixed path, so that no id ever stands
//! in an address, a log or a referrer. Only sealed bytes have routes of their own
//! ([`crate::documents::wire`]). Unknown fields are refused by the server and ignored by the
//! client.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A request with the route it goes to and the reply it earns.
pub trait Call: Serialize + DeserializeOwned {
    /// The path, from the root, the same for every request of this type.
    const ROUTE: &'static str;
    /// What the server answers with status 200.
    type Reply: Serialize + DeserializeOwned;

    /// The version of the row that this call replaces, sent as `If-Match`; `None` for calls that
    /// replace nothing.
    fn if_match(&self) -> Option<u64> {
        None
    }
}

/// Names a request type's route and reply.
macro_rules! call {
    ($request:ty, $route:literal, $reply:ty) => {
        impl $crate::call::Call for $request {
            const ROUTE: &'static str = $route;
            type Reply = $reply;
        }
    };
}
pub(crate) use call;

/// The answer of a call that has nothing to say beyond "done".
#[derive(Debug, Clone, Copy, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {}
