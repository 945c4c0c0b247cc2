//! A passphrase stretched: 64 MiB of memory that go when the worker ends.

use shared::crypto::opaque;
use shared::secret::Secret;

use crate::frame;
use crate::outside;
use crate::serve::{Input, REFUSED, Worked};

/// Job number of a registration's last step.
pub const REGISTER: u32 = 10;
/// Job number of a sign-in's last step.
pub const SIGN_IN: u32 = 11;

/// Both jobs: head `state, response`, input the passphrase; answers `message, export key`.
///
/// # Errors
/// [`REFUSED`]: the passphrase or the message was refused.
pub fn work(job: u32, head: &Secret<Vec<u8>>, input: Input) -> Worked {
    let Input::Bytes(moved) = input else { return Err(REFUSED) };
    let passphrase = outside::take_secret(&moved);
    // EXPOSE: the protocol neither logs nor keeps them; all are wiped when this returns.
    let (head, passphrase) = (head.expose(), passphrase.expose());
    let [state, response] = frame::split(head).ok_or(REFUSED)?;
    let done = match job {
        REGISTER => opaque::registration_finish(state, passphrase, response),
        _ => opaque::login_finish(state, passphrase, response),
    };
    let (message, export) = done.map_err(|_| REFUSED)?;
    // EXPOSE: back to the page that asked, in the same browser.
    Ok((frame::join(&[&message, export.expose()]), None))
}

#[cfg(test)]
mod tests {
    use js_sys::Uint8Array;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn nothing_of_a_passphrase_stays_in_the_buffer_that_brought_it() {
        // Of a task that makes no sense, and of one that the protocol refuses.
        for (job, head) in
            [(REGISTER, frame::join(&[])), (SIGN_IN, frame::join(&[b"no", b"state"]))]
        {
            let buffer = Uint8Array::from(&b"quiet harbor lantern violet"[..]).buffer();
            assert_eq!(work(job, &head, Input::Bytes(buffer.clone())).err(), Some(REFUSED));
            assert!(Uint8Array::new(&buffer).to_vec().iter().all(|byte| *byte == 0));
        }
    }
}
