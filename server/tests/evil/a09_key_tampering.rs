//! A09: the server turns a bit in a person's sealed signing key, so that the device signs with a key that
//! is the true one but for that bit, which is how keys were taken out of other products. Every bit of all
//! that is stored is turned in `every_bit.rs`.

use shared::call::Call as _;
use shared::crypto::keys::{Kid, VerifyKey};
use shared::crypto::signed::Signed;
use shared::identity::wire::factors::FinishSecond;
use shared::journal::wire::Append;

use crate::frame::forge::directory;
use crate::frame::scene::{described, fresh, sign_in};
use crate::frame::{attempt, refused, twist};
use crate::harness::client::WIRE;

const ROW: &str = "A09";

/// Where the signing seed stands in sealed secrets: behind the envelope's head, the map, and its own head.
const SEED_AT: usize = 86 + 1 + 3;

#[test]
fn a_device_signs_with_no_key_that_was_tampered_with() {
    attempt(ROW, "NotVerified(Account)", async |stage| {
        let firm = stage.firm().await;
        stage.truth(&firm).await;
        let people = directory(&firm).await;
        let me = people.member_by_account(firm.ring.account().unwrap()).unwrap();
        let (kid, key) = (me.bundle.kid(), me.bundle.verify_key.unwrap());
        let portal = fresh(&firm).await;
        let turn = Box::new(move |path: &str, _: &[u8], answer: Vec<u8>| {
            if path != FinishSecond::ROUTE {
                return answer;
            }
            let mut said: serde_json::Value = serde_json::from_slice(&answer).unwrap();
            let Some(text) = said["secrets"].as_str() else { return answer };
            let mut secrets = shared::encoding::from_base64url(text).unwrap();
            secrets[SEED_AT + 7] ^= 0x10;
            said["secrets"] = shared::encoding::to_base64url(&secrets).into();
            serde_json::to_vec(&said).unwrap()
        });
        twist(&portal, turn);
        let ring = sign_in(&portal).await?;
        let made = portal.create_matter(&ring, &described(stage.tale.title)).await;
        if signed_with_another(kid, &key) {
            return Ok(());
        }
        made?;
        refused("the true key")
    });
}

/// Whether anything went out in this name that its key did not sign.
fn signed_with_another(kid: Kid, key: &VerifyKey) -> bool {
    WIRE.with_borrow(|wire| {
        wire.iter().filter_map(|sent| serde_json::from_slice::<Append>(&sent.body).ok()).any(
            |acts| {
                let mut signed =
                    acts.statements.iter().filter_map(|one| Signed::parse(&one.0).ok());
                signed.any(|one| one.signer() == kid && one.verify(one.namespace(), key).is_err())
            },
        )
    })
}
