//! A15: the server serves one object's bytes as another's: a paper of the firm's as one that a client
//! handed in.

use shared::client::matters::Sender;
use shared::crypto::age::FileOpen;
use shared::crypto::error::OpenError;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Kid, MatterKey};
use shared::crypto::manifest::{FileContext, FileKind, Manifest};
use shared::ids::{ClientId, MatterId, ObjectId};
use shared::journal::statement::{ClientAccepted, MatterAct};

use crate::frame::forge::resigned;
use crate::frame::journal::Journal;
use crate::frame::lies::{both, content};
use crate::frame::planted::planted;
use crate::frame::scene::{filed, fresh, insider, manifest_of, read, sealed, sign_in};
use crate::frame::{attempt, refused, twist};
use crate::harness::acts::document;
use crate::world::file::Sealed;
use crate::world::script::Script;

const ROW: &str = "A15";

/// A client who has the server on her side signs the sealed bytes of the firm's own paper as hers: she
/// cannot open them, and all hashes are right.
#[test]
fn a_paper_of_the_firms_is_not_a_clients() {
    attempt(ROW, "NotVerified(Document)", async |stage| {
        let firm = stage.firm().await;
        let (world, room) = insider(&firm).await;
        let client = world.client(&room).await;
        let mut script = Script::new(&world).await;
        let invite = firm.portal.matter(&firm.ring, firm.matter).await.unwrap().invites[0].invite;
        let act = ClientAccepted { client: client.kid(), invite, level: 1 };
        script.at(&room, &world.founder, MatterAct::Accepted(act));
        world.append(&world.founder, &script.finish()).await.unwrap();
        let memo = document(900);
        let theirs = filed(&firm, "memo.pdf", &memo).await;
        let own = Sealed::new(&world, &room, &client, &document(900));
        own.store(&world, &room, &client).await.unwrap();
        stage.truth(&firm).await;

        let (entry, _) = manifest_of(&firm, own.object).await;
        let (stolen, known) = manifest_of(&firm, theirs).await;
        let mut lie = resigned(&entry, &client.keys.signing, |manifest: &mut Manifest| {
            let context = manifest.context.clone();
            *manifest = Manifest { context, ..known.clone() };
        });
        lie.attachments = stolen.attachments;
        let bytes = sealed(&firm, theirs).await;
        let portal = fresh(&firm).await;
        let journal = Journal::of(&firm).await.exchange(lie).twist();
        twist(&portal, both(journal, content(own.object, bytes)));
        let ring = sign_in(&portal).await.unwrap();
        let shown = read((&portal, &ring), firm.matter, own.object).await?;
        let view = portal.matter(&ring, firm.matter).await.unwrap();
        let one = view.documents.iter().find(|one| one.object == own.object).unwrap();
        if shown == memo && one.from == Sender::Client {
            return Ok(());
        }
        refused("another paper")
    });
}

/// A file opens in the one place that it was sealed for: not under another firm, client, matter, epoch,
/// object, version, kind, sender or version before, nor with another matter's key.
#[test]
fn a_file_opens_in_its_own_place_alone() {
    crate::frame::without_faults();
    let key = MatterKey::generate();
    let honest = FileContext {
        format: 1,
        firm: Hash32([1; 32]),
        client: Some(ClientId([2; 16])),
        matter: MatterId([3; 16]),
        epoch: 0,
        object: ObjectId([4; 16]),
        version: 1,
        kind: FileKind::Document,
        sender: Kid([5; 32]),
        previous: None,
    };
    let bundle = key.bundle(honest.matter, honest.firm, crate::harness::NOW, None);
    let file = planted(honest.clone(), &bundle, "a.pdf", b"text");
    let opens = |context: &FileContext, key: &MatterKey| {
        FileOpen::new(&file.header, context.hash(), key.kem()).map(|_| ())
    };
    assert!(opens(&honest, &key).is_ok());
    assert_eq!(opens(&honest, &MatterKey::generate()).err(), Some(OpenError::KeyMissing));
    let elsewhere: [fn(&mut FileContext); 12] = [
        |one| one.format = 2,
        |one| one.firm = Hash32([9; 32]),
        |one| one.client = None,
        |one| one.client = Some(ClientId([9; 16])),
        |one| one.matter = MatterId([9; 16]),
        |one| one.epoch = 1,
        |one| one.object = ObjectId([9; 16]),
        |one| one.version = 2,
        |one| one.kind = FileKind::Form,
        |one| one.sender = Kid([9; 32]),
        |one| one.previous = Some(Hash32([9; 32])),
        |one| one.kind = FileKind::Message,
    ];
    for change in elsewhere {
        let mut context = honest.clone();
        change(&mut context);
        assert_eq!(opens(&context, &key).err(), Some(OpenError::WrongPlace));
    }
}
