//! A02: the firm's recovery key gets a copy of every matter's key; the server names its own for it.

use shared::client::ClientError;
use shared::client::recovery::shares::ShareFor;
use shared::crypto::keys::{Identity, KemKey, Kid, Role};
use shared::crypto::shares::Share;
use shared::crypto::signed::Namespace;
use shared::crypto::wrapped::{self, Signer, WrapContext};
use shared::journal::recovery::{ESCROW_PURPOSE, RecoveryAct, ShareNamed, SharesNamed};
use shared::journal::reroot::Rerooted;
use shared::journal::statement::KeyringAct;
use shared::journal::wire::Entry;

use crate::frame::forge::{directory, entries_of, own_recovery_key, puppet};
use crate::frame::journal::Journal;
use crate::frame::scene::{described, fresh, sign_in};
use crate::frame::{attempt, twist};
use crate::harness::acts::Firm;
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

/// The firm's shares are cut; the server makes the root anew with shares of its own, and names its recovery key.
#[test]
fn the_root_made_anew_is_the_servers_own() {
    attempt(ROW, "NotVerified(Keyring)", async |stage| {
        let firm = stage.firm().await;
        firm.portal.name_shares(&firm.ring, 2, &[ShareFor::Sheet; 3]).await.unwrap();
        let thief = stage.attacker(Role::Staff);
        let forged = own_root(&firm, &thief).await;
        let journal = forged.into_iter().fold(Journal::of(&firm).await, Journal::add);
        // The firm goes on, so that the server has leaves where the forged ones are asked for.
        firm.portal.create_matter(&firm.ring, &described("Another")).await.unwrap();
        stage.truth(&firm).await;

        let portal = fresh(&firm).await;
        twist(&portal, journal.twist());
        let ring = sign_in(&portal).await?;
        let made = portal.create_matter(&ring, &described(stage.tale.title)).await;
        stage.robbed(made).await
    });
}

/// A root of the attacker's in the place of the firm's, by shares that the firm never cut.
async fn own_root(firm: &Firm, thief: &Identity) -> Vec<Entry> {
    let world = puppet(firm, thief).await;
    let directory = directory(firm).await;
    let known = directory.recovery().unwrap();
    let shares = Share::split(&KemKey::generate(), world.firm, 1, 2, 3).unwrap();
    let root = Kid::of_root(world.firm);
    let (matter, epoch, purpose) = (directory.root().office, 2, ESCROW_PURPOSE);
    let place = WrapContext { firm: world.firm, matter, epoch, purpose };
    let (to, by) = (known.kem.as_ref().unwrap(), Signer { key: &thief.signing, kid: root });
    let seed = thief.signing.seed();
    let sealed = wrapped::seal((known.kid(), to), &place, by, seed, root, 0).unwrap();
    let named = |share: &Share| ShareNamed {
        commitment: share.commitment(),
        held: None,
        voice: Some(share.voice()),
    };
    let cutting = SharesNamed {
        generation: 2,
        recovery: known.kid(),
        threshold: 2,
        shares: shares.iter().map(named).collect(),
        root: sealed,
    };
    let anew = Rerooted::by(world.firm, &thief.signing, cutting, &shares[..2]);
    let mut own = recovery(world.firm);
    own.kem = thief.kem.as_ref().map(KemKey::public);
    let mut script = Script::new(&world).await;
    script.by_root(Namespace::Recovery, RecoveryAct::Rerooted(anew));
    script.by_root(Namespace::Keyring, KeyringAct::RecoveryKey(own));
    entries_of(script.finish())
}
