//! Argon2id (RFC 9106) with the one set of parameters of this product. They are compiled in: no
//! server can name weaker ones.

use argon2::{Algorithm, Argon2, Params, Version};

/// Memory in KiB: 64 MiB.
pub(crate) const MEMORY_KIB: u32 = 64 * 1024;
/// Passes.
pub(crate) const PASSES: u32 = 3;
/// Lanes.
pub(crate) const LANES: u32 = 1;

/// Stretches `input` into `out`. False only when memory cannot be had.
#[must_use]
pub(crate) fn stretch(input: &[u8], salt: &[u8; 16], out: &mut [u8]) -> bool {
    let (memory, passes) = crate::vuln::stretch(MEMORY_KIB, PASSES);
    Params::new(memory, passes, LANES, Some(out.len())).is_ok_and(|params| {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(input, salt, out)
            .is_ok()
    })
}
