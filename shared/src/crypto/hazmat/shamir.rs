//! Shamir's secret sharing over GF(256): 32 bytes cut into shares, of which so many give them back and
//! fewer say nothing.

use alloc::vec::Vec;

use vsss_rs::Gf256;
use zeroize::{Zeroize as _, Zeroizing};

use super::rng::Platform;

/// One share: its number, from 1, and as many bytes as the secret has.
pub(crate) type Piece = (u8, Zeroizing<[u8; 32]>);

/// Cuts a secret into `count` pieces, numbered from 1. `None` unless `2 <= threshold <= count <= 255`.
pub(crate) fn split(secret: &[u8; 32], threshold: u8, count: u8) -> Option<Vec<Piece>> {
    let (threshold, count) = (usize::from(threshold), usize::from(count));
    if threshold < 2 || threshold > count {
        return None;
    }
    let mut raw = Gf256::split_bytes(threshold, count, secret, Platform).ok()?;
    let pieces = raw.iter().map(|piece| {
        let (number, bytes) = piece.split_first()?;
        Some((*number, Zeroizing::new(<[u8; 32]>::try_from(bytes).ok()?)))
    });
    let pieces = pieces.collect();
    raw.iter_mut().for_each(|piece| piece.zeroize());
    pieces
}

/// Puts pieces together. `None` when there are fewer than two, or one number stands twice or is none;
/// wrong or too few pieces give some other 32 bytes, which only the caller can tell.
pub(crate) fn combine(pieces: &[(u8, &[u8; 32])]) -> Option<Zeroizing<[u8; 32]>> {
    let numbered = |(at, (number, _)): (usize, &(u8, &[u8; 32]))| {
        *number != 0 && pieces.iter().skip(at + 1).all(|(other, _)| other != number)
    };
    if pieces.len() < 2 || !pieces.iter().enumerate().all(numbered) {
        return None;
    }
    let raw = pieces.iter().map(|(number, bytes)| [&[*number], bytes.as_slice()].concat());
    let mut raw: Vec<Vec<u8>> = raw.collect();
    let secret = Gf256::combine_bytes(&raw).ok().map(Zeroizing::new);
    raw.iter_mut().for_each(|piece| piece.zeroize());
    secret?.as_slice().try_into().ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn some<'a>(pieces: &'a [Piece], which: &[usize]) -> Vec<(u8, &'a [u8; 32])> {
        which.iter().map(|at| (pieces[*at].0, &*pieces[*at].1)).collect()
    }

    #[test]
    fn any_quorum_gives_the_secret_back_and_fewer_do_not() {
        let secret = [0x5a; 32];
        let pieces = split(&secret, 3, 5).unwrap();
        assert_eq!(pieces.iter().map(|one| one.0).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        for which in [[0, 1, 2], [0, 2, 4], [4, 3, 1], [2, 1, 0]] {
            assert_eq!(combine(&some(&pieces, &which)).as_deref(), Some(&secret));
        }
        assert_eq!(combine(&some(&pieces, &[0, 1, 2, 3, 4])).as_deref(), Some(&secret));
        assert_ne!(combine(&some(&pieces, &[0, 1])).as_deref(), Some(&secret));
    }

    #[test]
    fn what_is_no_quorum_is_not_tried() {
        let pieces = split(&[7; 32], 2, 3).unwrap();
        assert!(combine(&some(&pieces, &[0])).is_none());
        assert!(combine(&some(&pieces, &[1, 1])).is_none());
        assert!(combine(&[(0, &[1; 32]), (1, &[2; 32])]).is_none());
        for (threshold, count) in [(0, 3), (1, 3), (4, 3), (0, 0)] {
            assert!(split(&[7; 32], threshold, count).is_none());
        }
    }

    /// Computed apart, by hand: `f(x) = s + a x` over the field of AES (0x11b), with `s = 0x2a, a = 0x87`,
    /// so that `f(1) = 0xad` and `f(2) = 0x2a ^ 0x15 = 0x3f`.
    #[test]
    fn the_field_is_the_one_of_aes() {
        let pieces = [(1, &[0xad; 32]), (2, &[0x3f; 32])];
        assert_eq!(combine(&pieces).as_deref(), Some(&[0x2a; 32]));
    }
}
