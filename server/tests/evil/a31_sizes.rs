//! A31: the server reads nothing, and looks at lengths: of answers, of descriptions, of sealed names, and
//! whether two clients sent the same paper.

use crate::frame::scene::described;
use crate::frame::{attempt, plainly, refused};
use crate::harness::NOW;
use crate::harness::acts::{Firm, document, hand_in, link_parts, telling};
use crate::harness::client::{Device, WIRE};

const ROW: &str = "A31";

/// Lengths of what left since, in order, by a part of the path.
fn lengths(from: usize, path: &str) -> Vec<usize> {
    WIRE.with_borrow(|wire| {
        let there = wire[from..].iter().filter(|sent| sent.path.contains(path));
        there.map(|sent| sent.body.len()).collect()
    })
}

fn now() -> usize {
    WIRE.with_borrow(Vec::len)
}

/// A client answers a form; gives the lengths of what was sealed.
async fn answered(firm: &Firm, story: &str) -> Vec<usize> {
    let (invite, fragment) = link_parts(&firm.invite().await);
    let device = Device::new(&firm.router, NOW);
    let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
    let from = now();
    intake.submit(&telling(&intake, story), &[]).await.unwrap();
    lengths(from, "/parts/")
}

#[test]
fn a_short_answer_is_as_long_as_a_long_one() {
    attempt(ROW, "same length", async |stage| {
        let firm = stage.firm().await;
        let short = answered(&firm, "No.").await;
        let long = answered(&firm, &stage.tale.story.repeat(40)).await;
        stage.truth(&firm).await;
        if short == long { refused("same length") } else { Ok(()) }
    });
}

#[test]
fn names_and_titles_do_not_show_in_lengths() {
    plainly(async {
        let firm = Firm::founded().await;
        let mut seen = Vec::new();
        for title in ["A wall", "The boundary wall between the two gardens in Mill Street"] {
            let from = now();
            firm.portal.create_matter(&firm.ring, &described(title)).await.unwrap();
            seen.push(lengths(from, ""));
        }
        assert_eq!(seen[0], seen[1]);

        let (invite, fragment) = link_parts(&firm.invite().await);
        let device = Device::new(&firm.router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        intake.join().await.unwrap();
        let mut seen = Vec::new();
        for name in ["a.pdf", "Settlement with the former business partner, signed.pdf"] {
            let from = now();
            hand_in(&intake, name, &document(700)).await.unwrap();
            seen.push(lengths(from, ""));
        }
        assert_eq!(seen[0], seen[1]);
    });
}

/// The same paper twice is two papers: nothing is stored once for both, and no byte is the same.
#[test]
fn the_same_paper_twice_looks_like_two() {
    plainly(async {
        let firm = Firm::founded().await;
        let from = now();
        for _ in 0..2 {
            let (invite, fragment) = link_parts(&firm.invite().await);
            let device = Device::new(&firm.router, NOW);
            let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
            hand_in(&intake, "lease.pdf", &[b'a'; 5000]).await.unwrap();
        }
        let parts: Vec<Vec<u8>> = WIRE.with_borrow(|wire| {
            let parts = wire[from..].iter().filter(|sent| sent.path.contains("/parts/"));
            parts.map(|sent| sent.body.clone()).collect()
        });
        assert_eq!((parts.len(), parts[0].len()), (2, parts[1].len()));
        let same = parts[0].windows(16).any(|run| memchr::memmem::find(&parts[1], run).is_some());
        assert!(!same, "the two share bytes");
        // Nothing was pressed together: 5000 letters are 5000 bytes and a tag.
        assert_eq!(parts[0].len(), 5016);
    });
}
