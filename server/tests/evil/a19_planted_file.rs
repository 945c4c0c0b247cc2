//! A19: everybody knows the public key of a matter. The server seals a file of its own to it, and shows
//! it as a client's.

use server::db::Value;
use server::journal::signer::Authority;
use shared::client::matters::Sender;
use shared::crypto::keys::{Caps, Kid, PublicBundle, Role};
use shared::crypto::manifest::{FileContext, FileKind};
use shared::crypto::signed::Namespace;
use shared::ids::{ClientId, ObjectId};
use shared::journal::statement::EpochAct;
use shared::journal::stream::StreamId;

use crate::frame::forge::{copy, entries_of, puppet, said};
use crate::frame::journal::{Journal, stream};
use crate::frame::lies::{both, content};
use crate::frame::planted::planted;
use crate::frame::scene::{content_of, fresh, handed_in, manifest_of, read, sign_in};
use crate::frame::{attempt, refused, tamper, twist};
use crate::harness::acts::{Firm, document};
use crate::world::file::Sealed;
use crate::world::script::Script;
use crate::world::{Person, person};

const ROW: &str = "A19";

async fn matter_key(firm: &Firm) -> PublicBundle {
    let entries = stream(firm, StreamId::Matter(firm.matter)).await;
    entries.iter().find_map(said::<EpochAct>).unwrap().act.key
}

/// A second document in the name of a client whom the firm accepted: right place, right key, right form.
#[test]
fn a_file_in_a_clients_name_is_not_the_clients() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        let lease = handed_in(&firm, &stage.tale, "lease.pdf", &document(700)).await;
        stage.truth(&firm).await;
        let thief = stage.attacker(Role::Client);
        let (entry, known) = manifest_of(&firm, lease).await;
        let context = FileContext { object: ObjectId::random(), ..known.context };
        let evidence: Vec<u8> = document(700).into_iter().rev().collect();
        let file = planted(context.clone(), &matter_key(&firm).await, "threat.pdf", &evidence);
        list(&firm, &file, context.sender, entry.leaf).await;
        let world = puppet(&firm, &thief).await;
        let mut script = Script::new(&world).await;
        script.attach(file.header);
        script.attach(file.meta);
        let (signing, stream) = (&thief.signing, StreamId::Matter(firm.matter));
        script.write(Namespace::Manifest, stream, file.manifest, signing, context.sender);
        let forged = entries_of(script.finish());

        let portal = fresh(&firm).await;
        let ring = sign_in(&portal).await.unwrap();
        let journal = forged.into_iter().fold(Journal::of(&firm).await, Journal::add).twist();
        twist(&portal, both(journal, content(file.object, file.bytes)));
        let detour = (content_of(file.object), content_of(lease));
        *portal.host().detour.borrow_mut() = Some(detour);
        let view = portal.matter(&ring, firm.matter).await?;
        let one = view.documents.iter().find(|one| one.object == file.object).unwrap();
        assert_eq!(one.from, Sender::Client);
        assert_eq!(one.named.opened().unwrap().name, "threat.pdf");
        let shown = read((&portal, &ring), firm.matter, file.object).await?;
        if shown == evidence { Ok(()) } else { refused("another document") }
    });
}

/// The tables know the object, so that the honest server takes note of its being read.
async fn list(firm: &Firm, file: &Sealed, sender: Kid, leaf: u64) {
    let sql = "INSERT INTO object (id, matter, sender, leaf, sealed_len, ct_root) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        Value::from(file.object),
        Value::from(firm.matter),
        Value::from(sender.0),
        Value::from(leaf),
        Value::from(file.bytes.len() as u64),
        Value::from(file.manifest.ct_root.0),
    ];
    tamper(firm, sql, &values).await;
}

/// The server lets itself in as a client, by an invitation that nobody used yet: it has no link's secret,
/// so nobody accepts it, and what it hands in stays closed.
#[test]
fn a_file_of_a_client_whom_nobody_invited_stays_closed() {
    attempt(ROW, "NotVerified(Document)", async |stage| {
        let firm = stage.firm().await;
        firm.invite().await;
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let thief = stage.attacker(Role::Client);
        let world = puppet(&firm, &thief).await;
        let made = person(world.firm, Role::Client, Caps::NONE);
        let subject = made.bundle.subject;
        let bundle =
            thief.bundle(Role::Client, subject, world.firm, crate::harness::NOW, None, Caps::NONE);
        let client = Person { keys: copy(&thief), bundle, ..made };
        let room = crate::world::Room {
            bundle: matter_key(&firm).await,
            ..crate::frame::forge::keyed(&thief, world.firm, firm.matter)
        };
        let invite = view.invites[0].invite;
        let mut script = Script::new(&world).await;
        script.join(&room, invite, &client);
        world.take(Authority::Redeeming { invite }, &script.finish()).await.unwrap();
        let client = Person { cookie: world.session_of(client.kid()).await, ..client };
        let context = FileContext {
            format: 1,
            firm: world.firm,
            client: Some(ClientId(subject)),
            matter: firm.matter,
            epoch: 0,
            object: ObjectId::random(),
            version: 1,
            kind: FileKind::Document,
            sender: client.kid(),
            previous: None,
        };
        let evidence = document(700);
        let file = planted(context, &room.bundle, "threat.pdf", &evidence);
        file.store(&world, &room, &client).await.unwrap();
        stage.truth(&firm).await;

        let view = firm.portal.matter(&firm.ring, firm.matter).await?;
        let one = view.documents.iter().find(|one| one.object == file.object).unwrap();
        let who = one.from;
        let shown = read((&firm.portal, &firm.ring), firm.matter, file.object).await?;
        if shown == evidence && who == Sender::Client { Ok(()) } else { refused("a stranger's") }
    });
}
