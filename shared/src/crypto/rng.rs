//! Chance comes in here and nowhere else, straight from the operating system or the browser.
//! There is no seeding: a test that needs fixed bytes feeds them to the function under test.

/// `N` random bytes.
///
/// # Panics
/// When the platform has no randomness to give: nothing safe can follow.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    super::hazmat::rng::fill(&mut bytes);
    bytes
}

/// A fresh id.
#[must_use]
pub fn random_id() -> [u8; 16] {
    random()
}

/// A random number below `bound`, without bias. Zero when `bound` is zero.
#[must_use]
pub fn below(bound: u32) -> u32 {
    if bound == 0 {
        return 0;
    }
    // Numbers past the last whole multiple of the bound would favour small results.
    let limit = u32::MAX - u32::MAX % bound;
    loop {
        let number = u32::from_be_bytes(random());
        if number < limit {
            return number % bound;
        }
    }
}
