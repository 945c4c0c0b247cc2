//! The firm's recovery key in shares, and the ceremony by which officers pass on the seats of keys that
//! somebody lost: acts of namespace 14, in the stream `keyring`, so that they stand in one order with who
//! belongs to the firm. What they come to is in [`super::ceremony`].

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::admission::open_self_signed;
use super::reroot::Rerooted;
use crate::crypto::hash::{Hash32, labelled, sha256};
use crate::crypto::keys::{Kid, PublicBundle, VerifyKey};
use crate::crypto::purpose;
use crate::crypto::share_word::{Saying, ShareWord};
use crate::ids::{AccountId, RecoveryId};

/// Namespace 14, stream `keyring`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum RecoveryAct {
    /// The recovery key is cut into shares; those of an earlier cutting are void. Signed by the root.
    #[n(0)]
    SharesNamed(#[n(0)] SharesNamed),
    /// A share was looked at by whoever holds it, and is the one that the keyring names. Signed by its
    /// holder; where it is a sheet, by staff that opens matters.
    #[n(1)]
    Tested(#[n(0)] ShareTested),
    /// Somebody lost their keys and has new ones: the officers are asked. Signed by staff with `GRANT`.
    #[n(2)]
    Requested(#[n(0)] Requested),
    /// A share for this ceremony. Signed as a test is.
    #[n(3)]
    Approved(#[n(0)] Approved),
    /// One of two who agree not to wait. Signed by staff who hold a share or `POLICY`.
    #[n(4)]
    Hastened(#[n(0)] RecoveryId),
    /// It does not happen. Signed by whoever asked, by the person whose keys they are, or by staff who hold a
    /// share, `POLICY`, `ADMIT` or `KEYS`.
    #[n(5)]
    Cancelled(#[n(0)] RecoveryId),
    /// The seats pass. Signed by the root, whose key only the officers' shares open.
    #[n(6)]
    Passed(#[n(0)] RecoveryId),
    /// Somebody whose every device and words are lost comes back with a quorum of shares in their hands, and
    /// nobody's session. Signed by the root, and by every one of the shares.
    #[n(7)]
    Returning(#[n(0)] Returning),
    /// The firm has a new root, and new shares; the root of before says nothing from here on. Signed by the root
    /// of before, and by a quorum of the shares.
    #[n(8)]
    Rerooted(#[n(0)] Rerooted),
}

/// See [`RecoveryAct::SharesNamed`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SharesNamed {
    /// 1, then without gaps.
    #[n(1)]
    pub generation: u16,
    /// The key that is cut: the keyring's.
    #[n(2)]
    pub recovery: Kid,
    /// How many shares give it back.
    #[n(3)]
    pub threshold: u8,
    /// The shares, numbered from 1 in this order.
    #[n(4)]
    pub shares: Vec<ShareNamed>,
    /// The firm root's seed, sealed to the recovery key (`USK1`, purpose 2).
    #[cbor(n(5), with = "minicbor::bytes")]
    pub root: Vec<u8>,
}

/// A share as the keyring names it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ShareNamed {
    /// Its commitment.
    #[n(1)]
    pub commitment: Hash32,
    /// Whose it is; none for a sheet.
    #[n(2)]
    pub held: Option<HeldShare>,
    /// The key with which whoever has the share says something; none in cuttings from before there was one.
    #[n(3)]
    pub voice: Option<VerifyKey>,
}

/// A share that a person's keys open.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HeldShare {
    /// The person's key.
    #[n(1)]
    pub holder: Kid,
    /// The share, sealed to it (`USK1`, purpose 3).
    #[cbor(n(2), with = "minicbor::bytes")]
    pub envelope: Vec<u8>,
}

/// See [`RecoveryAct::Tested`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ShareTested {
    /// Of which cutting.
    #[n(1)]
    pub generation: u16,
    /// Which share, from 1.
    #[n(2)]
    pub number: u8,
}

/// See [`RecoveryAct::Requested`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Requested {
    /// Made by whoever asks.
    #[n(1)]
    pub session: RecoveryId,
    /// Shares of which cutting are asked for.
    #[n(2)]
    pub generation: u16,
    /// The key whose holder lost it.
    #[n(3)]
    pub lost: Kid,
    /// The person's new key, which the firm admitted.
    #[n(4)]
    pub to: Kid,
    /// A key for this ceremony alone (role 5, subject = the session), which the shares are sealed to.
    #[n(5)]
    pub key: PublicBundle,
}

/// See [`RecoveryAct::Approved`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Approved {
    /// Which ceremony.
    #[n(1)]
    pub session: RecoveryId,
    /// Which share, from 1.
    #[n(2)]
    pub number: u8,
    /// The share, sealed to the ceremony's key (`USK1`, purpose 4).
    #[cbor(n(3), with = "minicbor::bytes")]
    pub envelope: Vec<u8>,
}

/// See [`RecoveryAct::Returning`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Returning {
    /// Made by the device that asks.
    #[n(1)]
    pub session: RecoveryId,
    /// Shares of which cutting speak.
    #[n(2)]
    pub generation: u16,
    /// The key that was lost.
    #[n(3)]
    pub lost: Kid,
    /// The account that the person has made.
    #[n(4)]
    pub account: AccountId,
    /// The new keys, self-signed (`USS1`, namespace 3), as in an admission.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub bundle: Vec<u8>,
    /// The word of each share, by ascending number.
    #[n(6)]
    pub words: Vec<ShareWord>,
}

impl Returning {
    /// What the shares say: all of it but their words.
    #[must_use]
    pub fn saying(&self) -> Saying {
        let generation = self.generation.to_be_bytes();
        let (lost, bundle) = (self.lost, sha256(&self.bundle));
        let parts: [&[u8]; 5] = [&self.session.0, &generation, &lost.0, &self.account.0, &bundle.0];
        Saying::Return(labelled(purpose::RETURN, &parts))
    }

    /// The new keys, where they are signed by themselves and of this account.
    #[must_use]
    pub fn keys(&self) -> Option<PublicBundle> {
        open_self_signed(&self.bundle).filter(|bundle| bundle.subject == self.account.0)
    }
}

/// Purpose byte of the envelope that holds the root's seed.
pub const ESCROW_PURPOSE: u8 = 2;
/// Purpose byte of the envelope that holds a share for its holder.
pub const SHARE_PURPOSE: u8 = 3;
/// Purpose byte of the envelope that holds a share for a ceremony.
pub const APPROVAL_PURPOSE: u8 = 4;

impl SharesNamed {
    /// The share with this number.
    #[must_use]
    pub fn share(&self, number: u8) -> Option<&ShareNamed> {
        self.shares.get(usize::from(number).checked_sub(1)?)
    }

    /// The number of the share that this key's holder has.
    #[must_use]
    pub fn held_by(&self, kid: Kid) -> Option<u8> {
        let held = |one: &ShareNamed| one.held.as_ref().is_some_and(|held| held.holder == kid);
        u8::try_from(self.shares.iter().position(held)? + 1).ok()
    }

    /// Whether a quorum of these shares says this: enough of them, by ascending number, each by its own key.
    #[must_use]
    pub fn say(&self, firm: Hash32, words: &[ShareWord], saying: Saying) -> bool {
        let enough = words.len() >= usize::from(self.threshold);
        let apart = words.is_sorted_by(|one, next| one.number < next.number);
        let holds = |word: &ShareWord| {
            let voice = self.share(word.number).and_then(|share| share.voice);
            voice.is_some_and(|voice| word.holds(&voice, (firm, self.generation), saying))
        };
        enough && apart && words.iter().all(holds)
    }

    /// Shares with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (u8, &ShareNamed)> {
        (1..).zip(&self.shares)
    }
}
