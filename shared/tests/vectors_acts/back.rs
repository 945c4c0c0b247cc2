//! How a client comes back: slot, record, and what the client's key says of both.

use shared::crypto::back::{BackPlace, BackWords, kek_from_prf, open, open_key};
use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::error::OpenError;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Kid, VerifyKey};
use shared::crypto::recovery::RecoveryCode;
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::identity::back::{BackBy, BackSaid};
use shared::ids::BackId;

use super::each;

#[test]
fn ways_back() {
    each("back", 8, |v| {
        let (firm, client) = (Hash32(v.fixed("firm")), Kid(v.fixed("client")));
        let place = BackPlace { firm, client, back: BackId(v.fixed("way")) };
        let (slot, record) = (v.bytes("slot"), v.bytes("record"));
        let number = v.number("number");
        let opened = open_key(&kek_from_prf(&v.fixed("prf")), &place, &slot)
            .and_then(|key| open(&key, &place, number, &record));
        // What is said of it is held to it before, where a file has it.
        let signed = Signed::parse(&v.bytes("said")).unwrap();
        let said: BackSaid = decode_strict(signed.body(), MAX_BODY).unwrap();
        assert_eq!(encode(&said), signed.body());
        let is_of = said.is_of(&v.bytes("credential"), &slot, &record);
        let outcome =
            opened.and_then(|plain| if is_of { Ok(plain) } else { Err(OpenError::WrongPlace) });
        if let Some(plain) = v.settle(outcome) {
            assert_eq!(*plain.expose(), v.bytes("plaintext"));
            assert!(place.is_remembered(&v.bytes("handle")));
            assert!(said.fits(&slot, &record) && said.number == number);
            assert_eq!((said.firm, said.back, signed.signer()), (firm, place.back, client));
            let key = VerifyKey(v.fixed("key"));
            signed.verify(Namespace::Back, &key).unwrap();
        }
    });
}

#[test]
fn words_back() {
    each("back-words", 8, |v| {
        let (firm, client) = (Hash32(v.fixed("firm")), Kid(v.fixed("client")));
        let code = RecoveryCode::parse(v.text("words")).unwrap();
        let words = BackWords(&code);
        let place = BackPlace { firm, client, back: words.way() };
        let (slot, record, number) = (v.bytes("slot"), v.bytes("record"), v.number("number"));
        let opened = open_key(&words.kek(), &place, &slot)
            .and_then(|key| open(&key, &place, number, &record));
        let signed = Signed::parse(&v.bytes("said")).unwrap();
        let said: BackSaid = decode_strict(signed.body(), MAX_BODY).unwrap();
        assert_eq!(encode(&said), signed.body());
        let is_of = said.is_of(&words.proof().0, &slot, &record)
            && (said.back, said.by) == (words.way(), Some(BackBy::Words));
        let outcome =
            opened.and_then(|plain| if is_of { Ok(plain) } else { Err(OpenError::WrongPlace) });
        if let Some(plain) = v.settle(outcome) {
            assert_eq!(*plain.expose(), v.bytes("plaintext"));
            assert_eq!(words.way().0, v.fixed("way"));
            assert_eq!(
                (*words.token().expose(), words.proof().0),
                (v.fixed("token"), v.fixed("proof"))
            );
            assert!(said.fits(&slot, &record) && said.number == number && said.firm == firm);
            signed.verify(Namespace::Back, &VerifyKey(v.fixed("key"))).unwrap();
        }
    });
}
