//! Every act by everybody who may not say it, and at every wrong time.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use alloc::vec;

use super::*;
use crate::crypto::keys::{Caps, KemKey, PublicBundle, Role};
use crate::crypto::shares::Share;
use crate::ids::MatterId;
use crate::journal::recovery::{HeldShare, ShareNamed, ShareTested};
use crate::time::HOUR;

#[path = "rerooting_tests.rs"]
mod rerooting;
#[path = "returning_tests.rs"]
mod returning;

const NOW: Timestamp = Timestamp(1_795_000_000_000);
const FIRM: Hash32 = Hash32([0xf1; 32]);
const ROOT: Kid = Kid([0; 32]);
const RECOVERY: Kid = Kid([9; 32]);
const CLARA: Kid = Kid([1; 32]);
const BO: Kid = Kid([2; 32]);
const CY: Kid = Kid([3; 32]);
const CY_AGAIN: Kid = Kid([4; 32]);
const ADA: Kid = Kid([5; 32]);
const DEE: Kid = Kid([6; 32]);
const STRANGER: Kid = Kid([7; 32]);
const SESSION: RecoveryId = RecoveryId([0x5e; 16]);

fn facts() -> Facts {
    let (bound, walls) = (false, BTreeSet::new());
    let lawyer = |caps| Standing { opens: true, caps, stands: true, bound, walls: walls.clone() };
    let admin = Standing { opens: false, ..lawyer(Caps::POLICY.union(Caps::ADMIT)) };
    let people = [
        (CLARA, lawyer(Caps::ALL)),
        (BO, lawyer(Caps::GRANT)),
        (CY, lawyer(Caps::GRANT)),
        (CY_AGAIN, lawyer(Caps::GRANT)),
        (ADA, admin.clone()),
        (DEE, admin),
    ];
    Facts { firm: FIRM, recovery: Some(RECOVERY), roots: Vec::new(), people: people.into() }
}

fn at(hours: u64) -> When {
    let time = NOW.plus(hours * HOUR);
    When { time, arrived: time, leaf: 10 + hours }
}

/// An envelope's outside.
fn to(kid: Kid) -> Vec<u8> {
    let mut bytes = [b"USK1".as_slice(), &[1], &kid.0, &[0; 1120]].concat();
    bytes.extend_from_slice(&4_u32.to_be_bytes());
    bytes.extend_from_slice(&[0; 4]);
    bytes
}

fn share(generation: u16, number: u8) -> Share {
    Share::of(FIRM, generation, number, [0x40 + number; 32])
}

fn named(generation: u16) -> SharesNamed {
    let commitment = |number: u8| Hash32([number + generation as u8 * 16; 32]);
    let held = |holder| Some(HeldShare { holder, envelope: to(holder) });
    let voice = |number| Some(share(generation, number).voice());
    let shares = vec![
        ShareNamed { commitment: commitment(1), held: held(CLARA), voice: voice(1) },
        ShareNamed { commitment: commitment(2), held: held(BO), voice: voice(2) },
        ShareNamed { commitment: commitment(3), held: None, voice: voice(3) },
    ];
    SharesNamed { generation, recovery: RECOVERY, threshold: 2, shares, root: to(RECOVERY) }
}

fn key() -> PublicBundle {
    KemKey::from_seed([8; 32]).bundle(Role::Recovery, SESSION.0, FIRM, NOW)
}

fn asked() -> Requested {
    Requested { session: SESSION, generation: 1, lost: CY, to: CY_AGAIN, key: key() }
}

fn approved(number: u8) -> Approved {
    Approved { session: SESSION, number, envelope: to(key().kid()) }
}

fn say(all: &mut Ceremonies, act: RecoveryAct, by: Kid, at: When) {
    all.may(&act, (by, by == ROOT), &at, &facts()).unwrap();
    all.take(act, by, Hash32([2; 32]), at);
}

fn refused(all: &Ceremonies, act: RecoveryAct, by: Kid, at: When) {
    let said = all.may(&act, (by, by == ROOT), &at, &facts());
    assert!(said.is_err(), "{act:?} by {by}");
}

fn with_shares() -> Ceremonies {
    let mut all = Ceremonies::default();
    say(&mut all, RecoveryAct::SharesNamed(named(1)), ROOT, at(0));
    all
}

fn asking() -> Ceremonies {
    let mut all = with_shares();
    say(&mut all, RecoveryAct::Requested(asked()), CLARA, at(1));
    all
}

fn agreed() -> Ceremonies {
    let mut all = asking();
    say(&mut all, RecoveryAct::Approved(approved(1)), CLARA, at(2));
    say(&mut all, RecoveryAct::Approved(approved(2)), BO, at(5));
    all
}

#[test]
fn shares_are_the_roots_word_and_sound() {
    let none = Ceremonies::default();
    for by in [CLARA, ADA, STRANGER] {
        refused(&none, RecoveryAct::SharesNamed(named(1)), by, at(0));
    }
    type Change = fn(&mut SharesNamed);
    let changes: [Change; 11] = [
        |one| one.generation = 0,
        |one| one.generation = 2,
        |one| one.recovery = Kid([8; 32]),
        |one| one.threshold = 1,
        |one| one.threshold = 4,
        |one| one.shares[0].commitment = one.shares[1].commitment,
        |one| one.shares[1] = ShareNamed { commitment: Hash32([1; 32]), ..one.shares[0].clone() },
        |one| one.shares[0].held = Some(HeldShare { holder: ADA, envelope: to(ADA) }),
        |one| one.shares[0].held = Some(HeldShare { holder: STRANGER, envelope: to(STRANGER) }),
        |one| one.shares[0].held = Some(HeldShare { holder: CLARA, envelope: to(BO) }),
        |one| one.root = to(CLARA),
    ];
    for change in changes {
        let mut one = named(1);
        change(&mut one);
        refused(&none, RecoveryAct::SharesNamed(one), ROOT, at(0));
    }
    let again = with_shares();
    refused(&again, RecoveryAct::SharesNamed(named(1)), ROOT, at(1));
    assert!(again.may(&RecoveryAct::SharesNamed(named(2)), (ROOT, true), &at(1), &facts()).is_ok());
}

#[test]
fn a_share_is_tested_by_its_holder_and_a_sheet_by_a_lawyer() {
    let mut all = with_shares();
    let test = |number| RecoveryAct::Tested(ShareTested { generation: 1, number });
    refused(&all, test(1), BO, at(1));
    refused(&all, test(3), ADA, at(1));
    refused(&all, test(3), STRANGER, at(1));
    refused(&all, test(0), CLARA, at(1));
    refused(&all, test(4), CLARA, at(1));
    refused(&all, RecoveryAct::Tested(ShareTested { generation: 2, number: 1 }), CLARA, at(1));
    assert_eq!(all.due(1), Some(NOW.plus(TEST_EVERY)));
    say(&mut all, test(1), CLARA, at(1));
    say(&mut all, test(3), CY, at(2));
    assert_eq!((all.tested(1), all.tested(2)), (Some(at(1).time), None));
    assert_eq!(all.due(1), Some(at(1).time.plus(TEST_EVERY)));
    say(&mut all, RecoveryAct::SharesNamed(named(2)), ROOT, at(3));
    assert_eq!(all.tested(1), None, "of another cutting");
}

#[test]
fn a_recovery_is_asked_for_by_a_lawyer_for_somebody_else() {
    let all = with_shares();
    for by in [CY, CY_AGAIN, ADA, STRANGER, ROOT] {
        refused(&all, RecoveryAct::Requested(asked()), by, at(1));
    }
    type Change = fn(&mut Requested);
    let changes: [Change; 8] = [
        |one| one.generation = 2,
        |one| one.lost = STRANGER,
        |one| one.lost = ADA,
        |one| one.to = ADA,
        |one| one.to = one.lost,
        |one| one.session = RecoveryId([1; 16]),
        |one| one.key.role = Role::Matter,
        |one| one.key.firm = Hash32([0; 32]),
    ];
    for change in changes {
        let mut one = asked();
        change(&mut one);
        refused(&all, RecoveryAct::Requested(one), CLARA, at(1));
    }
    refused(&Ceremonies::default(), RecoveryAct::Requested(asked()), CLARA, at(1));
    let late = When { arrived: at(3).time, ..at(1) };
    refused(&all, RecoveryAct::Requested(asked()), CLARA, late);
    refused(&asking(), RecoveryAct::Requested(asked()), BO, at(2));
}

#[test]
fn a_share_is_given_once_by_whoever_has_it() {
    let mut all = asking();
    refused(&all, RecoveryAct::Approved(approved(1)), BO, at(2));
    for by in [CY, CY_AGAIN, ADA, STRANGER, ROOT] {
        refused(&all, RecoveryAct::Approved(approved(3)), by, at(2));
    }
    let elsewhere = Approved { envelope: to(BO), ..approved(1) };
    refused(&all, RecoveryAct::Approved(elsewhere), CLARA, at(2));
    let of_another = Approved { session: RecoveryId([1; 16]), ..approved(1) };
    refused(&all, RecoveryAct::Approved(of_another), CLARA, at(2));
    let early = When { time: NOW, ..at(3) };
    refused(&all, RecoveryAct::Approved(approved(1)), CLARA, early);
    say(&mut all, RecoveryAct::Approved(approved(1)), CLARA, at(2));
    refused(&all, RecoveryAct::Approved(approved(1)), CLARA, at(2));
    assert_eq!(all.session(SESSION).unwrap().ready(|_| true), None);
    // An accomplice whose clock, and the server's, stood a day back.
    let mut back = all.clone();
    let day_before =
        When { time: Timestamp(NOW.0 - DAY), arrived: Timestamp(NOW.0 - DAY), leaf: 14 };
    say(&mut back, RecoveryAct::Approved(approved(2)), BO, day_before);
    assert_eq!(back.session(SESSION).unwrap().ready(|_| true), Some(at(26).time));
    refused(&back, RecoveryAct::Passed(SESSION), ROOT, at(3));
    say(&mut all, RecoveryAct::Approved(approved(3)), BO, at(2));
    assert_eq!(all.session(SESSION).unwrap().ready(|_| true), Some(at(26).time));
}

#[test]
fn seats_pass_a_day_after_the_quorum_by_both_clocks() {
    let pass = RecoveryAct::Passed(SESSION);
    refused(&asking(), pass.clone(), ROOT, at(40));
    let mut all = agreed();
    for by in [CLARA, BO, ADA] {
        refused(&all, pass.clone(), by, at(40));
    }
    refused(&all, pass.clone(), ROOT, at(28));
    // One clock is not enough.
    refused(&all, pass.clone(), ROOT, When { time: at(28).time, ..at(29) });
    refused(&all, pass.clone(), ROOT, When { arrived: at(28).time, ..at(29) });
    assert_eq!(all.pass_to(CY_AGAIN, 99).count(), 0);
    say(&mut all, pass.clone(), ROOT, at(29));
    refused(&all, pass, ROOT, at(30));
    assert_eq!(all.pass_to(CY_AGAIN, 40).collect::<Vec<_>>(), [CY]);
    assert_eq!(all.pass_to(CY_AGAIN, 39).count(), 0, "not before its leaf");
    assert_eq!(all.pass_to(BO, 99).count(), 0);
    assert_eq!(all.conducted_by(CLARA).collect::<Vec<_>>(), [CY]);
    assert_eq!(all.conducted_by(BO).count(), 0);
    let mut gone = facts();
    gone.people.get_mut(&CY_AGAIN).unwrap().stands = false;
    let said = agreed().may(&RecoveryAct::Passed(SESSION), (ROOT, true), &at(40), &gone);
    assert!(said.is_err(), "whoever left gets nothing");
}

#[test]
fn two_others_who_speak_for_the_firm_spare_the_wait() {
    let hasten = || RecoveryAct::Hastened(SESSION);
    let mut all = agreed();
    for by in [CLARA, BO, CY, CY_AGAIN, STRANGER] {
        refused(&all, hasten(), by, at(6));
    }
    say(&mut all, hasten(), ADA, at(6));
    refused(&all, hasten(), ADA, at(6));
    refused(&all, RecoveryAct::Passed(SESSION), ROOT, at(6));
    say(&mut all, hasten(), DEE, at(6));
    say(&mut all, RecoveryAct::Passed(SESSION), ROOT, at(6));
}

#[test]
fn whoever_agreed_not_to_wait_gives_no_share_either() {
    let mut all = asking();
    say(&mut all, RecoveryAct::Hastened(SESSION), BO, at(2));
    refused(&all, RecoveryAct::Approved(approved(2)), BO, at(3));
    say(&mut all, RecoveryAct::Approved(approved(1)), CLARA, at(3));
}

#[test]
fn every_share_that_is_given_begins_the_wait_anew() {
    let mut all = agreed();
    assert_eq!(all.session(SESSION).unwrap().ready(|_| true), Some(at(29).time));
    say(&mut all, RecoveryAct::Approved(approved(3)), BO, at(20));
    assert_eq!(all.session(SESSION).unwrap().ready(|_| true), Some(at(44).time));
    refused(&all, RecoveryAct::Passed(SESSION), ROOT, at(29));
}

#[test]
fn seats_pass_to_nobody_who_would_come_back_without_their_walls() {
    let all = agreed();
    let pass = |facts: &Facts| {
        all.may(&RecoveryAct::Passed(SESSION), (ROOT, true), &at(40), facts).is_ok()
    };
    let mut walled = facts();
    walled.people.get_mut(&CY).unwrap().walls.insert(MatterId([1; 16]));
    assert!(!pass(&walled));
    walled.people.get_mut(&CY_AGAIN).unwrap().walls.insert(MatterId([1; 16]));
    assert!(pass(&walled));
}

#[test]
fn whose_time_has_an_end_gives_no_sheet() {
    let mut bound = facts();
    bound.people.get_mut(&BO).unwrap().bound = true;
    let act = RecoveryAct::Approved(approved(3));
    assert!(asking().may(&act, (BO, false), &at(2), &bound).is_err());
    assert!(asking().may(&act, (BO, false), &at(2), &facts()).is_ok());
}

#[test]
fn it_is_called_off_by_the_person_or_the_firm_and_stays_so() {
    let cancel = || RecoveryAct::Cancelled(SESSION);
    for by in [CLARA, BO, CY, ADA] {
        let mut all = agreed();
        say(&mut all, cancel(), by, at(6));
        for act in [cancel(), RecoveryAct::Passed(SESSION), RecoveryAct::Approved(approved(3))] {
            refused(&all, act.clone(), CLARA, at(40));
            refused(&all, act, ROOT, at(40));
        }
        assert_eq!(all.pass_to(CY_AGAIN, 99).count(), 0);
    }
    for by in [CY_AGAIN, STRANGER] {
        refused(&agreed(), cancel(), by, at(6));
    }
    let mut again = agreed();
    say(&mut again, RecoveryAct::SharesNamed(named(2)), ROOT, at(6));
    refused(&again, RecoveryAct::Passed(SESSION), ROOT, at(40));
}

#[test]
fn what_somebody_said_who_left_since_passes_nothing() {
    let pass = RecoveryAct::Passed(SESSION);
    let mut all = agreed();
    let mut gone = facts();
    gone.people.get_mut(&BO).unwrap().stands = false;
    assert!(all.may(&pass, (ROOT, true), &at(40), &gone).is_err());
    assert_eq!(all.session(SESSION).unwrap().ready(|kid| kid != BO), None);
    // Bo's own share is nobody else's to give; the sheet is, and again when its giver left.
    let sheet = RecoveryAct::Approved(approved(3));
    all.may(&sheet, (CLARA, false), &at(30), &gone).unwrap();
    all.take(sheet, CLARA, Hash32([2; 32]), at(30));
    assert!(all.may(&pass, (ROOT, true), &at(53), &gone).is_err());
    all.may(&pass, (ROOT, true), &at(54), &gone).unwrap();
    let mut hastened = agreed();
    say(&mut hastened, RecoveryAct::Hastened(SESSION), ADA, at(6));
    say(&mut hastened, RecoveryAct::Hastened(SESSION), DEE, at(6));
    assert!(hastened.may(&pass, (ROOT, true), &at(7), &facts()).is_ok());
    let mut gone = facts();
    gone.people.get_mut(&DEE).unwrap().stands = false;
    assert!(hastened.may(&pass, (ROOT, true), &at(7), &gone).is_err());
}

#[test]
fn a_sheet_is_given_again_when_whoever_gave_it_left() {
    let mut all = asking();
    say(&mut all, RecoveryAct::Approved(approved(3)), BO, at(2));
    let again = RecoveryAct::Approved(approved(3));
    refused(&all, again.clone(), CLARA, at(3));
    let mut gone = facts();
    gone.people.get_mut(&BO).unwrap().stands = false;
    assert!(all.may(&again, (CLARA, false), &at(3), &gone).is_ok());
}
