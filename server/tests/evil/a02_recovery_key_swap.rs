//! A02: the firm's recovery key gets a copy of every matter's key; the server names its own for it.

use shared::client::ClientError;
use shared::crypto::keys::Role;
use shared::crypto::signed::Namespace;
use shared::journal::statement::KeyringAct;

use crate::frame::forge::{entries_of, own_recovery_key};
use crate::frame::journal::Journal;
use crate::frame::scene::{described, fresh, sign_in};
use crate::frame::{attempt, twist};
use crate::world::script::{Script, recovery};

const ROW: &str = "A02";

/// A second recovery key, in the root's name and in a journal that holds it. A device that knows the
/// journal only from now on makes a matter.
#[test]
fn the_recovery_key_is_the_servers_own() {
    attempt(ROW, "NotVerified(Keyring)", async |stage| {
        let firm = stage.firm().await;
        stage.truth(&firm).await;
        let thief = stage.attacker(Role::Staff);
        let forged = own_recovery_key(&firm, &thief).await;

        let portal = fresh(&firm).await;
        let journal = forged.into_iter().fold(Journal::of(&firm).await, Journal::add);
        twist(&portal, journal.twist());
        let ring = sign_in(&portal).await?;
        let made = portal.create_matter(&ring, &described(stage.tale.title)).await;
        stage.robbed(made).await
    });
}

/// The same by somebody who may admit people: that is no right to name the recovery key.
#[test]
fn an_administrator_names_no_recovery_key() {
    use crate::world::World;
    use shared::client::Thing;
    use shared::crypto::keys::Caps;

    crate::frame::plainly(async {
        let world = World::new().await;
        let post = Caps::ADMIT.union(Caps::KEYS);
        let mut directory = world.directory().await;
        let admin = world.staff(Role::Admin, post).await;
        let mut script = Script::new(&world).await;
        let act = KeyringAct::RecoveryKey(recovery(world.firm));
        let keyring = shared::journal::stream::StreamId::Keyring;
        script.by(&admin, Namespace::Keyring, keyring, act);
        let known = world.entries(keyring).await;
        let head = directory.head().next as usize;
        for entry in &known[head..] {
            directory.apply(entry).unwrap();
        }
        for entry in entries_of(script.finish()) {
            let refused = directory.apply(&entry);
            assert_eq!(refused.err(), Some(ClientError::NotVerified(Thing::Keyring)));
        }
    });
}
