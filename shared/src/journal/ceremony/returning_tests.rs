//! Somebody comes back by shares in their own hands: by whom, with what, and when.

use super::*;
use crate::crypto::keys::Identity;
use crate::crypto::signed::{Namespace, Signed};
use crate::ids::AccountId;
use crate::journal::recovery::Returning;

/// Cy comes back by two sheets, with nobody's session.
fn returning(numbers: &[u8]) -> Returning {
    let keys = Identity::generate(Role::Staff);
    let bundle = keys.bundle(Role::Staff, [0xcc; 16], FIRM, NOW, None, Caps::GRANT);
    let body = crate::crypto::cbor::encode(&bundle);
    let signed = Signed::sign(Namespace::StaffBundle, &keys.signing, bundle.kid(), &body).unwrap();
    let mut act = Returning {
        session: SESSION,
        generation: 1,
        lost: CY,
        account: AccountId([0xcc; 16]),
        bundle: signed.into_bytes(),
        words: Vec::new(),
    };
    let saying = act.saying();
    act.words = numbers.iter().map(|number| share(1, *number).says(saying)).collect();
    act
}

#[test]
fn whoever_holds_a_quorum_comes_back_a_day_later_unless_somebody_says_no() {
    let mut all = with_shares();
    let act = returning(&[1, 3]);
    let (account, bundle) = (act.account, act.bundle.clone());
    say(&mut all, RecoveryAct::Returning(act.clone()), ROOT, at(1));
    let pass = RecoveryAct::Passed(SESSION);
    refused(&all, RecoveryAct::Approved(approved(1)), CLARA, at(2));
    refused(&all, RecoveryAct::Hastened(SESSION), ADA, at(2));
    refused(&all, pass.clone(), ROOT, at(24));
    refused(&all, pass.clone(), ROOT, When { time: at(24).time, ..at(25) });
    refused(&all, pass.clone(), CLARA, at(25));
    for by in [CY, CLARA, ADA] {
        let mut none = all.clone();
        say(&mut none, RecoveryAct::Cancelled(SESSION), by, at(2));
        refused(&none, pass.clone(), ROOT, at(25));
        refused(&none, RecoveryAct::Returning(act.clone()), ROOT, at(25));
        assert!(!none.has_returned(account, &bundle));
    }
    let mut cut = all.clone();
    say(&mut cut, RecoveryAct::SharesNamed(named(2)), ROOT, at(6));
    refused(&cut, pass.clone(), ROOT, at(25));
    assert!(!all.has_returned(account, &bundle));
    let to = all.session(SESSION).unwrap().asked.to;
    say(&mut all, pass, ROOT, at(25));
    assert!(all.has_returned(account, &bundle));
    assert!(!all.has_returned(AccountId([1; 16]), &bundle) && !all.has_returned(account, &[]));
    assert_eq!(all.pass_to(to, 99).collect::<Vec<_>>(), [CY]);
    assert_eq!(all.conducted_by(to).collect::<Vec<_>>(), [CY]);
}

#[test]
fn nobody_comes_back_by_other_shares_or_as_more_than_they_were() {
    let all = with_shares();
    for numbers in [&[][..], &[1], &[1, 1], &[3, 1], &[1, 4], &[1, 3, 4]] {
        refused(&all, RecoveryAct::Returning(returning(numbers)), ROOT, at(1));
    }
    for by in [CLARA, CY, ADA, STRANGER] {
        refused(&all, RecoveryAct::Returning(returning(&[1, 3])), by, at(1));
    }
    type Change = fn(&mut Returning);
    let changes: [Change; 7] = [
        |one| one.session = RecoveryId([1; 16]),
        |one| one.generation = 2,
        |one| one.lost = CLARA,
        |one| one.account = AccountId([1; 16]),
        |one| one.bundle = returning(&[]).bundle,
        |one| one.words.swap(0, 1),
        |one| one.words[0].signature.0[5] ^= 1,
    ];
    for change in changes {
        let mut one = returning(&[1, 3]);
        change(&mut one);
        refused(&all, RecoveryAct::Returning(one), ROOT, at(1));
    }
    refused(&Ceremonies::default(), RecoveryAct::Returning(returning(&[1, 3])), ROOT, at(1));
    refused(&asking(), RecoveryAct::Returning(returning(&[1, 3])), ROOT, at(2));
    let late = When { arrived: at(3).time, ..at(1) };
    refused(&all, RecoveryAct::Returning(returning(&[1, 3])), ROOT, late);
    type Been = fn(&mut Standing);
    let beens: [Been; 5] = [
        |cy| cy.stands = false,
        |cy| cy.opens = false,
        |cy| cy.bound = true,
        |cy| cy.caps = Caps::NONE,
        |cy| assert!(cy.walls.insert(MatterId([1; 16]))),
    ];
    let mut waits = all.clone();
    let act = RecoveryAct::Returning(returning(&[1, 3]));
    say(&mut waits, act.clone(), ROOT, at(1));
    for been in beens {
        let mut facts = facts();
        been(facts.people.get_mut(&CY).unwrap());
        assert!(all.may(&act, (ROOT, true), &at(1), &facts).is_err());
        let pass = RecoveryAct::Passed(SESSION);
        assert!(waits.may(&pass, (ROOT, true), &at(25), &facts).is_err());
    }
}
