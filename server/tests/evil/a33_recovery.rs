//! A33: somebody recovers an account by the twelve words, on a device that knows nothing yet, and the server
//! makes use of it: the new device is shown a firm with the right people under another root, whose recovery
//! key is the server's, and every new matter would be sealed to it. And officers hold a ceremony, of whom one
//! is the server's accomplice: shares that are another's, of before, or given a day before they were asked for.

use server::db::Value;
use server::journal::signer::Authority;
use shared::call::Call as _;
use shared::client::ClientError;
use shared::client::enrol::Post;
use shared::client::error::Thing;
use shared::client::recovery::shares::ShareFor;
use shared::crypto::cbor::decode_strict;
use shared::crypto::hash::sha256;
use shared::crypto::keys::{Kid, Role, SigningKey};
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::crypto::wrapped::{self, Signer, WrapContext};
use shared::identity::wire::{AccountOpened, SignInByRecovery};
use shared::ids::{AccountId, MatterId, RecoveryId};
use shared::journal::recovery::{
    APPROVAL_PURPOSE, Approved, RecoveryAct, Requested, SHARE_PURPOSE,
};
use shared::journal::statement::{KeyringAct, Placed, RootAct, variant_of};
use shared::journal::stream::{Head, StreamId};
use shared::matters::plain::{DescriptionV1, Label};
use shared::secret::Secret;
use shared::time::{DAY, Timestamp};

use crate::frame::forge::directory;
use crate::frame::journal::{Journal, backdated, stream};
use crate::frame::scene::{fresh, insider, sign_in};
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

/// An officer whom the server has won.
struct Accomplice {
    world: World,
    session: RecoveryId,
}

impl Accomplice {
    /// Clara and Max have shares. Bo lost everything, came back, and Clara asks.
    async fn in_ceremony(firm: &Firm) -> Self {
        let (world, _) = insider(firm).await;
        let max = world.founder.kid();
        let clara = clara(firm).await;
        let bo = colleague(firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let seats = [ShareFor::Person(clara), ShareFor::Person(max), ShareFor::Sheet];
        firm.portal.name_shares(&firm.ring, 2, &seats).await.unwrap();
        let again = colleague(firm, Post::Lawyer, "Bo Lindqvist", "bo-2").await;
        let session = firm.portal.ask_recovery(&firm.ring, bo.kid, again.kid).await.unwrap();
        let seen = firm.portal.recovery(&firm.ring).await.unwrap();
        let code = &seen.sessions.iter().find(|one| one.session == session).unwrap().code;
        firm.portal.approve_recovery(&firm.ring, session, code, None).await.unwrap();
        Self { world, session }
    }

    /// Max's own share, sealed to the ceremony.
    async fn approval(&self, firm: &Firm) -> Approved {
        self.sealed(firm, None).await
    }

    /// The same, or with other bytes in it.
    async fn sealed(&self, firm: &Firm, other: Option<[u8; 32]>) -> Approved {
        let directory = directory(firm).await;
        let ceremonies = directory.ceremonies();
        let (shares, _) = ceremonies.shares().unwrap();
        let max = &self.world.founder;
        let number = shares.held_by(max.kid()).unwrap();
        let held = shares.share(number).unwrap().held.as_ref().unwrap();
        let kem = max.keys.kem.as_ref().unwrap();
        let office = directory.root().office;
        let (firm, epoch) = (directory.firm(), u32::from(shares.generation));
        let at = WrapContext { firm, matter: office, epoch, purpose: SHARE_PURPOSE };
        let root = directory.root().root;
        let share = wrapped::open(&held.envelope, max.kid(), kem, &at, |_| Some(root)).unwrap();
        let key = &ceremonies.session(self.session).unwrap().asked.key;
        let matter = MatterId(self.session.0);
        let at = WrapContext { firm, matter, epoch, purpose: APPROVAL_PURPOSE };
        let signer = Signer { key: &max.keys.signing, kid: max.kid() };
        let to = (key.kid(), key.kem.as_ref().unwrap());
        let seq = directory.head().next;
        let seed = other.as_ref().unwrap_or(share.seed());
        let envelope = wrapped::seal(to, &at, signer, seed, share.pub_kid(), seq).unwrap();
        Approved { session: self.session, number, envelope }
    }

    /// A device of the firm hears this from Max.
    async fn says(
        &self,
        firm: &Firm,
        act: RecoveryAct,
        time: Timestamp,
    ) -> Result<(), ClientError> {
        let mut script = Script::new(&self.world).await;
        script.time = time;
        script.by(&self.world.founder, Namespace::Recovery, StreamId::Keyring, act);
        let acts = script.finish();
        let authority = Authority::Staff(self.world.founder.account);
        // An honest server takes it or does not; this one shows it all the same.
        if self.world.take(authority, &acts).await.is_err() {
            twist(&firm.portal, Journal::of(firm).await.say(acts).twist());
        }
        firm.portal.recovery(&firm.ring).await.map(drop)
    }
}

async fn clara(firm: &Firm) -> Kid {
    let people = firm.portal.people(&firm.ring).await.unwrap();
    people.iter().find(|one| one.handle.as_deref() == Some("clara")).unwrap().kid
}

/// The accomplice gives a share a day before it was asked for: nobody would have to wait.
#[test]
fn a_share_given_a_day_ago_spares_no_wait() {
    attempt(ROW, "NotVerified(Keyring)", async |stage| {
        let firm = stage.firm().await;
        let max = Accomplice::in_ceremony(&firm).await;
        stage.truth(&firm).await;
        let act = RecoveryAct::Approved(max.approval(&firm).await);
        max.says(&firm, act, Timestamp(NOW.0 - DAY)).await?;
        firm.portal.pass_seats(&firm.ring, max.session, async |_, _| true).await?;
        Ok(())
    });
}

/// The accomplice's own share, and other bytes in it: it is named, and nothing is tried with it.
#[test]
fn an_officer_who_gives_a_wrong_share_is_named() {
    plainly(async {
        let firm = Firm::founded().await;
        let max = Accomplice::in_ceremony(&firm).await;
        let wrong = max.sealed(&firm, Some([7; 32])).await;
        max.says(&firm, RecoveryAct::Approved(wrong), NOW).await.unwrap();
        let named = firm.portal.wrong_shares(&firm.ring, max.session).await.unwrap();
        assert_eq!(named, [(2, max.world.founder.kid())]);
        firm.server.pass(DAY);
        firm.portal.host().now.set(NOW.plus(DAY));
        let ring = sign_in(&firm.portal).await.unwrap();
        let passed = firm.portal.pass_seats(&ring, max.session, async |_, _| true).await;
        assert_eq!(passed.err(), Some(ClientError::NotVerified(Thing::Share)));
    });
}

/// Another's share, one of no ceremony, a ceremony for a key of the accomplice's own, a pass without the root:
/// no device takes any of it.
#[test]
fn nobody_speaks_for_another_officer() {
    plainly(async {
        let firm = Firm::founded().await;
        let max = Accomplice::in_ceremony(&firm).await;
        let honest = max.approval(&firm).await;
        let clara = clara(&firm).await;
        let mut key = max.world.founder.keys.kem.as_ref().unwrap().bundle(
            Role::Recovery,
            [3; 16],
            max.world.firm,
            NOW,
        );
        key.subject = [3; 16];
        let session = RecoveryId([3; 16]);
        let own =
            Requested { session, generation: 1, lost: clara, to: max.world.founder.kid(), key };
        for act in [
            RecoveryAct::Approved(Approved { number: 1, ..honest.clone() }),
            RecoveryAct::Approved(Approved { session: RecoveryId([9; 16]), ..honest.clone() }),
            RecoveryAct::Requested(own),
            RecoveryAct::Passed(max.session),
            RecoveryAct::Hastened(RecoveryId([9; 16])),
        ] {
            let fresh = fresh(&firm).await;
            let ring = sign_in(&fresh).await.unwrap();
            let mut script = Script::new(&max.world).await;
            script.by(&max.world.founder, Namespace::Recovery, StreamId::Keyring, act);
            let acts = script.finish();
            let authority = Authority::Staff(max.world.founder.account);
            assert!(max.world.take(authority, &acts).await.is_err());
            fresh.host().bold.set(true);
            twist(&fresh, Journal::of(&firm).await.say(acts).twist());
            let seen = fresh.recovery(&ring).await;
            assert_eq!(seen.err(), Some(ClientError::NotVerified(Thing::Keyring)));
        }
    });
}

/// From the leaf of a recovery's last act on the root's grants count: it stands where it is proven to stand.
#[test]
fn a_recovery_ends_where_it_is_proven_to() {
    plainly(async {
        let firm = Firm::founded().await;
        let max = Accomplice::in_ceremony(&firm).await;
        let act = RecoveryAct::Approved(max.approval(&firm).await);
        max.says(&firm, act, NOW).await.unwrap();
        firm.server.pass(DAY);
        firm.portal.host().now.set(NOW.plus(DAY));
        let ring = sign_in(&firm.portal).await.unwrap();
        firm.portal.pass_seats(&ring, max.session, async |_, _| true).await.unwrap();
        let keyring = stream(&firm, StreamId::Keyring).await;
        let is_last = |bytes: &[u8]| {
            let signed = Signed::parse(bytes).unwrap();
            signed.namespace() == Namespace::Recovery && variant_of(bytes) == Some(6)
        };
        let last = keyring.iter().find(|entry| is_last(&entry.statement.0)).unwrap();
        let digest = sha256(&last.statement.0);
        let portal = fresh(&firm).await;
        portal.host().now.set(NOW.plus(DAY));
        twist(&portal, backdated(Journal::of(&firm).await.twist(), digest));
        let signed_in = sign_in(&portal).await;
        let seen = match signed_in {
            Ok(ring) => portal.recovery(&ring).await.map(drop),
            Err(error) => Err(error),
        };
        assert_eq!(seen, Err(ClientError::NotVerified(Thing::Keyring)));
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
