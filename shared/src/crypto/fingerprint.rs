//! A firm's fingerprint as people compare it: 12 groups of 5 digits, about 199 bits, far beyond
//! what a server could grind for.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::hash::{Hash32, labelled};
use super::keys::Kid;
use super::purpose;

/// Digits in a group.
const GROUP: u64 = 100_000;

/// Groups in a number that is read out once, about 99 bits.
const SPOKEN: usize = 6;

/// Hashes of a spoken number: whoever looks for another key with the same number pays for each try.
const TIMES: u32 = 1 << 16;

/// The twelve groups, separated by spaces: each is five bytes of SHA-256(label || FRF || block)
/// modulo 100 000, six groups a block.
#[must_use]
pub fn digits(firm: Hash32) -> String {
    let block = |block: u8| groups(&labelled(purpose::COMPARE, &[&firm.0, &[block]]));
    let (first, second) = (block(0), block(1));
    format!("{first} {second}")
}

/// What a client and the lawyer who invited her read to each other: six groups of five digits over the firm,
/// the lawyer's key, the client's key and the invitation's blob. `h = SHA-256(label || FRF || SI || CI ||
/// blob)`, then 65,535 times `h = SHA-256(label || h)`, and of that the groups as in [`digits`].
#[must_use]
pub fn spoken(firm: Hash32, lawyer: Kid, client: Kid, blob: Hash32) -> String {
    let parts: [&[u8]; 4] = [&firm.0, &lawyer.0, &client.0, &blob.0];
    let first = labelled(purpose::SPOKEN, &parts);
    groups(&(1..TIMES).fold(first, |hash, _| labelled(purpose::SPOKEN, &[&hash.0])))
}

fn groups(hash: &Hash32) -> String {
    let number = |five: &[u8]| five.iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    let groups: Vec<String> = hash
        .0
        .chunks_exact(5)
        .take(SPOKEN)
        .map(|five| format!("{:05}", number(five) % GROUP))
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

    #[test]
    fn a_spoken_number_is_of_this_firm_lawyer_client_and_link_alone() {
        let (firm, lawyer, client, blob) =
            (Hash32([1; 32]), Kid([2; 32]), Kid([3; 32]), Hash32([4; 32]));
        let one = spoken(firm, lawyer, client, blob);
        assert_eq!(one.len(), 6 * 5 + 5);
        for other in [
            spoken(blob, lawyer, client, firm),
            spoken(firm, client, lawyer, blob),
            spoken(firm, lawyer, lawyer, blob),
            spoken(firm, lawyer, client, firm),
        ] {
            assert_ne!(one, other);
        }
    }
}
