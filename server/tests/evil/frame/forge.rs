//! Statements that the server makes up: under the name of somebody whose key it has not, signed with one
//! of its own.

use shared::client::directory::Directory;
use shared::client::path::root_fingerprint;
use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Identity, KemKey, MatterKey, SigningKey};
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::ids::MatterId;
use shared::journal::statement::{KeyringAct, Placed};
use shared::journal::stream::StreamId;
use shared::journal::wire::{Append, Entry};

use super::journal::stream;
use crate::harness::NOW;
use crate::harness::acts::Firm;
use crate::world::script::{Script, recovery};
use crate::world::{Person, Room, World, directory_of};

/// The firm's directory, as everybody can read it.
pub async fn directory(firm: &Firm) -> Directory {
    let keyring = stream(firm, StreamId::Keyring).await;
    let id = root_fingerprint(&keyring[0].statement.0).unwrap();
    directory_of(&keyring, id)
}

/// The firm's streams, to be gone on with in the founder's name, and in the root's, with the attacker's
/// keys.
pub async fn puppet(firm: &Firm, thief: &Identity) -> World {
    let directory = directory(firm).await;
    let account = firm.ring.account().unwrap();
    let bundle = directory.member_by_account(account).unwrap().bundle.clone();
    let id = directory.firm();
    World {
        server: firm.server.clone(),
        root: SigningKey::from_seed(*thief.signing.seed()),
        firm: id,
        office: keyed(thief, id, directory.root().office),
        founder: Person { account, keys: copy(thief), bundle, cookie: String::new() },
    }
}

/// The same keys.
pub fn copy(keys: &Identity) -> Identity {
    Identity {
        signing: SigningKey::from_seed(*keys.signing.seed()),
        kem: keys.kem.as_ref().map(|kem| KemKey::from_seed(*kem.seed())),
    }
}

/// A matter whose key is the attacker's own.
pub fn keyed(thief: &Identity, firm: Hash32, id: MatterId) -> Room {
    let key = MatterKey::from_seed(thief.kem.as_ref().unwrap().seed());
    let bundle = key.bundle(id, firm, NOW, None);
    Room { id, key, bundle }
}

/// The attacker's own key as the firm's recovery key, in the root's name.
pub async fn own_recovery_key(firm: &Firm, thief: &Identity) -> Vec<Entry> {
    let world = puppet(firm, thief).await;
    let mut script = Script::new(&world).await;
    let mut own = recovery(world.firm);
    own.kem = thief.kem.as_ref().map(KemKey::public);
    script.by_root(Namespace::Keyring, KeyringAct::RecoveryKey(own));
    entries_of(script.finish())
}

/// Statements as a server shows them.
pub fn entries_of(acts: Append) -> Vec<Entry> {
    let entry = |statement| Entry {
        statement,
        leaf: 0,
        blind: Hash32([6; 32]),
        arrived: NOW.0,
        attachments: acts.attachments.clone(),
    };
    acts.statements.into_iter().map(entry).collect()
}

/// What a statement says, if it is an act of this kind.
pub fn said<A>(entry: &Entry) -> Option<Placed<A>>
where
    Placed<A>: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()>,
{
    decode_strict(Signed::parse(&entry.statement.0).ok()?.body(), MAX_BODY).ok()
}

/// A statement that says something else, at its place and under its signer's name, signed with this key.
pub fn resigned<A>(entry: &Entry, key: &SigningKey, change: impl FnOnce(&mut A)) -> Entry
where
    Placed<A>: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()>,
{
    let honest = Signed::parse(&entry.statement.0).unwrap();
    let mut body: Placed<A> = said(entry).unwrap();
    change(&mut body.act);
    let forged = Signed::sign(honest.namespace(), key, honest.signer(), &encode(&body)).unwrap();
    let mut entry = entry.clone();
    entry.statement.0 = forged.into_bytes();
    entry
}
