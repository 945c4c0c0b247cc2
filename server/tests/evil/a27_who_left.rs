//! A27: somebody whose time with the firm ended goes on as one of its people, with the server's help: it
//! hides the end, shows what they say afterwards, says that it stood earlier, or seats them again.

use shared::client::enrol::Post;
use shared::client::filing::Filing as _;
use shared::crypto::hash::sha256;
use shared::crypto::keys::Role;
use shared::journal::statement::{EndKind, variant_of};
use shared::journal::stream::StreamId;

use crate::frame::forge::keyed;
use crate::frame::journal::{Journal, backdated, stream};
use crate::frame::scene::{fresh, insider, sign_in};
use crate::frame::{attempt, twist};
use crate::harness::acts::{Firm, colleague, document, facts};
use crate::world::script::Script;
use crate::world::{Room, World};

const ROW: &str = "A27";

/// A lawyer with a seat whose keys the test holds, and whose time with the firm ended.
async fn gone(firm: &Firm) -> (World, Room) {
    let (world, room) = insider(firm).await;
    firm.portal.end(&firm.ring, world.founder.kid(), EndKind::Suspended).await.unwrap();
    (world, room)
}

/// Before the matter has its new key, they begin one of their own, and the server takes and shows it.
#[test]
fn who_left_begins_a_key_of_their_own() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        let (world, _) = gone(&firm).await;
        stage.truth(&firm).await;
        let thief = stage.attacker(Role::Staff);
        let mut script = Script::new(&world).await;
        script.epoch(&keyed(&thief, world.firm, firm.matter), 1, &world.founder);
        twist(&firm.portal, Journal::of(&firm).await.say(script.finish()).twist());
        let bytes = document(1000);
        let filing = firm.portal.filing(&firm.ring, firm.matter);
        let handed = filing.hand_in(&facts("brief.pdf", &bytes), &bytes).await;
        stage.robbed(handed).await
    });
}

/// The same, with a friend who still sits there and says something after it: where the friend's statement
/// stands is proven, and the server says of the one in front of it that it was there before the end.
#[test]
fn what_was_said_afterwards_is_shown_at_an_earlier_leaf() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        let (friend, room) = insider(&firm).await;
        let (world, _) = gone(&firm).await;
        stage.truth(&firm).await;
        let thief = stage.attacker(Role::Staff);
        let mut script = Script::new(&world).await;
        script.epoch(&keyed(&thief, world.firm, firm.matter), 1, &world.founder);
        script.describe(&room, &friend.founder);
        let acts = script.finish();
        let late = sha256(&acts.statements[0].0);
        let journal = Journal::of(&firm).await.say(acts).twist();
        let portal = fresh(&firm).await;
        twist(&portal, backdated(journal, late));
        let ring = sign_in(&portal).await.unwrap();
        let bytes = document(1000);
        let filing = portal.filing(&ring, firm.matter);
        let handed = filing.hand_in(&facts("brief.pdf", &bytes), &bytes).await;
        stage.robbed(handed).await
    });
}

/// A device that never heard of the end is shown the keyring without it, and the matter with all that came
/// later. It would give the matter's new key to whoever left.
#[test]
fn an_end_is_hidden_from_a_device_that_is_shown_what_came_later() {
    attempt(ROW, "NotVerified(Keyring)", async |stage| {
        let firm = stage.firm().await;
        let (world, _) = gone(&firm).await;
        let max = &world.founder;
        firm.portal.take_access_back(&firm.ring, firm.matter, max.kid()).await.unwrap();
        stage.truth(&firm).await;
        stage.turned(&max.keys);
        let keyring = stream(&firm, StreamId::Keyring).await;
        let mut ends = keyring.iter().filter(|one| variant_of(&one.statement.0) == Some(3));
        let leaf = ends.next_back().unwrap().leaf;
        let portal = fresh(&firm).await;
        twist(&portal, Journal::of(&firm).await.leave_out(leaf).twist());
        let ring = sign_in(&portal).await.unwrap();
        let given = portal.give_access(&ring, firm.matter, max.kid()).await;
        stage.robbed(given).await
    });
}

/// A friend grants a key once more to whoever left, and the server takes it: the seat is there again, and the
/// next key goes to everybody who has one.
#[test]
fn a_friend_seats_somebody_who_left_again() {
    attempt(ROW, "nothing was sealed to the attacker", async |stage| {
        let firm = stage.firm().await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        firm.portal.give_access(&firm.ring, firm.matter, bo.kid).await.unwrap();
        let (friend, room) = insider(&firm).await;
        let (world, _) = gone(&firm).await;
        let max = &world.founder;
        firm.portal.take_access_back(&firm.ring, firm.matter, max.kid()).await.unwrap();
        stage.truth(&firm).await;
        stage.turned(&max.keys);
        let mut script = Script::new(&friend).await;
        script.grant(&room, &max.bundle, &friend.founder);
        twist(&firm.portal, Journal::of(&firm).await.say(script.finish()).twist());
        let taken = firm.portal.take_access_back(&firm.ring, firm.matter, bo.kid).await;
        stage.robbed(taken.or(Ok(()))).await
    });
}
