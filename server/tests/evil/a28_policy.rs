//! A28: the server and a newcomer change what somebody may do. Statements of policy (namespace 10) are not
//! built; what a firm's policy comes to today are the eight bits of a person's keys, one of which lets its
//! holder speak for the firm: the newcomer enrols with other bits than were offered, and the server's table
//! says that they were.

use server::db::Value;
use shared::client::ClientError;
use shared::client::enrol::Post;
use shared::client::error::Thing;
use shared::crypto::keys::Caps;
use shared::crypto::sealed::RecordKind;
use shared::ids::{EnrolmentId, RecordId};
use shared::journal::statement::MatterAct;
use shared::keys::plain::FirmV1;

use crate::frame::{attempt, plainly, refused, tamper};
use crate::harness::acts::Firm;
use crate::world::World;
use crate::world::script::Script;

const ROW: &str = "A28";
const NAME: &str = "Thorne & Nobody";

fn lawyers() -> Caps {
    Caps::GRANT | Caps::FORMS | Caps::INVITE | Caps::MATTERS
}

/// What the server says was offered.
async fn rewrite_offer(firm: &Firm, enrolment: EnrolmentId, caps: Caps) {
    let sql = "UPDATE enrolment_offer SET caps = $1 WHERE id = $2";
    tamper(firm, sql, &[Value::from(u64::from(caps.0)), Value::from(enrolment)]).await;
}

/// A lawyer comes in with the bit for the firm's policy, and renames the firm for everybody.
#[test]
fn a_newcomer_with_more_rights_than_offered_does_not_speak_for_the_firm() {
    attempt(ROW, "NotVerified(Invitation)", async |stage| {
        let firm = stage.firm().await;
        let caps = lawyers() | Caps::POLICY;
        let (world, enrolment) = World::waiting(&firm, Post::Lawyer, caps).await;
        stage.truth(&firm).await;
        rewrite_offer(&firm, enrolment, caps).await;
        firm.portal.admit(&firm.ring, enrolment).await?;

        let world = world.at_work().await;
        let mut script = Script::new(&world).await;
        let name = FirmV1 { name: NAME.into() };
        let record = script.sealed(&world.office, RecordKind::Firm, RecordId::random(), &name);
        script.at(&world.office, &world.founder, MatterAct::Described(record));
        world.append(&world.founder, &script.finish()).await.unwrap();
        if firm.portal.greeting(&firm.ring).await?.firm.as_deref() == Some(NAME) {
            Ok(())
        } else {
            refused("not named")
        }
    });
}

/// Each bit by itself, taken or added.
#[test]
fn no_bit_of_what_was_offered_can_be_turned() {
    plainly(async {
        let firm = Firm::founded().await;
        for bit in 0..8 {
            let caps = Caps(lawyers().0 ^ (1 << bit));
            let (_, enrolment) = World::waiting(&firm, Post::Lawyer, caps).await;
            rewrite_offer(&firm, enrolment, caps).await;
            let admitted = firm.portal.admit(&firm.ring, enrolment).await;
            let refused = Some(ClientError::NotVerified(Thing::Invitation));
            assert_eq!(admitted.err(), refused, "bit {bit}");
        }
        assert_eq!(firm.portal.people(&firm.ring).await.unwrap().len(), 1);
    });
}
