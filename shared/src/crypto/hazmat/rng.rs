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

#[cfg(test)]
mod tests {
    use super::Platform;

    /// Whatever a crate asks for, in whichever generation of the trait, is random: eight draws that are
    /// all alike would come once in 2^224 runs.
    #[test]
    fn no_way_to_ask_gives_what_can_be_foretold() {
        fn differ<T: PartialEq>(draw: impl FnMut(usize) -> T) {
            let drawn: alloc::vec::Vec<T> = (0..8).map(draw).collect();
            assert!(drawn.iter().any(|one| *one != drawn[0]));
        }
        differ(|_| rand_core::TryRng::try_next_u32(&mut Platform));
        differ(|_| rand_core::TryRng::try_next_u64(&mut Platform));
        differ(|_| opaque_ke::rand::RngCore::next_u32(&mut Platform));
        differ(|_| opaque_ke::rand::RngCore::next_u64(&mut Platform));
        differ(|_| {
            let mut bytes = [0; 16];
            let Ok(()) = rand_core::TryRng::try_fill_bytes(&mut Platform, &mut bytes);
            bytes
        });
        differ(|_| {
            let mut bytes = [0; 16];
            opaque_ke::rand::RngCore::fill_bytes(&mut Platform, &mut bytes);
            bytes
        });
        differ(|_| {
            let mut bytes = [0; 16];
            assert!(opaque_ke::rand::RngCore::try_fill_bytes(&mut Platform, &mut bytes).is_ok());
            bytes
        });
    }
}
