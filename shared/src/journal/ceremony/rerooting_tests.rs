//! The root made anew: by both of those who may, and by neither alone.

use super::*;
use crate::crypto::keys::SigningKey;
use crate::journal::reroot::Rerooted;

fn next() -> SigningKey {
    SigningKey::from_seed([0x77; 32])
}

fn by_shares(generation: u16, numbers: &[u8], named: SharesNamed) -> Rerooted {
    let given: Vec<Share> = numbers.iter().map(|number| share(generation, *number)).collect();
    Rerooted::by(FIRM, &next(), named, &given)
}

#[test]
fn the_root_of_before_and_a_quorum_make_it_anew() {
    let mut all = asking();
    say(&mut all, RecoveryAct::Tested(ShareTested { generation: 1, number: 1 }), CLARA, at(2));
    let act = by_shares(1, &[1, 3], named(2));
    say(&mut all, RecoveryAct::Rerooted(act.clone()), ROOT, at(3));
    let (shares, since) = all.shares().unwrap();
    assert_eq!((shares.generation, since), (2, at(3).time));
    assert_eq!(all.tested(1), None, "of another cutting");
    let one = all.session(SESSION).unwrap();
    assert!(!all.is_open(one), "shares of before give nothing any more");
    // Nor do they speak a second time.
    refused(&all, RecoveryAct::Rerooted(act), ROOT, at(4));
    refused(&all, RecoveryAct::Rerooted(by_shares(1, &[1, 3], named(3))), ROOT, at(4));
    say(&mut all, RecoveryAct::Rerooted(by_shares(2, &[1, 2, 3], named(3))), ROOT, at(4));
}

#[test]
fn neither_does_it_alone_and_nothing_of_it_is_exchanged() {
    let all = with_shares();
    let whole = by_shares(1, &[1, 3], named(2));
    for by in [CLARA, ADA, STRANGER] {
        refused(&all, RecoveryAct::Rerooted(whole.clone()), by, at(1));
    }
    for numbers in [&[][..], &[1], &[3, 1], &[1, 1]] {
        refused(&all, RecoveryAct::Rerooted(by_shares(1, numbers, named(2))), ROOT, at(1));
    }
    let of_another = Rerooted { root: SigningKey::generate().public(), ..whole.clone() };
    let unproven = Rerooted { proof: of_another_proof(), ..whole.clone() };
    let mut cut = whole.by_quorum().unwrap();
    cut.shares.threshold = 3;
    let recut = Rerooted { quorum: crate::crypto::cbor::encode(&cut), ..whole };
    let nothing = Rerooted { quorum: Vec::new(), ..whole };
    let not_next = by_shares(1, &[1, 3], named(3));
    let mut unheld = named(2);
    unheld.root = to(CLARA);
    let elsewhere = by_shares(1, &[1, 3], unheld);
    for one in [of_another, unproven, recut, nothing, not_next, elsewhere] {
        refused(&all, RecoveryAct::Rerooted(one), ROOT, at(1));
    }
    let mut facts = facts();
    facts.roots.push(next().public());
    let known = RecoveryAct::Rerooted(whole.clone());
    assert!(all.may(&known, (ROOT, true), &at(1), &facts).is_err(), "it was the root before");
    let late = When { arrived: at(9).arrived, ..at(1) };
    refused(&all, RecoveryAct::Rerooted(whole.clone()), ROOT, late);
    refused(&Ceremonies::default(), RecoveryAct::Rerooted(whole), ROOT, at(1));
}

/// What the same key says of another firm.
fn of_another_proof() -> crate::journal::reroot::RootProof {
    Rerooted::by(Hash32([0xf2; 32]), &next(), named(2), &[]).proof
}
