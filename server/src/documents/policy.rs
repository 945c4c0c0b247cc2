//! Who may upload, file and read objects. Pure, over facts already fetched.

use shared::crypto::hash::Hash32;
use shared::crypto::keys::Kid;
use shared::crypto::manifest::{
    FileContext, Manifest, chunks_of_sealed, root_of_parts, sealed_len,
};
use shared::documents::wire::{MAX_PLAINTEXT, StartUpload};
use shared::ids::{ClientId, MatterId, ObjectId};
use shared::problem::Code;

use crate::error::ApiError;
use crate::extract::caller::Caller;
use crate::journal::permit::Permit;
use crate::matters::policy::At;

/// Most uploads that one person may have begun and not filed.
pub const MOST_UNFINISHED: u64 = 64;

/// An upload under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upload {
    /// The object it will become.
    pub object: ObjectId,
    /// Where it will be filed.
    pub matter: MatterId,
    /// Who uploads.
    pub signer: Kid,
    /// Length of the sealed payload.
    pub sealed_len: u64,
}

/// The key that a caller signs with.
#[must_use]
pub const fn kid_of(caller: &Caller) -> Kid {
    match caller {
        Caller::Staff { kid, .. } | Caller::Client { kid, .. } => *kid,
    }
}

/// Staff with a seat and the matter's clients may begin an upload of a possible length, while they
/// have not too many begun.
///
/// # Errors
/// When the caller may not; absent and forbidden look alike.
pub fn may_begin(
    caller: &Caller,
    seated: bool,
    unfinished: u64,
    call: &StartUpload,
) -> Result<Permit<Upload>, ApiError> {
    let here = match caller {
        Caller::Staff { .. } => seated,
        Caller::Client { matter, .. } => *matter == call.matter,
    };
    if !here {
        return Err(ApiError::not_found());
    }
    if call.sealed_len > sealed_len(MAX_PLAINTEXT) {
        return Err(ApiError::new(Code::TooLarge, "A document is at most 50 GiB."));
    }
    if chunks_of_sealed(call.sealed_len).is_none() {
        return Err(ApiError::bad_request("No sealed payload has this length."));
    }
    if unfinished >= MOST_UNFINISHED {
        return Err(ApiError::new(
            Code::TooManyTries,
            "Too many uploads are begun and not finished. Finish or cancel some first.",
        ));
    }
    Ok(Permit::allow(Upload {
        object: call.object,
        matter: call.matter,
        signer: kid_of(caller),
        sealed_len: call.sealed_len,
    }))
}

/// The upload that a kept manifest filed, as the manifest itself says it: what arrived is held to it when it
/// is filed again.
pub fn was_begun(signer: Kid, manifest: &Manifest) -> Permit<Upload> {
    let FileContext { object, matter, .. } = manifest.context;
    Permit::allow(Upload { object, matter, signer, sealed_len: manifest.sealed_len })
}

/// Only whoever began an upload goes on with it.
///
/// # Errors
/// Absent and forbidden look alike.
pub fn may_continue(caller: &Caller, upload: Option<Upload>) -> Result<Permit<Upload>, ApiError> {
    upload
        .filter(|upload| upload.signer == kid_of(caller))
        .map(Permit::allow)
        .ok_or(ApiError::not_found())
}

/// What is known when an object is to be filed.
pub struct Facts<'a> {
    /// The firm's fingerprint.
    pub firm: Hash32,
    /// Who the signer is, when a client.
    pub client: Option<ClientId>,
    /// The context of the manifest that this one names as the one before, if it is this matter's.
    pub before: Option<FileContext>,
    /// The upload of this object.
    pub upload: Option<Upload>,
    /// What arrived.
    pub part_roots: &'a [Hash32],
}

/// An object is filed by whoever uploaded it, when the signed manifest says exactly what arrived,
/// from whom, and after what.
///
/// # Errors
/// When the signer may not, parts are missing, or the manifest says anything else.
pub fn may_file(
    at: &At<'_>,
    facts: Facts<'_>,
    manifest: Manifest,
) -> Result<Permit<Manifest>, ApiError> {
    at.files()?;
    let Facts { firm, client, before, upload, part_roots } = facts;
    let context = &manifest.context;
    let fits = manifest.is_sound()
        && context.firm == firm
        && context.client == client
        && context.matter == at.matter
        && context.sender == at.signer.kid
        && context.epoch < at.epochs
        // Staff knows the newest key; a client may not have heard of it.
        && (client.is_some() || context.epoch + 1 == at.epochs);
    if !fits {
        return Err(ApiError::invalid(
            "The manifest's context is not this sender's at this matter.",
        ));
    }
    if !context.follows(before.as_ref()) {
        return Err(ApiError::invalid("The manifest is not the next version of the one it names."));
    }
    let upload = upload
        .filter(|upload| upload.signer == at.signer.kid && upload.matter == at.matter)
        .ok_or(ApiError::new(
            Code::UploadIncomplete,
            "There is no upload of yours for this object.",
        ))?;
    let parts = parts_of(upload.sealed_len);
    if part_roots.len() as u64 != parts {
        return Err(ApiError::new(Code::UploadIncomplete, "Parts of the upload are missing."));
    }
    let same = upload.sealed_len == manifest.sealed_len
        && root_of_parts(part_roots, manifest.chunks) == Some(manifest.ct_root);
    if same {
        Ok(Permit::allow(manifest))
    } else {
        Err(ApiError::invalid("The manifest does not describe the bytes that arrived."))
    }
}

/// Sealed bytes are for staff with a seat. Clients read nothing back.
///
/// # Errors
/// Absent and forbidden look alike.
pub fn may_read(
    caller: &Caller,
    seated: bool,
    object: ObjectId,
) -> Result<Permit<ObjectId>, ApiError> {
    match caller {
        Caller::Staff { .. } if seated => Ok(Permit::allow(object)),
        _ => Err(ApiError::not_found()),
    }
}

/// Bytes of a full part.
pub const PART: u64 = shared::crypto::age::SEALED_PART as u64;

/// How many parts a payload has.
#[must_use]
pub const fn parts_of(sealed_len: u64) -> u64 {
    sealed_len.div_ceil(PART)
}

/// The exact length of one part, or `None` past the end.
#[must_use]
pub fn part_len(sealed_len: u64, index: u32) -> Option<u64> {
    let from = u64::from(index) * PART;
    (from < sealed_len).then(|| (sealed_len - from).min(PART))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_full_but_the_last() {
        assert_eq!(part_len(16, 0), Some(16));
        assert_eq!(part_len(16, 1), None);
        assert_eq!(part_len(PART, 0), Some(PART));
        assert_eq!(part_len(PART, 1), None);
        assert_eq!(part_len(PART + 17, 1), Some(17));
        assert_eq!(part_len(PART + 17, u32::MAX), None);
        assert_eq!((parts_of(16), parts_of(PART), parts_of(PART + 17)), (1, 1, 2));
    }
}
