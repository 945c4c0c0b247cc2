//! A03: the server begins a new key of a matter, and its people seal to it from now on. Devices do not
//! change a matter's key yet; they read and use every epoch that the stream holds.

use shared::client::filing::Filing as _;
use shared::client::room::Room;
use shared::client::{ClientError, Thing};
use shared::crypto::keys::{Caps, Role};
use shared::ids::MatterId;
use shared::journal::stream::StreamId;

use crate::frame::forge::{entries_of, keyed, puppet};
use crate::frame::journal::Journal;
use crate::frame::scene::{fresh, sign_in};
use crate::frame::{attempt, plainly, twist};
use crate::harness::acts::{document, facts};
use crate::world::script::Script;
use crate::world::{self, World};

const ROW: &str = "A03";

/// The matter's second epoch, in the founder's name, has the server's key.
#[test]
fn the_next_key_of_a_matter_is_the_servers_own() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        stage.truth(&firm).await;
        let thief = stage.attacker(Role::Staff);
        let world = puppet(&firm, &thief).await;
        let mut script = Script::new(&world).await;
        script.epoch(&keyed(&thief, world.firm, firm.matter), 1, &world.founder);
        let forged = entries_of(script.finish());

        let portal = fresh(&firm).await;
        let ring = sign_in(&portal).await.unwrap();
        let journal = forged.into_iter().fold(Journal::of(&firm).await, Journal::add);
        twist(&portal, journal.twist());
        let bytes = document(1000);
        let filing = portal.filing(&ring, firm.matter);
        let handed = filing.hand_in(&facts("brief.pdf", &bytes), &bytes).await;
        stage.robbed(handed).await
    });
}

/// Nor do people of the firm begin one who may not make matters, or have no seat, or who skip a number,
/// repeat one, or bring another matter's key.
#[test]
fn an_epoch_out_of_order_or_of_a_stranger_is_refused() {
    plainly(async {
        let world = World::new().await;
        let room = world.matter().await;
        let unseated = world.staff(Role::Staff, Caps::MATTERS).await;
        let unable = world.staff(Role::Staff, Caps::GRANT).await;
        let mut script = Script::new(&world).await;
        script.grant(&room, &unable.bundle, &world.founder);
        world.append(&world.founder, &script.finish()).await.unwrap();
        let entries = world.entries(StreamId::Matter(room.id)).await;
        let directory = world.directory().await;
        let key = |of| world::room(world.firm, of).bundle;
        let next = world::Room { bundle: key(room.id), ..world::room(world.firm, room.id) };
        let other =
            world::Room { bundle: key(MatterId([9; 16])), ..world::room(world.firm, room.id) };
        let cases = [
            (&next, 1, &world.founder, true),
            (&next, 1, &unseated, false),
            (&next, 1, &unable, false),
            (&next, 2, &world.founder, false),
            (&next, 0, &world.founder, false),
            (&other, 1, &world.founder, false),
        ];
        for (room, epoch, by, holds) in cases {
            let mut script = Script::new(&world).await;
            script.epoch(room, epoch, by);
            let mut fold = Room::empty(room.id);
            entries.iter().for_each(|entry| fold.apply(entry.clone(), &directory).unwrap());
            let forged = entries_of(script.finish()).remove(0);
            let outcome = fold.apply(forged, &directory);
            let refused = Some(ClientError::NotVerified(Thing::Matter)).filter(|_| !holds);
            assert_eq!(outcome.err(), refused);
        }
    });
}
