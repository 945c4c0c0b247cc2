//! A33: somebody recovers an account by the twelve words, on a device that knows nothing yet, and the server
//! makes use of it. Shares and ceremonies are not built: there is one recovery key, named by the firm root,
//! and the words. So the new device is shown a firm with the right people under another root, whose recovery
//! key is the server's: every new matter would be sealed to it.

use server::db::Value;
use shared::call::Call as _;
use shared::client::ClientError;
use shared::client::enrol::Post;
use shared::client::error::Thing;
use shared::crypto::cbor::decode_strict;
use shared::crypto::keys::{Kid, Role, SigningKey};
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::identity::wire::{AccountOpened, SignInByRecovery};
use shared::ids::AccountId;
use shared::journal::statement::{KeyringAct, Placed, RootAct};
use shared::journal::stream::{Head, StreamId};
use shared::matters::plain::{DescriptionV1, Label};
use shared::secret::Secret;

use crate::frame::journal::{Journal, stream};
use crate::frame::{Stage, attempt, plainly, refused, tamper, twist};
use crate::harness::NOW;
use crate::harness::acts::{Firm, PASSPHRASE, colleague};
use crate::harness::client::{Device, Twist};
use crate::harness::enter;
use crate::world::World;
use crate::world::script::Script;

const ROW: &str = "A33";

/// The keyring again under a root of the server's: the founder's own keys, and another recovery key.
async fn under_another_root(stage: &Stage, firm: &Firm, world: &World) -> (Journal, Kid) {
    let thief = stage.attacker(Role::Staff);
    let recovery = thief.kem.as_ref().unwrap().bundle(Role::Recovery, [7; 16], world.firm, NOW);
    let root = SigningKey::generate();
    let keyring = stream(firm, StreamId::Keyring).await;
    let body = |at: usize| Signed::parse(&keyring[at].statement.0).unwrap().body().to_vec();
    let honest: Placed<RootAct> = decode_strict(&body(0), MAX_BODY).unwrap();
    let founder: Placed<KeyringAct> = decode_strict(&body(1), MAX_BODY).unwrap();
    let mut script = Script::new(world).await;
    script.move_head(StreamId::Keyring, Head::EMPTY);
    let kid = Kid::of_root(world.firm);
    let act = RootAct { root: root.public(), ..honest.act };
    script.write(Namespace::Root, StreamId::Keyring, act, &root, kid);
    for act in [founder.act, KeyringAct::RecoveryKey(recovery.clone())] {
        script.write(Namespace::Keyring, StreamId::Keyring, act, &root, kid);
    }
    let mut journal = Journal::of(firm).await;
    for (mut entry, statement) in keyring.into_iter().zip(script.finish().statements) {
        entry.statement = statement;
        journal = journal.exchange(entry);
    }
    (journal, recovery.kid())
}

#[test]
fn a_recovered_account_finds_no_other_firm() {
    attempt(ROW, "NotVerified(Keyring)", async |stage| {
        let firm = stage.firm().await;
        let world = World::outside(&firm).await;
        stage.truth(&firm).await;
        let (journal, recovery) = under_another_root(stage, &firm, &world).await;
        let kid = Value::from(recovery.0);
        tamper(&firm, "UPDATE firm SET recovery = $1", &[kid]).await;
        let fresh = Device::new(&firm.router, NOW);
        twist(&fresh, journal.twist());
        let pass = Secret::new(PASSPHRASE.to_owned());
        let ring = fresh.sign_in_with_words("clara", &firm.words, &pass).await?;
        let description = DescriptionV1 {
            client: stage.tale.client.into(),
            title: "An inheritance".into(),
            practice: "Family".into(),
            label: Label::Confidential,
        };
        fresh.create_matter(&ring, &description).await?;
        if stage.is_robbed().await { Ok(()) } else { refused("sealed to its own") }
    });
}

type Lie = Box<dyn Fn(&mut AccountOpened)>;

fn replaced(change: Lie) -> Twist {
    Box::new(move |path, _, honest| {
        if path != SignInByRecovery::ROUTE {
            return honest;
        }
        let mut opened: AccountOpened = serde_json::from_slice(&honest).unwrap();
        change(&mut opened);
        serde_json::to_vec(&opened).unwrap()
    })
}

async fn bytes(firm: &Firm, sql: &'static str) -> Vec<u8> {
    let mut read = firm.server.app.db.read().await.unwrap();
    read.fetch_optional(sql, &[]).await.unwrap().unwrap().get(0).unwrap()
}

/// Slots and secrets of somebody else, of another way in, or none: the words open nothing.
#[test]
fn no_other_slot_opens_by_the_words() {
    plainly(async {
        let firm = Firm::founded().await;
        colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let sql = "SELECT sealed FROM slot JOIN account ON account.id = slot.account \
                   WHERE handle = 'bo' AND kind = 3";
        let slot = bytes(&firm, sql).await;
        let secrets = bytes(&firm, "SELECT secrets FROM account WHERE handle = 'bo'").await;
        let lies: [Lie; 5] = [
            Box::new(move |opened| {
                let words = opened.slots.iter_mut().filter(|slot| slot.kind == 3);
                words.for_each(|known| known.sealed.0.clone_from(&slot));
            }),
            Box::new(move |opened| opened.secrets.0.clone_from(&secrets)),
            Box::new(|opened| {
                // The passphrase's slot in the place of the words'.
                opened.slots.retain(|slot| slot.kind == 2);
                opened.slots.iter_mut().for_each(|slot| slot.kind = 3);
            }),
            Box::new(|opened| opened.slots.clear()),
            Box::new(|opened| opened.account = AccountId::random()),
        ];
        for lie in lies {
            let fresh = Device::new(&firm.router, NOW);
            twist(&fresh, replaced(lie));
            let pass = Secret::new("another long passphrase".to_owned());
            let opened = fresh.sign_in_with_words("clara", &firm.words, &pass).await;
            assert_eq!(opened.err(), Some(ClientError::NotVerified(Thing::Account)));
        }
        // Nothing was replaced meanwhile: the old passphrase opens.
        let pass = Secret::new(PASSPHRASE.to_owned());
        enter::enter(&firm.portal, "clara", &pass).await.unwrap();
    });
}
