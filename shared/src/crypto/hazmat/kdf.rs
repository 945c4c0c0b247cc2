//! HKDF-SHA-256 (RFC 5869).

use sha2::Sha256;
use zeroize::Zeroizing;

/// `N` bytes from key material, salt and info pieces. `N` is at most 8,160.
pub(crate) fn hkdf<const N: usize>(ikm: &[u8], salt: &[u8], info: &[&[u8]]) -> Zeroizing<[u8; N]> {
    const { assert!(N <= 255 * 32) };
    let mut out = Zeroizing::new([0; N]);
    hkdf_into(ikm, salt, info, out.as_mut_slice());
    out
}

fn hkdf_into(ikm: &[u8], salt: &[u8], info: &[&[u8]], out: &mut [u8]) {
    hkdf::Hkdf::<Sha256>::new(Some(salt), ikm)
        .expand_multi_info(info, out)
        .expect("the length was checked when this was compiled");
}
