//! What the server keeps of no way back: one that no client's key signed for, or not for this.

use shared::crypto::back::{BackPlace, kek_from_prf, seal, seal_key};
use shared::crypto::cbor;
use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::keys::RecordKey;
use shared::crypto::signed::{Namespace, Signed};
use shared::encoding::B64;
use shared::identity::back::{BackBy, BackSaid, MAX_RECORD};
use shared::identity::wire::back::{
    DropBack, KeepBack, KeepWords, ReadBacks, RenewBack, StartNewBack,
};
use shared::ids::BackId;
use shared::problem::Code;

use crate::harness::NOW;
use crate::harness::soft_passkey::SoftPasskey;
use crate::world::{Person, Room, World};

struct Scene {
    world: World,
    matter: Room,
    client: Person,
    other: Person,
}

/// What a browser would send.
struct Parts {
    place: BackPlace,
    slot: Vec<u8>,
    record: Vec<u8>,
    said: BackSaid,
    call: KeepBack,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await;
        let matter = world.matter().await;
        let client = world.client(&matter).await;
        let other = world.client(&matter).await;
        Self { world, matter, client, other }
    }

    /// Everything as it should be, for this client, with this passkey.
    async fn parts(&self, who: &Person, passkey: &SoftPasskey) -> Parts {
        let back = BackId::random();
        let ceremony = self.world.call(who, &StartNewBack { back }).await.unwrap();
        let place = BackPlace { firm: self.world.firm, client: who.kid(), back };
        let key = RecordKey::generate();
        let slot = seal_key(&kek_from_prf(&[1; 32]), &place, &key).unwrap();
        let record = seal(&key, &place, 1, b"keys").unwrap();
        let made = passkey.make(&ceremony);
        let said = BackSaid {
            version: 1,
            firm: self.world.firm,
            back,
            number: 1,
            credential: sha256(&passkey.id),
            slot: sha256(&slot),
            record: sha256(&record),
            time: NOW,
            by: None,
        };
        let call = KeepBack {
            attempt: made.attempt,
            object: B64(made.object),
            client_data: B64(made.client_data),
            slot: B64(slot.clone()),
            record: B64(record.clone()),
            said: sign(who, &said),
        };
        Parts { place, slot, record, said, call }
    }

    async fn keep(&self, who: &Person, call: &KeepBack) -> Result<(), Code> {
        self.world.call(who, call).await.map(drop)
    }
}

fn sign(who: &Person, said: &BackSaid) -> B64 {
    let body = cbor::encode(said);
    let signed = Signed::sign(Namespace::Back, &who.keys.signing, who.kid(), &body).unwrap();
    B64(signed.as_bytes().to_vec())
}

const INVALID: Result<(), Code> = Err(Code::InvalidStatement);

#[tokio::test]
async fn a_passkey_is_kept_for_the_key_that_signed_for_it_and_for_no_other() {
    let scene = Scene::new().await;
    let (client, other) = (&scene.client, &scene.other);
    let passkey = SoftPasskey::unlocking("maria");
    let by = |who, said: BackSaid| sign(who, &said);
    for wrong in 0..9 {
        let Parts { said, mut call, slot, record, .. } = scene.parts(client, &passkey).await;
        call.said = match wrong {
            // Another's key: the server would attach the passkey to whom it likes.
            0 => by(other, said),
            1 => by(client, BackSaid { firm: Hash32([1; 32]), ..said }),
            2 => by(client, BackSaid { back: BackId([1; 16]), ..said }),
            3 => by(client, BackSaid { number: 2, ..said }),
            4 => by(client, BackSaid { credential: sha256(b"another"), ..said }),
            5 => by(client, BackSaid { slot: sha256(&record), ..said }),
            6 => by(client, BackSaid { record: sha256(&slot), ..said }),
            7 => by(client, BackSaid { version: 2, ..said }),
            _ => B64(call.slot.0.clone()),
        };
        assert_eq!(scene.keep(client, &call).await, INVALID, "{wrong}");
    }
    // Slot and record of another way, a slot as a record, and too large a one.
    let elsewhere = scene.parts(client, &passkey).await;
    for wrong in 0..4 {
        let Parts { mut said, mut call, slot, place, .. } = scene.parts(client, &passkey).await;
        match wrong {
            0 => call.slot = B64(elsewhere.slot.clone()),
            1 => call.record = B64(elsewhere.record.clone()),
            2 => call.record = B64(slot),
            _ => {
                let much = vec![0; MAX_RECORD];
                call.record = B64(seal(&RecordKey::generate(), &place, 1, &much).unwrap());
            }
        }
        said.slot = sha256(&call.slot.0);
        said.record = sha256(&call.record.0);
        call.said = by(client, said);
        assert_eq!(scene.keep(client, &call).await, INVALID, "{wrong}");
    }
    let good = scene.parts(client, &passkey).await;
    // On somebody else's session, and on none.
    assert_eq!(scene.keep(other, &good.call).await, INVALID);
    let good = scene.parts(client, &passkey).await;
    let founder = &scene.world.founder;
    assert_eq!(scene.keep(founder, &good.call).await, Err(Code::NotFound));
    let nobody = scene.world.ask(None, &good.call).await.map(drop);
    assert_eq!(nobody, Err(Code::Unauthenticated));
    scene.keep(client, &good.call).await.unwrap();
    // A ceremony is finished once, and a passkey is one key's.
    assert_eq!(scene.keep(client, &good.call).await, Err(Code::SignInFailed));
    let again = scene.parts(other, &passkey).await;
    assert_eq!(scene.keep(other, &again.call).await, Err(Code::AlreadyExists));
    let seen = scene.world.call(founder, &ReadBacks { matter: scene.matter.id }).await.unwrap();
    assert_eq!(seen.said, [good.call.said]);
    let none = scene.world.call(client, &ReadBacks { matter: scene.matter.id }).await.err();
    assert_eq!(none, Some(Code::NotFound));
}

#[tokio::test]
async fn a_record_follows_the_one_before_and_is_the_keys_own() {
    let scene = Scene::new().await;
    let (client, other) = (&scene.client, &scene.other);
    let passkey = SoftPasskey::unlocking("maria");
    let Parts { said, call, slot, .. } = scene.parts(client, &passkey).await;
    let renew = |who, number, record: &[u8]| {
        let said = BackSaid { number, record: sha256(record), ..said };
        RenewBack { record: B64(record.to_vec()), said: sign(who, &said) }
    };
    let record = call.record.0.clone();
    let stale = Err(Code::Stale);
    let world = &scene.world;
    let sent = |who, call| async move { world.call(who, &call).await.map(drop) };
    assert_eq!(sent(client, renew(client, 2, &record)).await, stale);
    scene.keep(client, &call).await.unwrap();
    for number in [0, 1, 3, u64::MAX] {
        assert_eq!(sent(client, renew(client, number, &record)).await, stale, "{number}");
    }
    assert_eq!(sent(client, renew(other, 2, &record)).await, INVALID);
    assert_eq!(sent(other, renew(other, 2, &record)).await, stale);
    assert_eq!(sent(client, renew(client, 2, &slot)).await, INVALID);
    sent(client, renew(client, 2, &record)).await.unwrap();
    assert_eq!(sent(client, renew(client, 2, &record)).await, stale);
    sent(client, renew(client, 3, &record)).await.unwrap();
    // Another's is not gone by one's own word.
    scene.world.call(other, &DropBack {}).await.unwrap();
    assert_eq!(scene.world.count("SELECT COUNT(*) FROM way_back").await, 1);
    scene.world.call(client, &DropBack {}).await.unwrap();
    assert_eq!(scene.world.count("SELECT COUNT(*) FROM way_back").await, 0);
}

#[tokio::test]
async fn words_are_kept_for_the_key_that_signed_for_them_and_said_so() {
    let scene = Scene::new().await;
    let (client, other) = (&scene.client, &scene.other);
    let passkey = SoftPasskey::unlocking("maria");
    let Parts { said, call, slot, record, .. } = scene.parts(client, &passkey).await;
    let proof = sha256(b"what words show");
    let by = Some(BackBy::Words);
    let good = BackSaid { credential: sha256(&proof.0), by, ..said };
    let with = |said: BackSaid, who| KeepWords {
        proof,
        slot: B64(slot.clone()),
        record: B64(record.clone()),
        said: sign(who, &said),
    };
    let keep = |who, call| {
        let world = &scene.world;
        async move { world.call(who, &call).await.map(drop) }
    };
    for (at, wrong) in [
        BackSaid { by: None, ..good },
        BackSaid { number: 2, ..good },
        BackSaid { credential: proof, ..good },
        BackSaid { back: BackId([1; 16]), ..good },
        BackSaid { firm: Hash32([1; 32]), ..good },
        BackSaid { slot: sha256(&record), ..good },
        BackSaid { record: sha256(&slot), ..good },
        BackSaid { version: 2, ..good },
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(keep(client, with(wrong, client)).await, INVALID, "{at}");
    }
    assert_eq!(keep(client, with(good, other)).await, INVALID);
    assert_eq!(keep(&scene.world.founder, with(good, client)).await, Err(Code::NotFound));
    // Nor is a passkey kept for which the key said that it is words.
    let spoken = BackSaid { by, ..said };
    assert_eq!(
        scene.keep(client, &KeepBack { said: sign(client, &spoken), ..call }).await,
        INVALID
    );
    keep(client, with(good, client)).await.unwrap();
    // Another key takes no way that is somebody's; and what comes next says the same of its kind.
    assert_eq!(keep(other, with(good, other)).await, Err(Code::AlreadyExists));
    let next = BackSaid { number: 2, by: None, ..good };
    let renew = RenewBack { record: B64(record.clone()), said: sign(client, &next) };
    assert_eq!(scene.world.call(client, &renew).await.map(drop), INVALID);
    let next = BackSaid { by, ..next };
    let renew = RenewBack { record: B64(record.clone()), said: sign(client, &next) };
    scene.world.call(client, &renew).await.unwrap();
}
