//! A07: a lawyer makes a matter, and before her device reads it for the first time the server puts
//! another in its place. A colleague on the server's side signs that one, so that all of it verifies.

use shared::client::filing::Filing as _;
use shared::client::{ClientError, Thing};
use shared::crypto::keys::Role;
use shared::crypto::sealed::RecordKind;
use shared::ids::RecordId;
use shared::journal::statement::MatterAct;
use shared::journal::stream::{Head, StreamId};

use crate::frame::forge::{directory, entries_of, keyed};
use crate::frame::journal::{Journal, STREAMS, stream};
use crate::frame::scene::{described, fresh, passphrase, sign_in};
use crate::frame::{attempt, twist, without_faults};
use crate::harness::acts::{Firm, document, facts, terms};
use crate::harness::enter;
use crate::world::World;
use crate::world::script::Script;

const ROW: &str = "A07";

/// The matter's five statements are the colleague's, its key is the server's, and the journal holds them
/// where the true ones stood.
#[test]
fn a_new_matter_is_exchanged_before_it_is_read() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        let world = World::inside(&firm).await;
        let thief = stage.attacker(Role::Staff);
        let me = directory(&firm).await;
        let me = me.member_by_account(firm.ring.account().unwrap()).unwrap().bundle.clone();
        let portal = fresh(&firm).await;
        let ring = sign_in(&portal).await.unwrap();
        let matter = portal.create_matter(&ring, &described(stage.tale.title)).await.unwrap();
        stage.truth(&firm).await;

        let honest = stream(&firm, StreamId::Matter(matter)).await;
        let room = keyed(&thief, world.firm, matter);
        let mut script = Script::new(&world).await;
        script.move_head(StreamId::Matter(matter), Head::EMPTY);
        script.create(&room, &world.founder);
        script.grant(&room, &me, &world.founder);
        let planted = described("Another matter");
        let record = script.sealed(&room, RecordKind::Matter, RecordId::random(), &planted);
        script.at(&room, &world.founder, MatterAct::Described(record));
        let forged = entries_of(script.finish());
        assert_eq!(forged.len(), honest.len());
        let journal = forged.into_iter().zip(honest).fold(
            Journal::of(&firm).await,
            |journal, (mut entry, known)| {
                entry.leaf = known.leaf;
                journal.exchange(entry)
            },
        );
        twist(&portal, journal.twist());
        let view = portal.matter(&ring, matter).await?;
        assert_eq!(view.description.unwrap().title, "Another matter");
        let bytes = document(500);
        let filing = portal.filing(&ring, matter);
        let handed = filing.hand_in(&facts("brief.pdf", &bytes), &bytes).await;
        stage.robbed(handed).await
    });
}

/// Nor is a matter that was just made unmade again.
#[test]
fn a_new_matter_is_not_unmade() {
    crate::frame::plainly(async {
        let firm = Firm::founded().await;
        let before = Journal::of(&firm).await.leaves.len() as u64;
        let portal = fresh(&firm).await;
        let ring = sign_in(&portal).await.unwrap();
        let matter = portal.create_matter(&ring, &described("Lease")).await.unwrap();
        let journal = Journal::of(&firm).await;
        let after = journal.leaves.len() as u64;
        let unmade = (before..after).fold(journal, Journal::leave_out);
        twist(&portal, unmade.twist());
        let refused = portal.matter(&ring, matter).await.err();
        assert_eq!(refused, Some(ClientError::NotVerified(Thing::Matter)));
    });
}

/// An honest answer that was on its way while another tab wrote does not have what was written, and is no
/// rollback for it.
#[test]
fn an_answer_given_before_something_was_written_is_no_rollback() {
    without_faults();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let firm = Firm::founded().await;
        let ring = sign_in(&firm.portal).await.unwrap();
        let tab = firm.portal.host().reload();
        let theirs = enter::enter(&tab, "clara", &passphrase()).await.unwrap();
        let (matter, form) = (firm.matter, firm.form);
        let asked = StreamId::Matter(matter).to_string();
        let mut once = Some(());
        twist(
            &firm.portal,
            Box::new(move |path, question, answer| {
                let is_it = path == STREAMS && String::from_utf8_lossy(question).contains(&asked);
                if is_it && once.take().is_some() {
                    let terms = terms();
                    let writes = tab.invite_client(&theirs, matter, form, &terms);
                    let here = tokio::runtime::Handle::current();
                    tokio::task::block_in_place(|| here.block_on(writes)).unwrap();
                }
                answer
            }),
        );
        let before = firm.portal.matter(&ring, matter).await.unwrap();
        assert!(before.invites.is_empty());
        let after = firm.portal.matter(&ring, matter).await.unwrap();
        assert_eq!(after.invites.len(), 1);
    });
}
