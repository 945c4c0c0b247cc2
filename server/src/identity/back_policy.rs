//! What a client's key must have said before its way back is kept. Pure.

use shared::crypto::cbor;
use shared::crypto::hash::{Hash32, sha256, sha256_of};
use shared::crypto::keys::Kid;
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::identity::back::{BackBy, BackSaid};
use shared::identity::wire::back::{KeepWords, RenewBack};
use shared::ids::BackId;
use shared::problem::Code;

use super::passkeys;
use super::store::back::BackRow;
use crate::error::ApiError;
use crate::journal::permit::Permit;
use crate::journal::signer::{Part, Signer};

/// A way back that is kept from now on.
pub struct Kept {
    /// Whose key.
    pub client: Kid,
    /// Which way.
    pub back: BackId,
    /// The passkey's credential id; of words, what is kept of their token.
    pub credential: Vec<u8>,
    /// The passkey as the check wants it; of words, nothing.
    pub state: Vec<u8>,
    /// What its PRF opens, or the words.
    pub slot: Vec<u8>,
    /// What the client comes back to.
    pub record: Vec<u8>,
    /// What the client's key said of both.
    pub said: Vec<u8>,
    /// By what else than a passkey.
    pub by: Option<BackBy>,
}

/// A record that takes the place of another.
pub struct Renewed {
    /// Whose key.
    pub client: Kid,
    /// Its number.
    pub number: u64,
    /// What the client comes back to.
    pub record: Vec<u8>,
    /// What the client's key said of it.
    pub said: Vec<u8>,
}

fn refused() -> ApiError {
    ApiError::invalid("The client's key did not say that this is its way back.")
}

/// Reads what a client's key said.
fn said(by: &Signer, firm: Hash32, bytes: &[u8]) -> Result<BackSaid, ApiError> {
    let signed = Signed::parse(bytes).map_err(|_| refused())?;
    let is_client = matches!(by.part, Part::Client { .. }) && signed.signer() == by.kid;
    signed.verify(Namespace::Back, &by.key).map_err(|_| refused())?;
    let said: BackSaid = cbor::decode_strict(signed.body(), MAX_BODY).map_err(|_| refused())?;
    if is_client && said.firm == firm { Ok(said) } else { Err(refused()) }
}

/// Slot, record and what was said of them, as they came.
pub(super) struct Parts {
    /// `USU1`.
    pub(super) slot: Vec<u8>,
    /// `USR1`.
    pub(super) record: Vec<u8>,
    /// `USS1`.
    pub(super) said: Vec<u8>,
}

/// A passkey that was made for this way is kept for the key that signed for it, for slot and for record.
///
/// # Errors
/// When the key signed for another, or for none.
pub(super) fn may_keep(
    by: &Signer,
    firm: Hash32,
    (back, made): (BackId, passkeys::Kept),
    parts: Parts,
) -> Result<Permit<Kept>, ApiError> {
    let passkeys::Kept { credential, state } = made;
    let Parts { slot, record, said: bytes } = parts;
    let said = said(by, firm, &bytes)?;
    let fits = said.back == back
        && said.by.is_none()
        && said.number == 1
        && said.is_of(&credential, &slot, &record)
        && said.fits(&slot, &record);
    if !fits {
        return Err(refused());
    }
    let client = by.kid;
    let way = None;
    let said = bytes;
    Ok(Permit::allow(Kept { client, back, credential, state, slot, record, said, by: way }))
}

/// What words open is kept for the key that signed for it, and that it is by words.
///
/// # Errors
/// When the key signed for another, or for none.
pub(super) fn may_keep_words(
    by: &Signer,
    firm: Hash32,
    call: KeepWords,
) -> Result<Permit<Kept>, ApiError> {
    let credential = call.proof.0.to_vec();
    let (slot, record, bytes) = (call.slot.0, call.record.0, call.said.0);
    let said = said(by, firm, &bytes)?;
    let fits = said.by == Some(BackBy::Words)
        && said.number == 1
        && said.is_of(&credential, &slot, &record)
        && said.fits(&slot, &record);
    if !fits {
        return Err(refused());
    }
    Ok(Permit::allow(Kept {
        client: by.kid,
        back: said.back,
        credential,
        state: Vec::new(),
        slot,
        record,
        said: bytes,
        by: said.by,
    }))
}

/// A record takes the place of the one before it, of the same passkey and slot.
///
/// # Errors
/// When there is none, it does not follow, or the key signed for another.
pub(super) fn may_renew(
    by: &Signer,
    firm: Hash32,
    before: Option<&BackRow>,
    call: RenewBack,
) -> Result<Permit<Renewed>, ApiError> {
    let stale = ApiError::new(Code::Stale, "The way back was changed, or there is none.");
    let before = before.ok_or(stale)?;
    let (record, bytes) = (call.record.0, call.said.0);
    let said = said(by, firm, &bytes)?;
    let fits = before.client == by.kid
        && said.by == before.by
        && said.is_of(&before.credential, &before.slot, &record)
        && said.fits(&before.slot, &record);
    if !fits {
        return Err(refused());
    }
    if said.number != before.number + 1 {
        return Err(ApiError::new(Code::Stale, "The way back was changed, or there is none."));
    }
    Ok(Permit::allow(Renewed { client: by.kid, number: said.number, record, said: bytes }))
}

/// The same of words: by the way that they name.
#[must_use]
pub(super) fn counted_words(way: BackId) -> [u8; 32] {
    sha256_of(&[b"words", way.as_bytes()]).0
}

/// Under which tries to come back are counted: by the passkey that is named, whether there is one or not.
#[must_use]
pub(super) fn counted(credential: &[u8]) -> [u8; 32] {
    sha256(credential).0
}
