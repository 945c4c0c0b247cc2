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

#[cfg(test)]
mod tests {
    use super::stretch;
    use crate::encoding::to_hex;

    /// As the reference implementation in C has it (argon2-cffi 25.1.0, `hash_secret_raw`, Argon2id 0x13)
    /// at 65,536 KiB, 3 passes and 1 lane. Every other cost gives other bytes.
    #[test]
    fn there_is_one_cost_and_it_is_the_one_of_the_specification() {
        let (mut out, salt) = ([0; 32], core::array::from_fn(|at| at as u8));
        assert!(stretch(b"what a person types", &salt, &mut out));
        let expected = "bee7e126fcf4ab7c4d5dfc15cecd88050bf99e27b80141b1fe07b37ac125861d";
        assert_eq!(to_hex(&out), expected);
        // Argon2 gives no fewer bytes than four.
        assert!(!stretch(b"what a person types", &salt, &mut [0; 3]));
    }
}
