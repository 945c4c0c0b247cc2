//! What devices keep: a proven receipt, and what was verified already; and fingerprints, which people compare.

use shared::client::proven;
use shared::client::room::Room;
use shared::client::verified::{PieceV1, StretchV1};
use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::fingerprint;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::AccountKey;
use shared::crypto::sealed::{RecordKind, open_record};
use shared::ids::AccountId;
use shared::journal::stream::Head;

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

#[test]
fn fingerprints() {
    each("fingerprint", 1, |v| {
        assert_eq!(fingerprint::digits(Hash32(v.fixed("digest"))), v.text("digits"));
        assert_eq!(v.text("expect"), "ok");
    });
}
