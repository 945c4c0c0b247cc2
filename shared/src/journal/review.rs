//! Reviews of access: whether everybody who can open a matter still should. Acts of the stream `reviews`
//! (namespace 21).
//!
//! Somebody who governs the firm begins a review with a day until which it is due. Then for each matter a lawyer
//! who sits there says who keeps the access, and takes it back from whom not. The end is a signed act, too.
//! There is one review at a time.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use crate::crypto::keys::Kid;
use crate::ids::{MatterId, ReviewId};
use crate::time::Timestamp;

/// Namespace 21, stream `reviews`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ReviewAct {
    /// A review begins. Staff with `ADMIT`, `KEYS` or `POLICY`.
    #[n(0)]
    Opened(#[n(0)] Opened),
    /// A matter was looked through. Staff with a seat there and `GRANT`.
    #[n(1)]
    Reviewed(#[n(0)] Reviewed),
    /// The review ends. Staff with `ADMIT`, `KEYS` or `POLICY`.
    #[n(2)]
    Closed(#[n(0)] Closed),
}

/// See [`ReviewAct::Opened`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Opened {
    /// Which.
    #[n(1)]
    pub review: ReviewId,
    /// Until when every matter is to be looked through.
    #[n(2)]
    pub due: Timestamp,
}

/// See [`ReviewAct::Reviewed`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Reviewed {
    /// The review.
    #[n(1)]
    pub review: ReviewId,
    /// The matter.
    #[n(2)]
    pub matter: MatterId,
    /// The staff who can open it and go on doing so, in the order of their keys' ids: everybody, with the signer.
    #[n(3)]
    pub kept: Vec<Kid>,
    /// Those whose access ended since the review began, in that order.
    #[n(4)]
    pub ended: Vec<Kid>,
}

impl Reviewed {
    /// Whether both lists are in order, name nobody twice, and keep the signer.
    #[must_use]
    pub fn is_sound(&self, signer: Kid) -> bool {
        let in_order = |kids: &[Kid]| kids.windows(2).all(|two| two[0].0 < two[1].0);
        in_order(&self.kept)
            && in_order(&self.ended)
            && self.kept.contains(&signer)
            && !self.ended.iter().any(|kid| self.kept.contains(kid))
    }
}

/// See [`ReviewAct::Closed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Closed {
    /// Which.
    #[n(1)]
    pub review: ReviewId,
}
