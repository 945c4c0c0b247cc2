//! A16: the server edits what describes a document: its sealed name, or a field of its manifest.

use shared::client::{ClientError, Thing};
use shared::crypto::cbor::encode;
use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::keys::{Kid, Role};
use shared::crypto::manifest::{CheckpointSeen, FileKind, Manifest};
use shared::crypto::signed::Signed;
use shared::encoding::B64;
use shared::ids::{ClientId, MatterId, ObjectId};
use shared::journal::statement::{Decision, MatterAct, Placed};
use shared::journal::stream::StreamId;
use shared::time::Timestamp;

use crate::frame::forge::{directory, resigned, said};
use crate::frame::journal::{Journal, stream};
use crate::frame::lies::each_entry;
use crate::frame::scene::{filed, fresh, handed_in, manifest_of, read, sign_in};
use crate::frame::{attempt, plainly, refused, twist};
use crate::harness::acts::{Firm, document};

const ROW: &str = "A16";

/// Where the name's ending stands in sealed metadata: behind salt and commitment, the map, and the name's
/// beginning.
const ENDING: usize = 69 + 3 + "lease.".len();

/// The server knows what a document is called, and turns `lease.pdf` into `lease.exe` without opening it.
#[test]
fn the_name_of_a_document_is_edited_under_its_seal() {
    attempt(ROW, "NotVerified(Document)", async |stage| {
        let firm = stage.firm().await;
        let object = filed(&firm, "lease.pdf", &document(500)).await;
        stage.truth(&firm).await;
        let (_, manifest) = manifest_of(&firm, object).await;
        let portal = fresh(&firm).await;
        let ring = sign_in(&portal).await.unwrap();
        let lie = each_entry(move |entry| {
            let Some(at) =
                entry.attachments.iter().position(|one| sha256(&one.0) == manifest.meta_hash)
            else {
                return;
            };
            let B64(mut meta) = entry.attachments.remove(at);
            for (at, (is, becomes)) in (ENDING..).zip(b"pdf".iter().zip(b"exe")) {
                meta[at] ^= is ^ becomes;
            }
            entry.attachments.push(B64(meta));
        });
        twist(&portal, lie);
        let view = portal.matter(&ring, firm.matter).await?;
        let shown = view.documents.iter().find(|one| one.object == object).unwrap();
        match shown.named.opened().map(|meta| meta.name.as_str()) {
            Some("lease.exe") => Ok(()),
            Some(other) => panic!("{other}"),
            None => {
                read((&portal, &ring), firm.matter, object).await?;
                refused("hidden")
            }
        }
    });
}

/// A lawyer took a client on; the server makes the statement say that the client was turned down.
#[test]
fn a_decision_becomes_its_contrary() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        handed_in(&firm, &stage.tale, "lease.pdf", &document(500)).await;
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let submission = view.submissions[0].submission;
        firm.portal.decide(&firm.ring, firm.matter, submission, Decision::Accepted).await.unwrap();
        stage.truth(&firm).await;
        let thief = stage.attacker(Role::Staff);
        let last = stream(&firm, StreamId::Matter(firm.matter)).await.pop().unwrap();
        let forged = resigned(&last, &thief.signing, |act: &mut MatterAct| {
            let MatterAct::Decided(decided) = act else { panic!("the last act is the decision") };
            decided.decision = Decision::Declined;
        });
        let portal = fresh(&firm).await;
        twist(&portal, Journal::of(&firm).await.exchange(forged).twist());
        let ring = sign_in(&portal).await.unwrap();
        let view = portal.matter(&ring, firm.matter).await?;
        match view.submissions[0].decision {
            Some(Decision::Declined) => Ok(()),
            _ => refused("as it was decided"),
        }
    });
}

/// Every field of a manifest, changed one at a time under the true signature: its matter is closed.
#[test]
fn no_field_of_a_manifest_can_be_changed() {
    use shared::client::room::Room;
    plainly(async {
        let firm = Firm::founded().await;
        let object = filed(&firm, "lease.pdf", &document(500)).await;
        let entries = stream(&firm, StreamId::Matter(firm.matter)).await;
        let directory = directory(&firm).await;
        let (honest, _) = manifest_of(&firm, object).await;
        let changes: [fn(&mut Manifest); 22] = [
            |one| one.format = 2,
            |one| one.context.format = 2,
            |one| one.context.firm = Hash32([9; 32]),
            |one| one.context.client = Some(ClientId([9; 16])),
            |one| one.context.matter = MatterId([9; 16]),
            |one| one.context.epoch = 1,
            |one| one.context.object = ObjectId([9; 16]),
            |one| one.context.version = 2,
            |one| one.context.kind = FileKind::Form,
            |one| one.context.kind = FileKind::Message,
            |one| one.context.sender = Kid([9; 32]),
            |one| one.context.previous = Some(Hash32([9; 32])),
            |one| one.header_hash = Hash32([9; 32]),
            |one| one.sealed_len -= 1,
            |one| one.sealed_len += 65_552,
            |one| one.chunks += 1,
            |one| one.ct_root = Hash32([9; 32]),
            |one| one.meta_hash = Hash32([9; 32]),
            |one| one.recipients_hash = Hash32([9; 32]),
            |one| one.time = Timestamp(one.time.0 + 1),
            |one| one.seq_seen += 1,
            |one| one.checkpoint_seen = Some(CheckpointSeen { size: 1, root: Hash32([9; 32]) }),
        ];
        for change in changes {
            let mut body: Placed<Manifest> = said(&honest).unwrap();
            change(&mut body.act);
            let mut room = Room::empty(firm.matter);
            let outcome = entries.iter().try_for_each(|entry| {
                let mut entry = entry.clone();
                if entry.leaf == honest.leaf {
                    entry.statement.0 = under_its_signature(&honest.statement.0, &encode(&body));
                }
                room.apply(entry, &directory)
            });
            assert_eq!(outcome.err(), Some(ClientError::NotVerified(Thing::Matter)));
        }
    });
}

/// Another body between the true head and the true signature, with its own length.
fn under_its_signature(statement: &[u8], body: &[u8]) -> Vec<u8> {
    let honest = Signed::parse(statement).unwrap();
    let (head, tail) = (&statement[..39], &statement[43 + honest.body().len()..]);
    [head, &(body.len() as u32).to_be_bytes(), body, tail].concat()
}
