//! What a link does for its own browser, for others, late, and after it was used.

use server::db::Value;
use shared::client::matters::Sender;
use shared::client::{ClientError, Thing};
use shared::journal::statement::Verb;
use shared::secret::Secret;
use shared::time::{DAY, Timestamp};

use crate::harness::acts::{Firm, PASSPHRASE, document, filled, hand_in, link_parts};
use crate::harness::client::Device;
use crate::harness::enter;
use crate::harness::{NOW, rt};

#[test]
fn a_second_link_of_the_matter_knows_that_something_was_sent() {
    rt(async {
        let firm = Firm::founded().await;
        let device = Device::new(&firm.router, NOW);
        let (first, fragment) = link_parts(&firm.invite().await);
        let intake = device.open_invite(first, Some(&fragment)).await.unwrap();
        assert_eq!(intake.earlier(), None);
        let sent = intake.submit(&filled(&intake), &[]).await.unwrap();

        let (second, fragment) = link_parts(&firm.invite().await);
        let again = device.host().reload().open_invite(second, Some(&fragment)).await.unwrap();
        let earlier = again.earlier().unwrap().clone();
        assert_eq!((earlier.invite, earlier.number, earlier.time), (first, sent.number, sent.time));
        assert_eq!(again.sent(), None);
        assert_ne!(again.submission(), intake.submission());
        // The first link is about itself; another device and another matter know nothing.
        assert_eq!(device.open_invite(first, None).await.unwrap().earlier(), None);
        let other = Device::new(&firm.router, NOW);
        let there = other.open_invite(second, Some(&fragment)).await.unwrap();
        assert_eq!(there.earlier(), None);
        // What this device forgets, it forgets whole.
        again.forget().await.unwrap();
        let forgotten = device.open_invite(second, Some(&fragment)).await.unwrap();
        assert_eq!(forgotten.earlier(), None);
    });
}

#[test]
fn a_link_serves_one_browser_until_its_day() {
    rt(async {
        let firm = Firm::founded().await;
        let link = firm.invite().await;
        let (invite, fragment) = link_parts(&link);
        let first = Device::new(&firm.router, NOW);
        first.open_invite(invite, Some(&fragment)).await.unwrap().join().await.unwrap();
        let second = Device::new(&firm.router, NOW);
        let used = second.open_invite(invite, Some(&fragment)).await;
        assert_eq!(used.err(), Some(ClientError::LinkUsed));

        let without = second.open_invite(invite, None).await;
        assert_eq!(without.err(), Some(ClientError::NoSecret));
        let mangled =
            second.open_invite(invite, Some(fragment.get(..fragment.len() - 3).unwrap())).await;
        assert_eq!(mangled.err(), Some(ClientError::BadLink));

        let link = firm.invite().await;
        let (invite, fragment) = link_parts(&link);
        firm.server.set_clock(NOW.plus(15 * DAY));
        let late = second.open_invite(invite, Some(&fragment)).await;
        assert_eq!(late.err(), Some(ClientError::LinkExpired));
    });
}

#[test]
fn a_clock_that_is_a_day_wrong_loses_nothing_and_is_said() {
    rt(async {
        for now in [NOW.0 - DAY, NOW.0 + DAY] {
            let firm = Firm::founded().await;
            let link = firm.invite().await;
            let (invite, fragment) = link_parts(&link);
            let device = Device::new(&firm.router, Timestamp(now));
            let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
            assert_eq!(intake.clock_off().unsigned_abs(), DAY);
            intake.submit(&filled(&intake), &[]).await.unwrap();
        }
    });
}

#[test]
fn a_client_whom_a_server_let_in_late_is_set_apart() {
    rt(async {
        let firm = Firm::founded().await;
        let (invite, fragment) = link_parts(&firm.invite().await);
        // The server forgets the day, and takes the client three days after it.
        let mut tx = firm.server.app.db.begin().await.unwrap();
        let later = Value::from(NOW.plus(40 * DAY));
        let of = Value::from(invite);
        tx.execute("UPDATE invite SET expires = $1 WHERE id = $2", &[later, of]).await.unwrap();
        tx.without_statement("a test tampers").await.unwrap();
        firm.server.set_clock(NOW.plus(17 * DAY));
        let client = Device::new(&firm.router, NOW);
        let intake = client.open_invite(invite, Some(&fragment)).await.unwrap();
        let filed = hand_in(&intake, "lease.pdf", &document(9)).await.unwrap();
        intake.submit(&filled(&intake), &[filed.object]).await.unwrap();

        let pass = Secret::new(PASSPHRASE.to_owned());
        let ring = enter::enter(&firm.portal, "clara", &pass).await.unwrap();
        firm.portal.matters(&ring).await.unwrap();
        let view = firm.portal.matter(&ring, firm.matter).await.unwrap();
        let seen = &view.clients[0];
        assert!(seen.genuine && seen.level.is_none(), "nobody accepts it by itself");
        assert_eq!(view.documents[0].from, Sender::Stranger);
        let opened =
            firm.portal.open_document(&ring, firm.matter, filed.object, Verb::Opened).await;
        assert_eq!(opened.err(), Some(ClientError::NotVerified(Thing::Document)));
    });
}
