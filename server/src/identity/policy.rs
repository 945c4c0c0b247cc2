//! What an account may look like, and who may see who waits. Pure.

use shared::crypto::cbor;
use shared::crypto::hash::{Hash32, equal, sha256};
use shared::crypto::keys::{Caps, PublicBundle};
use shared::crypto::sealed::SlotKind;
use shared::crypto::share_word::Saying;
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::encoding::B64;
use shared::identity::wire::factors::{Factors, NewPasskey, Passkey};
use shared::identity::wire::sheets::SheetsAnswer;
use shared::identity::wire::{NewAccount, Slot, is_handle};
use shared::ids::AccountId;
use shared::journal::recovery::{RecoveryAct, SharesNamed};
use shared::journal::statement::{Placed, variant_of};
use shared::journal::stream::StreamId;
use shared::problem::Code;
use shared::time::Timestamp;
use shared::vuln;

use crate::error::ApiError;
use crate::journal::permit::Permit;
use crate::journal::policy::{Readable, open_self_signed};
use crate::journal::signer::Signer;

const MOST_SLOTS: usize = 16;
const MOST_PASSKEYS: usize = 10;
const LARGEST_SLOT: usize = 1024;
const LARGEST_RECORD: usize = 1024;
const LARGEST_SECRETS: usize = 16 * 1024;
/// Largest sealed display name.
const LARGEST_NAME: usize = 4096;

/// An account whose parts have the sizes and the name the grammar that they must have.
///
/// # Errors
/// When one has not.
pub(super) fn may_exist(account: NewAccount) -> Result<Permit<NewAccount>, ApiError> {
    if !is_handle(&account.handle) {
        return Err(ApiError::bad_request(
            "A sign-in name has 2 to 64 of a-z 0-9 . _ -, beginning with a letter.",
        ));
    }
    fit_to_keep(&account.secrets)?;
    let record = account.record.as_ref().map_or(&[][..], |record| &record.0);
    fit_to_unlock(record, &account.slots)?;
    let passkey = account.passkey.as_ref();
    let opens = passkey.and_then(|passkey| passkey.slot.as_ref()).is_some();
    // A passphrase is never all that there is.
    let beside = account.code.is_some() || passkey.is_some();
    if !opens && (record.is_empty() || !beside) {
        return Err(ApiError::bad_request(
            "An account has a passkey that unlocks, or a passphrase with a second factor.",
        ));
    }
    if let Some(passkey) = passkey {
        may_add_passkey(0, passkey)?;
    }
    Ok(Permit::allow(account))
}

/// Sealed secrets that replace an account's own.
///
/// # Errors
/// When their size is impossible.
pub(super) fn may_replace(secrets: B64) -> Result<Permit<B64>, ApiError> {
    fit_to_keep(&secrets)?;
    Ok(Permit::allow(secrets))
}

fn fit_to_keep(secrets: &B64) -> Result<(), ApiError> {
    if (1..=LARGEST_SECRETS).contains(&secrets.0.len()) {
        Ok(())
    } else {
        Err(ApiError::bad_request("The account's sealed secrets have an impossible size."))
    }
}

/// Slots that a passphrase opens, and no other: those stay as they are when it changes.
///
/// # Errors
/// When one is of another kind.
pub(super) fn are_of_passphrase(slots: &[Slot]) -> Result<(), ApiError> {
    if slots.iter().all(|slot| slot.kind == SlotKind::Opaque as u8) {
        Ok(())
    } else {
        Err(ApiError::bad_request("Only the passphrase's slot is replaced."))
    }
}

/// A passkey that the account has room for, whose slot has a possible size.
///
/// # Errors
/// When there are too many, or the slot is no slot of a passkey.
pub(super) fn may_add_passkey(has: usize, new: &NewPasskey) -> Result<(), ApiError> {
    let fits = |slot: &Slot| {
        slot.kind == SlotKind::Passkey as u8 && (1..=LARGEST_SLOT).contains(&slot.sealed.0.len())
    };
    if has >= MOST_PASSKEYS {
        return Err(ApiError::bad_request("An account has at most ten passkeys."));
    }
    if new.slot.as_ref().is_none_or(fits) {
        Ok(())
    } else {
        Err(ApiError::bad_request("The passkey's slot has an impossible size."))
    }
}

/// A passkey that can go: what is left still signs in and unlocks.
///
/// # Errors
/// When nothing would be left.
pub(super) fn may_remove_passkey(has: &Factors, credential: &B64) -> Result<(), ApiError> {
    let left = |passkey: &&Passkey| passkey.credential != *credential;
    let passkeys = has.passkeys.iter().filter(left);
    is_enough(has.passphrase, has.code.is_some(), passkeys)
}

/// An authenticator app that can go.
///
/// # Errors
/// When nothing would be left.
pub(super) fn may_remove_code(has: &Factors) -> Result<(), ApiError> {
    is_enough(has.passphrase, false, has.passkeys.iter())
}

// A passkey that unlocks, or a passphrase with something beside it.
fn is_enough<'a>(
    passphrase: bool,
    code: bool,
    mut passkeys: impl Iterator<Item = &'a Passkey>,
) -> Result<(), ApiError> {
    let first = passkeys.next();
    let beside = code || first.is_some();
    let unlocks = first.into_iter().chain(passkeys).any(|passkey| passkey.slot.is_some());
    if unlocks || (passphrase && beside) {
        Ok(())
    } else {
        Err(ApiError::new(Code::LastFactor, "This is the last one. Add another first."))
    }
}

/// A record and slots of possible sizes.
///
/// # Errors
/// When they are not.
pub(super) fn fit_to_unlock(record: &[u8], slots: &[Slot]) -> Result<(), ApiError> {
    let sizes = record.len() <= LARGEST_RECORD
        && (1..=MOST_SLOTS).contains(&slots.len())
        && slots.iter().all(|slot| (1..=LARGEST_SLOT).contains(&slot.sealed.0.len()));
    let distinct = slots
        .iter()
        .enumerate()
        .all(|(at, slot)| slots.iter().skip(at + 1).all(|other| other.slot != slot.slot));
    if sizes && distinct {
        Ok(())
    } else {
        Err(ApiError::bad_request("The record or the slots have an impossible size."))
    }
}

/// The link's token is the one whose hash was published.
///
/// # Errors
/// When it is not; an unknown link looks the same.
pub(crate) fn holds_link(token: &[u8], auth_hash: Option<Hash32>) -> Result<(), ApiError> {
    // An unknown link is compared too, so that its answer takes as long.
    let known = auth_hash.unwrap_or(Hash32([0; 32]));
    if equal(&sha256(token).0, &known.0) && auth_hash.is_some() {
        Ok(())
    } else {
        Err(ApiError::new(Code::SignInFailed, "This link opens nothing."))
    }
}

/// The link's time is not over.
///
/// # Errors
/// When it is.
pub(crate) fn in_time(expires: Timestamp, now: Timestamp) -> Result<(), ApiError> {
    if now <= expires {
        Ok(())
    } else {
        Err(ApiError::new(Code::InvitationExpired, "The invitation's time is over."))
    }
}

/// What an enrolment was offered for.
pub(super) struct Offered {
    pub(super) role: u8,
    pub(super) caps: u32,
    pub(super) firm: Hash32,
}

/// The keys somebody enrols with: signed by themselves, of the account being made, in the role and
/// with the capabilities offered.
///
/// # Errors
/// When they are not.
pub(super) fn may_enrol(
    call: &shared::identity::wire::Enrol,
    offered: &Offered,
) -> Result<Permit<PublicBundle>, ApiError> {
    let bundle = open_self_signed(&call.bundle.0)
        .ok_or(ApiError::invalid("The bundle is not signed by its own key."))?;
    let fits = bundle.subject == call.account.account.0
        && bundle.role as u8 == offered.role
        && bundle.caps.0 == offered.caps
        && bundle.firm == offered.firm;
    if !fits {
        return Err(ApiError::invalid("The bundle is not the one that was offered."));
    }
    if call.mac.0.len() != 32 || call.name.0.is_empty() || call.name.0.len() > LARGEST_NAME {
        return Err(ApiError::bad_request("The code or the sealed name has an impossible size."));
    }
    Ok(Permit::allow(bundle))
}

/// Whoever shows a quorum of the shares that count may read the keyring.
pub(super) fn holds_shares(
    firm: Hash32,
    shares: Option<&SharesNamed>,
    answer: &SheetsAnswer,
) -> Option<Permit<Readable>> {
    let says = shares?.say(firm, &answer.words, Saying::Read(answer.nonce)) || vuln::a33();
    says.then(|| Permit::allow(Readable { stream: StreamId::Keyring, attachments: false }))
}

/// Without a session come two things alone: that somebody comes back, with the very account that waits for it;
/// and that the day is over, with their admission. Who may say it the keyring's own rules tell.
///
/// # Errors
/// When it is anything else.
pub(super) fn may_return(
    _shown: &Permit<Readable>,
    said: &[Signed],
    account: Option<NewAccount>,
) -> Result<Option<Permit<NewAccount>>, ApiError> {
    let acts = said.iter().map(|one| (one.namespace(), variant_of(one.as_bytes())));
    let acts: Vec<_> = acts.collect();
    let (back, over) = ((Namespace::Recovery, Some(7)), (Namespace::Recovery, Some(6)));
    let admitted = (Namespace::Keyring, Some(0));
    match (account, said, acts.as_slice()) {
        (Some(account), [one], [act])
            if *act == back && waits_for(one) == Some(account.account) =>
        {
            may_exist(account).map(Some)
        }
        (None, _, acts) if *acts == [over, admitted] || *acts == [admitted] => Ok(None),
        _ => Err(ApiError::invalid("That is not said without a session.")),
    }
}

fn waits_for(said: &Signed) -> Option<AccountId> {
    let body: Placed<RecoveryAct> = cbor::decode_strict(said.body(), MAX_BODY).ok()?;
    match body.act {
        RecoveryAct::Returning(act) => Some(act.account),
        _ => None,
    }
}

/// Whoever admits may see who waits.
///
/// # Errors
/// Absent and forbidden look alike.
pub(super) fn may_see_waiting(signer: &Signer) -> Result<Permit<()>, ApiError> {
    if signer.is_staff_with(Caps::ADMIT) {
        Ok(Permit::allow(()))
    } else {
        Err(ApiError::not_found())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_name_keeps_to_its_grammar() {
        for good in ["ab", "anna.k", "a-1_2", &"a".repeat(64)] {
            assert!(is_handle(good), "{good}");
        }
        for bad in ["a", "", "Anna", "1a", ".a", "anna k", "änna", "a@b", &"a".repeat(65)] {
            assert!(!is_handle(bad), "{bad}");
        }
    }

    #[test]
    fn a_link_is_known_by_the_hash_of_its_token_alone() {
        let hash = sha256(b"token");
        assert!(holds_link(b"token", Some(hash)).is_ok());
        assert!(holds_link(b"other", Some(hash)).is_err());
        assert!(holds_link(&hash.0, Some(hash)).is_err());
        assert!(holds_link(b"token", None).is_err());
    }

    #[test]
    fn a_link_holds_until_its_last_millisecond() {
        assert!(in_time(Timestamp(5), Timestamp(5)).is_ok());
        assert!(in_time(Timestamp(5), Timestamp(6)).is_err());
    }
}
