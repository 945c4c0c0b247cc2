//! A28: what somebody may do is changed by the server and a friend of theirs: it shows a post that nobody
//! gave who may, leaves out a conflict wall or a lesser post, and lets a contractor's time go on.

use shared::client::enrol::{Placing, Post};
use shared::client::filing::Filing as _;
use shared::crypto::hash::sha256;
use shared::crypto::keys::Role;
use shared::crypto::signed::Namespace;
use shared::ids::MatterId;
use shared::journal::posts::Posted;
use shared::journal::statement::{KeyringAct, variant_of};
use shared::journal::stream::StreamId;
use shared::time::{HOUR, MINUTE};

use crate::frame::forge::keyed;
use crate::frame::journal::{Journal, backdated, stream};
use crate::frame::scene::{fresh, insider, sign_in};
use crate::frame::{attempt, refused, twist};
use crate::harness::NOW;
use crate::harness::acts::{Firm, document, facts};
use crate::world::World;
use crate::world::script::Script;

const ROW: &str = "A28";

fn third(matter: MatterId) -> Placing {
    Placing { matter: Some(matter), ..Placing::of(Post::ThirdParty) }
}

/// A friend, who is a lawyer and governs nobody, says what somebody is.
async fn promoted(friend: &World, whom: &World, post: Post) -> shared::journal::wire::Append {
    let (placing, caps) = (Placing::of(post), post.caps());
    let (account, kid) = (whom.founder.account, whom.founder.kid());
    let act = KeyringAct::Posted(Posted { account, kid, placing, caps });
    let mut script = Script::new(friend).await;
    script.by(&friend.founder, Namespace::Keyring, StreamId::Keyring, act);
    script.finish()
}

/// The leaf of the newest statement of this kind in the keyring.
async fn newest(firm: &Firm, variant: u8) -> u64 {
    let keyring = stream(firm, StreamId::Keyring).await;
    let mut all = keyring.iter().filter(|one| variant_of(&one.statement.0) == Some(variant));
    all.next_back().unwrap().leaf
}

/// A third party at another matter is made a lawyer by a lawyer: they could be given any matter's key.
#[test]
fn a_friend_frees_a_third_party_of_their_bounds() {
    attempt(ROW, "NotVerified(Keyring)", async |stage| {
        let firm = stage.firm().await;
        let (friend, _) = insider(&firm).await;
        let (world, _) = insider(&firm).await;
        let max = &world.founder;
        let elsewhere = third(MatterId([7; 16]));
        firm.portal.change_post(&firm.ring, max.kid(), elsewhere).await.unwrap();
        stage.truth(&firm).await;
        stage.turned(&max.keys);
        let acts = promoted(&friend, &world, Post::Lawyer).await;
        let journal = Journal::of(&firm).await.say(acts);
        // The true tree has as many leaves: of more the honest part of the server knows no proof.
        let mut script = Script::new(&friend).await;
        script.describe(&friend.office, &friend.founder);
        friend.append(&friend.founder, &script.finish()).await.unwrap();
        twist(&firm.portal, journal.twist());
        let given = firm.portal.give_access_again(&firm.ring, firm.matter, max.kid()).await;
        stage.robbed(given).await
    });
}

/// The server lets somebody in who is for another matter: the device that would wrap refuses by itself.
#[test]
fn a_third_party_is_given_another_matter() {
    attempt(ROW, "KeptFrom", async |stage| {
        let firm = stage.firm().await;
        let (world, _) = insider(&firm).await;
        let max = &world.founder;
        let elsewhere = third(MatterId([7; 16]));
        firm.portal.change_post(&firm.ring, max.kid(), elsewhere).await.unwrap();
        stage.truth(&firm).await;
        stage.turned(&max.keys);
        let given = firm.portal.give_access_again(&firm.ring, firm.matter, max.kid()).await;
        stage.robbed(given).await
    });
}

/// A contractor's last day is over, and they ask for the key once more.
#[test]
fn a_contractor_is_given_a_key_after_their_last_day() {
    attempt(ROW, "Unfit", async |stage| {
        let firm = stage.firm().await;
        let (world, _) = insider(&firm).await;
        let max = &world.founder;
        let until = Some(NOW.plus(MINUTE));
        let what = Placing { until, ..Placing::of(Post::Contractor) };
        firm.portal.change_post(&firm.ring, max.kid(), what).await.unwrap();
        stage.truth(&firm).await;
        stage.turned(&max.keys);
        firm.portal.host().now.set(NOW.plus(HOUR));
        let given = firm.portal.give_access_again(&firm.ring, firm.matter, max.kid()).await;
        stage.robbed(given).await
    });
}

/// A device that never heard of the wall is shown the keyring without it, and the matter with all that came
/// later. It would give the new key to whoever is behind the wall.
#[test]
fn a_wall_is_left_out_for_a_device_that_is_shown_what_came_later() {
    attempt(ROW, "NotVerified(Keyring)", async |stage| {
        let firm = stage.firm().await;
        let (world, _) = insider(&firm).await;
        let max = &world.founder;
        firm.portal.raise_wall(&firm.ring, max.kid(), firm.matter).await.unwrap();
        firm.portal.take_access_back(&firm.ring, firm.matter, max.kid()).await.unwrap();
        stage.truth(&firm).await;
        stage.turned(&max.keys);
        let leaf = newest(&firm, 6).await;
        let portal = fresh(&firm).await;
        twist(&portal, Journal::of(&firm).await.leave_out(leaf).twist());
        let ring = sign_in(&portal).await.unwrap();
        let given = portal.give_access(&ring, firm.matter, max.kid()).await;
        stage.robbed(given).await
    });
}

/// Somebody who is a lawyer no more begins a key of their own at a matter, and the server takes and shows it.
#[test]
fn who_is_a_lawyer_no_more_begins_a_key_of_their_own() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        let (world, _) = insider(&firm).await;
        let lesser = Placing::of(Post::Paralegal);
        firm.portal.change_post(&firm.ring, world.founder.kid(), lesser).await.unwrap();
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

/// A friend who never heard of the wall gives the key to whoever is behind it, and the server says that this was
/// before the wall: they would be shown as somebody who may be there, and what they do would count.
#[test]
fn a_grant_to_whoever_is_behind_a_wall_is_shown_at_an_earlier_leaf() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        let (friend, room) = insider(&firm).await;
        let (world, _) = insider(&firm).await;
        let max = &world.founder;
        firm.portal.take_access_back(&firm.ring, firm.matter, max.kid()).await.unwrap();
        firm.portal.raise_wall(&firm.ring, max.kid(), firm.matter).await.unwrap();
        stage.truth(&firm).await;
        let mut script = Script::new(&friend).await;
        script.grant(&room, &max.bundle, &friend.founder);
        script.describe(&room, &friend.founder);
        let acts = script.finish();
        let late = sha256(&acts.statements[0].0);
        let journal = Journal::of(&firm).await.say(acts).twist();
        let portal = fresh(&firm).await;
        twist(&portal, backdated(journal, late));
        let ring = sign_in(&portal).await?;
        let seats = portal.matter(&ring, firm.matter).await?.seats;
        if seats.iter().any(|seat| seat.kid == max.kid()) { Ok(()) } else { refused("no seat") }
    });
}
