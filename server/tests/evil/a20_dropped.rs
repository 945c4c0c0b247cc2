//! A20: the server leaves a statement out, shows one twice, or in another order, or one of another
//! stream.

use crate::frame::journal::Journal;
use crate::frame::scene::{filed, fresh, manifest_of, sign_in};
use crate::frame::{attempt, refused, twist};
use crate::harness::acts::document;

const ROW: &str = "A20";

/// One document of two is gone on a device that never saw it; its leaf still stands in the journal.
#[test]
fn a_document_is_left_out() {
    attempt(ROW, "NotVerified(Journal)", async |stage| {
        let firm = stage.firm().await;
        let hidden = filed(&firm, "notice.pdf", &document(500)).await;
        filed(&firm, "lease.pdf", &document(500)).await;
        stage.truth(&firm).await;
        let (entry, _) = manifest_of(&firm, hidden).await;
        let portal = fresh(&firm).await;
        let ring = sign_in(&portal).await.unwrap();
        twist(&portal, Journal::of(&firm).await.leave_out(entry.leaf).twist());
        let view = portal.matter(&ring, firm.matter).await?;
        let names: Vec<_> =
            view.documents.iter().map(|one| one.meta.as_ref().unwrap().name.clone()).collect();
        if names == ["lease.pdf"] { Ok(()) } else { refused("all are shown") }
    });
}
