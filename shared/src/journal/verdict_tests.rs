//! What is sound to say of a client, and what may follow what.

use super::*;
use crate::crypto::hash::Hash32;
use crate::ids::RecordId;

const AT: Timestamp = Timestamp(1_000);

fn found(finding: Finding, ways: Ways) -> Verdict {
    Verdict {
        client: Kid([1; 32]),
        finding,
        ways,
        expires: None,
        paper: None,
        reason: None,
        shred: None,
    }
}

#[test]
fn a_verdict_says_something_or_is_none() {
    let contact = found(Finding::Contact, Ways::SPOKEN);
    let verified = found(Finding::Verified, Ways::SPOKEN);
    let reason = Some(RecordRef { record: RecordId([2; 16]), epoch: 0, hash: Hash32([3; 32]) });
    let paper = Some(ObjectId([4; 16]));
    let failed = Verdict { reason, ..found(Finding::Failed, Ways::NONE) };
    let looked = Verdict { paper, ..found(Finding::InReview, Ways::NONE) };
    let papers = Verdict { paper, ..found(Finding::Verified, Ways::PAPER) };
    let shreds = Verdict { shred: Some(AT), ..papers.clone() };
    for good in [&contact, &verified, &failed, &looked, &papers, &shreds] {
        assert!(good.is_sound(AT), "{good:?}");
    }
    let over = Some(AT);
    for bad in [
        found(Finding::Contact, Ways::NONE),
        found(Finding::Contact, Ways::PAPER),
        found(Finding::Verified, Ways::NONE),
        found(Finding::Verified, Ways::PAPER),
        found(Finding::Verified, Ways(32)),
        found(Finding::InReview, Ways::NONE),
        found(Finding::Failed, Ways::NONE),
        Verdict { paper, ..verified.clone() },
        Verdict { expires: over, ..verified },
        Verdict { expires: over, ..contact },
        Verdict { expires: Some(Timestamp(2_000)), ..looked.clone() },
        Verdict { ways: Ways::PAPER, ..looked.clone() },
        Verdict { shred: Some(AT), ..looked },
        Verdict { shred: Some(Timestamp(999)), ..papers },
        Verdict { ways: Ways::MET, ..failed },
    ] {
        assert!(!bad.is_sound(AT), "{bad:?}");
    }
}

#[test]
fn nobody_who_failed_is_verified_without_another_look() {
    use Finding::{Contact, Failed, InReview, Verified};
    for next in [Contact, InReview, Verified, Failed] {
        for before in [None, Some(Contact), Some(InReview), Some(Verified)] {
            assert!(next.follows(before));
        }
        assert_eq!(next.follows(Some(Failed)), matches!(next, Contact | InReview));
    }
}

#[test]
fn a_need_is_written_one_way_and_met_by_all_of_one_of_its_ways() {
    let both = Ways::CODE.union(Ways::PAPER);
    let need = Need { enough: alloc::vec![Ways::SPOKEN, both], again: Some(2) };
    assert!(need.is_sound() && Need::NOTHING.is_sound());
    assert!(need.is_met_by(Ways::SPOKEN) && need.is_met_by(Ways::ALL) && need.is_met_by(both));
    assert!(!need.is_met_by(Ways::CODE) && !need.is_met_by(Ways::PAPER));
    assert!(Need::NOTHING.is_met_by(Ways::NONE));
    for enough in [
        alloc::vec![both, Ways::SPOKEN],
        alloc::vec![both, both],
        alloc::vec![Ways::NONE],
        alloc::vec![Ways(64)],
    ] {
        assert!(!Need { enough, again: None }.is_sound());
    }
    for again in [Some(0), Some(Need::MOST_DAYS + 1)] {
        assert!(!Need { again, ..need.clone() }.is_sound());
    }
    let two_days = Some(AT.plus(2 * DAY));
    assert_eq!(need.ends(AT, None), two_days);
    assert_eq!(need.ends(AT, Some(AT.plus(DAY))), Some(AT.plus(DAY)));
    assert_eq!(need.ends(AT, Some(AT.plus(3 * DAY))), two_days);
    assert_eq!(Need::NOTHING.ends(AT, None), None);
}

#[test]
fn a_need_is_no_less_where_each_of_its_ways_was_enough_before() {
    let need = |enough: &[Ways], again| Need { enough: enough.to_vec(), again };
    let both = Ways::SPOKEN.union(Ways::PAPER);
    let before = need(&[Ways::SPOKEN, Ways::MET], Some(30));
    for more in [
        need(&[Ways::SPOKEN], Some(30)),
        need(&[Ways::MET], Some(1)),
        need(&[both], Some(30)),
        before.clone(),
    ] {
        assert!(more.is_at_least(&before), "{more:?}");
    }
    for less in [
        Need::NOTHING,
        need(&[Ways::PAPER], Some(30)),
        need(&[Ways::SPOKEN, Ways::PAPER], Some(30)),
        need(&[Ways::SPOKEN], Some(31)),
        need(&[Ways::SPOKEN], None),
        need(&[], Some(30)),
    ] {
        assert!(!less.is_at_least(&before), "{less:?}");
    }
    assert!(Need::NOTHING.is_at_least(&Need::NOTHING) && before.is_at_least(&Need::NOTHING));
}
