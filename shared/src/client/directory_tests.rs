//! What a device refuses to take into its directory although a server shows it: keys under a name
//! that is taken, and people who came otherwise than by their inviter's word.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::client::fold_firm::{Firm, NOW, Person, kept};
use crate::crypto::keys::SigningKey;
use crate::crypto::sealed::RecordKind;
use crate::ids::MatterId;
use crate::journal::statement::{EndKind, Ended};
use crate::journal::stream::Place;

#[test]
fn a_second_key_under_a_known_account_is_refused() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let impostor = firm.person(anna.account, Role::Staff, Caps::ALL);
    assert!(!firm.admit(&impostor));
    assert!(firm.directory.member_by_kid(impostor.bundle.kid()).is_none());
    // The stream goes on for others.
    firm.with(Role::Staff, Caps::ALL);
}

#[test]
fn an_offer_is_refused_without_its_makers_secret_and_a_second_time() {
    let mut firm = Firm::new();
    let newcomer = firm.person(AccountId::random(), Role::Staff, Caps::NONE);
    let enrolment = EnrolmentId::random();
    let offer = |kept: Vec<u8>| {
        KeyringAct::Invited(EnrolmentOffered { kept, ..newcomer.offered(enrolment) })
    };
    let good = kept(RecordKind::InviteSecret, enrolment);
    for bad in [
        Vec::new(),
        vec![0; 512],
        kept(RecordKind::InviteSecret, EnrolmentId::random()),
        kept(RecordKind::Profile, enrolment),
        [good.clone(), vec![0; 1024]].concat(),
    ] {
        assert!(!firm.act(offer(bad)));
    }
    assert!(firm.act(offer(good.clone())));
    assert!(!firm.act(offer(good)));
}

#[test]
fn nobody_but_the_maker_of_an_offer_admits_by_it_and_as_offered_and_once() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let admin = firm.with(Role::Admin, Caps::ADMIT);
    let bo = firm.person(AccountId::random(), Role::Staff, Caps::GRANT);
    let enrolment = EnrolmentId::random();
    let by = Some(enrolment);
    assert!(!firm.act_by(&anna, &bo.admitted(None)), "without an offer");
    assert!(!firm.act_by(&anna, &bo.admitted(by)), "by an offer that nobody made");
    assert!(firm.act_by(&anna, &KeyringAct::Invited(bo.offered(enrolment))));
    assert!(!firm.act_by(&admin, &bo.admitted(by)), "by another's offer");
    assert!(!firm.act(bo.admitted(by)), "nor does the root by another's");
    let stronger = firm.person(bo.account, Role::Staff, Caps::ALL);
    let officer = firm.person(bo.account, Role::Admin, Caps::GRANT);
    assert!(!firm.act_by(&anna, &stronger.admitted(by)), "with more capabilities");
    assert!(!firm.act_by(&anna, &officer.admitted(by)), "in another role");
    assert!(firm.act_by(&anna, &bo.admitted(by)));
    let cy = firm.person(AccountId::random(), Role::Staff, Caps::GRANT);
    assert!(!firm.act_by(&anna, &cy.admitted(by)), "a second time");
    assert!(firm.directory.member_by_kid(cy.bundle.kid()).is_none());
}

/// A statement at any place, of any version, as no device of ours writes it.
fn odd(act: KeyringAct, (key, kid): (&SigningKey, Kid), version: u8, stream: StreamId) -> Vec<u8> {
    let place = Place { stream, ..Head::EMPTY.place(StreamId::Keyring, NOW) };
    let body = cbor::encode(&Placed { version, place, act });
    Signed::sign(Namespace::Keyring, key, kid, &body).unwrap().into_bytes()
}

#[test]
fn a_chain_outside_the_stream_is_held_to_the_streams_rules() {
    let firm = Firm::new();
    let root = (&firm.root, Kid::of_root(firm.id));
    let anna = firm.person(AccountId::random(), Role::Staff, Caps::ALL);
    let elsewhere = StreamId::Matter(MatterId::random());
    let follow = |statements: &[Vec<u8>]| {
        let mut directory = firm.directory_of();
        statements.iter().all(|one| directory.follow(one).is_ok())
    };
    let good = odd(anna.admitted(None), root, 1, StreamId::Keyring);
    assert!(follow(core::slice::from_ref(&good)));
    assert!(!follow(&[odd(anna.admitted(None), root, 2, StreamId::Keyring)]), "unknown version");
    assert!(!follow(&[odd(anna.admitted(None), root, 1, elsewhere)]), "of another stream");
    let impostor = firm.person(anna.account, Role::Staff, Caps::ALL);
    let second = odd(impostor.admitted(None), root, 1, StreamId::Keyring);
    assert!(!follow(&[good, second]), "a second key for one account");
    let bo = firm.person(AccountId::random(), Role::Staff, Caps::GRANT);
    let by_stranger = odd(anna.admitted(None), bo.signer(), 1, StreamId::Keyring);
    assert!(!follow(&[by_stranger]));
}

#[test]
fn nobody_ends_themselves_and_never_the_last_who_admits() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let admin = firm.with(Role::Admin, Caps::ADMIT);
    let officer = firm.with(Role::Admin, Caps::KEYS);
    let bo = firm.with(Role::Staff, Caps::GRANT);
    let (left, suspended) = (EndKind::Left, EndKind::Suspended);
    let end = |firm: &mut Firm, by: &Person, of: &Person, kind| {
        let act = firm.ended(of, kind);
        firm.act_by(by, &act)
    };
    assert!(!end(&mut firm, &bo, &officer, left), "without the capability");
    assert!(!end(&mut firm, &anna, &anna, left), "oneself");
    let other =
        KeyringAct::Ended(Ended { account: AccountId::random(), kid: bo.bundle.kid(), kind: left });
    assert!(!firm.act_by(&anna, &other), "under another name");
    let stranger = firm.person(AccountId::random(), Role::Staff, Caps::ALL);
    assert!(!end(&mut firm, &anna, &stranger, left), "nobody of the firm");
    let restored = firm.restored(&bo);
    assert!(!firm.act_by(&anna, &restored), "who is with the firm");
    assert!(end(&mut firm, &officer, &bo, suspended));
    assert!(!end(&mut firm, &anna, &bo, suspended), "twice");
    assert!(firm.act_by(&admin, &restored));
    assert!(end(&mut firm, &admin, &bo, suspended) && end(&mut firm, &admin, &bo, left));
    assert!(!firm.act_by(&admin, &restored), "who left comes back with new keys");
    // Of those who admit the last one stays.
    assert!(end(&mut firm, &admin, &anna, left));
    assert!(!end(&mut firm, &officer, &admin, suspended), "nobody would admit");
    let act = firm.ended(&admin, left);
    assert!(!firm.act(act), "nor does the root do it");
    // Who left says nothing more, and a name that is taken stays taken.
    let bo_again = firm.ended(&officer, left);
    assert!(!firm.act_by(&anna, &bo_again));
    let twin = firm.person(bo.account, Role::Staff, Caps::ALL);
    assert!(!firm.admit(&twin));
}
