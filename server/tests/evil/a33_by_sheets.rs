//! A33: whoever found enough sheets of an earlier cutting has the recovery key, and the root by it. With the server
//! on their side they come back as the founder: by the words of void sheets, by those of a return that was called
//! off, or by none, as somebody whom the root admits.

use shared::client::error::Thing;
use shared::client::recovery::shares::{ShareFor, Sheet};
use shared::client::{ClientError, Portal, Ring};
use shared::crypto::cbor;
use shared::crypto::keys::{Caps, Identity, Kid, Role, SigningKey};
use shared::crypto::share_word::{Saying, ShareWord};
use shared::crypto::shares::{self, Share};
use shared::crypto::signed::{Namespace, Signed};
use shared::crypto::wrapped::{self, WrapContext};
use shared::ids::{AccountId, RecoveryId};
use shared::journal::recovery::{ESCROW_PURPOSE, RecoveryAct, Returning};
use shared::journal::statement::{Admitted, KeyringAct};
use shared::journal::stream::StreamId;
use shared::time::DAY;

use crate::frame::forge::directory;
use crate::frame::journal::Journal;
use crate::frame::scene::{fresh, sign_in};
use crate::frame::{attempt, plainly, twist};
use crate::harness::NOW;
use crate::harness::acts::Firm;
use crate::harness::client::Device;
use crate::world::World;
use crate::world::script::Script;

const ROW: &str = "A33";

/// Somebody with two sheets of a cutting, and the root that they open.
struct Finder {
    world: World,
    sheets: Vec<Share>,
    root: SigningKey,
    lost: Kid,
    generation: u16,
}

async fn cut(firm: &Firm) -> Vec<Sheet> {
    firm.portal.name_shares(&firm.ring, 2, &[ShareFor::Sheet; 3]).await.unwrap()
}

impl Finder {
    /// Of the sheets of this cutting, after all others that there were.
    async fn of(firm: &Firm, found: &[Sheet]) -> Self {
        let world = World::outside(firm).await;
        let directory = directory(firm).await;
        let read = |sheet: &Sheet| Share::parse(&sheet.text, directory.firm()).ok().unwrap();
        let sheets: Vec<Share> = found.iter().take(2).map(read).collect();
        let recovery = shares::combine(&sheets).unwrap();
        let (named, _) = directory.ceremonies().shares().unwrap();
        let (firm, matter) = (directory.firm(), directory.root().office);
        let epoch = u32::from(named.generation);
        let at = WrapContext { firm, matter, epoch, purpose: ESCROW_PURPOSE };
        let kid = directory.recovery().unwrap().kid();
        let key = directory.root().root;
        let seed = wrapped::open(&named.root, kid, &recovery, &at, |_| Some(key)).unwrap();
        let root = SigningKey::from_seed(*seed.seed());
        let lost = directory.members().next().unwrap().bundle.kid();
        Self { world, sheets, root, lost, generation: named.generation }
    }

    /// New keys, and a word of each share, of whatever cutting, for them.
    fn returning(&self) -> Returning {
        let keys = Identity::generate(Role::Staff);
        let account = AccountId([0xee; 16]);
        let firm = self.world.firm;
        let bundle = keys.bundle(Role::Staff, account.0, firm, NOW, None, Caps::ALL);
        let body = cbor::encode(&bundle);
        let signed = Signed::sign(Namespace::StaffBundle, &keys.signing, bundle.kid(), &body);
        let (session, generation, lost) = (RecoveryId([0xee; 16]), self.generation, self.lost);
        let (bundle, words) = (signed.unwrap().into_bytes(), Vec::new());
        let mut act = Returning { session, generation, lost, account, bundle, words };
        let saying = act.saying();
        act.words = self.sheets.iter().map(|share| share.says(saying)).collect();
        act
    }

    /// The founder's device is shown that the root said this.
    async fn shows(&self, firm: &Firm, acts: Vec<RecoveryAct>, back: &Returning) -> Told {
        self.shows_to(firm, (&firm.portal, &firm.ring), acts, back).await
    }

    async fn shows_to(
        &self,
        firm: &Firm,
        (portal, ring): (&Portal<Device>, &Ring),
        acts: Vec<RecoveryAct>,
        back: &Returning,
    ) -> Told {
        let mut script = Script::new(&self.world).await;
        let kid = Kid::of_root(self.world.firm);
        for act in acts {
            script.write(Namespace::Recovery, StreamId::Keyring, act, &self.root, kid);
            script.time = NOW.plus(DAY);
        }
        let (account, bundle) = (back.account, back.bundle.clone());
        let admitted = KeyringAct::Admitted(Admitted { account, bundle, enrolment: None });
        script.write(Namespace::Keyring, StreamId::Keyring, admitted, &self.root, kid);
        portal.host().bold.set(true);
        twist(portal, Journal::of(firm).await.say(script.finish()).twist());
        portal.recovery(ring).await.map(drop)
    }
}

type Told = Result<(), ClientError>;

#[test]
fn void_sheets_bring_nobody_back() {
    attempt(ROW, "NotVerified(Keyring)", async |stage| {
        let firm = stage.firm().await;
        let old = cut(&firm).await;
        cut(&firm).await;
        let finder = Finder::of(&firm, &old).await;
        stage.truth(&firm).await;
        let back = finder.returning();
        let session = back.session;
        let acts = vec![RecoveryAct::Returning(back.clone()), RecoveryAct::Passed(session)];
        finder.shows(&firm, acts, &back).await?;
        Ok(())
    });
}

#[test]
fn the_root_alone_admits_nobody() {
    attempt(ROW, "NotVerified(Keyring)", async |stage| {
        let firm = stage.firm().await;
        let sheets = cut(&firm).await;
        let finder = Finder::of(&firm, &sheets).await;
        stage.truth(&firm).await;
        finder.shows(&firm, Vec::new(), &finder.returning()).await?;
        Ok(())
    });
}

/// Even with the sheets that count: words for others, a word twice, a challenge's answer, no day, and a return that
/// was called off, said again.
#[test]
fn words_are_worth_nothing_elsewhere() {
    plainly(async {
        let firm = Firm::founded().await;
        let sheets = cut(&firm).await;
        let finder = Finder::of(&firm, &sheets).await;
        let honest = finder.returning();
        let answer = |share: &Share| {
            share.says(Saying::Read(match honest.saying() {
                Saying::Return(hash) | Saying::Read(hash) | Saying::Reroot(hash) => hash,
            }))
        };
        let answers: Vec<ShareWord> = finder.sheets.iter().map(answer).collect();
        let twice = vec![honest.words[0], honest.words[0]];
        for bad in [
            Returning { words: finder.returning().words, ..honest.clone() },
            Returning { session: RecoveryId([1; 16]), ..honest.clone() },
            Returning { words: answers, ..honest.clone() },
            Returning { words: twice, ..honest.clone() },
            Returning { words: Vec::new(), ..honest.clone() },
        ] {
            let session = bad.session;
            let acts = vec![RecoveryAct::Returning(bad.clone()), RecoveryAct::Passed(session)];
            refuses(&firm, &finder, acts, &bad).await;
        }
        // The day is not over by the server's clock, whatever the root says of its own.
        let again = RecoveryAct::Returning(honest.clone());
        let acts = vec![again.clone(), RecoveryAct::Passed(honest.session)];
        refuses(&firm, &finder, acts, &honest).await;
        let acts = vec![again.clone(), RecoveryAct::Cancelled(honest.session)];
        refuses(&firm, &finder, acts, &honest).await;
        refuses(&firm, &finder, vec![again.clone(), again], &honest).await;
    });
}

async fn refuses(firm: &Firm, finder: &Finder, acts: Vec<RecoveryAct>, back: &Returning) {
    let fresh = fresh(firm).await;
    let ring = sign_in(&fresh).await.unwrap();
    let told = finder.shows_to(firm, (&fresh, &ring), acts, back).await;
    assert_eq!(told, Err(ClientError::NotVerified(Thing::Keyring)));
}
