//! What needs the client core: what devices keep, which is a proven receipt, what was verified already, what is
//! remembered of a journal and the evidence against one; and what they show of an offer.

use shared::client::alarm::{AlarmV1, MAX_ALARM};
use shared::client::enrol::read_offer;
use shared::client::memory::MemoryV1;
use shared::client::proven;
use shared::client::room::Room;
use shared::client::verified::{PieceV1, StretchV1};
use shared::client::{ClientError, Fork, Voucher};
use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::hash::Hash32;
use shared::crypto::invite::Fragment;
use shared::crypto::keys::AccountKey;
use shared::crypto::sealed::{RecordKind, open_record};
use shared::ids::{AccountId, EnrolmentId};
use shared::journal::stream::Head;
use shared::time::Timestamp;

use super::each;

/// What a device verified opens in its own place only, and is a matter.
#[test]
fn verified_matters() {
    each("verified", 7, |v| {
        let stretch = StretchV1 {
            stream: v.text("stream").parse().unwrap(),
            head: Head { next: v.number("next"), last: Hash32(v.fixed("last")) },
            seen: v.number("seen"),
            pieces: v.number("pieces").try_into().unwrap(),
            bytes: v.number("length"),
            salt: v.fixed("salt"),
        };
        let (firm, account) = (Hash32(v.fixed("firm")), AccountId(v.fixed("account")));
        let (fold, piece) = (v.number("fold"), v.number("piece"));
        let (fold, piece) = (fold.try_into().unwrap(), piece.try_into().unwrap());
        let place = PieceV1 { fold, firm, account, mark: v.fixed("mark"), stretch, piece };
        let key = AccountKey::from_bytes(v.fixed("account key")).record_key();
        let (kind, ctx) = (RecordKind::DeviceState, encode(&place));
        let opened = open_record(&key, kind, account.0, &ctx, &v.bytes("bytes"));
        if let Some(plaintext) = v.settle(opened) {
            assert!(*plaintext.expose() == v.bytes("plaintext"));
            let room: Room = decode_strict(plaintext.expose(), 1 << 20).unwrap();
            assert_eq!(room.head(), place.stretch.head);
            assert_eq!(encode(&room), v.bytes("plaintext"));
        }
    });
}

/// The alarm of a device that locked its keys.
#[test]
fn alarms() {
    each("alarm", 5, |v| {
        if let Some(alarm) = v.settle(decode_strict::<AlarmV1>(&v.bytes("bytes"), MAX_ALARM)) {
            assert_eq!(u64::from(alarm.count), v.number("count"));
            assert_eq!((alarm.first.0, alarm.last.0), (v.number("first"), v.number("last")));
            assert_eq!(encode(&alarm), v.bytes("bytes"));
        }
    });
}

/// A receipt that carries its proof is checked from its bytes alone.
#[test]
fn receipts() {
    each("receipt", 8, |v| {
        if let Some(proven) = v.settle(proven::check(&v.bytes("bytes"))) {
            assert_eq!(proven.firm.0, v.fixed("firm"));
            assert_eq!((proven.receipt.leaf, proven.size), (v.number("leaf"), v.number("size")));
            assert_eq!(proven.receipt.time.0, v.number("time"));
            let confirmed = v.fields.get("confirmed").map(|time| time.parse().unwrap());
            assert_eq!(proven.confirmed.map(|time| time.0), confirmed);
        }
    });
}

/// What was remembered of a journal is read alone, and written as it was.
#[test]
fn memories() {
    each("memory", 7, |v| {
        if let Some(memory) = v.settle(MemoryV1::read(&v.bytes("bytes"))) {
            assert_eq!(memory.firm.0, v.fixed("firm"));
            assert_eq!(
                (memory.pin.size, memory.ends.len() as u64),
                (v.number("size"), v.number("ends"))
            );
            let accepted = v.fields.get("accepted").map(|_| Hash32(v.fixed("accepted")));
            assert_eq!(memory.accepted.as_ref().map(|one| one.release), accepted);
            assert_eq!(memory.write(), v.bytes("bytes"));
        }
    });
}

/// Evidence against a log says whose words it is over.
#[test]
fn forks() {
    each("fork", 6, |v| {
        if let Some(fork) = v.settle(decode_strict::<Fork>(&v.bytes("bytes"), 1 << 17)) {
            let by = |by: Option<Voucher>| match by {
                None => "nobody else".to_owned(),
                Some(Voucher::Invitation) => "invitation".to_owned(),
                Some(Voucher::Witness(kid)) => Hash32(kid.0).to_string(),
                Some(Voucher::Unknown) => "unknown".to_owned(),
            };
            assert_eq!(
                (by(fork.known_by).as_str(), by(fork.shown_by).as_str()),
                (v.text("known by"), v.text("shown by"))
            );
            assert_eq!(fork.sizes(), Some((v.number("known"), v.number("shown"))));
            assert_eq!(
                (fork.found.0, fork.newest.is_some().to_string().as_str()),
                (v.number("found"), v.text("newest"))
            );
            let said = ClientError::Forked(Box::new(fork.clone())).evidence();
            assert!(said.contains(&fork.known) && said.contains(&fork.shown));
            assert_eq!(encode(&fork), v.bytes("bytes"));
        }
    });
}

/// What the blob behind an offer's link says to a newcomer, once it verifies.
#[test]
fn offer_blobs() {
    each("offer-blob", 10, |v| {
        let (id, now) = (v.fixed("enrolment"), Timestamp(v.number("now")));
        let blob = v.bytes("blob");
        if let Some(seen) = v.settle(read_offer(v.text("fragment"), EnrolmentId(id), &blob, now)) {
            assert_eq!(seen.firm_name, v.text("firm name"));
            assert_eq!(seen.inviter, v.text("inviter"));
            assert_eq!(u64::from(seen.role as u8), v.number("role"));
            let link = Fragment::parse(v.text("fragment")).unwrap_or_else(|_| panic!("a fragment"));
            let (key, ctx) = (link.secret.derive().seal, encode(&EnrolmentId(id)));
            let statement = open_record(&key, RecordKind::Invitation, id, &ctx, &blob);
            assert!(*statement.unwrap().expose() == v.bytes("statement"));
        }
    });
}
