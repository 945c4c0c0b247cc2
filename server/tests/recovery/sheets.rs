//! The practice of one: the only account is lost with every device and its words, and a quorum of sheets brings
//! its owner back, with nobody's session.

use shared::client::account::Ways;
use shared::client::recovery::sheets::{BySheets, ComingBack};
use shared::crypto::hash::Hash32;
use shared::ids::AccountId;
use shared::secret::Secret;

use super::*;

const NEW_WORD: &str = "seven quiet mornings in a row";

/// A firm of one lawyer, whose recovery key is on three sheets; two give it back.
struct Alone {
    firm: Firm,
    sheets: Vec<Sheet>,
}

impl Alone {
    async fn new() -> Self {
        let firm = Firm::founded().await;
        let seats = [ShareFor::Sheet; 3];
        let sheets = firm.portal.name_shares(&firm.ring, 2, &seats).await.unwrap();
        Self { firm, sheets }
    }

    /// A browser that knows nothing.
    fn stranger(&self) -> Portal<Device> {
        let portal = Device::new(&self.firm.router, NOW);
        portal.host().now.set(self.firm.portal.host().now.get());
        portal
    }

    async fn typed(&self, portal: &Portal<Device>, which: &[usize]) -> Vec<Share> {
        typed(portal, &self.sheets, which).await
    }

    async fn open(&self, portal: &Portal<Device>) -> Result<BySheets, ClientError> {
        portal.open_by_sheets(self.typed(portal, &[0, 2]).await).await
    }

    fn wait(&self, portal: &Portal<Device>, millis: u64) {
        self.firm.server.pass(millis);
        for portal in [portal, &self.firm.portal] {
            let now = &portal.host().now;
            now.set(now.get().plus(millis));
        }
    }
}

async fn typed(portal: &Portal<Device>, sheets: &[Sheet], which: &[usize]) -> Vec<Share> {
    let firm = portal.begin_sheets().await.unwrap();
    which.iter().map(|at| Share::parse(&sheets[*at].text, firm).ok().unwrap()).collect()
}

async fn back(portal: &Portal<Device>, by: &BySheets, handle: &str) -> ComingBack {
    let account = AccountId::random();
    let ways: Ways = enter::ways(portal, account, handle, NEW_WORD).await;
    let (lost, display_name) = (by.lost()[0].kid, "Clara Marsh".to_owned());
    ComingBack { lost, account, display_name, handle: handle.to_owned(), ways }
}

async fn recoveries(alone: &Alone) -> RecoveryView {
    alone.firm.portal.recovery(&alone.firm.ring).await.unwrap()
}

#[test]
fn a_practice_of_one_comes_back_by_its_sheets() {
    rt(async {
        let alone = Alone::new().await;
        let firm = &alone.firm;
        let portal = alone.stranger();
        let by = alone.open(&portal).await.unwrap();
        assert_eq!(by.lost().iter().map(|one| one.handle.as_str()).collect::<Vec<_>>(), ["clara"]);
        let words = portal.come_back(&by, &back(&portal, &by, "clara-2").await).await.unwrap();
        assert_eq!(words.expose().split(' ').count(), 12);
        // Everybody is told, and nobody signs in with the new keys before the day is over.
        let told = recoveries(&alone).await.sessions.remove(0);
        assert_eq!(told.stage, Stage::Waiting(NOW.plus(DAY)));
        assert!(told.can_cancel && !told.can_approve && !told.can_hasten && told.by_sheets);
        let word = Secret::new(NEW_WORD.to_owned());
        assert_eq!(enter::enter(&portal, "clara-2", &word).await.err(), Some(ClientError::SignIn));
        let by = alone.open(&portal).await.unwrap();
        let waits = by.returns().remove(0);
        assert_eq!((waits.ready, waits.admitted), (NOW.plus(DAY), false));
        let early = portal.end_return(&by, waits.session).await;
        assert_eq!(early, Err(ClientError::Unfit));

        alone.wait(&portal, DAY);
        let by = alone.open(&portal).await.unwrap();
        portal.end_return(&by, waits.session).await.unwrap();
        let by = alone.open(&portal).await.unwrap();
        assert!(by.returns()[0].admitted);
        assert_eq!(by.returns()[0].handle, "clara-2");
        portal.end_return(&by, waits.session).await.unwrap();
        let ring = enter::enter(&portal, "clara-2", &word).await.unwrap();
        assert!(portal.matter(&ring, firm.matter).await.is_err(), "not yet");
        let passed = portal.pass_by_sheets(&ring, &by, go_on).await.unwrap();
        assert_eq!((passed.matters, passed.left.len()), (2, 0));
        let title =
            portal.matter(&ring, firm.matter).await.unwrap().description.ok().unwrap().title;
        assert_eq!(title, "Lease of the bakery");
        let people = portal.people(&ring).await.unwrap();
        let old = people.iter().find(|one| one.handle.as_deref() == Some("clara")).unwrap();
        assert!(old.end.is_some());
        let new = people.iter().find(|one| one.handle.as_deref() == Some("clara-2")).unwrap();
        assert_eq!(new.name.as_deref(), Some("Clara Marsh"));
        assert!(
            enter::enter(&firm.portal, "clara", &Secret::new(PASSPHRASE.into())).await.is_err()
        );
        // Nothing is left to finish, and the new keys do all that the old did.
        assert_eq!(alone.open(&portal).await.unwrap().returns(), []);
        assert_eq!(portal.turn_keys(&ring, go_on).await.unwrap().left, []);
        portal.invite_staff(&ring, Post::Lawyer, 7).await.unwrap();
        let app = &firm.server.app;
        let rebuilt = server::journal::rebuild::rebuild(&app.db, &app.secrets).await.unwrap();
        assert_eq!(rebuilt.differences, []);
    });
}

#[test]
fn whoever_lost_nothing_says_no() {
    rt(async {
        let alone = Alone::new().await;
        let portal = alone.stranger();
        let by = alone.open(&portal).await.unwrap();
        portal.come_back(&by, &back(&portal, &by, "thief").await).await.unwrap();
        let by = alone.open(&portal).await.unwrap();
        // A second at the same time, of the same key.
        let twice = portal.come_back(&by, &back(&portal, &by, "thief-2").await).await;
        assert_eq!(twice.err(), Some(ClientError::Unfit));
        let told = recoveries(&alone).await.sessions.remove(0);
        alone.firm.portal.cancel_recovery(&alone.firm.ring, told.session).await.unwrap();
        alone.wait(&portal, DAY);
        let by = alone.open(&portal).await.unwrap();
        assert_eq!(by.returns(), []);
        let late = portal.end_return(&by, told.session).await;
        assert_eq!(late, Err(ClientError::Unfit));
        let word = Secret::new(NEW_WORD.to_owned());
        assert_eq!(enter::enter(&portal, "thief", &word).await.err(), Some(ClientError::SignIn));
    });
}

#[test]
fn too_few_sheets_and_those_of_before_open_nothing() {
    rt(async {
        let mut alone = Alone::new().await;
        let portal = alone.stranger();
        let signs = Some(ClientError::SignIn);
        let one = alone.typed(&portal, &[1]).await;
        assert_eq!(portal.open_by_sheets(one).await.err(), signs);
        let twice = alone.typed(&portal, &[1, 1]).await;
        assert_eq!(portal.open_by_sheets(twice).await.err(), signs);
        let firm = portal.begin_sheets().await.unwrap();
        let generation = alone.typed(&portal, &[0]).await[0].generation();
        let made_up = |number| Share::of(firm, generation, number, [number; 32]);
        assert_eq!(portal.open_by_sheets(vec![made_up(1), made_up(2)]).await.err(), signs);
        let mixed = vec![made_up(1), alone.typed(&portal, &[1]).await.remove(0)];
        assert_eq!(portal.open_by_sheets(mixed).await.err(), signs);
        // What was opened before a new cutting says nothing after it.
        let by = alone.open(&portal).await.unwrap();
        let coming = back(&portal, &by, "clara-2").await;
        let seats = [ShareFor::Sheet; 3];
        let (founder, ring) = (&alone.firm.portal, &alone.firm.ring);
        let sheets = founder.name_shares(ring, 2, &seats).await.unwrap();
        assert_eq!(portal.come_back(&by, &coming).await.err(), signs);
        assert_eq!(alone.open(&portal).await.err(), signs, "void by now");
        let old = std::mem::replace(&mut alone.sheets, sheets);
        assert!(alone.open(&portal).await.is_ok());
        let halves = [typed(&portal, &old, &[0]).await, alone.typed(&portal, &[1]).await];
        let halves = halves.into_iter().flatten().collect();
        assert_eq!(portal.open_by_sheets(halves).await.err(), signs);
    });
}

#[test]
fn where_no_firm_lives_sheets_are_asked_of_nobody() {
    rt(async {
        let server = harness::TestApp::new().await;
        let portal = Device::new(&server.router, NOW);
        assert!(matches!(portal.begin_sheets().await, Err(ClientError::Refused(_))));
        let other = Share::of(Hash32([1; 32]), 1, 1, [1; 32]);
        assert!(portal.open_by_sheets(vec![other]).await.is_err());
    });
}
