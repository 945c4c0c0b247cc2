//! The platform's randomness, and its adapters for the two generations of crates that want a
//! generator object.

use core::convert::Infallible;

/// Fills with randomness, or stops: there is no safe way to go on without it.
pub(crate) fn fill(out: &mut [u8]) {
    getrandom::fill(out).expect("the platform gives no randomness");
}

/// The platform's randomness as a generator.
pub(crate) struct Platform;

impl rand_core::TryRng for Platform {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        fill(&mut bytes);
        Ok(u32::from_ne_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        fill(&mut bytes);
        Ok(u64::from_ne_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        fill(out);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Platform {}

// The trait of the generation before, which `opaque-ke` still speaks.
impl opaque_ke::rand::RngCore for Platform {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        fill(&mut bytes);
        u32::from_ne_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        fill(&mut bytes);
        u64::from_ne_bytes(bytes)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        fill(out);
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), opaque_ke::rand::Error> {
        fill(out);
        Ok(())
    }
}

impl opaque_ke::rand::CryptoRng for Platform {}
