//! An X-Wing key (draft-connolly-cfrg-xwing-kem), expanded from its seed once. The crate keeps the seed
//! and expands it for every opening, which costs as much again: whoever opens a thousand envelopes with one
//! key waits for that. HPKE stays the crate's; only where it decapsulates is this put in.

use alloc::sync::Arc;

use hpke::kem::{SharedSecret, XWing};
use hpke::{Deserializable, HpkeError, Kem, Serializable};
use ml_kem::kem::{Decapsulate as _, KeyExport as _};
use ml_kem::ml_kem_768::DecapsulationKey;
use sha3::{Digest as _, Sha3_256};
use shake::{ExtendableOutput as _, Shake256, Update as _, XofReader as _};
use subtle::{Choice, ConstantTimeEq};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::kem::{ENC, PUBLIC};

/// What ends the input of X-Wing's combiner.
const LABEL: &[u8; 6] = br"\.//^\";
/// Bytes of an ML-KEM-768 ciphertext, and of what it was made from.
const CT: usize = ENC - 32;
const SEED: usize = 64;

/// Both halves. Each part overwrites itself when it is dropped, and none can be printed.
struct Halves {
    seed: Zeroizing<[u8; 32]>,
    lattice: DecapsulationKey,
    curve: StaticSecret,
    point: PublicKey,
}

/// An expanded key. HPKE asks for something that can be cloned: a clone is another handle on the same one.
#[derive(Clone)]
pub(crate) struct Expanded(Arc<Halves>);

impl Expanded {
    /// The key of a seed.
    pub(crate) fn of(seed: &[u8; 32]) -> Self {
        let mut shake = Shake256::default();
        shake.update(seed);
        let mut stream = shake.finalize_xof();
        let (mut of_lattice, mut of_curve) = (Zeroizing::new([0; SEED]), Zeroizing::new([0; 32]));
        stream.read(of_lattice.as_mut_slice());
        stream.read(of_curve.as_mut_slice());
        let curve = StaticSecret::from(*of_curve);
        Self(Arc::new(Halves {
            seed: Zeroizing::new(*seed),
            lattice: DecapsulationKey::from_seed((*of_lattice).into()),
            point: PublicKey::from(&curve),
            curve,
        }))
    }

    /// The public key.
    pub(crate) fn public(&self) -> [u8; PUBLIC] {
        let mut out = [0; PUBLIC];
        let (lattice, curve) = out.split_at_mut(PUBLIC - 32);
        lattice.copy_from_slice(&self.0.lattice.encapsulation_key().to_bytes());
        curve.copy_from_slice(self.0.point.as_bytes());
        out
    }

    /// The shared secret; `None` where the curve's half gives zero.
    pub(super) fn decapsulate(&self, enc: &[u8; ENC]) -> Option<Zeroizing<[u8; 32]>> {
        let (lattice, curve) = enc.split_first_chunk::<CT>()?;
        let share = PublicKey::from(<[u8; 32]>::try_from(curve).ok()?);
        let of_curve = self.0.curve.diffie_hellman(&share);
        if !of_curve.was_contributory() && !crate::vuln::a30() {
            return None;
        }
        let of_lattice = Zeroizing::new(self.0.lattice.decapsulate(&(*lattice).into()).0);
        let mut both = Sha3_256::new();
        sha3::Digest::update(&mut both, of_lattice.as_slice());
        sha3::Digest::update(&mut both, of_curve.as_bytes());
        sha3::Digest::update(&mut both, share.as_bytes());
        sha3::Digest::update(&mut both, self.0.point.as_bytes());
        sha3::Digest::update(&mut both, LABEL);
        Some(Zeroizing::new(both.finalize().into()))
    }
}

impl Serializable for Expanded {
    type OutputSize = <<XWing as Kem>::PrivateKey as Serializable>::OutputSize;

    fn write_exact(&self, buf: &mut [u8]) {
        buf.copy_from_slice(self.0.seed.as_slice());
    }
}

impl Deserializable for Expanded {
    fn from_bytes(encoded: &[u8]) -> Result<Self, HpkeError> {
        encoded.try_into().map(Self::of).map_err(|_| HpkeError::ValidationError)
    }
}

impl ConstantTimeEq for Expanded {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.seed.as_slice().ct_eq(other.0.seed.as_slice())
    }
}

/// The crate's X-Wing, with [`Expanded`] for its private key.
pub(super) struct ExpandedXWing;

impl Kem for ExpandedXWing {
    type PublicKey = <XWing as Kem>::PublicKey;
    type PrivateKey = Expanded;
    type EncappedKey = <XWing as Kem>::EncappedKey;
    type NSecret = <XWing as Kem>::NSecret;

    const KEM_ID: u16 = XWing::KEM_ID;

    fn sk_to_pk(key: &Expanded) -> Self::PublicKey {
        Self::PublicKey::from_bytes(&key.public()).expect("a key made from a seed is one")
    }

    fn derive_keypair(ikm: &[u8]) -> (Expanded, Self::PublicKey) {
        let (private, public) = XWing::derive_keypair(ikm);
        let seed = Zeroizing::new(<[u8; 32]>::from(private.to_bytes()));
        (Expanded::of(&seed), public)
    }

    fn decap(
        key: &Expanded,
        sender: Option<&Self::PublicKey>,
        enc: &Self::EncappedKey,
    ) -> Result<SharedSecret<Self>, HpkeError> {
        let enc = <[u8; ENC]>::from(enc.to_bytes());
        // There is no mode of X-Wing in which the sender has a key.
        let shared = key.decapsulate(&enc).filter(|_| sender.is_none());
        shared.map(|shared| SharedSecret((*shared).into())).ok_or(HpkeError::DecapError)
    }

    fn encap_with_rng(
        to: &Self::PublicKey,
        sender: Option<(&Expanded, &Self::PublicKey)>,
        rng: &mut impl rand_core::CryptoRng,
    ) -> Result<(SharedSecret<Self>, Self::EncappedKey), HpkeError> {
        if sender.is_some() {
            return Err(HpkeError::EncapError);
        }
        let (mut shared, enc) = XWing::encap_with_rng(to, None, rng)?;
        Ok((SharedSecret(core::mem::take(&mut shared.0)), enc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED_BYTES: [u8; 32] = [7; 32];

    /// Whatever HPKE may ask of a key is answered as the crate's own key answers it.
    #[test]
    fn an_expanded_key_stands_for_its_seed() {
        let key = Expanded::of(&SEED_BYTES);
        assert_eq!(key.to_bytes().as_slice(), SEED_BYTES);
        let read = <Expanded as Deserializable>::from_bytes(&SEED_BYTES);
        assert!(
            read.is_ok_and(|read| read.public() == key.public() && bool::from(read.ct_eq(&key)))
        );
        for length in [0, 31, 33] {
            assert!(<Expanded as Deserializable>::from_bytes(&alloc::vec![7; length]).is_err());
        }
        assert!(!bool::from(key.ct_eq(&Expanded::of(&[8; 32]))));
        let public = ExpandedXWing::sk_to_pk(&key).to_bytes();
        assert_eq!(public.as_slice(), key.public());
        let (theirs, their_public) = XWing::derive_keypair(b"thirty-two bytes of what is drawn");
        let (ours, our_public) =
            ExpandedXWing::derive_keypair(b"thirty-two bytes of what is drawn");
        assert_eq!(ours.to_bytes().as_slice(), theirs.to_bytes().as_slice());
        assert!(our_public.to_bytes() == their_public.to_bytes());
        assert_eq!(our_public.to_bytes().as_slice(), ours.public());
    }

    #[test]
    fn what_is_encapsulated_is_agreed_on_and_no_sender_has_a_key() {
        let key = Expanded::of(&SEED_BYTES);
        let public = ExpandedXWing::sk_to_pk(&key);
        let mut rng = crate::crypto::hazmat::rng::Platform;
        let sealed = ExpandedXWing::encap_with_rng(&public, None, &mut rng);
        let Ok((shared, enc)) = sealed else { panic!("a sound key") };
        let theirs = <XWing as Kem>::PrivateKey::from_bytes(&SEED_BYTES)
            .and_then(|theirs| XWing::decap(&theirs, None, &enc));
        let ours = ExpandedXWing::decap(&key, None, &enc);
        assert!(ours.is_ok_and(|ours| ours.0 == shared.0));
        assert!(theirs.is_ok_and(|theirs| theirs.0 == shared.0));
        assert!(ExpandedXWing::decap(&key, Some(&public), &enc).is_err());
        let as_sender = ExpandedXWing::encap_with_rng(&public, Some((&key, &public)), &mut rng);
        assert!(as_sender.is_err());
    }
}
