//! A36: somebody exported a whole matter, and the server takes that out of the journal before a partner
//! looks: it shows another act there, leaves it out, puts acts into another order, or shrinks the tree.

use shared::call::Call as _;
use shared::client::ClientError;
use shared::client::error::Thing;
use shared::client::filing::Filing as _;
use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::keys::Role;
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::journal::statement::{AccessAct, Placed, Verb};
use shared::journal::wire::{Entries, Entry, ReadJournal};

use crate::frame::journal::{Journal, entries};
use crate::frame::{attempt, plainly, refused, twist, untwist};
use crate::harness::acts::{Firm, document, facts};
use crate::harness::client::Twist;

const ROW: &str = "A36";

/// The whole journal as the server would like it to have been. It fits on one page here.
fn rewritten(change: impl Fn(&mut Vec<Entry>) + 'static) -> Twist {
    Box::new(move |path, _, honest| {
        if path != ReadJournal::ROUTE {
            return honest;
        }
        let mut page: Entries = serde_json::from_slice(&honest).unwrap();
        // The device asks again for what a short page lacks: of that the server knows nothing.
        if page.entries.len() < 8 {
            page.entries.clear();
        } else {
            change(&mut page.entries);
        }
        serde_json::to_vec(&page).unwrap()
    })
}

/// A document was opened, then saved as a file; gives how many times the journal says "saved".
async fn saved(firm: &Firm) -> Result<usize, ClientError> {
    let seen = firm.portal.journal(&firm.ring, async |_, _| {}).await?;
    let is_saved = |line: &&shared::client::journal::JournalLine| {
        line.namespace == Namespace::Access && line.variant == Some(2)
    };
    Ok(seen.lines.iter().filter(is_saved).count())
}

async fn opened_and_saved(firm: &Firm) {
    let bytes = document(500);
    let filing = firm.portal.filing(&firm.ring, firm.matter);
    let filed = filing.hand_in(&facts("brief.pdf", &bytes), &bytes).await.unwrap();
    for verb in [Verb::Opened, Verb::Downloaded] {
        let portal = &firm.portal;
        portal.open_document(&firm.ring, firm.matter, filed.object, verb).await.unwrap();
    }
}

#[test]
fn what_somebody_did_is_not_taken_out_of_the_journal() {
    attempt(ROW, "NotVerified(Journal)", async |stage| {
        let firm = stage.firm().await;
        opened_and_saved(&firm).await;
        assert_eq!(saved(&firm).await.unwrap(), 1);
        stage.truth(&firm).await;
        // The act before stands there twice.
        twist(
            &firm.portal,
            rewritten(|entries| {
                let last = entries.len() - 1;
                entries[last].statement = entries[last - 1].statement.clone();
            }),
        );
        if saved(&firm).await? == 0 { Ok(()) } else { refused("shown") }
    });
}

/// The server signs a tree with an act in it that nobody did, under the founder's name.
#[test]
fn what_nobody_did_is_not_put_into_the_journal() {
    attempt(ROW, "NotVerified(Journal)", async |stage| {
        let firm = stage.firm().await;
        opened_and_saved(&firm).await;
        stage.truth(&firm).await;
        let mut entry = entries(&firm).await.pop().unwrap();
        let last = Signed::parse(&entry.statement.0).unwrap();
        let mut body: Placed<AccessAct> = decode_strict(last.body(), MAX_BODY).unwrap();
        (body.place.seq, body.place.prev) = (body.place.seq + 1, last.digest());
        let thief = stage.attacker(Role::Staff);
        let body = encode(&body);
        let forged = Signed::sign(Namespace::Access, &thief.signing, last.signer(), &body).unwrap();
        entry.statement.0 = forged.into_bytes();
        entry.leaf += 1;
        let mut tree = Journal::of(&firm).await.add(entry.clone()).twist();
        let mut page = rewritten(move |entries| entries.push(entry.clone()));
        twist(
            &firm.portal,
            Box::new(move |path, question, honest| {
                let answer = tree(path, question, honest);
                page(path, question, answer)
            }),
        );
        if saved(&firm).await? == 2 { Ok(()) } else { refused("hidden") }
    });
}

#[test]
fn a_journal_changed_in_any_way_does_not_add_up() {
    plainly(async {
        let firm = Firm::founded().await;
        opened_and_saved(&firm).await;
        assert_eq!(saved(&firm).await.unwrap(), 1);
        let changes: [fn(&mut Vec<Entry>); 7] = [
            |entries| entries.swap(1, 2),
            |entries| entries.reverse(),
            |entries| entries[2].statement.0[60] ^= 1,
            |entries| entries[2].blind.0[0] ^= 1,
            |entries| drop(entries.remove(3)),
            |entries| entries.insert(3, entries[3].clone()),
            Vec::clear,
        ];
        for change in changes {
            twist(&firm.portal, rewritten(change));
            let refused = saved(&firm).await.err();
            assert_eq!(refused, Some(ClientError::NotVerified(Thing::Journal)));
        }
        // A smaller tree under a good signature is a journal of yesterday.
        untwist(&firm.portal);
        let mut shrunk = Journal::of(&firm).await;
        shrunk.leaves.pop();
        twist(&firm.portal, shrunk.twist());
        let Err(ClientError::Forked(fork)) = saved(&firm).await else { panic!("no fork") };
        untwist(&firm.portal);
        firm.portal.acknowledge_fork(&fork).await.unwrap();
        assert_eq!(saved(&firm).await.unwrap(), 1);
    });
}
