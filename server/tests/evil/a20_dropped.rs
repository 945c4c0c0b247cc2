//! A20: the server leaves a statement out, shows one twice, or in another order, or one of another
//! stream.

use shared::journal::statement::Decision;
use shared::journal::stream::StreamId;

use crate::frame::journal::{Journal, stream};
use crate::frame::scene::{filed, fresh, handed_in, manifest_of, sign_in};
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
            view.documents.iter().map(|one| one.named.opened().unwrap().name.clone()).collect();
        if names == ["lease.pdf"] { Ok(()) } else { refused("all are shown") }
    });
}

/// A decision that was taken back is shown once more, behind the one that took it back.
#[test]
fn an_old_decision_is_repeated() {
    attempt(ROW, "NotVerified(Journal)", async |stage| {
        let firm = stage.firm().await;
        handed_in(&firm, &stage.tale, "lease.pdf", &document(500)).await;
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let submission = view.submissions[0].submission;
        for decision in [Decision::AskedBack, Decision::Accepted] {
            firm.portal.decide(&firm.ring, firm.matter, submission, decision).await.unwrap();
        }
        stage.truth(&firm).await;
        let entries = stream(&firm, StreamId::Matter(firm.matter)).await;
        let old = entries[entries.len() - 2].clone();
        let portal = fresh(&firm).await;
        let ring = sign_in(&portal).await.unwrap();
        twist(&portal, Journal::of(&firm).await.add(old).twist());
        let view = portal.matter(&ring, firm.matter).await?;
        match view.submissions[0].decision {
            Some(Decision::AskedBack) => Ok(()),
            _ => refused("as it was decided"),
        }
    });
}
