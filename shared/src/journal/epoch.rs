//! A matter's key epoch: the act that begins one, and takes access back.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::stream::Head;
use crate::crypto::keys::{Kid, PublicBundle};
use crate::ids::MatterId;

/// Namespace 5, stream `matter/<id>`: a key epoch begins. Signed by staff with `MATTERS`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EpochAct {
    /// The matter.
    #[n(1)]
    pub matter: MatterId,
    /// 0, then without gaps.
    #[n(2)]
    pub epoch: u32,
    /// The epoch key's public half: a bundle with role `Matter`, no signing key, subject = the
    /// matter.
    #[n(3)]
    pub key: PublicBundle,
    /// The staff whose seats end here, in ascending order; absent where none does. Access is taken
    /// back by this and by nothing else, so that it never ends without a new key. Staff with `GRANT`.
    #[n(4)]
    pub unseated: Option<Vec<Kid>>,
    /// The end of the keyring that the signer had read, where somebody loses the seat who left the firm: a
    /// device that was not shown as much of the keyring goes no further.
    #[n(5)]
    pub known: Option<Head>,
}

impl EpochAct {
    /// Whose seats end, for a statement of this signer; `None` when the list is not as it must be:
    /// empty, out of order, or with the signer's own key.
    #[must_use]
    pub fn leaving(&self, signer: Kid) -> Option<&[Kid]> {
        let Some(unseated) = &self.unseated else {
            return self.known.is_none().then_some(&[]);
        };
        let rising = unseated.is_sorted_by(|one, next| one.0 < next.0);
        (rising && !unseated.is_empty() && !unseated.contains(&signer)).then_some(unseated)
    }
}
