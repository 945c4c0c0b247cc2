//! A19, by a code: the server relays a mail, and so knows the code that it brings. It answers in the client's name.

use shared::client::contact::Compared;
use shared::crypto::keys::Role;
use shared::crypto::manifest::{FileContext, FileKind};
use shared::crypto::signed::Namespace;
use shared::ids::ObjectId;
use shared::journal::code::Channel;
use shared::journal::statement::EpochAct;
use shared::journal::stream::StreamId;

use crate::frame::forge::{entries_of, puppet, said};
use crate::frame::journal::{Journal, stream};
use crate::frame::lies::{both, content};
use crate::frame::planted::planted;
use crate::frame::scene::{content_of, fresh, handed_in, manifest_of, sign_in};
use crate::frame::{attempt, refused, twist};
use crate::harness::acts::document;
use crate::world::script::Script;

const ROW: &str = "A19";

#[test]
fn who_relayed_a_code_does_not_answer_it() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        let lease = handed_in(&firm, &stage.tale, "lease.pdf", &document(700)).await;
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let client = view.clients[0].kid;
        firm.portal.ask_code(&firm.ring, firm.matter, client, Channel::Mail).await.unwrap();
        let code = firm.portal.code(&firm.ring, firm.matter, client).unwrap();
        stage.truth(&firm).await;
        let thief = stage.attacker(Role::Client);
        let (_, known) = manifest_of(&firm, lease).await;
        let (object, kind) = (ObjectId::random(), FileKind::Code);
        let context = FileContext { object, kind, ..known.context };
        let in_matter = StreamId::Matter(firm.matter);
        let entries = stream(&firm, in_matter).await;
        let key = entries.iter().find_map(said::<EpochAct>).unwrap().act.key;
        let file = planted(context, &key, "code", code.as_bytes());
        let world = puppet(&firm, &thief).await;
        let mut script = Script::new(&world).await;
        script.attach(file.header);
        script.attach(file.meta);
        script.write(Namespace::Manifest, in_matter, file.manifest, &thief.signing, client);
        let forged = entries_of(script.finish());

        let portal = fresh(&firm).await;
        let ring = sign_in(&portal).await.unwrap();
        let journal = forged.into_iter().fold(Journal::of(&firm).await, Journal::add).twist();
        twist(&portal, both(journal, content(object, file.bytes)));
        *portal.host().detour.borrow_mut() = Some((content_of(object), content_of(lease)));
        portal.matter(&ring, firm.matter).await?;
        match portal.look_at_code(&ring, firm.matter, client).await? {
            Compared::Right => Ok(()),
            _ => refused("not the code"),
        }
    });
}
