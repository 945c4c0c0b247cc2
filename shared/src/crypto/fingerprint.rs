//! A firm's fingerprint as people compare it: 12 groups of 5 digits, about 199 bits, far beyond
//! what a server could grind for.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::hash::{Hash32, labelled};
use super::purpose;

/// Digits in a group.
const GROUP: u64 = 100_000;

/// The twelve groups, separated by spaces: each is five bytes of SHA-256(label || FRF || block)
/// modulo 100 000, six groups a block.
#[must_use]
pub fn digits(firm: Hash32) -> String {
    let groups: Vec<String> = [0u8, 1]
        .iter()
        .flat_map(|block| {
            let Hash32(bytes) = labelled(purpose::COMPARE, &[&firm.0, &[*block]]);
            let group =
                |five: &[u8]| five.iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
            bytes
                .chunks_exact(5)
                .take(6)
                .map(|five| format!("{:05}", group(five) % GROUP))
                .collect::<Vec<_>>()
        })
        .collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_groups_of_five_digits_that_differ_between_firms() {
        let one = digits(Hash32([1; 32]));
        assert_eq!(one.len(), 12 * 5 + 11);
        assert!(
            one.split(' ')
                .all(|group| group.len() == 5 && group.bytes().all(|b| b.is_ascii_digit()))
        );
        assert_ne!(one, digits(Hash32([2; 32])));
    }
}
