//! A03: the server begins a new key of a matter, and its people seal to it from now on. It does so in
//! somebody's name, or with the help of a colleague whose access was taken back.

use shared::client::enrol::Post;
use shared::client::filing::Filing as _;
use shared::client::room::Room;
use shared::client::{ClientError, Thing};
use shared::crypto::keys::{Caps, Role};
use shared::ids::{InviteId, MatterId};
use shared::journal::stream::StreamId;
use shared::time::HOUR;

use crate::frame::forge::{entries_of, keyed, puppet};
use crate::frame::journal::Journal;
use crate::frame::scene::{fresh, insider, sign_in};
use crate::frame::{attempt, plainly, twist};
use crate::harness::NOW;
use crate::harness::acts::{Firm, colleague, document, facts};
use crate::world::script::Script;
use crate::world::{self, Person, World};

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

/// A colleague whose keys the test holds, who could open the firm's matter until that was taken back.
async fn unseated(firm: &Firm) -> (World, world::Room) {
    let (world, room) = insider(firm).await;
    firm.portal.take_access_back(&firm.ring, firm.matter, world.founder.kid()).await.unwrap();
    (world, room)
}

/// The true key is the second; the colleague says, at its end of the stream, that a third begins, and the
/// server takes and shows it. Everybody would seal to it.
#[test]
fn a_colleague_who_lost_access_begins_a_key_of_their_own() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        let (world, _) = unseated(&firm).await;
        stage.truth(&firm).await;
        let thief = stage.attacker(Role::Staff);
        let mut script = Script::new(&world).await;
        script.epoch(&keyed(&thief, world.firm, firm.matter), 2, &world.founder);
        twist(&firm.portal, Journal::of(&firm).await.say(script.finish()).twist());
        let bytes = document(1000);
        let filing = firm.portal.filing(&firm.ring, firm.matter);
        let handed = filing.hand_in(&facts("brief.pdf", &bytes), &bytes).await;
        stage.robbed(handed).await
    });
}

/// The colleague takes the seat again with a grant to themselves, and waits for the next key, which goes to
/// everybody who sits there when somebody else's access is taken back.
#[test]
fn a_colleague_who_lost_access_takes_the_seat_again() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        firm.portal.give_access(&firm.ring, firm.matter, bo.kid).await.unwrap();
        let (world, room) = unseated(&firm).await;
        stage.truth(&firm).await;
        let max = &world.founder;
        stage.turned(&max.keys);
        let mut script = Script::new(&world).await;
        script.grant(&room, &max.bundle, max);
        twist(&firm.portal, Journal::of(&firm).await.say(script.finish()).twist());
        let taken = firm.portal.take_access_back(&firm.ring, firm.matter, bo.kid).await;
        stage.robbed(taken).await
    });
}

/// Whatever was right for somebody to do in a matter is refused once their access was taken back.
#[test]
fn nothing_is_done_by_somebody_whose_access_was_taken_back() {
    type Act = fn(&mut Script<'_>, &world::Room, u32, &Person);
    let acts: [(&str, Act); 6] = [
        ("a key", |script, room, next, max| {
            script.epoch(&world::room(script.world.firm, room.id), next, max);
        }),
        ("the founder's seat", |script, room, next, max| {
            let founder = script.world.founder.kid();
            script.take_back(&world::room(script.world.firm, room.id), next, &[founder], max);
        }),
        ("their own seat", |script, room, _, max| script.grant(room, &max.bundle, max)),
        ("a seat for another", |script, room, _, max| {
            script.grant(room, &script.world.founder.bundle, max);
        }),
        ("a name", |script, room, _, max| script.describe(room, max)),
        ("an invitation", |script, room, _, max| {
            script.invite(room, InviteId::random(), NOW.plus(HOUR), max);
        }),
    ];
    plainly(async {
        let world = World::new().await;
        let max = world.staff(Role::Staff, Caps::ALL).await;
        let room = world.matter().await;
        let mut script = Script::new(&world).await;
        script.grant(&room, &max.bundle, &world.founder);
        world.append(&world.founder, &script.finish()).await.unwrap();
        for (next, seated) in [(1, true), (2, false)] {
            let directory = world.directory().await;
            let entries = world.entries(StreamId::Matter(room.id)).await;
            for (what, act) in acts {
                let mut fold = Room::empty(room.id);
                entries.iter().for_each(|entry| fold.apply(entry.clone(), &directory).unwrap());
                let mut script = Script::new(&world).await;
                act(&mut script, &room, next, &max);
                let outcome = fold.apply(entries_of(script.finish()).remove(0), &directory);
                let refused = Some(ClientError::NotVerified(Thing::Matter)).filter(|_| !seated);
                assert_eq!(outcome.err(), refused, "{what}");
            }
            if seated {
                let mut script = Script::new(&world).await;
                let new = world::room(world.firm, room.id);
                script.take_back(&new, next, &[max.kid()], &world.founder);
                world.append(&world.founder, &script.finish()).await.unwrap();
            }
        }
    });
}

/// A colleague whose access was taken back has a friend who still sits at the matter: with the server's help
/// the friend announces the key before once more, under today's date. The friend may begin a key, and everybody
/// would seal to the one that both of them have.
#[test]
fn a_key_that_the_matter_had_before_is_no_new_key() {
    plainly(async {
        let firm = Firm::founded().await;
        let (world, room) = insider(&firm).await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        firm.portal.give_access(&firm.ring, firm.matter, bo.kid).await.unwrap();
        firm.portal.take_access_back(&firm.ring, firm.matter, bo.kid).await.unwrap();
        let old = Some(room.bundle.kid());
        let again = world::Room {
            bundle: room.key.bundle(firm.matter, world.firm, NOW.plus(1), old),
            ..world::room(world.firm, firm.matter)
        };
        assert_ne!(again.bundle.kid(), room.bundle.kid());
        let mut script = Script::new(&world).await;
        script.epoch(&again, 2, &world.founder);
        let forged = script.finish();
        // The server itself takes none: no colleague can make the others refuse the matter.
        assert!(world.append(&world.founder, &forged).await.is_err());

        let journal = async |forged| Journal::of(&firm).await.say(forged);
        let (first, second) = (journal(forged.clone()).await, journal(forged).await);
        twist(&firm.portal, first.twist());
        let bytes = document(1000);
        let filing = firm.portal.filing(&firm.ring, firm.matter);
        let handed = filing.hand_in(&facts("brief.pdf", &bytes), &bytes).await;
        assert_eq!(handed.err(), Some(ClientError::NotVerified(Thing::Epoch)));
        // Also where the whole journal is read anew.
        let portal = fresh(&firm).await;
        let ring = sign_in(&portal).await.unwrap();
        twist(&portal, second.twist());
        let seen = portal.matter(&ring, firm.matter).await;
        assert_eq!(seen.err(), Some(ClientError::NotVerified(Thing::Epoch)));
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
