//! What whoever has a share says with it: each share gives a signing key of its own, whose public half the
//! keyring names beside the commitment. So a share is shown without being given, and one of an earlier cutting
//! shows nothing.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::hash::Hash32;
use super::keys::VerifyKey;
use super::purpose;

super::bytes::public_bytes!(
    /// An Ed25519 signature by a share's key.
    ShareSignature,
    64
);

/// What is said, beside the firm, the cutting and the share's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saying {
    /// Let me read the directory: to a server's challenge.
    Read(Hash32),
    /// Let this person come back.
    Return(Hash32),
    /// Let this be the firm's root from now on.
    Reroot(Hash32),
}

/// The word of one share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct ShareWord {
    /// Which share, from 1.
    #[n(1)]
    pub number: u8,
    /// Its signature.
    #[n(2)]
    pub signature: ShareSignature,
}

impl ShareWord {
    /// Whether this is the word of the share with this key.
    #[must_use]
    pub fn holds(&self, key: &VerifyKey, of: (Hash32, u16), saying: Saying) -> bool {
        let said = said(of, self.number, saying);
        key.verify(&said, &self.signature.0)
    }
}

/// "underseal/v1/share-word\0" || FRF || generation in two bytes || number || 1, 2 or 3 || 32 bytes.
fn said((firm, generation): (Hash32, u16), number: u8, saying: Saying) -> Vec<u8> {
    let (kind, of) = match saying {
        Saying::Read(of) => (1, of),
        Saying::Return(of) => (2, of),
        Saying::Reroot(of) => (3, of),
    };
    let generation = generation.to_be_bytes();
    [purpose::SHARE_WORD.bytes(), &firm.0, &generation, &[number, kind], &of.0].concat()
}

#[cfg(feature = "plaintext")]
mod speaking {
    use super::{Saying, ShareSignature, ShareWord, purpose, said};
    use crate::crypto::hazmat;
    use crate::crypto::keys::{SigningKey, VerifyKey};
    use crate::crypto::shares::Share;

    impl Share {
        /// The key that the keyring names beside the commitment.
        #[must_use]
        pub fn voice(&self) -> VerifyKey {
            key(self).public()
        }

        /// Says something with the share.
        #[must_use]
        pub fn says(&self, saying: Saying) -> ShareWord {
            let (firm, generation, number) = (self.firm(), self.generation(), self.number());
            let signature = key(self).sign(&said((firm, generation), number, saying));
            ShareWord { number, signature: ShareSignature(signature) }
        }
    }

    /// HKDF(share, "", "underseal/v1/share-key\0" || FRF || generation in two bytes || number).
    fn key(share: &Share) -> SigningKey {
        let generation = share.generation().to_be_bytes();
        let firm = share.firm();
        let info = [purpose::SHARE_KEY.bytes(), &firm.0, &generation, &[share.number()]];
        SigningKey::from_seed(*hazmat::kdf::hkdf(share.bytes(), &[], &info))
    }
}

#[cfg(all(test, feature = "plaintext"))]
mod tests {
    use super::*;
    use crate::crypto::shares::Share;

    const FIRM: Hash32 = Hash32([0xf1; 32]);
    const OF: Hash32 = Hash32([7; 32]);

    #[test]
    fn a_word_is_of_one_share_one_cutting_one_firm_and_one_thing() {
        let share = Share::of(FIRM, 1, 2, [5; 32]);
        let word = share.says(Saying::Return(OF));
        assert!(word.holds(&share.voice(), (FIRM, 1), Saying::Return(OF)));
        assert!(!word.holds(&share.voice(), (FIRM, 1), Saying::Read(OF)));
        assert!(!word.holds(&share.voice(), (FIRM, 1), Saying::Reroot(OF)));
        assert!(!word.holds(&share.voice(), (FIRM, 1), Saying::Return(Hash32([8; 32]))));
        assert!(!word.holds(&share.voice(), (FIRM, 2), Saying::Return(OF)));
        assert!(!word.holds(&share.voice(), (OF, 1), Saying::Return(OF)));
        let renumbered = ShareWord { number: 3, ..word };
        assert!(!renumbered.holds(&share.voice(), (FIRM, 1), Saying::Return(OF)));
        for other in [
            Share::of(OF, 1, 2, [5; 32]),
            Share::of(FIRM, 2, 2, [5; 32]),
            Share::of(FIRM, 1, 3, [5; 32]),
            Share::of(FIRM, 1, 2, [6; 32]),
        ] {
            assert_ne!(other.voice(), share.voice());
        }
    }
}
