//! Who may change the directory and the forms, case by case.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use shared::crypto::cbor;
use shared::crypto::keys::Identity;
use shared::crypto::sealed::RecordKind;
use shared::crypto::signed::{Namespace, Signed};

use super::*;

const FIRM: Firm = Firm {
    fingerprint: Hash32([1; 32]),
    root: VerifyKey([2; 32]),
    office: MatterId([3; 16]),
    recovery: None,
};
const NEW: AccountId = AccountId([4; 16]);
const ADMITTER: AccountId = AccountId([5; 16]);

fn signed_bundle(role: Role, firm: Hash32, caps: Caps) -> Vec<u8> {
    let keys = Identity::generate(role);
    let bundle = keys.bundle(role, NEW.0, firm, Timestamp(0), None, caps);
    let body = cbor::encode(&bundle);
    Signed::sign(Namespace::StaffBundle, &keys.signing, bundle.kid(), &body).unwrap().into_bytes()
}

// Its shape is all that the server sees of a record.
fn record(kind: RecordKind, reference: u8) -> Vec<u8> {
    [b"USR1", &[1, kind as u8][..], &[reference; 16], &[0; 336]].concat()
}

fn signer(part: Part) -> Signer {
    Signer { kid: Kid([6; 32]), key: VerifyKey([6; 32]), part }
}

fn admitter() -> Signer {
    signer(Part::Staff { account: ADMITTER, caps: Caps::ADMIT })
}

fn by_invitation(bundle: &[u8], offer: &Offer) -> Result<Permit<Member>, ApiError> {
    let act =
        Admitted { account: NEW, bundle: bundle.to_vec(), enrolment: Some(EnrolmentId([7; 16])) };
    may_admit(&Authority::Staff(ADMITTER), &admitter(), &FIRM, &act, Some(offer), false)
}

#[test]
fn who_is_admitted_is_who_was_invited_and_enrolled() {
    let bundle = signed_bundle(Role::Staff, FIRM.fingerprint, Caps::GRANT);
    let other = signed_bundle(Role::Staff, FIRM.fingerprint, Caps::GRANT);
    let good = Offer {
        maker: admitter().kid,
        role: Role::Staff as u8,
        caps: Caps::GRANT.0,
        placing: None,
        admitted: None,
        enrolled: Some((NEW, bundle.clone())),
    };
    assert!(by_invitation(&bundle, &good).is_ok());
    assert!(by_invitation(&other, &good).is_err());
    for bad in [
        Offer { maker: Kid([8; 32]), ..good.clone() },
        Offer { role: Role::Admin as u8, ..good.clone() },
        Offer { caps: Caps::NONE.0, ..good.clone() },
        Offer { admitted: Some(NEW), ..good.clone() },
        Offer { enrolled: None, ..good.clone() },
        Offer { enrolled: Some((ADMITTER, bundle.to_vec())), ..good },
    ] {
        assert!(by_invitation(&bundle, &bad).is_err(), "{bad:?}");
    }
    let foreign = signed_bundle(Role::Staff, Hash32([9; 32]), Caps::GRANT);
    let offer = Offer { enrolled: Some((NEW, foreign.clone())), ..good };
    assert!(by_invitation(&foreign, &offer).is_err());
}

#[test]
fn the_founder_alone_and_whoever_came_back_come_without_an_invitation() {
    let bundle = signed_bundle(Role::Staff, FIRM.fingerprint, Caps::ALL);
    let act = Admitted { account: NEW, bundle, enrolment: None };
    let root = signer(Part::Root);
    let said = |authority, signer: &Signer, returned| {
        may_admit(&authority, signer, &FIRM, &act, None, returned).is_ok()
    };
    let may = |authority, signer: &Signer| said(authority, signer, false);
    assert!(said(Authority::Sheets, &root, true));
    assert!(!said(Authority::Sheets, &root, false));
    assert!(!said(Authority::Staff(ADMITTER), &admitter(), true));
    assert!(may(Authority::Founding { account: NEW }, &root));
    assert!(!may(Authority::Founding { account: ADMITTER }, &root));
    assert!(!may(Authority::Staff(NEW), &root));
    assert!(!may(Authority::Staff(ADMITTER), &admitter()));
}

#[test]
fn a_client_bundle_makes_nobody_staff() {
    let bundle = signed_bundle(Role::Client, FIRM.fingerprint, Caps::NONE);
    let act = Admitted { account: NEW, bundle, enrolment: None };
    let authority = Authority::Founding { account: NEW };
    assert!(may_admit(&authority, &signer(Part::Root), &FIRM, &act, None, false).is_err());
}

#[test]
fn an_offer_is_of_a_role_that_people_have() {
    let offer = EnrolmentOffered {
        enrolment: EnrolmentId([7; 16]),
        auth_hash: Hash32([0; 32]),
        blob_hash: Hash32([0; 32]),
        expires: Timestamp(0),
        role: Role::Staff as u8,
        caps: 0,
        kept: record(RecordKind::InviteSecret, 7),
        placing: None,
    };
    assert!(may_offer(&admitter(), None, offer.clone()).is_ok());
    let powerless = signer(Part::Staff { account: ADMITTER, caps: Caps::GRANT });
    assert!(may_offer(&powerless, None, offer.clone()).is_err());
    for role in [0, Role::Client as u8, Role::Matter as u8, Role::Root as u8, 200] {
        assert!(may_offer(&admitter(), None, EnrolmentOffered { role, ..offer.clone() }).is_err());
    }
    assert!(may_offer(&admitter(), None, EnrolmentOffered { caps: 256, ..offer.clone() }).is_err());
    let long = [record(RecordKind::InviteSecret, 7), vec![0; 1024]].concat();
    for kept in
        [Vec::new(), long, record(RecordKind::InviteSecret, 8), record(RecordKind::Profile, 7)]
    {
        assert!(may_offer(&admitter(), None, EnrolmentOffered { kept, ..offer.clone() }).is_err());
    }
}
