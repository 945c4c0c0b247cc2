//! Who decides for the firm, and what. Pure; devices check the same on reading (`shared::client::policy`).

use shared::crypto::keys::Caps;
use shared::crypto::sealed::RecordKind;
use shared::journal::policy::{PaperRules, SessionRules};
use shared::journal::statement::RecordRef;

use super::super::permit::Permit;
use super::super::policy::lacks_capability;
use super::super::signer::Signer;
use crate::error::ApiError;

/// The firm's own room, when something is sealed in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Whether the signer has a seat there.
    pub seated: bool,
    /// How many epochs it has.
    pub epochs: u32,
    /// The kind of the record that came along.
    pub record: Option<RecordKind>,
}

/// Staff with `POLICY` says how long staff stay signed in.
///
/// # Errors
/// When the signer lacks the capability, or it is longer than any firm may say.
pub fn may_set_sessions(
    signer: &Signer,
    act: SessionRules,
) -> Result<Permit<SessionRules>, ApiError> {
    if !signer.is_staff_with(Caps::POLICY) {
        return Err(lacks_capability());
    }
    if !act.is_sound() {
        return Err(ApiError::invalid("No firm stays signed in as long as that, or as short."));
    }
    Ok(Permit::allow(act))
}

/// Staff with `POLICY` says how long identity papers are kept.
///
/// # Errors
/// When the signer lacks the capability, or it is longer than any firm may say.
pub fn may_set_papers(signer: &Signer, act: PaperRules) -> Result<Permit<PaperRules>, ApiError> {
    if !signer.is_staff_with(Caps::POLICY) {
        return Err(lacks_capability());
    }
    if act.is_sound() {
        Ok(Permit::allow(act))
    } else {
        Err(ApiError::invalid("No firm keeps identity papers as long as that."))
    }
}

/// Staff with `POLICY` and a seat in the firm's own room names its kinds of matter.
///
/// # Errors
/// When the signer may not, or what came along is not a record of that room's with the kinds.
pub fn may_name_kinds(
    signer: &Signer,
    room: Room,
    act: RecordRef,
) -> Result<Permit<RecordRef>, ApiError> {
    if !signer.is_staff_with(Caps::POLICY) || !room.seated {
        return Err(lacks_capability());
    }
    if room.record != Some(RecordKind::Kinds) || act.epoch >= room.epochs {
        return Err(ApiError::invalid("The kinds of matter are no record of the firm's own room."));
    }
    Ok(Permit::allow(act))
}

#[cfg(test)]
mod tests {
    use shared::crypto::hash::Hash32;
    use shared::crypto::keys::{Kid, VerifyKey};
    use shared::ids::{AccountId, RecordId};

    use super::super::super::signer::Part;
    use super::*;

    fn staff(caps: Caps) -> Signer {
        let part = Part::Staff { account: AccountId([3; 16]), caps };
        Signer { kid: Kid([1; 32]), key: VerifyKey([1; 32]), part }
    }

    #[test]
    fn how_long_staff_stay_is_said_by_whoever_decides_for_the_firm_within_bounds() {
        let said = |caps, idle_minutes| {
            let rules = SessionRules { idle_minutes, absolute_hours: 12 };
            may_set_sessions(&staff(caps), rules).is_ok()
        };
        assert!(said(Caps::POLICY, 1) && said(Caps::POLICY, 60));
        assert!(!said(Caps::POLICY, 0) && !said(Caps::POLICY, 61));
        assert!(!said(Caps(Caps::ALL.0 & !Caps::POLICY.0), 15));
        let root = Signer { part: Part::Root, ..staff(Caps::ALL) };
        assert!(may_set_sessions(&root, SessionRules::DEFAULT).is_err());
    }

    #[test]
    fn kinds_are_named_by_whoever_decides_and_has_a_seat_where_they_are_sealed() {
        let at = || RecordRef { record: RecordId([2; 16]), epoch: 0, hash: Hash32([3; 32]) };
        let room = Room { seated: true, epochs: 1, record: Some(RecordKind::Kinds) };
        let named = |caps, room| may_name_kinds(&staff(caps), room, at()).is_ok();
        assert!(named(Caps::POLICY, room));
        assert!(!named(Caps::ADMIT, room));
        assert!(!named(Caps::POLICY, Room { seated: false, ..room }));
        assert!(!named(Caps::POLICY, Room { epochs: 0, ..room }));
        assert!(!named(Caps::POLICY, Room { record: Some(RecordKind::Firm), ..room }));
        assert!(!named(Caps::POLICY, Room { record: None, ..room }));
    }
}
