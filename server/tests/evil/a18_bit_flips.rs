//! A18: the server turns bits of a sealed document, and knows which words they change.

use crate::frame::lies::content;
use crate::frame::scene::{filed, read, refusal, sealed, unlocked};
use crate::frame::{attempt, plainly, refused, twist, untwist};
use crate::harness::acts::Firm;

const ROW: &str = "A18";

const TRUE: &[u8] = b"The tenant owes 1,000 a month.";
const FALSE: &[u8] = b"The tenant owes 9,000 a month.";

/// One figure of a letter becomes another.
#[test]
fn a_figure_in_a_letter_is_changed_under_its_seal() {
    attempt(ROW, "NotVerified(Document)", async |stage| {
        let firm = stage.firm().await;
        let object = filed(&firm, "letter.txt", TRUE).await;
        stage.truth(&firm).await;
        let mut bytes = sealed(&firm, object).await;
        for (at, (is, becomes)) in TRUE.iter().zip(FALSE).enumerate() {
            bytes[at] ^= is ^ becomes;
        }
        twist(&firm.portal, content(object, bytes));
        let shown = read((&firm.portal, &firm.ring), firm.matter, object).await?;
        if shown == FALSE {
            return Ok(());
        }
        refused("another document")
    });
}

/// Every bit of a small document's sealed bytes, tag included.
#[test]
fn no_bit_of_a_small_document_can_be_turned() {
    plainly(async {
        let firm = Firm::founded().await;
        let object = filed(&firm, "letter.txt", TRUE).await;
        let honest = sealed(&firm, object).await;
        let (portal, mut ring) = (&firm.portal, unlocked(&firm).await);
        for bit in 0..honest.len() * 8 {
            let mut bytes = honest.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            if ring.is_locked() {
                untwist(portal);
                ring = unlocked(&firm).await;
            }
            twist(portal, content(object, bytes));
            let verb = shared::journal::statement::Verb::Opened;
            let mut reader = portal.open_document(&ring, firm.matter, object, verb).await.unwrap();
            assert_eq!(reader.next().await.err(), refusal(bit), "bit {bit}");
        }
    });
}
