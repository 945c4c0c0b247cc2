//! A24: the server guesses at somebody's passphrase, and plants a slot whose ciphertext opens under two of
//! its guesses at once, so that one sign-in tries both. No part of this product lets more than one key open
//! a slot: this is tried at the slot itself, where the sign-in opens it.

use shared::crypto::cbor::encode;
use shared::crypto::error::OpenError;
use shared::crypto::keys::Kek;
use shared::crypto::sealed::SlotKind;
use shared::crypto::slots::{SlotContext, open_amk};
use shared::ids::{AccountId, SlotId};

use crate::frame::age::hkdf;
use crate::frame::cipher::{Under, collide};
use crate::frame::{Refusal, Verdict, attempt, plainly};

const ROW: &str = "A24";
const KIND: u8 = SlotKind::Opaque as u8;

fn context() -> SlotContext {
    let (user, slot_id) = (AccountId([1; 16]), SlotId([2; 16]));
    SlotContext { user, slot_id, slot_type: KIND, amk_gen: 1, sec_version: 1 }
}

/// Key and commitment of a slot (CRYPTO 6).
fn derived(guess: &[u8; 32], ctx: &[u8]) -> [u8; 64] {
    hkdf(guess, &[5; 32], &[b"underseal/v1/slot\0".as_slice(), &[KIND, 0], ctx].concat())
}

/// A slot whose body opens under both keys, with the commitment of one of them.
fn for_two(keys: [&[u8; 32]; 2], committed: usize, ctx: &[u8]) -> Vec<u8> {
    let okm = keys.map(|guess| derived(guess, ctx));
    let commit = &okm[committed][32..];
    let head = [b"USU1".as_slice(), &[1, KIND], &[2; 16], &[5; 32], commit].concat();
    let aad = [head.as_slice(), ctx].concat();
    let [one, two] =
        okm.map(|okm| Under { key: okm[..32].try_into().unwrap(), nonce: [0; 12], aad: &aad });
    [head.as_slice(), &collide(&one, &two, vec![0; 32], (0, 1))].concat()
}

const GUESSES: [[u8; 32]; 2] = [[11; 32], [22; 32]];

#[test]
fn one_slot_tries_one_guess() {
    attempt(ROW, "Tampered", async |_| -> Verdict {
        let ctx = encode(&context());
        let slot = for_two(GUESSES.each_ref(), 0, &ctx);
        for guess in GUESSES {
            // The guess that it was committed to has a slot as every other.
            open_amk(&Kek::from_bytes(guess), &context(), &slot)
                .map_err(|error| Refusal(format!("{error:?}")))?;
        }
        Ok(())
    });
}

/// Whichever of the two keys the commitment is of, it opens under that one alone.
#[test]
fn no_slot_opens_under_a_key_that_it_was_not_committed_to() {
    plainly(async {
        let ctx = encode(&context());
        for committed in [0, 1] {
            let slot = for_two(GUESSES.each_ref(), committed, &ctx);
            let opened = GUESSES.map(|guess| open_amk(&Kek::from_bytes(guess), &context(), &slot));
            let opens = opened.map(|one| one.map(drop));
            assert_eq!(opens[committed], Ok(()));
            assert_eq!(opens[1 - committed], Err(OpenError::Tampered));
        }
    });
}
