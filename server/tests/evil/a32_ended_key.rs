//! A32, by a key that was lost: whoever found it goes on with a server that forgets that the firm ended it.

use shared::client::ClientError;

use crate::frame::scene::answered;
use crate::frame::{attempt, tamper};
use crate::harness::acts::hand_in;

const ROW: &str = "A32";

/// The firm ended the key in the journal; the server takes more from it all the same.
#[test]
fn a_key_that_ended_hands_nothing_in() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        let (_, intake) = answered(&firm).await;
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let (matter, client) = (firm.matter, view.clients[0].kid);
        firm.portal.end_client_key(&firm.ring, matter, client, "It was lost.").await.unwrap();
        stage.truth(&firm).await;
        assert_eq!(hand_in(&intake, "a.pdf", b"a letter").await.err(), Some(ClientError::SignIn));
        tamper(&firm, "UPDATE signer SET ended = NULL", &[]).await;
        hand_in(&intake, "a.pdf", b"a letter").await.unwrap();
        firm.portal.matter(&firm.ring, firm.matter).await?;
        Ok(())
    });
}
