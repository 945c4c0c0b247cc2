//! What a newcomer's device believes of an offer: the word of somebody who may admit, from the firm
//! root in the link on, and nothing that the link's secret alone can make.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::*;
use crate::client::blob::Body as _;
use crate::client::fold_firm::{Firm, NOW, Person};

const SECRET: [u8; 32] = [4; 32];
const ENROLMENT: EnrolmentId = EnrolmentId([7; 16]);

fn offer(path: Vec<Vec<u8>>) -> OfferV1 {
    OfferV1 {
        enrolment: ENROLMENT,
        path: path.into_iter().map(ByteVec::from).collect(),
        expires: NOW,
        role: Role::Staff as u8,
        caps: Post::Lawyer.caps().0,
        firm_name: "Marsh & Lindqvist".into(),
        inviter: "Clara Marsh".into(),
        post: None,
    }
}

fn made(firm: &Firm, by: &Person) -> OfferV1 {
    offer(firm.directory.path_to(by.bundle.kid()).unwrap())
}

fn secret() -> LinkSecret {
    LinkSecret::from_bytes(SECRET)
}

fn sealed_by(by: &Person, offer: &OfferV1) -> Vec<u8> {
    blob::seal(offer, &secret(), by.signer()).unwrap()
}

/// What somebody with the link's secret can put there.
fn resealed(statement: &[u8]) -> Vec<u8> {
    let ctx = cbor::encode(&ENROLMENT);
    let (key, kind) = (secret().derive().seal, RecordKind::Invitation);
    sealed::seal_record(&key, kind, ENROLMENT.0, &ctx, statement).unwrap()
}

fn read_at(firm: Hash32, blob: &[u8], now: Timestamp) -> Result<EnrolmentView, ClientError> {
    let fragment = Fragment::format(&secret(), firm);
    read_offer(fragment.expose(), ENROLMENT, blob, now)
}

fn read(firm: &Firm, blob: &[u8]) -> Result<EnrolmentView, ClientError> {
    read_at(firm.id, blob, NOW)
}

fn refused(firm: &Firm, blob: &[u8]) -> bool {
    read(firm, blob).err() == Some(BROKEN)
}

#[test]
fn an_offer_is_read_when_somebody_who_may_admit_signed_it() {
    let mut firm = Firm::new();
    let officer = firm.with(Role::Admin, Caps::ADMIT);
    let seen = read(&firm, &sealed_by(&officer, &made(&firm, &officer))).unwrap();
    assert_eq!(
        (seen.firm_name.as_str(), seen.inviter.as_str()),
        ("Marsh & Lindqvist", "Clara Marsh")
    );
    assert_eq!(seen.role, Role::Staff);
}

#[test]
fn a_maker_who_may_not_admit_or_whom_nobody_admitted_is_refused() {
    let mut firm = Firm::new();
    let officer = firm.with(Role::Admin, Caps::ADMIT);
    let lawyer = firm.with(Role::Staff, Post::Lawyer.caps());
    assert!(refused(&firm, &sealed_by(&lawyer, &made(&firm, &lawyer))));
    // Nor by the path of somebody who may.
    assert!(refused(&firm, &sealed_by(&lawyer, &made(&firm, &officer))));
    let stranger = firm.person(AccountId::random(), Role::Admin, Caps::ADMIT);
    assert!(refused(&firm, &sealed_by(&stranger, &made(&firm, &officer))));
    // Whom somebody admitted who may not.
    let admitted = firm.next(&stranger.admitted(None), lawyer.signer());
    let mut path = firm.directory.path_to(lawyer.bundle.kid()).unwrap();
    path.push(admitted);
    assert!(refused(&firm, &sealed_by(&stranger, &offer(path))));
    for cut in [0, 1] {
        let mut path = firm.directory.path_to(officer.bundle.kid()).unwrap();
        path.remove(cut);
        assert!(refused(&firm, &sealed_by(&officer, &offer(path))), "{cut}");
    }
}

#[test]
fn an_offer_of_another_firm_another_link_or_another_kind_is_refused() {
    let mut firm = Firm::new();
    let officer = firm.with(Role::Admin, Caps::ADMIT);
    let good = made(&firm, &officer);
    let mut elsewhere = Firm::new();
    let theirs = elsewhere.with(Role::Admin, Caps::ADMIT);
    let foreign = sealed_by(&theirs, &made(&elsewhere, &theirs));
    assert!(read(&elsewhere, &foreign).is_ok());
    assert!(refused(&firm, &foreign));
    assert_eq!(read_at(Hash32([1; 32]), &sealed_by(&officer, &good), NOW).err(), Some(BROKEN));

    // The same word, moved behind another link by somebody who has that one's secret.
    let other = OfferV1 { enrolment: EnrolmentId([8; 16]), ..made(&firm, &officer) };
    let (key, kid) = officer.signer();
    let sign = |namespace, body: &[u8]| Signed::sign(namespace, key, kid, body).unwrap();
    assert!(refused(&firm, &resealed(sign(Namespace::Offer, &cbor::encode(&other)).as_bytes())));
    assert!(refused(&firm, &resealed(sign(Namespace::Invite, &cbor::encode(&good)).as_bytes())));
    // What was sealed before offers were signed.
    assert!(refused(&firm, &resealed(&cbor::encode(&good))));

    for (role, caps) in [
        (Role::Client as u8, 0),
        (Role::Root as u8, 0),
        (200, 0),
        (Role::Staff as u8, Caps::ALL.0 + 1),
    ] {
        let odd = OfferV1 { role, caps, ..made(&firm, &officer) };
        assert!(refused(&firm, &sealed_by(&officer, &odd)), "{role}");
    }
}

#[test]
fn an_offer_ends_two_days_after_its_expiry() {
    let mut firm = Firm::new();
    let officer = firm.with(Role::Admin, Caps::ADMIT);
    let good = made(&firm, &officer);
    assert_eq!(good.expires(), NOW);
    let blob = sealed_by(&officer, &good);
    assert!(read_at(firm.id, &blob, NOW.plus(2 * DAY)).is_ok());
    let late = read_at(firm.id, &blob, NOW.plus(2 * DAY + 1));
    assert_eq!(late.err(), Some(ClientError::LinkExpired));
}

#[test]
fn no_bit_of_an_offer_can_be_turned_with_or_without_the_links_secret() {
    let mut firm = Firm::new();
    let officer = firm.with(Role::Admin, Caps::ADMIT);
    let good = made(&firm, &officer);
    let mut blob = sealed_by(&officer, &good);
    for at in 0..blob.len() {
        let bit = 1 << (at % 8);
        blob[at] ^= bit;
        assert!(refused(&firm, &blob), "byte {at} of the blob");
        blob[at] ^= bit;
    }
    let (key, kid) = officer.signer();
    let signed = Signed::sign(Namespace::Offer, key, kid, &cbor::encode(&good)).unwrap();
    let mut statement = signed.into_bytes();
    assert!(read(&firm, &resealed(&statement)).is_ok());
    for at in 0..statement.len() {
        let bit = 1 << (at % 8);
        statement[at] ^= bit;
        assert!(refused(&firm, &resealed(&statement)), "byte {at} of the statement");
        statement[at] ^= bit;
    }
}
