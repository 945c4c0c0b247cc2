//! A38, of identity papers: the server keeps what should be gone, or says that it is gone before its time.

use shared::client::ClientError;
use shared::client::verdicts::Judgement;
use shared::ids::ObjectId;
use shared::journal::verdict::{Finding, Ways};
use shared::problem::Code;
use shared::time::DAY;

use crate::a03_papers_key::papered;
use crate::frame::{attempt, plainly, tamper};
use crate::harness::NOW;
use crate::harness::acts::{Firm, opened};

const ROW: &str = "A38";

/// A paper by which the client was verified.
async fn decided(firm: &Firm) -> ObjectId {
    let (_, paper) = papered(firm).await;
    let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
    let (client, ways) = (view.clients[0].kid, Ways::PAPER);
    let (finding, paper) = (Finding::Verified, Some(paper));
    let found = Judgement { client, finding, ways, expires: None, paper, of: None, reason: None };
    firm.portal.judge(&firm.ring, firm.matter, &found).await.unwrap();
    found.paper.unwrap()
}

/// A month later the server has the paper still, and hands it out: its clock stands still.
#[test]
fn a_paper_that_the_server_kept_is_opened_no_more() {
    attempt(ROW, "Shredded", async |stage| {
        let firm = stage.firm().await;
        let paper = decided(&firm).await;
        stage.truth(&firm).await;
        firm.portal.host().now.set(NOW.plus(31 * DAY));
        opened((&firm.portal, &firm.ring), firm.matter, paper).await?;
        Ok(())
    });
}

/// The server's tables say that it is gone. No device says so: what the verdict says is to be there still.
#[test]
fn a_paper_that_the_server_lost_is_not_said_to_be_shredded() {
    plainly(async {
        let firm = Firm::founded().await;
        let paper = decided(&firm).await;
        tamper(&firm, "UPDATE paper SET shred = 1", &[]).await;
        server::jobs::shred(&firm.server.app).await.unwrap();
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(view.documents[0].shreds, Some(NOW.plus(30 * DAY)));
        let lost = opened((&firm.portal, &firm.ring), firm.matter, paper).await;
        assert_eq!(lost.err(), Some(ClientError::Refused(Code::NotFound)));
    });
}
