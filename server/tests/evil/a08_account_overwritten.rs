//! A08: the server overwrites what an account's keys are sealed in, and sends a person's new device into
//! a firm of the server's own.

use shared::call::Call as _;
use shared::client::{ClientError, Thing};
use shared::crypto::keys::{Caps, KemKey, Role, SigningKey};
use shared::crypto::signed::Namespace;
use shared::identity::wire::{AccountOpened, SignInByRecovery};
use shared::ids::MatterId;
use shared::journal::statement::KeyringAct;
use shared::journal::stream::{Head, StreamId};

use crate::frame::forge::{copy, directory, entries_of, keyed};
use crate::frame::journal::Journal;
use crate::frame::lies::both;
use crate::frame::scene::{described, passphrase};
use crate::frame::{attempt, twist};
use crate::harness::NOW;
use crate::harness::client::{Device, Twist};
use crate::world::script::{Script, recovery, root_act};
use crate::world::{Person, World};

const ROW: &str = "A08";

/// Where the firm's fingerprint stands in the sealed secrets of a founder: behind the envelope's head, the
/// map, and four seeds.
const FIRM_AT: usize = 86 + 1 + 4 * 35 + 3;

/// What the server makes of an account.
type Lie = Box<dyn FnMut(&mut AccountOpened)>;

/// Changes an account as it is opened with the recovery words.
fn opened(mut lie: impl FnMut(&mut AccountOpened) + 'static) -> Twist {
    Box::new(move |path, _, answer| {
        let opened = serde_json::from_slice::<AccountOpened>(&answer);
        let (SignInByRecovery::ROUTE, Ok(mut account)) = (path, opened) else { return answer };
        lie(&mut account);
        serde_json::to_vec(&account).unwrap()
    })
}

/// The fingerprint of the firm is known; turning its bits under the seal makes it another firm's, in
/// which the recovery key is the server's.
#[test]
fn the_firm_in_an_account_becomes_the_servers_own() {
    attempt(ROW, "NotVerified(Account)", async |stage| {
        let firm = stage.firm().await;
        stage.truth(&firm).await;
        let thief = stage.attacker(Role::Staff);
        let account = firm.ring.account().unwrap();
        let key = || SigningKey::from_seed(*thief.signing.seed());
        let (made_up, act) = root_act(&key(), &key().public(), MatterId([7; 16]));
        stage.made_up.borrow_mut().push(made_up);
        let bundle = thief.bundle(Role::Staff, account.0, made_up, NOW, None, Caps::ALL);
        let world = World {
            server: firm.server.clone(),
            root: key(),
            firm: made_up,
            office: keyed(&thief, made_up, act.office),
            founder: Person { account, keys: copy(&thief), bundle, cookie: String::new() },
        };
        let mut script = Script::new(&world).await;
        script.move_head(StreamId::Keyring, Head::EMPTY);
        script.by_root(Namespace::Root, act);
        script.admit_by_root(&world.founder, None);
        let mut own = recovery(made_up);
        own.kem = thief.kem.as_ref().map(KemKey::public);
        script.by_root(Namespace::Keyring, KeyringAct::RecoveryKey(own));
        let forged = entries_of(script.finish());
        let journal = forged.into_iter().fold(Journal::made_up(made_up, key()), Journal::add);

        let known = directory(&firm).await.firm();
        let turn = opened(move |account| {
            for (at, (is, becomes)) in (FIRM_AT..).zip(known.0.iter().zip(made_up.0)) {
                account.secrets.0[at] ^= is ^ becomes;
            }
        });
        let portal = Device::new(&firm.router, NOW);
        twist(&portal, both(turn, journal.twist()));
        let ring = portal.sign_in_with_words("clara", &firm.words, &passphrase()).await?;
        let made = portal.create_matter(&ring, &described(stage.tale.title)).await;
        stage.robbed(made).await
    });
}

/// Slots and secrets of somebody else, of another kind, exchanged, or none: no account opens.
#[test]
fn an_account_opens_with_its_own_slots_alone() {
    use crate::harness::acts::{Firm, colleague};
    use shared::client::enrol::Post;
    crate::frame::plainly(async {
        let firm = Firm::founded().await;
        colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let me = firm.ring.account().unwrap();
        let mut read = firm.server.app.db.read().await.unwrap();
        let rows = read.fetch_all("SELECT id, secrets FROM account", &[]).await.unwrap();
        let theirs: Vec<u8> =
            rows.iter().find(|row| row.get::<Vec<u8>>(0).unwrap() != me.0).unwrap().get(1).unwrap();
        let slots = read.fetch_all("SELECT account, sealed FROM slot WHERE kind = 3", &[]).await;
        let slot: Vec<u8> = slots
            .unwrap()
            .iter()
            .find(|row| row.get::<Vec<u8>>(0).unwrap() != me.0)
            .unwrap()
            .get(1)
            .unwrap();
        drop(read);
        let (a, b) = (theirs.clone(), slot.clone());
        let lies: [Lie; 6] = [
            Box::new(move |one| one.secrets.0.clone_from(&a)),
            Box::new(move |one| one.slots.iter_mut().for_each(|slot| slot.sealed.0.clone_from(&b))),
            Box::new(|one| one.slots.clear()),
            Box::new(|one| one.slots.iter_mut().for_each(|slot| slot.kind = 2)),
            Box::new(|one| {
                let [a, b] = one.slots.as_mut_slice() else { panic!("two slots") };
                std::mem::swap(&mut a.sealed, &mut b.sealed);
            }),
            Box::new(|one| one.account = shared::ids::AccountId([9; 16])),
        ];
        for lie in lies {
            let portal = Device::new(&firm.router, NOW);
            twist(&portal, opened(lie));
            let refused = portal.sign_in_with_words("clara", &firm.words, &passphrase()).await;
            assert_eq!(refused.err(), Some(ClientError::NotVerified(Thing::Account)));
        }
    });
}
