//! What the server refuses to take about identity papers, from requests that no honest device sends.

use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Caps, Kid, PublicBundle, Role};
use shared::crypto::signed::Namespace;
use shared::journal::papers::PapersKey;
use shared::journal::policy::PaperRules;
use shared::journal::release::PolicyAct;
use shared::journal::statement::{Granted, MatterAct};
use shared::journal::stream::StreamId;
use shared::journal::verdict::{Finding, Verdict, Ways};
use shared::problem::Code;

use crate::door::{ABSENT, INVALID, Scene};
use crate::world::file::Sealed;
use crate::world::script::Script;
use crate::world::{self, NOW, Person, Room};

impl Scene {
    async fn acts(&self, by: &Person, act: MatterAct) -> Result<(), Code> {
        let mut script = Script::new(&self.world).await;
        let act = match act {
            MatterAct::PapersGranted(granted) => {
                let envelope_hash = script.papers_envelope(&self.matter, granted.recipient, by);
                MatterAct::PapersGranted(Granted { envelope_hash, ..granted })
            }
            other => other,
        };
        script.at(&self.matter, by, act);
        self.world.append(by, &script.finish()).await.map(drop)
    }

    /// A key for the papers of the first epoch.
    fn key(&self) -> Room {
        let mut room = world::room(self.world.firm, self.matter.id);
        let own = self.matter.bundle.kid();
        room.bundle = room.key.bundle(self.matter.id, self.world.firm, NOW, Some(own));
        room
    }

    async fn sits(&self, caps: Caps) -> Person {
        let person = self.world.staff(Role::Staff, caps).await;
        let mut script = Script::new(&self.world).await;
        script.grant(&self.matter, &person.bundle, &self.world.founder);
        self.world.append(&self.world.founder, &script.finish()).await.unwrap();
        person
    }
}

const fn begins(epoch: u32, key: PublicBundle) -> MatterAct {
    MatterAct::PapersKey(PapersKey { epoch, key })
}

fn gives(to: Kid) -> MatterAct {
    let envelope_hash = Hash32([0; 32]);
    MatterAct::PapersGranted(Granted { epoch: 0, recipient: to, envelope_hash })
}

#[tokio::test]
async fn a_key_of_papers_is_begun_and_given_by_those_who_verify_alone() {
    let scene = Scene::new().await;
    let founder = &scene.world.founder;
    let paralegal = scene.sits(Caps::INVITE).await;
    let lawyer = scene.sits(Caps::INVITE | Caps::GRANT).await;
    let outside = scene.world.staff(Role::Staff, Caps::ALL).await;
    let key = scene.key();
    assert_eq!(scene.acts(&paralegal, begins(0, key.bundle.clone())).await, INVALID);
    assert_eq!(scene.acts(&outside, begins(0, key.bundle.clone())).await, ABSENT);
    assert_eq!(scene.acts(&scene.client, begins(0, key.bundle.clone())).await, ABSENT);
    assert_eq!(scene.acts(founder, gives(lawyer.kid())).await, INVALID, "there is none");
    let kem = scene.matter.bundle.kem.clone();
    for (epoch, bad) in [
        (1, key.bundle.clone()),
        (0, PublicBundle { previous: None, ..key.bundle.clone() }),
        (0, PublicBundle { firm: Hash32([7; 32]), ..key.bundle.clone() }),
        (0, PublicBundle { subject: [7; 16], ..key.bundle.clone() }),
        (0, PublicBundle { kem, ..key.bundle.clone() }),
    ] {
        assert_eq!(scene.acts(founder, begins(epoch, bad)).await, INVALID);
    }
    scene.acts(&lawyer, begins(0, key.bundle.clone())).await.unwrap();
    assert_eq!(scene.acts(founder, begins(0, scene.key().bundle)).await, INVALID, "one an epoch");
    for to in [paralegal.kid(), outside.kid(), scene.client.kid(), Kid([7; 32])] {
        assert_eq!(scene.acts(founder, gives(to)).await, INVALID);
    }
    assert_eq!(scene.acts(&paralegal, gives(lawyer.kid())).await, INVALID);
    scene.acts(founder, gives(lawyer.kid())).await.unwrap();
    // No later key of the matter is one of these.
    let mut script = Script::new(&scene.world).await;
    script.epoch(&Room { bundle: key.bundle.clone(), ..key }, 1, founder);
    assert_eq!(scene.world.append(founder, &script.finish()).await.map(drop), INVALID);
}

#[tokio::test]
async fn a_paper_is_filed_by_a_client_under_the_key_of_papers_and_read_by_those_who_verify() {
    let scene = Scene::new().await;
    let founder = &scene.world.founder;
    let key = scene.key();
    let paper = Sealed::paper(&scene.world, &key, &scene.client);
    let refused = paper.store(&scene.world, &scene.matter, &scene.client).await;
    assert_eq!(refused.map(drop), INVALID, "there is no such key");
    scene.acts(founder, begins(0, key.bundle.clone())).await.unwrap();
    let open = Sealed::paper(&scene.world, &scene.matter, &scene.client);
    let refused = open.store(&scene.world, &scene.matter, &scene.client).await;
    assert_eq!(refused.map(drop), INVALID, "sealed to everybody with a seat");
    let ours = Sealed::paper(&scene.world, &key, founder);
    assert_eq!(ours.store(&scene.world, &scene.matter, founder).await.map(drop), INVALID);
    let paper = Sealed::paper(&scene.world, &key, &scene.client);
    paper.store(&scene.world, &scene.matter, &scene.client).await.unwrap();

    let paralegal = scene.sits(Caps::INVITE).await;
    let lawyer = scene.sits(Caps::INVITE | Caps::GRANT).await;
    for (who, status) in [(founder, 200), (&lawyer, 200), (&paralegal, 404), (&scene.client, 404)] {
        let answer = scene.world.get(who, paper.object, &[]).await;
        assert_eq!(answer.status.as_u16(), status);
    }
    let looks =
        Verdict { paper: Some(paper.object), ..scene.verdict(Finding::InReview, Ways::NONE) };
    assert_eq!(scene.find(&paralegal, looks.clone()).await, INVALID);
    scene.find(&lawyer, looks).await.unwrap();
    let now = scene.world.app.now();
    let met = Verdict { shred: Some(now), ..scene.verdict(Finding::Verified, Ways::MET) };
    assert_eq!(scene.find(&paralegal, met.clone()).await, INVALID);
    scene.find(&lawyer, met).await.unwrap();
    // Gone from that moment on, and after the next round from the disk.
    assert_eq!(scene.world.get(founder, paper.object, &[]).await.status.as_u16(), 404);
    let blobs = scene.world.blobs().await;
    server::jobs::shred(&scene.world.app).await.unwrap();
    assert_eq!(scene.world.blobs().await, blobs - 1);
}

#[tokio::test]
async fn how_long_papers_are_kept_is_said_by_those_who_decide_for_the_firm() {
    let scene = Scene::new().await;
    let lawyer = scene.sits(Caps::INVITE | Caps::GRANT).await;
    let said = async |by: &Person, days| {
        let mut script = Script::new(&scene.world).await;
        let act = PolicyAct::Papers(PaperRules { days });
        script.by(by, Namespace::Policy, StreamId::Policy, act);
        scene.world.append(by, &script.finish()).await.map(drop)
    };
    assert_eq!(said(&lawyer, 7).await, INVALID);
    assert_eq!(said(&scene.world.founder, PaperRules::MOST + 1).await, INVALID);
    said(&scene.world.founder, 0).await.unwrap();
}
