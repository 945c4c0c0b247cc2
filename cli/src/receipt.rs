//! A client's receipt, checked by itself: what was handed in stands in the firm's journal.

use std::fs::File;
use std::io::{Read as _, Write};
use std::path::Path;

use shared::client::export::index::rfc3339;
use shared::client::proven::{self, MAX_PROVEN};
use shared::crypto::fingerprint;
use shared::encoding::from_base64url;

use crate::refusal::Refusal;

/// The largest text that can be a receipt.
const MAX_TEXT: u64 = 4 * MAX_PROVEN as u64;

/// The text of a receipt, if the file is one and no export.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> Result<Option<String>, Refusal> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_TEXT + 1).read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).ok().filter(|text| text.len() as u64 <= MAX_TEXT);
    // Every zip file begins so.
    Ok(text.filter(|text| !text.starts_with("PK")))
}

/// Says what the receipt proves. The proof is its last line; what stands above it is the client's own
/// copy, for people.
///
/// # Errors
/// When there is no proof in it, or it does not hold.
pub fn verify(text: &str, out: &mut impl Write) -> Result<(), Refusal> {
    let last = text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
    let bytes = from_base64url(last)
        .ok_or_else(|| Refusal::cannot("This is neither an export nor a receipt of the portal."))?;
    let proven = proven::check(&bytes).map_err(|_| {
        Refusal::broken(
            "The receipt does not verify: it was changed, or saved before its proof had arrived.",
        )
    })?;
    let receipt = &proven.receipt;
    writeln!(out, "The receipt verifies.")?;
    writeln!(out, "Number {:08}, taken in at {}.", receipt.leaf, rfc3339(receipt.time))?;
    writeln!(out, "It stands in the firm's journal of {} statements.", proven.size)?;
    match proven.confirmed {
        Some(time) => {
            writeln!(out, "Somebody of the firm verified that journal at {}.", rfc3339(time))?
        }
        None => {
            writeln!(out, "For that journal the server alone has spoken: no witness of the firm.")?
        }
    }
    writeln!(out, "Digest of what was signed: {}", receipt.statement)?;
    let firm = fingerprint::digits(proven.firm);
    Ok(writeln!(out, "Fingerprint, to be compared with the firm's own: {firm}")?)
}
