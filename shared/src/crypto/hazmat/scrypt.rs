//! scrypt (RFC 7914) with r = 8 and p = 1, as age uses it.

use zeroize::Zeroizing;

/// A 32-byte key from a passphrase. `None` when the parameters are impossible.
pub(crate) fn scrypt(passphrase: &[u8], salt: &[u8], log_n: u8) -> Option<Zeroizing<[u8; 32]>> {
    let params = ::scrypt::Params::new(log_n, 8, 1).ok()?;
    let mut out = Zeroizing::new([0; 32]);
    ::scrypt::scrypt(passphrase, salt, &params, out.as_mut_slice()).ok()?;
    Some(out)
}
