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
    loop {
        if let Some(result) = fair(u32::from_be_bytes(random()), bound) {
            return result;
        }
    }
}

/// Numbers past the last whole multiple of the bound would favour small results.
const fn fair(number: u32, bound: u32) -> Option<u32> {
    let limit = u32::MAX - u32::MAX % bound;
    if number < limit { Some(number % bound) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_result_below_the_bound_comes_and_none_past_it() {
        let mut seen = [0; 5];
        for _ in 0..1000 {
            seen[below(5) as usize] += 1;
        }
        // Each is expected 200 times; less than 100 is past eight standard deviations.
        assert!(seen.iter().all(|times| *times > 100), "{seen:?}");
        assert_eq!((below(0), below(1)), (0, 0));
    }

    #[test]
    fn numbers_past_the_last_whole_multiple_are_drawn_again() {
        // The largest number is itself a multiple of five; the four after it are missing.
        assert_eq!(fair(4_294_967_294, 5), Some(4));
        assert_eq!(fair(4_294_967_295, 5), None);
        // Of 3,000,000,000 only one multiple fits.
        assert_eq!(fair(2_999_999_999, 3_000_000_000), Some(2_999_999_999));
        assert_eq!(fair(3_000_000_000, 3_000_000_000), None);
        assert_eq!((fair(7, 5), fair(0, 5)), (Some(2), Some(0)));
    }

    #[test]
    fn ids_and_bytes_are_never_the_same_twice() {
        assert_ne!(random_id(), random_id());
        assert_ne!(random::<32>(), random::<32>());
    }
}
