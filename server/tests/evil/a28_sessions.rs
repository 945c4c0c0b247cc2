//! A28 and A21 on the firm's policy: the server and a lawyer of its choice say how long a page may lie open; it
//! keeps back that the firm said less; and it opens matters with kinds that it left out.

use shared::client::ClientError;
use shared::client::error::Thing;
use shared::crypto::signed::Namespace;
use shared::journal::policy::SessionRules;
use shared::journal::release::PolicyAct;
use shared::journal::stream::StreamId;
use shared::journal::verdict::{Need, Ways};
use shared::matters::plain::{DescriptionV1, KindV1, KindsV1, Label, Papers};

use crate::frame::journal::{Journal, stream};
use crate::frame::lies::each_entry;
use crate::frame::scene::{insider, reloaded};
use crate::frame::{attempt, plainly, refused, tamper, twist, untwist};
use crate::harness::acts::Firm;
use crate::world::script::Script;

const LONG: SessionRules = SessionRules { idle_minutes: 60, absolute_hours: 24 };
const SHORT: SessionRules = SessionRules { idle_minutes: 2, absolute_hours: 1 };

/// A lawyer, who decides nothing for the firm, says that pages lie open for a day.
#[test]
fn a_lawyer_does_not_say_how_long_pages_lie_open() {
    attempt("A28", "NotVerified(Journal)", async |stage| {
        let firm = stage.firm().await;
        let (friend, room) = insider(&firm).await;
        stage.truth(&firm).await;
        let mut script = Script::new(&friend).await;
        script.by(&friend.founder, Namespace::Policy, StreamId::Policy, PolicyAct::Sessions(LONG));
        let journal = Journal::of(&firm).await.say(script.finish());
        // The true tree has as many leaves: of more the honest part of the server knows no proof.
        let mut script = Script::new(&friend).await;
        script.describe(&room, &friend.founder);
        friend.append(&friend.founder, &script.finish()).await.unwrap();
        twist(&firm.portal, journal.twist());
        let said = firm.portal.policy(&firm.ring).await?.sessions;
        if said.is_some_and(|said| said.what == LONG) { Ok(()) } else { refused("not heard") }
    });
}

/// The firm said a day, then two minutes, which the device read; the server keeps the second back.
#[test]
fn a_device_that_read_the_shorter_time_is_not_given_the_longer_one_again() {
    attempt("A21", "NotVerified(Journal)", async |stage| {
        let firm = stage.firm().await;
        firm.portal.set_sessions(&firm.ring, LONG).await.unwrap();
        firm.portal.set_sessions(&firm.ring, SHORT).await.unwrap();
        firm.portal.policy(&firm.ring).await.unwrap();
        stage.truth(&firm).await;
        let (device, ring) = reloaded(&firm.portal).await;
        let last = stream(&firm, StreamId::Policy).await.pop().unwrap().leaf;
        twist(&device, Journal::of(&firm).await.leave_out(last).twist());
        let said = device.policy(&ring).await?.sessions;
        if said.is_some_and(|said| said.what == LONG) { Ok(()) } else { refused("not heard") }
    });
}

/// What the server's own table says moves no device; what it keeps back leaves the device at what it read.
#[test]
fn no_table_and_no_silence_keeps_a_page_open() {
    plainly(async {
        let firm = Firm::founded().await;
        firm.portal.set_sessions(&firm.ring, SHORT).await.unwrap();
        assert_eq!(firm.portal.session_rules(&firm.ring).await, Ok(SHORT));
        tamper(&firm, "UPDATE session_rules SET idle_minutes = 60", &[]).await;
        assert_eq!(firm.portal.session_rules(&firm.ring).await, Ok(SHORT));
        let last = stream(&firm, StreamId::Policy).await.pop().unwrap().leaf;
        twist(&firm.portal, Journal::of(&firm).await.leave_out(last).twist());
        assert_eq!(firm.portal.session_rules(&firm.ring).await, Ok(SHORT));
        untwist(&firm.portal);
    });
}

/// The statement that names the kinds comes without them: no matter is opened as if there were none.
#[test]
fn kinds_that_are_left_out_open_no_matter_without_what_it_needs() {
    plainly(async {
        let firm = Firm::founded().await;
        let need = Need { enough: vec![Ways::MET], again: None };
        let (papers, questions) = (Papers::ALL, Vec::new());
        let kinds = vec![KindV1 { name: "Lease".into(), need, papers, questions }];
        firm.portal.name_kinds(&firm.ring, &KindsV1 { kinds }).await.unwrap();
        let description = DescriptionV1 {
            client: "Ines Okafor".into(),
            title: "Lease of the bakery".into(),
            practice: "Lease".into(),
            label: Label::Confidential,
        };
        let last = stream(&firm, StreamId::Policy).await.pop().unwrap().leaf;
        let lie = move |entry: &mut shared::journal::wire::Entry| {
            if entry.leaf == last {
                entry.attachments.clear();
            }
        };
        twist(&firm.portal, each_entry(lie));
        let opened = firm.portal.create_matter(&firm.ring, &description).await;
        assert_eq!(opened.err(), Some(ClientError::NotVerified(Thing::Journal)));
        untwist(&firm.portal);
        let matter = firm.portal.create_matter(&firm.ring, &description).await.unwrap();
        assert!(firm.portal.matter(&firm.ring, matter).await.unwrap().need.is_some());
    });
}
