//! A38: the server's clock says what its owner likes. A link that was over a month ago is good again: for a
//! client who finds it in an old letter, and for somebody who found a colleague's.

use shared::call::Call as _;
use shared::client::ClientError;
use shared::client::enrol::Post;
use shared::client::invites::InviteState;
use shared::crypto::keys::Caps;
use shared::ids::InviteId;
use shared::journal::wire::{Entries, ReadJournal};
use shared::time::{DAY, Timestamp};

use crate::frame::{attempt, plainly, refused, twist};
use crate::harness::NOW;
use crate::harness::acts::{Firm, filled, link_parts};
use crate::harness::client::{Device, Twist};
use crate::world::World;

const ROW: &str = "A38";
const YEAR: u64 = 365 * DAY;

/// The server's clock stands still while a month goes by everywhere else.
#[test]
fn a_link_that_is_over_is_over_whatever_the_server_says() {
    attempt(ROW, "LinkExpired", async |stage| {
        let firm = stage.firm().await;
        let (invite, fragment) = link_parts(&firm.invite().await);
        stage.truth(&firm).await;
        let device = Device::new(&firm.router, NOW.plus(30 * DAY));
        let intake = device.open_invite(invite, Some(&fragment)).await?;
        intake.submit(&filled(&intake), &[]).await?;
        Ok(())
    });
}

/// The same for a place in the firm: by the clock of whoever offered it nobody is admitted any more.
#[test]
fn a_place_that_is_over_admits_nobody() {
    attempt(ROW, "LinkExpired", async |stage| {
        let firm = stage.firm().await;
        let caps = Caps::GRANT | Caps::FORMS | Caps::INVITE | Caps::MATTERS;
        let (world, enrolment) = World::waiting(&firm, Post::Lawyer, caps).await;
        stage.truth(&firm).await;
        firm.portal.host().now.set(NOW.plus(30 * DAY));
        firm.portal.admit(&firm.ring, enrolment).await?;
        let people = firm.portal.people(&firm.ring).await?;
        let shown = people.iter().any(|one| one.kid == world.founder.kid());
        if shown { Ok(()) } else { refused("hidden") }
    });
}

/// A year off, either way: the difference is told, and what a device decides it decides by its own clock.
#[test]
fn a_clock_a_year_off_is_named() {
    plainly(async {
        let firm = Firm::founded().await;
        let (invite, fragment): (InviteId, String) = link_parts(&firm.invite().await);
        // The device is a year behind, or the server ahead: nobody can tell, and both are shown.
        let slow = Device::new(&firm.router, Timestamp(NOW.0 - YEAR));
        let intake = slow.open_invite(invite, Some(&fragment)).await.unwrap();
        assert_eq!(intake.clock_off(), -i64::try_from(YEAR).unwrap());
        let fast = Device::new(&firm.router, NOW.plus(YEAR));
        let opened = fast.open_invite(invite, Some(&fragment)).await;
        assert_eq!(opened.err(), Some(ClientError::LinkExpired));
        // The server a year ahead refuses; the firm's own device still says that the link is open.
        firm.server.set_clock(NOW.plus(YEAR));
        let opened = slow.open_invite(invite, Some(&fragment)).await;
        assert_eq!(opened.err(), Some(ClientError::LinkExpired));
        firm.server.set_clock(NOW);
        let state = |view: shared::client::matters::MatterView| view.invites[0].state;
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(state(view), InviteState::Open);
        firm.portal.host().now.set(NOW.plus(YEAR));
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(state(view), InviteState::Expired);
    });
}

/// What arrived when, the server alone says; it says it in order, or whoever reads the journal is told where
/// it does not.
#[test]
fn a_time_of_arrival_that_runs_backwards_is_named() {
    plainly(async {
        let firm = Firm::founded().await;
        let told = std::cell::RefCell::new(Vec::new());
        let tell = async |done, size| told.borrow_mut().push((done, size));
        let honest = firm.portal.journal(&firm.ring, tell).await.unwrap();
        assert_eq!(honest.backwards, None);
        // Whoever waits is told how far it came.
        assert_eq!(told.borrow().last(), Some(&(honest.size, honest.size)));
        let bent = |changes: &'static [(usize, u64)]| -> Twist {
            Box::new(move |path, _, answer| {
                let Ok(mut page) = serde_json::from_slice::<Entries>(&answer) else {
                    return answer;
                };
                if path != ReadJournal::ROUTE {
                    return answer;
                }
                for (at, arrived) in changes {
                    page.entries[*at].arrived = *arrived;
                }
                serde_json::to_vec(&page).unwrap()
            })
        };
        for (changes, named) in [
            (&[(3, NOW.0 - 1)][..], Some(3)),
            (&[(2, NOW.0 + YEAR)], Some(3)),
            (&[(2, NOW.0 - 1), (4, 0)], Some(2)),
            // What came first may have come at any time.
            (&[(0, 0)], None),
        ] {
            twist(&firm.portal, bent(changes));
            let seen = firm.portal.journal(&firm.ring, async |_, _| {}).await.unwrap();
            assert_eq!(seen.backwards, named);
        }
    });
}
