//! A32, the verdicts themselves: the server, or a client of its making, says that a client was verified; shows
//! a verdict on somebody else; keeps back the one that took it away; and writes what it likes in its tables.

use server::db::Value;
use shared::client::standing::State;
use shared::client::verdicts::Judgement;
use shared::client::{ClientError, Thing};
use shared::crypto::keys::{Identity, Kid, Role};
use shared::crypto::signed::Namespace;
use shared::ids::InviteId;
use shared::journal::statement::{AccessAct, Verb};
use shared::journal::stream::StreamId;
use shared::journal::verdict::{Finding, IdentityAct, Need, Verdict, Ways};
use shared::time::DAY;

use crate::frame::forge::puppet;
use crate::frame::journal::{Journal, stream};
use crate::frame::scene::{answered, elsewhere, insider};
use crate::frame::{attempt, ghost, plainly, refused, tamper, twist};
use crate::harness::NOW;
use crate::harness::acts::{Firm, link_parts};
use crate::world::script::Script;
use crate::world::{World, room};

const ROW: &str = "A32";

fn verified(client: Kid) -> Verdict {
    let (finding, ways) = (Finding::Verified, Ways::MET);
    Verdict { client, finding, ways, expires: None, paper: None, reason: None, shred: None }
}

fn judgement(client: Kid, finding: Finding) -> Judgement {
    let (ways, reason) = match finding {
        Finding::Failed => (Ways::NONE, Some("It was somebody else.".to_owned())),
        _ => (Ways::MET, None),
    };
    Judgement { client, finding, ways, expires: None, paper: None, of: None, reason }
}

/// A firm whose matter needs to have met the client, with a client who handed in.
async fn waiting(firm: &Firm) -> Kid {
    let need = Need { enough: vec![Ways::MET], again: Some(30) };
    firm.portal.need(&firm.ring, firm.matter, need).await.unwrap();
    drop(answered(firm).await);
    firm.portal.matter(&firm.ring, firm.matter).await.unwrap().clients[0].kid
}

async fn state(firm: &Firm, client: Kid) -> Result<State, ClientError> {
    let view = firm.portal.matter(&firm.ring, firm.matter).await?;
    let seen = view.clients.iter().find(|one| one.kid == client).unwrap();
    Ok(seen.standing.state)
}

/// A client of the server's making says of itself that the firm met it.
#[test]
fn nobody_says_of_themselves_that_the_firm_met_them() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        let (invite, _): (InviteId, String) = link_parts(&firm.invite().await);
        stage.truth(&firm).await;
        let world = World::outside(&firm).await;
        let stranger = ghost(stage, &world, Role::Client);
        let mut script = Script::new(&world).await;
        script.join(&room(world.firm, firm.matter), invite, &stranger);
        let act = IdentityAct::Found(verified(stranger.kid()));
        script.by(&stranger, Namespace::IdVerdict, StreamId::Matter(firm.matter), act);
        twist(&firm.portal, Journal::of(&firm).await.say(script.finish()).twist());
        if state(&firm, stranger.kid()).await? == State::Verified {
            Ok(())
        } else {
            refused("unverified")
        }
    });
}

/// A colleague who would rather not check says that the matter needs nothing, and gives no reason.
#[test]
fn a_matter_needs_no_less_because_somebody_says_so_without_a_reason() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        waiting(&firm).await;
        let (friend, room) = insider(&firm).await;
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let submission = view.submissions[0].submission;
        stage.truth(&firm).await;
        let mut script = Script::new(&friend).await;
        let act = IdentityAct::Needed(Need::NOTHING);
        script.by(&friend.founder, Namespace::IdVerdict, StreamId::Matter(room.id), act);
        let journal = Journal::of(&firm).await.say(script.finish());
        // The true tree has as many leaves: of more the honest part of the server knows no proof.
        let mut script = Script::new(&friend).await;
        let act = AccessAct { object: None, verb: Verb::Opened };
        script.by(&friend.founder, Namespace::Access, StreamId::Access(room.id), act);
        friend.append(&friend.founder, &script.finish()).await.unwrap();
        twist(&firm.portal, journal.twist());
        let view = firm.portal.matter(&firm.ring, firm.matter).await?;
        let seen = view.submissions.iter().find(|one| one.submission == submission).unwrap();
        if seen.waits { refused("it waits") } else { Ok(()) }
    });
}

/// What the server's table says of a client, no screen says, and nothing opens by it.
#[test]
fn a_verdict_in_the_servers_table_is_nobodys_word() {
    plainly(async {
        let firm = Firm::founded().await;
        let client = waiting(&firm).await;
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let submission = view.submissions[0].submission;
        let sql = "INSERT INTO client_identity (client, matter, leaf, finding, ways) \
                   VALUES ($1, $2, 1, 3, 31)";
        tamper(&firm, sql, &[Value::from(client.0), Value::from(firm.matter)]).await;
        let sql = "INSERT INTO released (submission, leaf) VALUES ($1, 1)";
        tamper(&firm, sql, &[Value::from(submission)]).await;
        assert_eq!(state(&firm, client).await, Ok(State::Invited));
        let opened = firm.portal.open_answers(&firm.ring, firm.matter, submission).await;
        assert_eq!(opened.err(), Some(ClientError::Quarantined));
    });
}

/// The server appends a verdict in the founder's name, which it cannot sign for; or shows the one of before
/// once more, after it was taken away.
#[test]
fn no_verdict_is_made_up_or_shown_twice() {
    plainly(async {
        let firm = Firm::founded().await;
        let client = waiting(&firm).await;
        let judge = async |finding| {
            let found = judgement(client, finding);
            firm.portal.judge(&firm.ring, firm.matter, &found).await.unwrap();
        };
        judge(Finding::Verified).await;
        let true_one = stream(&firm, stream_of_matter(&firm)).await.pop().unwrap();
        judge(Finding::Failed).await;
        assert_eq!(state(&firm, client).await, Ok(State::Failed));
        let shown = Journal::of(&firm).await.add(true_one).twist();
        let (device, ring) = elsewhere(&firm).await;
        twist(&device, shown);
        let twice = Err(ClientError::NotVerified(Thing::Journal));
        assert_eq!(device.matter(&ring, firm.matter).await.map(drop), twice);

        let firm = Firm::founded().await;
        let client = waiting(&firm).await;
        let world = puppet(&firm, &Identity::generate(Role::Staff)).await;
        let mut script = Script::new(&world).await;
        let act = IdentityAct::Found(verified(client));
        script.by(&world.founder, Namespace::IdVerdict, stream_of_matter(&firm), act);
        twist(&firm.portal, Journal::of(&firm).await.say(script.finish()).twist());
        let broken = Err(ClientError::NotVerified(Thing::Matter));
        assert_eq!(state(&firm, client).await.map(drop), broken);
    });
}

/// A verdict on one client says nothing of another who came to the same matter.
#[test]
fn a_verdict_is_on_one_key() {
    plainly(async {
        let firm = Firm::founded().await;
        let first = waiting(&firm).await;
        drop(answered(&firm).await);
        let found = judgement(first, Finding::Verified);
        firm.portal.judge(&firm.ring, firm.matter, &found).await.unwrap();
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let waits: Vec<bool> = view.submissions.iter().map(|one| one.waits).collect();
        assert_eq!(waits.iter().filter(|waits| **waits).count(), 1);
        let other = view.clients.iter().find(|one| one.kid != first).unwrap();
        assert_eq!((other.standing.state, other.standing.enough), (State::Invited, false));
    });
}

/// After its end a verdict lets nothing in any more, whatever clock the server shows.
#[test]
fn what_comes_after_a_verdicts_end_waits() {
    plainly(async {
        let firm = Firm::founded().await;
        let client = waiting(&firm).await;
        let found = judgement(client, Finding::Verified);
        firm.portal.judge(&firm.ring, firm.matter, &found).await.unwrap();
        assert_eq!(state(&firm, client).await, Ok(State::Verified));
        firm.portal.host().now.set(NOW.plus(31 * DAY));
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(view.clients[0].standing.state, State::Expired);
        assert!(!view.clients[0].standing.enough && !view.submissions[0].waits);
    });
}

fn stream_of_matter(firm: &Firm) -> StreamId {
    StreamId::Matter(firm.matter)
}
