//! A32: the server would have somebody of its own taken for a client whom the firm met. Here it forges the level
//! at which a colleague accepted a client, in a statement and in its own tables; `a32_verdicts.rs` has the verdicts.

use server::db::Value;
use server::journal::signer::Authority;
use shared::crypto::keys::{Caps, Role};
use shared::crypto::signed::Namespace;
use shared::ids::InviteId;
use shared::journal::statement::{ClientAccepted, MatterAct};
use shared::journal::stream::StreamId;

use crate::frame::journal::Journal;
use crate::frame::{attempt, ghost, plainly, refused, tamper, twist};
use crate::harness::acts::{Firm, link_parts};
use crate::world::script::Script;
use crate::world::{World, person, room};

const ROW: &str = "A32";

/// A client of the server's making says of itself that the firm met it in person.
#[test]
fn nobody_confirms_themselves() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        let (invite, _): (InviteId, String) = link_parts(&firm.invite().await);
        stage.truth(&firm).await;
        let world = World::outside(&firm).await;
        let stranger = ghost(stage, &world, Role::Client);
        let mut script = Script::new(&world).await;
        script.join(&room(world.firm, firm.matter), invite, &stranger);
        let accepted = ClientAccepted { client: stranger.kid(), invite, level: 2 };
        let act = MatterAct::Accepted(accepted);
        script.by(&stranger, Namespace::Matter, StreamId::Matter(firm.matter), act);
        twist(&firm.portal, Journal::of(&firm).await.say(script.finish()).twist());

        let view = firm.portal.matter(&firm.ring, firm.matter).await?;
        let seen = view.clients.iter().find(|one| one.kid == stranger.kid()).unwrap();
        if seen.level == Some(2) { Ok(()) } else { refused("unverified") }
    });
}

/// What the server's tables say of a client, no screen says.
#[test]
fn a_level_in_the_servers_table_is_nobodys_word() {
    plainly(async {
        let firm = Firm::founded().await;
        let (invite, _): (InviteId, String) = link_parts(&firm.invite().await);
        let world = World::outside(&firm).await;
        let stranger = person(world.firm, Role::Client, Caps::NONE);
        let mut script = Script::new(&world).await;
        script.join(&room(world.firm, firm.matter), invite, &stranger);
        world.take(Authority::Redeeming { invite }, &script.finish()).await.unwrap();
        let kid = Value::from(stranger.kid().0);
        tamper(&firm, "UPDATE signer SET level = 2 WHERE kid = $1", &[kid]).await;
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!((view.clients[0].level, view.clients[0].genuine), (None, false));
    });
}
