//! Signatures of a long journal, some hundred at a time: what takes a page longest when it reads a matter anew.

use core::cell::RefCell;

use js_sys::Uint8Array;
use shared::client::host::Claim;
use shared::crypto::keys::VerifyKey;
use shared::crypto::signed::Verifier;
use shared::secret::Secret;

use crate::serve::{Input, REFUSED, Worked};

/// Job number: which of these signatures hold.
pub const VERIFY: u32 = 20;

thread_local! {
    /// Remembers the keys that come again and again, as long as the worker lives.
    static VERIFIER: RefCell<Verifier> = RefCell::default();
}

/// The claims as bytes: of each the key, the statement's length and the statement.
#[must_use]
pub fn pack(claims: &[Claim<'_>]) -> Vec<u8> {
    let mut packed = Vec::new();
    for claim in claims {
        packed.extend_from_slice(&claim.key.0);
        packed.extend_from_slice(&(claim.statement.len() as u32).to_le_bytes());
        packed.extend_from_slice(claim.statement);
    }
    packed
}

/// Answers with one byte for each claim: 1 where its signature holds.
///
/// # Errors
/// [`REFUSED`]: the bytes are no claims.
pub fn work(input: Input) -> Worked {
    let Input::Bytes(moved) = input else { return Err(REFUSED) };
    let packed = Uint8Array::new(&moved).to_vec();
    let verdicts = VERIFIER.with_borrow_mut(|verifier| verdicts(verifier, &packed));
    let verdicts = verdicts.ok_or(REFUSED)?;
    Ok((Secret::new(verdicts), None))
}

fn verdicts(verifier: &mut Verifier, mut packed: &[u8]) -> Option<Vec<u8>> {
    let mut verdicts = Vec::new();
    while !packed.is_empty() {
        let (key, rest) = packed.split_first_chunk::<32>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (statement, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        verdicts.push(u8::from(verifier.holds(statement, &VerifyKey(*key))));
        packed = rest;
    }
    Some(verdicts)
}

#[cfg(test)]
mod tests {
    use shared::crypto::keys::{Kid, SigningKey};
    use shared::crypto::signed::{Namespace, Signed};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn each_signature_is_judged_by_itself() {
        let (key, other) = (SigningKey::generate(), SigningKey::generate());
        let sign = |key: &SigningKey| {
            let made = Signed::sign(Namespace::Matter, key, Kid([7; 32]), &[1]);
            made.map(Signed::into_bytes).unwrap_or_default()
        };
        let (mine, theirs) = (sign(&key), sign(&other));
        let mut forged = mine.clone();
        forged[45] ^= 1;
        let claim = |key: &SigningKey, statement| Claim { key: key.public(), statement };
        let packed = pack(&[
            claim(&key, &mine),
            claim(&key, &theirs),
            claim(&key, &forged),
            claim(&other, &theirs),
            claim(&other, b"no statement"),
        ]);
        let mut verifier = Verifier::default();
        // Again and again: a key that comes often is verified in another way, to the same end.
        for _ in 0..50 {
            assert_eq!(verdicts(&mut verifier, &packed), Some(vec![1, 0, 0, 1, 0]));
        }
        assert_eq!(verdicts(&mut verifier, &packed[..packed.len() - 1]), None);
        // A weak key signs for nobody, whatever came before it.
        let mut weak = pack(&[claim(&key, &mine), claim(&key, &mine)]);
        let second = weak.len() / 2;
        weak[second..second + 32].fill(0);
        assert_eq!(verdicts(&mut verifier, &weak), Some(vec![1, 0]));
    }
}
