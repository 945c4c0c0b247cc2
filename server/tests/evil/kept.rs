//! What a device verified before is gone on with, and nothing else is: whatever on the device does not
//! fit is let go of, and the matter is read anew.

use std::cell::RefCell;
use std::rc::Rc;

use shared::client::store::DeviceStore as _;
use shared::ids::MatterId;
use shared::journal::stream::StreamId;
use shared::journal::wire::ReadStreams;

use crate::frame::plainly;
use crate::frame::scene::{described, reloaded};
use crate::harness::acts::Firm;

/// A firm with a matter that is long enough to be kept, and is.
async fn long_matter() -> Firm {
    let firm = Firm::founded().await;
    for _ in 0..16 {
        firm.invite().await;
    }
    firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
    firm
}

/// From where a matter is read after a reload.
async fn read_from(firm: &Firm, matter: MatterId) -> u64 {
    let (again, ring) = reloaded(&firm.portal).await;
    let asked: Rc<RefCell<Vec<u64>>> = Rc::default();
    let told = Rc::clone(&asked);
    *again.host().twist.borrow_mut() = Some(Box::new(move |_, question, answer| {
        if let Ok(question) = serde_json::from_slice::<ReadStreams>(question) {
            let mut from = question.from.iter();
            let one = from.find(|from| from.stream == StreamId::Matter(matter));
            told.borrow_mut().extend(one.map(|from| from.seq));
        }
        answer
    }));
    let view = again.matter(&ring, matter).await.unwrap();
    let (here, there) = (view.statements, firm.portal.matter(&firm.ring, matter).await.unwrap());
    assert_eq!((here, view.invites.len()), (there.statements, there.invites.len()));
    let first = asked.borrow().first().copied();
    first.unwrap()
}

/// What the device keeps under these names.
async fn stored(firm: &Firm, part: &str) -> Vec<(String, Vec<u8>)> {
    let host = firm.portal.host();
    let mut all = Vec::new();
    for key in host.keys("verified/").await.unwrap() {
        if key.contains(part) {
            let value = host.load(&key).await.unwrap().unwrap();
            all.push((key, value));
        }
    }
    all
}

async fn put_back(firm: &Firm, values: &[(String, Vec<u8>)]) {
    for (key, value) in values {
        firm.portal.host().save(key, value).await.unwrap();
    }
}

#[test]
fn a_reload_goes_on_where_the_device_had_verified() {
    plainly(async {
        let firm = long_matter().await;
        let known = firm.portal.matter(&firm.ring, firm.matter).await.unwrap().statements;
        assert_eq!(read_from(&firm, firm.matter).await, known);
        // What came since is read, and only that.
        firm.invite().await;
        assert_eq!(read_from(&firm, firm.matter).await, known);
        // Not a word of it stands in the clear, and every piece is sealed.
        let pieces = stored(&firm, "/matter/").await;
        assert!(!pieces.is_empty() && pieces.iter().all(|(_, one)| one.starts_with(b"USR1")));
    });
}

#[test]
fn no_bit_of_what_was_kept_can_change() {
    plainly(async {
        let firm = long_matter().await;
        let pieces = stored(&firm, "/matter/").await;
        for at in [5, 30, 60, 90, pieces[0].1.len() - 1] {
            put_back(&firm, &stored(&firm, "").await).await;
            let (key, mut piece) = stored(&firm, "/matter/").await.swap_remove(0);
            piece[at] ^= 1;
            put_back(&firm, &[(key, piece)]).await;
            // Read anew, and kept again.
            assert_eq!(read_from(&firm, firm.matter).await, 0, "{at}");
            assert_ne!(read_from(&firm, firm.matter).await, 0, "{at}");
        }
    });
}

#[test]
fn another_matters_state_is_not_taken_for_this_ones() {
    plainly(async {
        let firm = long_matter().await;
        let other = firm.portal.create_matter(&firm.ring, &described("Another")).await.unwrap();
        for _ in 0..16 {
            let terms = crate::harness::acts::terms();
            firm.portal.invite_client(&firm.ring, other, firm.form, &terms).await.unwrap();
        }
        firm.portal.matter(&firm.ring, other).await.unwrap();
        let name = |matter: MatterId| format!("/matter/{matter}/0");
        let mine = stored(&firm, &name(firm.matter)).await.swap_remove(0);
        let theirs = stored(&firm, &name(other)).await.swap_remove(0);
        put_back(&firm, &[(mine.0, theirs.1), (theirs.0, mine.1)]).await;
        assert_eq!(read_from(&firm, firm.matter).await, 0);
        assert_eq!(read_from(&firm, other).await, 0);
    });
}

#[test]
fn an_older_state_is_gone_on_from_or_not_taken_at_all() {
    plainly(async {
        let firm = long_matter().await;
        let (contents, pieces) = (stored(&firm, "").await, stored(&firm, "/matter/").await);
        let old = firm.portal.matter(&firm.ring, firm.matter).await.unwrap().statements;
        for _ in 0..16 {
            firm.invite().await;
        }
        let new = firm.portal.matter(&firm.ring, firm.matter).await.unwrap().statements;
        assert_eq!(read_from(&firm, firm.matter).await, new);
        // Older bytes in the newer one's place are neither.
        put_back(&firm, &pieces).await;
        assert_eq!(read_from(&firm, firm.matter).await, 0);
        // Put back whole it is what it was: the beginning of the same stream, read on to its end.
        put_back(&firm, &contents).await;
        assert_eq!(read_from(&firm, firm.matter).await, old);
    });
}

#[test]
fn what_was_copied_before_signing_out_fits_no_more() {
    plainly(async {
        let firm = long_matter().await;
        let before = stored(&firm, "").await;
        let (again, ring) = reloaded(&firm.portal).await;
        again.sign_out(&ring).await.unwrap();
        assert!(stored(&firm, "").await.is_empty());
        // The account begins anew here before somebody puts the copy back.
        assert_eq!(read_from(&firm, firm.matter).await, 0);
        let copied: Vec<_> =
            before.into_iter().filter(|(key, _)| !key.ends_with("/mark")).collect();
        put_back(&firm, &copied).await;
        assert_eq!(read_from(&firm, firm.matter).await, 0);
        // Whoever locks and comes back finds it.
        let (again, ring) = reloaded(&firm.portal).await;
        again.end_session(&ring).await.unwrap();
        assert_ne!(read_from(&firm, firm.matter).await, 0);
    });
}

#[test]
fn a_device_that_lost_its_journal_verifies_everything_again() {
    plainly(async {
        let firm = long_matter().await;
        let host = firm.portal.host();
        for kind in ["pin/", "ends/"] {
            assert_ne!(read_from(&firm, firm.matter).await, 0);
            for key in host.keys(kind).await.unwrap() {
                host.remove(&key).await.unwrap();
            }
            assert_eq!(read_from(&firm, firm.matter).await, 0, "{kind}");
        }
    });
}
