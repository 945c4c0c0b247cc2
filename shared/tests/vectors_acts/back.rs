//! How a client comes back: slot, record, and what the client's key says of both.

use shared::crypto::back::{BackPlace, kek_from_prf, open, open_key};
use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::error::OpenError;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Kid, VerifyKey};
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::identity::back::BackSaid;
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
