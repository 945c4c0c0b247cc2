//! A27: the server adds somebody to the firm, or a second device to somebody, in its own tables and with
//! the help of a colleague who may not admit anybody, or who did the inviting.

use server::db::Value;
use shared::client::ClientError;
use shared::client::enrol::Post;
use shared::crypto::keys::{Caps, Role};
use shared::ids::EnrolmentId;

use crate::frame::journal::Journal;
use crate::frame::{Stage, Verdict, attempt, ghost, plainly, refused, tamper, twist};
use crate::harness::acts::{Firm, colleague};
use crate::world::script::Script;
use crate::world::{Person, World, insert_account, person};

const ROW: &str = "A27";

/// Rows that say that the ghost is of the firm, as honest ones would.
async fn rows(firm: &Firm, ghost: &Person) {
    let mut tx = firm.server.app.db.begin().await.unwrap();
    insert_account(&mut tx, ghost.account).await;
    tx.without_statement("the server tampers").await.unwrap();
    tamper(
        firm,
        "INSERT INTO signer (kid, kind, verify_key, caps, can_open, account) \
         VALUES ($1, 1, $2, 255, 1, $3)",
        &[
            Value::from(ghost.kid().0),
            Value::from(ghost.bundle.verify_key.unwrap().0),
            Value::from(ghost.account),
        ],
    )
    .await;
    let seat = "INSERT INTO seat (kid, matter) VALUES ($1, $2)";
    tamper(firm, seat, &[Value::from(ghost.kid().0), Value::from(firm.matter)]).await;
}

/// What the founder's device makes of it.
async fn shown_and_given(stage: &Stage, firm: &Firm, ghost: &Person) -> Verdict {
    let people = firm.portal.people(&firm.ring).await?;
    if people.iter().all(|one| one.kid != ghost.kid()) {
        return refused("hidden");
    }
    let given = firm.portal.give_access(&firm.ring, firm.matter, ghost.kid()).await;
    stage.robbed(given).await
}

/// A lawyer without the right to admit does it all the same, and the server takes it.
#[test]
fn a_colleague_who_may_not_admit_anybody_admits_a_ghost() {
    attempt(ROW, "NotVerified(Keyring)", async |stage| {
        let firm = stage.firm().await;
        let world = World::inside(&firm).await;
        stage.truth(&firm).await;
        let kid = Value::from(world.founder.kid().0);
        tamper(&firm, "UPDATE signer SET caps = 255 WHERE kid = $1", &[kid]).await;
        let ghost = ghost(stage, &world, Role::Staff);
        let enrolment = world.enrolled(&ghost).await;
        let mut script = Script::new(&world).await;
        script.offer(enrolment, &ghost.bundle);
        script.admit(&ghost, Some(enrolment));
        world.append(&world.founder, &script.finish()).await.unwrap();
        shown_and_given(stage, &firm, &ghost).await
    });
}

/// A second key under a colleague's name, as a device of theirs, by an administrator who may admit.
#[test]
fn a_colleague_gets_a_second_device_that_is_the_attackers() {
    attempt(ROW, "NotVerified(Keyring)", async |stage| {
        let firm = stage.firm().await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let people = firm.portal.people(&firm.ring).await.unwrap();
        let account = people.iter().find(|one| one.kid == bo.kid).unwrap().account;
        let caps = Caps::KEYS | Caps::RETENTION | Caps::POLICY | Caps::ADMIT;
        let (world, enrolment) = World::waiting(&firm, Post::Administrator, caps).await;
        firm.portal.admit(&firm.ring, enrolment).await.unwrap();
        stage.truth(&firm).await;
        let mut second = ghost(stage, &world, Role::Staff);
        (second.account, second.bundle.subject) = (account, account.0);
        let mut script = Script::new(&world).await;
        let enrolment = EnrolmentId::random();
        script.offer(enrolment, &second.bundle);
        script.admit(&second, Some(enrolment));
        twist(&firm.portal, Journal::of(&firm).await.say(script.finish()).twist());
        shown_and_given(stage, &firm, &second).await
    });
}

/// The server alone has rows, and no signature: nobody is shown.
#[test]
fn rows_of_the_servers_own_make_no_member() {
    plainly(async {
        let firm = Firm::founded().await;
        let world = World::outside(&firm).await;
        let ghost = person(world.firm, Role::Staff, Caps::ALL);
        let before = firm.portal.people(&firm.ring).await.unwrap().len();
        rows(&firm, &ghost).await;
        let people = firm.portal.people(&firm.ring).await.unwrap();
        assert_eq!(people.len(), before);
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(view.seats.iter().filter(|seat| seat.account.is_some()).count(), 1);
        let given = firm.portal.give_access(&firm.ring, firm.matter, ghost.kid()).await;
        assert_eq!(given.err(), Some(ClientError::Missing));
    });
}
