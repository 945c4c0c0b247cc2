//! Recovery by the firm's officers, over the real router: shares, their tests, and the ceremony.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod copy;
#[path = "../harness/mod.rs"]
mod harness;
mod left;
mod papers;
mod refused;
mod reroot;
mod sheets;

use harness::acts::{COLLEAGUES, Colleague, Firm, PASSPHRASE, colleague, document, facts, read};
use harness::client::Device;
use harness::enter;
use harness::{NOW, rt};
use shared::client::enrol::Post;
use shared::client::filing::Filing as _;
use shared::client::recovery::shares::{ShareFor, Sheet};
use shared::client::recovery::view::{RecoverySeen, RecoveryView, Stage};
use shared::client::{ClientError, Portal, Ring, Thing};
use shared::crypto::keys::Kid;
use shared::crypto::shares::Share;
use shared::ids::{MatterId, ObjectId, RecoveryId};
use shared::matters::plain::{DescriptionV1, Label};
use shared::secret::Secret;
use shared::time::{DAY, HOUR};

/// A firm whose recovery key is cut in three: Clara's, Bo's, and a sheet; two give it back.
struct House {
    firm: Firm,
    clara: Kid,
    bo: Colleague,
    cy: Colleague,
    sheet: Sheet,
    /// Cy's alone.
    matter: MatterId,
    object: ObjectId,
    bytes: Vec<u8>,
}

/// Device and keys of somebody.
type Hand<'a> = (&'a Portal<Device>, &'a Ring);

impl House {
    async fn new() -> Self {
        let firm = Firm::founded().await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let cy = colleague(&firm, Post::Lawyer, "Cy Abel", "cy").await;
        let matter = cy.portal.create_matter(&cy.ring, &a_matter()).await.unwrap();
        let bytes = document(70_000);
        let filing = cy.portal.filing(&cy.ring, matter);
        let object = filing.hand_in(&facts("Deed.pdf", &bytes), &bytes).await.unwrap().object;
        let people = firm.portal.people(&firm.ring).await.unwrap();
        let clara = people.iter().find(|one| one.handle.as_deref() == Some("clara")).unwrap().kid;
        let seats = [ShareFor::Person(clara), ShareFor::Person(bo.kid), ShareFor::Sheet];
        let mut sheets = firm.portal.name_shares(&firm.ring, 2, &seats).await.unwrap();
        let sheet = sheets.pop().unwrap();
        assert!(sheets.is_empty());
        Self { firm, clara, bo, cy, sheet, matter, object, bytes }
    }

    fn founder(&self) -> Hand<'_> {
        (&self.firm.portal, &self.firm.ring)
    }

    async fn typed(&self) -> Share {
        let (portal, ring) = self.founder();
        portal.read_sheet(ring, &self.sheet.text).unwrap().ok().unwrap()
    }

    /// Cy lost everything, and came back with new keys by an invitation.
    async fn returned(&self) -> Colleague {
        colleague(&self.firm, Post::Lawyer, "Cy Abel", "cy-2").await
    }

    /// A day goes by, for everybody.
    fn wait(&self, hands: &[Hand<'_>], millis: u64) {
        self.firm.server.pass(millis);
        for (portal, _) in hands {
            let now = &portal.host().now;
            now.set(now.get().plus(millis));
        }
    }
}

fn a_matter() -> DescriptionV1 {
    DescriptionV1 {
        client: "Mara Osei".into(),
        title: "Estate".into(),
        practice: "Probate".into(),
        label: Label::Confidential,
    }
}

async fn seen((portal, ring): Hand<'_>) -> RecoveryView {
    portal.recovery(ring).await.unwrap()
}

async fn session(hand: Hand<'_>, session: RecoveryId) -> RecoverySeen {
    let all = seen(hand).await.sessions;
    all.into_iter().find(|one| one.session == session).unwrap()
}

async fn approve(hand: Hand<'_>, of: RecoveryId, code: &str) -> Result<(), ClientError> {
    hand.0.approve_recovery(hand.1, of, code, None).await
}

async fn pass((portal, ring): Hand<'_>, of: RecoveryId) -> Result<usize, ClientError> {
    let passed = portal.pass_seats(ring, of, go_on).await?;
    assert!(passed.left.is_empty());
    Ok(passed.matters)
}

async fn go_on(_: usize, _: usize) -> bool {
    true
}

/// The founder signs in again, as after a night.
async fn again(portal: &Portal<Device>, handle: &str, word: &str) -> Ring {
    enter::enter(portal, handle, &Secret::new(word.to_owned())).await.unwrap()
}

#[test]
fn all_devices_of_a_lawyer_are_lost_and_the_officers_bring_the_matters_back() {
    rt(async {
        let house = House::new().await;
        let House { firm, bo, cy, matter, .. } = &house;
        let new = house.returned().await;
        assert!(new.portal.matter(&new.ring, *matter).await.is_err(), "not yet");
        let founder = house.founder();
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let asked = session(founder, of).await;
        assert_eq!((asked.stage, asked.threshold), (Stage::Asking, 2));
        let theirs = session((&bo.portal, &bo.ring), of).await;
        assert_eq!(theirs.code, asked.code, "both read the same");
        approve(founder, of, &asked.code).await.unwrap();
        assert_eq!(pass(founder, of).await, Err(ClientError::Unfit), "one share is none");
        approve((&bo.portal, &bo.ring), of, &asked.code).await.unwrap();
        let waiting = session(founder, of).await;
        assert_eq!(waiting.stage, Stage::Waiting(NOW.plus(DAY)));
        assert_eq!(waiting.given.len(), 2);

        house.wait(&[founder, (&bo.portal, &bo.ring), (&new.portal, &new.ring)], DAY);
        let ring = again(&firm.portal, "clara", PASSPHRASE).await;
        let founder = (&firm.portal, &ring);
        assert_eq!(session(founder, of).await.stage, Stage::Ready);
        // The office, and Cy's own.
        assert_eq!(pass(founder, of).await, Ok(2));
        assert_eq!(session(founder, of).await.stage, Stage::Passed);
        let people = firm.portal.people(&ring).await.unwrap();
        assert!(people.iter().find(|one| one.kid == cy.kid).unwrap().end.is_some());

        let ring = again(&new.portal, "cy-2", COLLEAGUES).await;
        let bytes = read((&new.portal, &ring), *matter, house.object).await.unwrap();
        assert_eq!(bytes, house.bytes);
        // What Cy's old keys open gets a new one, by Cy.
        assert_eq!(new.portal.turn_keys(&ring, go_on).await.unwrap().left, []);
        let seats = new.portal.matter(&ring, *matter).await.unwrap().seats;
        assert!(seats.iter().all(|seat| seat.kid != cy.kid), "the old seat is gone");
        assert!(seats.iter().any(|seat| seat.kid == new.kid));
        // Nobody who asked keeps what was put together.
        let again = pass((&firm.portal, founder.1), of).await;
        assert_eq!(again, Err(ClientError::Missing));
        firm_reads_no_more(founder, *matter).await;
    });
}

/// Whoever passed a seat on has none there.
async fn firm_reads_no_more((portal, ring): Hand<'_>, matter: MatterId) {
    assert!(portal.matter(ring, matter).await.is_err());
}

#[test]
fn the_founder_is_lost_and_the_others_go_on() {
    rt(async {
        let house = House::new().await;
        let House { firm, clara, bo, .. } = &house;
        let ada = colleague(firm, Post::Administrator, "Ada Voss", "ada").await;
        let new = colleague(firm, Post::Lawyer, "Clara Marsh", "clara-2").await;
        let officer = (&bo.portal, &bo.ring);
        let of = bo.portal.ask_recovery(&bo.ring, *clara, new.kid).await.unwrap();
        let code = session(officer, of).await.code;
        approve(officer, of, &code).await.unwrap();
        let sheet = house.typed().await;
        bo.portal.approve_recovery(&bo.ring, of, &code, Some(&sheet)).await.unwrap();
        house.wait(&[officer, (&new.portal, &new.ring), (&ada.portal, &ada.ring)], DAY);
        let ring = again(&bo.portal, "bo", COLLEAGUES).await;
        assert_eq!(pass((&bo.portal, &ring), of).await, Ok(2));
        let ring = again(&new.portal, "clara-2", COLLEAGUES).await;
        assert_eq!(
            new.portal.matter(&ring, firm.matter).await.unwrap().description.ok().unwrap().title,
            "Lease of the bakery"
        );
        // An administrator's device folds all of it.
        let ring = again(&ada.portal, "ada", COLLEAGUES).await;
        let people = ada.portal.people(&ring).await.unwrap();
        assert!(people.iter().find(|one| one.kid == *clara).unwrap().end.is_some());
    });
}

#[test]
fn two_more_officers_shorten_the_wait() {
    rt(async {
        let house = House::new().await;
        let House { firm, bo, cy, .. } = &house;
        let dee = colleague(firm, Post::Administrator, "Dee Park", "dee").await;
        let eli = colleague(firm, Post::Administrator, "Eli Roth", "eli").await;
        let new = house.returned().await;
        let founder = house.founder();
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let code = session(founder, of).await.code;
        approve(founder, of, &code).await.unwrap();
        let unfit = Err(ClientError::Unfit);
        approve((&bo.portal, &bo.ring), of, &code).await.unwrap();
        assert_eq!(bo.portal.hasten_recovery(&bo.ring, of).await, unfit, "who gave a share");
        assert_eq!(founder.0.hasten_recovery(founder.1, of).await, unfit, "who asked");
        assert_eq!(new.portal.hasten_recovery(&new.ring, of).await, unfit, "whose it is");
        dee.portal.hasten_recovery(&dee.ring, of).await.unwrap();
        assert_eq!(dee.portal.hasten_recovery(&dee.ring, of).await, unfit, "twice");
        assert_ne!(session(founder, of).await.stage, Stage::Ready);
        assert_eq!(eli.portal.hasten_recovery(&eli.ring, of).await, Ok(()));
        assert_eq!(session(founder, of).await.stage, Stage::Ready);
        assert_eq!(pass(founder, of).await, Ok(2));
    });
}

#[test]
fn a_share_is_looked_at_and_nothing_of_it_leaves_the_device() {
    rt(async {
        let house = House::new().await;
        let House { bo, cy, .. } = &house;
        let founder = house.founder();
        assert!(seen(founder).await.seats.iter().all(|seat| seat.tested.is_none() && !seat.due));
        house.wait(&[founder, (&bo.portal, &bo.ring), (&cy.portal, &cy.ring)], 92 * DAY);
        let ring = again(&bo.portal, "bo", COLLEAGUES).await;
        assert!(seen((&bo.portal, &ring)).await.seats.iter().all(|seat| seat.due));
        assert_eq!(bo.portal.test_share(&ring, None).await, Ok(2));
        let sheet = house.typed().await;
        bo.portal.host().sent.borrow_mut().clear();
        assert_eq!(bo.portal.test_share(&ring, Some(&sheet)).await, Ok(3));
        let sent = bo.portal.host().sent.borrow().clone();
        let text = house.sheet.text.expose().as_bytes().to_vec();
        for secret in [sheet.bytes().to_vec(), text] {
            assert!(!sent.windows(secret.len()).any(|window| window == secret));
        }
        let view = seen((&bo.portal, &ring)).await;
        assert_eq!(
            view.seats.iter().map(|seat| seat.due).collect::<Vec<_>>(),
            [true, false, false]
        );
        let ring = again(&cy.portal, "cy", COLLEAGUES).await;
        assert_eq!(cy.portal.test_share(&ring, None).await, Err(ClientError::Missing), "has none");
    });
}

#[test]
fn two_officers_approve_at_once() {
    rt(async {
        let house = House::new().await;
        let House { bo, cy, .. } = &house;
        let new = house.returned().await;
        let founder = house.founder();
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let code = session(founder, of).await.code;
        let officer = (&bo.portal, &bo.ring);
        let (one, other) = futures::join!(approve(founder, of, &code), approve(officer, of, &code));
        assert_eq!((one, other), (Ok(()), Ok(())));
        assert_eq!(session(founder, of).await.given.len(), 2);
        // And the same share twice, at once.
        let next = house.returned_again().await;
        let of = bo.portal.ask_recovery(&bo.ring, new.kid, next.kid).await.unwrap();
        let code = session(officer, of).await.code;
        let sheet = house.typed().await;
        let (one, other) = futures::join!(
            bo.portal.approve_recovery(&bo.ring, of, &code, Some(&sheet)),
            cy.portal.approve_recovery(&cy.ring, of, &code, Some(&sheet))
        );
        assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1, "{one:?} {other:?}");
        assert_eq!(session(officer, of).await.given.len(), 1);
    });
}

impl House {
    async fn returned_again(&self) -> Colleague {
        colleague(&self.firm, Post::Lawyer, "Cy Abel", "cy-3").await
    }
}

#[test]
fn a_recovery_that_was_cut_off_goes_on() {
    rt(async {
        let house = House::new().await;
        let House { firm, bo, cy, matter, .. } = &house;
        let mut more = Vec::new();
        for _ in 0..3 {
            more.push(cy.portal.create_matter(&cy.ring, &a_matter()).await.unwrap());
        }
        let new = house.returned().await;
        let founder = house.founder();
        let of = founder.0.ask_recovery(founder.1, cy.kid, new.kid).await.unwrap();
        let code = session(founder, of).await.code;
        approve(founder, of, &code).await.unwrap();
        approve((&bo.portal, &bo.ring), of, &code).await.unwrap();
        house.wait(&[founder, (&new.portal, &new.ring)], DAY + HOUR / 2);
        let ring = again(&firm.portal, "clara", PASSPHRASE).await;
        let stopped = firm.portal.pass_seats(&ring, of, async |done, _| done < 2).await.unwrap();
        assert_eq!(stopped.matters, 0);
        // After a reload of the page.
        let portal = firm.portal.host().reload();
        let ring = again(&portal, "clara", PASSPHRASE).await;
        assert_eq!(pass((&portal, &ring), of).await, Ok(5));
        let ring = again(&new.portal, "cy-2", COLLEAGUES).await;
        for one in more.iter().chain([matter]) {
            assert_eq!(
                new.portal.matter(&ring, *one).await.unwrap().description.ok().unwrap().title,
                "Estate"
            );
        }
    });
}
