//! A03, of identity papers: the server begins the key that papers are sealed to, or hands a paper to somebody who
//! does not verify.

use shared::client::ClientError;
use shared::client::enrol::Post;
use shared::client::filing::Filing as _;
use shared::client::intake::Intake;
use shared::crypto::keys::{PublicBundle, Role};
use shared::crypto::manifest::FileKind;
use shared::ids::{FormId, InviteId, ObjectId};
use shared::intake::questions::asking;
use shared::journal::papers::PapersKey;
use shared::journal::statement::{EpochAct, MatterAct};
use shared::journal::stream::StreamId;

use crate::frame::forge::{entries_of, keyed, puppet, said};
use crate::frame::journal::{Journal, stream};
use crate::frame::scene::{fresh, sign_in};
use crate::frame::{attempt, plainly, tamper, twist};
use crate::harness::NOW;
use crate::harness::acts::{Firm, a_form, colleague, facts, filled, link_parts, opened, terms};
use crate::harness::client::Device;
use crate::world::script::Script;

const ROW: &str = "A03";
const PICTURE: &[u8] = b"the picture of a passport";

/// A client who handed in a paper with her answers.
pub async fn papered(firm: &Firm) -> (Intake<Device>, ObjectId) {
    let form = FormId::random();
    firm.portal.publish_form(&firm.ring, form, &asking(&a_form(), &[], true)).await.unwrap();
    let link = firm.portal.invite_client(&firm.ring, firm.matter, form, &terms()).await.unwrap();
    let (invite, fragment): (InviteId, String) = link_parts(&link);
    let device = Device::new(&firm.router, NOW);
    let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
    let about = facts("passport.jpg", PICTURE);
    let paper = intake.hand_in_as(&about, PICTURE, FileKind::Identification).await.unwrap();
    intake.submit(&filled(&intake), &[paper.object]).await.unwrap();
    firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
    (intake, paper.object)
}

/// In the founder's name the matter gets a key of papers, which is the server's: the next link would lead to it.
#[test]
fn the_key_of_papers_is_the_servers_own() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        stage.truth(&firm).await;
        let thief = stage.attacker(Role::Staff);
        let entries = stream(&firm, StreamId::Matter(firm.matter)).await;
        let own = entries.iter().find_map(said::<EpochAct>).unwrap().act.key;
        let world = puppet(&firm, &thief).await;
        let room = keyed(&thief, world.firm, firm.matter);
        let key = PublicBundle { previous: Some(own.kid()), ..room.bundle.clone() };
        let mut script = Script::new(&world).await;
        let act = MatterAct::PapersKey(PapersKey { epoch: 0, key });
        script.at(&room, &world.founder, act);
        let forged = entries_of(script.finish());

        let portal = fresh(&firm).await;
        let ring = sign_in(&portal).await.unwrap();
        let journal = forged.into_iter().fold(Journal::of(&firm).await, Journal::add);
        twist(&portal, journal.twist());
        portal.matter(&ring, firm.matter).await?;
        Ok(())
    });
}

/// The server gives a paralegal everything that it has of a paper, and forgets what it is: there is no key to it.
#[test]
fn a_paper_that_is_handed_to_a_paralegal_stays_closed() {
    plainly(async {
        let firm = Firm::founded().await;
        let pam = colleague(&firm, Post::Paralegal, "Pam Reed", "pam").await;
        firm.portal.give_access(&firm.ring, firm.matter, pam.kid).await.unwrap();
        let (_, paper) = papered(&firm).await;
        tamper(&firm, "UPDATE paper SET sealed = 0", &[]).await;
        let pam = (&pam.portal, &pam.ring);
        let view = pam.0.matter(pam.1, firm.matter).await.unwrap();
        assert_eq!(view.documents[0].paper, Some(false));
        assert_eq!(opened(pam, firm.matter, paper).await, Err(ClientError::Missing));
        assert_eq!(opened((&firm.portal, &firm.ring), firm.matter, paper).await.unwrap(), PICTURE);
    });
}
