//! Who has the keys of identity papers, and what is sealed to them. Pure; devices check the same on reading.

use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Kid, PublicBundle};
use shared::crypto::manifest::{Manifest, recipients_hash};
use shared::journal::papers::{PapersKey, VERIFIES};
use shared::journal::statement::Granted;

use crate::error::ApiError;
use crate::journal::permit::Permit;
use crate::journal::signer::{Part, Signer};
use crate::matters::policy::At;

/// What is known when a key of papers is to begin.
pub struct Facts<'a> {
    /// The firm's fingerprint.
    pub firm: Hash32,
    /// The id of the newest epoch's own key.
    pub follows: Option<Kid>,
    /// Whether that epoch has one already.
    pub begun: bool,
    /// Every key that the matter had.
    pub earlier: &'a [PublicBundle],
}

/// The newest epoch gets its first key of papers, which the matter did not have before, by somebody with a seat
/// who verifies.
///
/// # Errors
/// When the signer may not, or the key is not that.
pub fn may_begin(
    at: &At<'_>,
    facts: Facts<'_>,
    act: PapersKey,
) -> Result<Permit<PapersKey>, ApiError> {
    at.seat_with(VERIFIES)?;
    let Facts { firm, follows, begun, earlier } = facts;
    let newest = at.epochs.saturating_sub(1);
    let fits = follows.is_some_and(|own| act.fits(firm, at.matter, (newest, own)))
        && !begun
        && !earlier.iter().any(|key| key.kem == act.key.kem);
    if fits {
        Ok(Permit::allow(act))
    } else {
        Err(ApiError::invalid("The key is not one for the papers of the matter's newest epoch."))
    }
}

/// A key of papers goes to the recovery key, or to somebody with a seat who verifies: by another such person, or by
/// the root where a seat passes on.
///
/// # Errors
/// When the signer may not, or the recipient is none of these.
pub fn may_grant(
    at: &At<'_>,
    (known, passes, begun): (bool, bool, bool),
    act: Granted,
) -> Result<Permit<Granted>, ApiError> {
    if at.signer.part != Part::Root {
        at.seat_with(VERIFIES)?;
    } else if !passes {
        return Err(ApiError::not_found());
    }
    if known && begun {
        Ok(Permit::allow(act))
    } else {
        Err(ApiError::invalid("The recipient is nobody who can hold this key of papers."))
    }
}

/// A paper is a client's, sealed to the key of its epoch's papers and to no other.
///
/// # Errors
/// When it is not.
pub fn may_file(
    signer: &Signer,
    key: Option<&PublicBundle>,
    manifest: &Manifest,
) -> Result<Permit<Kid>, ApiError> {
    let client = matches!(signer.part, Part::Client { .. });
    let sealed = key.is_some_and(|key| manifest.recipients_hash == recipients_hash(&[key.kid()]));
    if client && sealed {
        Ok(Permit::allow(signer.kid))
    } else {
        Err(ApiError::invalid("The paper is not a client's, sealed to those who verify."))
    }
}
