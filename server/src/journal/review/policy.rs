//! Who may begin and end a review, and what a matter's list must say. Pure.

use std::collections::BTreeSet;

use shared::crypto::keys::{Caps, Kid};
use shared::ids::{MatterId, ReviewId};
use shared::journal::review::{Closed, Opened, Reviewed};

use crate::error::ApiError;
use crate::journal::permit::Permit;
use crate::journal::policy::lacks_capability;
use crate::journal::signer::Signer;

/// One review at a time begins, by the word of whoever governs the firm.
///
/// # Errors
/// When the signer may not, or one is open.
pub(super) fn may_open(
    signer: &Signer,
    open: Option<ReviewId>,
    act: Opened,
) -> Result<Permit<Opened>, ApiError> {
    governs(signer)?;
    if open.is_some() {
        return Err(ApiError::invalid("A review of access is open already."));
    }
    Ok(Permit::allow(act))
}

/// A matter is looked through by somebody who sits there and can take access back, and the list names everybody
/// who sits there now.
///
/// # Errors
/// Absent and forbidden look alike; when the list is another, or the review is not open.
pub(super) fn may_review(
    signer: &Signer,
    open: Option<ReviewId>,
    office: MatterId,
    seated: &BTreeSet<Kid>,
    act: &Reviewed,
) -> Result<(), ApiError> {
    if act.matter == office || !seated.contains(&signer.kid) {
        return Err(ApiError::not_found());
    }
    if !signer.is_staff_with(Caps::GRANT) {
        return Err(lacks_capability());
    }
    is_open(open, act.review)?;
    if !act.is_sound(signer.kid) || !act.kept.iter().eq(seated) {
        return Err(ApiError::invalid("The list is not of those who can open the matter now."));
    }
    Ok(())
}

/// It ends by such a word as began it.
///
/// # Errors
/// When the signer may not, or it is not open.
pub(super) fn may_close(
    signer: &Signer,
    open: Option<ReviewId>,
    act: Closed,
) -> Result<Permit<Closed>, ApiError> {
    governs(signer)?;
    is_open(open, act.review)?;
    Ok(Permit::allow(act))
}

/// Whoever may begin a review may know how many matters there are.
///
/// # Errors
/// Absent and forbidden look alike.
pub fn may_count(signer: &Signer) -> Result<(), ApiError> {
    governs(signer).map_err(|_| ApiError::not_found())
}

fn governs(signer: &Signer) -> Result<(), ApiError> {
    let may = [Caps::ADMIT, Caps::KEYS, Caps::POLICY].map(|cap| signer.is_staff_with(cap));
    if may.contains(&true) { Ok(()) } else { Err(lacks_capability()) }
}

fn is_open(open: Option<ReviewId>, named: ReviewId) -> Result<(), ApiError> {
    if open == Some(named) {
        Ok(())
    } else {
        Err(ApiError::invalid("No such review of access is open."))
    }
}

#[cfg(test)]
mod tests {
    use shared::crypto::keys::VerifyKey;
    use shared::ids::AccountId;
    use shared::time::Timestamp;

    use super::*;
    use crate::journal::signer::Part;

    const REVIEW: ReviewId = ReviewId([1; 16]);
    const MATTER: MatterId = MatterId([2; 16]);
    const OFFICE: MatterId = MatterId([3; 16]);
    const ME: Kid = Kid([4; 32]);
    const COLLEAGUE: Kid = Kid([5; 32]);

    fn by(kid: Kid, caps: Caps) -> Signer {
        let part = Part::Staff { account: AccountId([6; 16]), caps };
        Signer { kid, key: VerifyKey([7; 32]), part }
    }

    fn reviewed(matter: MatterId, kept: &[Kid], ended: &[Kid]) -> Reviewed {
        Reviewed { review: REVIEW, matter, kept: kept.to_vec(), ended: ended.to_vec() }
    }

    #[test]
    fn one_review_at_a_time_by_those_who_govern() {
        let act = Opened { review: REVIEW, due: Timestamp(9) };
        for caps in [Caps::ADMIT, Caps::KEYS, Caps::POLICY] {
            assert!(may_open(&by(ME, caps), None, act).is_ok());
            assert!(may_open(&by(ME, caps), Some(REVIEW), act).is_err());
            let end = Closed { review: REVIEW };
            assert!(may_close(&by(ME, caps), Some(REVIEW), end).is_ok());
            assert!(may_close(&by(ME, caps), None, end).is_err());
            assert!(may_close(&by(ME, caps), Some(ReviewId([9; 16])), end).is_err());
        }
        assert!(may_open(&by(ME, Caps::GRANT | Caps::MATTERS), None, act).is_err());
    }

    #[test]
    fn a_list_names_exactly_those_who_sit_there() {
        let seated: BTreeSet<Kid> = [ME, COLLEAGUE].into();
        let may = |signer: &Signer, open, act| may_review(signer, open, OFFICE, &seated, &act);
        let me = by(ME, Caps::GRANT);
        let both = [ME, COLLEAGUE];
        assert!(may(&me, Some(REVIEW), reviewed(MATTER, &both, &[Kid([8; 32])])).is_ok());
        for (open, act) in [
            (None, reviewed(MATTER, &both, &[])),
            (Some(ReviewId([9; 16])), reviewed(MATTER, &both, &[])),
            (Some(REVIEW), reviewed(OFFICE, &both, &[])),
            (Some(REVIEW), reviewed(MATTER, &[ME], &[])),
            (Some(REVIEW), reviewed(MATTER, &[COLLEAGUE, ME], &[])),
            (Some(REVIEW), reviewed(MATTER, &both, &[COLLEAGUE])),
            (Some(REVIEW), reviewed(MATTER, &[ME, COLLEAGUE, Kid([8; 32])], &[])),
        ] {
            assert!(may(&me, open, act).is_err());
        }
        assert!(may(&by(ME, Caps::MATTERS), Some(REVIEW), reviewed(MATTER, &both, &[])).is_err());
        let outside = by(Kid([8; 32]), Caps::GRANT);
        assert!(may(&outside, Some(REVIEW), reviewed(MATTER, &both, &[])).is_err());
    }
}
