//! What a sender had seen of the journal stands in what it files: whoever was shown another journal says
//! so without knowing it.

use shared::client::ClientError;
use shared::client::error::Thing;
use shared::client::store::DeviceStore as _;
use shared::crypto::cbor;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::SigningKey;
use shared::journal::anchor::Pin;
use shared::journal::checkpoint::{Checkpoint, Note};

use crate::frame::plainly;
use crate::harness::NOW;
use crate::harness::acts::{Firm, filled, hand_in, link_parts};
use crate::harness::client::Device;

#[test]
fn a_sender_who_was_shown_another_journal_is_found_out_by_the_reader() {
    plainly(async {
        let firm = Firm::founded().await;
        let (invite, fragment) = link_parts(&firm.invite().await);
        let device = Device::new(&firm.router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        let before = hand_in(&intake, "before.pdf", b"a lease").await.unwrap();
        // The server signs a journal for this device alone.
        let lawyers = firm.portal.host();
        let name = lawyers.keys("pin/").await.unwrap().remove(0);
        let honest: Pin =
            cbor::decode_strict(&lawyers.load(&name).await.unwrap().unwrap(), 4096).unwrap();
        let log = SigningKey::from_seed(*firm.server.app.secrets.log.seed());
        let honest = Note::parse(&honest.note).unwrap().checkpoint;
        let other = Checkpoint { root: Hash32([7; 32]), ..honest };
        let note = other.sign(&log).unwrap();
        let pin = Pin { size: other.size, root: other.root, note };
        device.host().save(&name, &cbor::encode(&pin)).await.unwrap();
        let during = hand_in(&intake, "during.pdf", b"a lease").await.unwrap();
        let documents = [before.object, during.object];
        let sent = intake.submit(&filled(&intake), &documents).await.unwrap();
        assert_eq!(sent.documents.len(), 2);
        assert_eq!(firm.read(before.object).await.unwrap(), b"a lease");
        let refused = firm.read(during.object).await.err();
        assert_eq!(refused, Some(ClientError::NotVerified(Thing::Seen)));
        let answers = firm.portal.open_answers(&firm.ring, firm.matter, intake.submission()).await;
        assert_eq!(answers.err(), Some(ClientError::NotVerified(Thing::Seen)));
    });
}
