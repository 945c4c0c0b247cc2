//! A client comes back by a passkey, over the real router: on any device, with what the first one had, and by nothing
//! else.

use shared::call::Call as _;
use shared::client::back::{MadeBack, NewBack, Returned, Touched};
use shared::client::store::DeviceStore as _;
use shared::client::{ClientError, Portal, Thing};
use shared::identity::wire::back::{BackOpened, FinishBack};
use shared::identity::wire::factors::FinishPasskey;
use shared::intake::value::Language;
use shared::problem::Code;

use super::*;
use crate::harness::acts::document;
use crate::harness::canary::{disguises, search, search_rows};
use crate::harness::client::WIRE;
use crate::harness::soft_passkey::SoftPasskey;

/// A client who made a passkey, with what it remembers.
pub(crate) struct Way {
    pub(crate) passkey: SoftPasskey,
    pub(crate) handle: Vec<u8>,
}

/// What the browser hands over of a passkey that was just made.
fn made(passkey: &SoftPasskey, new: &NewBack) -> MadeBack {
    MadeBack { passkey: passkey.make(&new.ceremony), credential: passkey.id.clone() }
}

impl Way {
    pub(crate) async fn of(intake: &Intake<Device>, name: &str) -> Self {
        let passkey = SoftPasskey::unlocking(name);
        let new = intake.begin_back().await.unwrap();
        intake.keep_back(&new, &made(&passkey, &new), Language::English).await.unwrap();
        Self { passkey, handle: new.handle }
    }

    pub(crate) async fn back(
        &self,
        device: &Portal<Device>,
    ) -> Result<Returned<Device>, ClientError> {
        let ceremony = device.begin_return().await?;
        let signed = self.passkey.touched(&ceremony.challenge);
        let touched = Touched { signed, handle: self.handle.clone() };
        device.return_by_passkey(ceremony.attempt, touched).await
    }
}

#[test]
fn one_touch_brings_a_client_back_on_any_device() {
    rt(async {
        let case = Case::new(None).await;
        let way = Way::of(&case.intake, "maria").await;
        assert!(case.intake.back().await.unwrap().unwrap().whole);
        let other = Device::new(&case.firm.router, NOW.plus(DAY));
        let returned = way.back(&other).await.unwrap();
        assert_eq!(
            (returned.client(), returned.firm_name()),
            (case.client, case.intake.firm_name())
        );
        let visits = returned.visits().unwrap();
        let (visit, sent) = (&visits[0], case.intake.sent().unwrap());
        assert_eq!((visits.len(), visit.invite), (1, case.intake.invite()));
        assert_eq!(visit.spoken, case.intake.spoken_code());
        assert_eq!(visit.sent.as_ref().unwrap().receipt, sent.receipt);
        assert_eq!(visit.sent.as_ref().unwrap().documents, sent.documents);
        // Until the client says so, nothing stays on the device.
        assert_eq!(other.open_invite(visit.invite, None).await.err(), Some(ClientError::NoSecret));
        returned.go_on_here().await.unwrap();
        let intake = other.open_invite(visit.invite, None).await.unwrap();
        assert_eq!(intake.sent().unwrap().receipt, sent.receipt);
        hand_in(&intake, "later.pdf", &document(10)).await.unwrap();
        assert!(intake.back().await.unwrap().is_some());
    });
}

#[test]
fn what_is_handed_in_later_is_added_without_another_touch() {
    rt(async {
        let case = Case::new(None).await;
        let (invite, fragment): (InviteId, String) = link_parts(&case.firm.invite().await);
        let intake = case.device.open_invite(invite, Some(&fragment)).await.unwrap();
        // Before the client joined, no key stands for anybody.
        assert_eq!(intake.begin_back().await.err(), Some(ClientError::Unfit));
        intake.join().await.unwrap();
        let way = Way::of(&intake, "maria").await;
        let other = Device::new(&case.firm.router, NOW);
        assert!(way.back(&other).await.unwrap().visits().unwrap()[0].sent.is_none());
        intake.submit(&filled(&intake), &[]).await.unwrap();
        assert!(!intake.back().await.unwrap().unwrap().whole);
        intake.renew_back(Language::English).await.unwrap();
        assert!(intake.back().await.unwrap().unwrap().whole);
        let returned = way.back(&other).await.unwrap();
        assert!(returned.visits().unwrap()[0].sent.is_some());
        // Of two devices that add to it, one is told to come back first.
        returned.go_on_here().await.unwrap();
        let there = other.open_invite(invite, None).await.unwrap();
        there.renew_back(Language::English).await.unwrap();
        let stale = intake.renew_back(Language::English).await;
        assert_eq!(stale, Err(ClientError::Refused(Code::Stale)));
    });
}

#[test]
fn a_device_takes_from_the_way_what_another_handed_in_since() {
    rt(async {
        let case = Case::new(None).await;
        let (invite, fragment): (InviteId, String) = link_parts(&case.firm.invite().await);
        let first = Device::new(&case.firm.router, NOW);
        let intake = first.open_invite(invite, Some(&fragment)).await.unwrap();
        intake.join().await.unwrap();
        let way = Way::of(&intake, "maria").await;
        let second = Device::new(&case.firm.router, NOW);
        way.back(&second).await.unwrap().go_on_here().await.unwrap();
        let there = second.open_invite(invite, None).await.unwrap();
        let sent = there.submit(&filled(&there), &[]).await.unwrap();
        there.renew_back(Language::English).await.unwrap();
        way.back(&first).await.unwrap().go_on_here().await.unwrap();
        let here = first.open_invite(invite, None).await.unwrap();
        assert_eq!(here.sent().unwrap().receipt, sent.receipt);
    });
}

#[test]
fn a_passkey_without_a_prf_or_of_nobody_brings_nobody_back() {
    rt(async {
        let case = Case::new(None).await;
        let plain = SoftPasskey::of("maria");
        let new = case.intake.begin_back().await.unwrap();
        let none = case.intake.keep_back(&new, &made(&plain, &new), Language::English).await;
        assert_eq!(none, Err(ClientError::NoKeysInPasskey));
        let way = Way::of(&case.intake, "maria").await;
        let other = Device::new(&case.firm.router, NOW);
        for wrong in [
            SoftPasskey::unlocking("somebody else"),
            SoftPasskey { flags: 0x01, ..way.passkey.clone() },
            SoftPasskey { counter: Some(0), ..way.passkey.clone() },
            SoftPasskey { host: "other.test".into(), ..way.passkey.clone() },
        ] {
            let way = Way { passkey: wrong, handle: way.handle.clone() };
            let refused = way.back(&other).await.err().unwrap();
            let copied = ClientError::Refused(Code::PasskeyCopied);
            assert!(refused == ClientError::SignIn || refused == copied, "{refused:?}");
        }
        // Nor is it a way to sign in for staff, or the other way round.
        let begun = other.begin_passkey().await.unwrap();
        let assertion = way.passkey.sign(&begun.challenge);
        let call = FinishPasskey { attempt: begun.attempt.clone(), assertion: assertion.clone() };
        assert_eq!(case.firm.server.ask(None, &call).await.err(), Some(Code::SignInFailed));
        let call = FinishBack { attempt: begun.attempt, assertion };
        assert_eq!(case.firm.server.ask(None, &call).await.err(), Some(Code::SignInFailed));
        way.back(&other).await.unwrap();
    });
}

#[test]
fn tries_are_counted_alike_for_passkeys_that_nobody_has() {
    rt(async {
        let case = Case::new(None).await;
        let way = Way::of(&case.intake, "maria").await;
        let other = Device::new(&case.firm.router, NOW);
        let known = SoftPasskey { flags: 0x01, ..way.passkey.clone() };
        for passkey in [known, SoftPasskey::unlocking("nobody")] {
            let way = Way { passkey, handle: way.handle.clone() };
            for _ in 0..10 {
                assert_eq!(way.back(&other).await.err(), Some(ClientError::SignIn));
            }
            assert!(matches!(way.back(&other).await.err(), Some(ClientError::Wait(_))));
        }
    });
}

#[test]
fn the_passkey_is_taken_away_and_a_new_one_takes_its_place() {
    rt(async {
        let case = Case::new(None).await;
        let other = Device::new(&case.firm.router, NOW);
        let lost = Way::of(&case.intake, "lost").await;
        let way = Way::of(&case.intake, "found").await;
        assert_eq!(lost.back(&other).await.err(), Some(ClientError::SignIn));
        way.back(&other).await.unwrap();
        case.intake.drop_back().await.unwrap();
        assert_eq!(case.intake.back().await.unwrap(), None);
        assert_eq!(way.back(&other).await.err(), Some(ClientError::SignIn));
        let gone = case.intake.renew_back(Language::English).await;
        assert_eq!(gone, Err(ClientError::Missing));
        // Whoever wants nothing left on the device leaves no key of it behind.
        Way::of(&case.intake, "again").await;
        case.intake.forget().await.unwrap();
        assert_eq!(case.intake.back().await.unwrap(), None);
    });
}

/// Neither PRF nor seeds leave the device, nor does the key of the record; and nothing that server or staff hold
/// has them.
#[test]
fn the_signing_key_is_nobodys_but_the_clients() {
    rt(async {
        let case = Case::new(None).await;
        let way = Way::of(&case.intake, "maria").await;
        let other = Device::new(&case.firm.router, NOW);
        way.back(&other).await.unwrap().go_on_here().await.unwrap();
        let mut needles = vec![way.passkey.prf.unwrap()];
        for key in case.device.host().keys("invite/").await.unwrap() {
            needles.extend(seeds_of(&case.device.host().load(&key).await.unwrap().unwrap()));
        }
        assert_eq!(needles.len(), 3, "both seeds are looked for");
        let needles: Vec<_> =
            needles.into_iter().map(|seed| ("a seed".to_owned(), disguises(&seed))).collect();
        WIRE.with_borrow(|wire| {
            wire.iter().for_each(|sent| search(&sent.path, &sent.body, &needles));
        });
        search_rows(&case.firm.server.app.db, &needles).await;
    });
}

/// The two seeds in what a device keeps of an invitation: its fields 2 and 3.
fn seeds_of(kept: &[u8]) -> [[u8; 32]; 2] {
    let mut read = minicbor::Decoder::new(kept);
    read.map().unwrap();
    assert_eq!(read.u8().unwrap(), 1);
    read.str().unwrap();
    [2, 3].map(|field| {
        assert_eq!(read.u8().unwrap(), field);
        read.bytes().unwrap().try_into().unwrap()
    })
}

/// What a lying server can give in the place of a client's own.
#[test]
fn what_is_not_the_passkeys_own_is_refused() {
    rt(async {
        let case = Case::new(None).await;
        let way = Way::of(&case.intake, "maria").await;
        let firm = &case.firm;
        let (invite, fragment): (InviteId, String) = link_parts(&firm.invite().await);
        let theirs = Device::new(&firm.router, NOW);
        let theirs = theirs.open_invite(invite, Some(&fragment)).await.unwrap();
        theirs.submit(&filled(&theirs), &[]).await.unwrap();
        let other = Way::of(&theirs, "another client").await;
        let read = |way: Way| async move {
            let ceremony = Device::new(&firm.router, NOW).begin_return().await.unwrap();
            let assertion = way.passkey.sign(&ceremony.challenge);
            let call = FinishBack { attempt: ceremony.attempt, assertion };
            firm.server.ask(None, &call).await.unwrap()
        };
        let first = read(Way { passkey: way.passkey.clone(), handle: vec![] }).await;
        case.intake.renew_back(Language::English).await.unwrap();
        let theirs = read(other).await;
        let broken = Some(ClientError::NotVerified(Thing::Back));
        for lie in 0..7 {
            let (first, theirs) = (first.clone(), theirs.clone());
            let device = Device::new(&firm.router, NOW);
            *device.host().twist.borrow_mut() = Some(Box::new(move |path, _, answer| {
                let opened = serde_json::from_slice::<BackOpened>(&answer);
                let (FinishBack::ROUTE, Ok(mut one)) = (path, opened) else { return answer };
                match lie {
                    0 => one.slot = theirs.slot.clone(),
                    1 => one.record = theirs.record.clone(),
                    2 => one.said = theirs.said.clone(),
                    3 => one = theirs.clone(),
                    4 => one.record = first.record.clone(),
                    5 => one.said = first.said.clone(),
                    _ => one.record.0[100] ^= 1,
                }
                serde_json::to_vec(&one).unwrap()
            }));
            assert_eq!(way.back(&device).await.err(), broken, "lie {lie}");
        }
        // A passkey that another firm's page made does not remember this one.
        let mut elsewhere = way.handle.clone();
        elsewhere[20] ^= 1;
        let elsewhere = Way { passkey: way.passkey.clone(), handle: elsewhere };
        assert_eq!(elsewhere.back(&Device::new(&firm.router, NOW)).await.err(), broken);
        way.back(&Device::new(&firm.router, NOW)).await.unwrap();
    });
}
