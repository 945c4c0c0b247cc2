//! The firm's root made anew by a quorum of shares: whoever got hold of the root of before, a copy in somebody's
//! account for instance, speaks for the firm no more. The fingerprint of the firm stays that of its first root.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::recovery::SharesNamed;
use crate::crypto::cbor;
use crate::crypto::error::FormatError;
use crate::crypto::hash::{Hash32, labelled, sha256};
use crate::crypto::keys::VerifyKey;
use crate::crypto::purpose;
use crate::crypto::share_word::{Saying, ShareWord};
use crate::crypto::signed::MAX_BODY;

crate::crypto::bytes::public_bytes!(
    /// An Ed25519 signature by which a new root shows that it is there.
    RootProof,
    64
);

/// See [`super::recovery::RecoveryAct::Rerooted`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Rerooted {
    /// The key with which the root signs from now on.
    #[n(1)]
    pub root: VerifyKey,
    /// By that key.
    #[n(2)]
    pub proof: RootProof,
    /// [`ByQuorum`] in bytes: a stranger on an invitation's path reads nothing of it.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub quorum: Vec<u8>,
}

/// By whom the root was made anew, and who has the shares that open it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ByQuorum {
    /// The new cutting. Its envelopes are by the new root, and hold it.
    #[n(1)]
    pub shares: SharesNamed,
    /// Shares of which cutting speak.
    #[n(2)]
    pub generation: u16,
    /// The word of each share, by ascending number.
    #[n(3)]
    pub words: Vec<ShareWord>,
}

impl Rerooted {
    /// Whether the new root shows that it is there.
    #[must_use]
    pub fn is_proven(&self, firm: Hash32) -> bool {
        self.root.verify(&proving(firm, &self.root), &self.proof.0)
    }

    /// By whom.
    ///
    /// # Errors
    /// [`FormatError`] when that is not what the bytes say.
    pub fn by_quorum(&self) -> Result<ByQuorum, FormatError> {
        cbor::decode_strict(&self.quorum, MAX_BODY)
    }
}

/// What the shares say of a new root and the cutting that opens it.
#[must_use]
pub fn saying(root: &VerifyKey, shares: &SharesNamed) -> Saying {
    let shares = sha256(&cbor::encode(shares));
    Saying::Reroot(labelled(purpose::NEW_ROOT, &[&root.0, &shares.0]))
}

/// "underseal/v1/root-proof\0" || FRF || new root.
fn proving(firm: Hash32, root: &VerifyKey) -> Vec<u8> {
    [purpose::ROOT_PROOF.bytes(), &firm.0, &root.0].concat()
}

#[cfg(feature = "plaintext")]
mod making {
    use super::{ByQuorum, Rerooted, RootProof, proving, saying};
    use crate::crypto::cbor;
    use crate::crypto::hash::Hash32;
    use crate::crypto::keys::SigningKey;
    use crate::crypto::shares::Share;
    use crate::journal::recovery::SharesNamed;

    impl Rerooted {
        /// The act by which these shares make this the root.
        #[must_use]
        pub fn by(firm: Hash32, root: &SigningKey, shares: SharesNamed, given: &[Share]) -> Self {
            let key = root.public();
            let what = saying(&key, &shares);
            let generation = given.first().map_or(0, Share::generation);
            let words = given.iter().map(|share| share.says(what)).collect();
            let quorum = cbor::encode(&ByQuorum { shares, generation, words });
            Self { root: key, proof: RootProof(root.sign(&proving(firm, &key))), quorum }
        }
    }
}
