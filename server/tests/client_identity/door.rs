//! What the server refuses to take about clients, from requests that no honest device sends.

use shared::crypto::keys::{Caps, Role};
use shared::crypto::sealed::RecordKind;
use shared::crypto::signed::Namespace;
use shared::ids::{ObjectId, RecordId, SubmissionId};
use shared::journal::statement::{ClientAccepted, MatterAct};
use shared::journal::stream::StreamId;
use shared::journal::verdict::{Finding, IdentityAct, KeyEnded, Lessened, Need, Verdict, Ways};
use shared::problem::Code;

use crate::world::file::Sealed;
use crate::world::script::Script;
use crate::world::{Person, Room, World};

/// A matter with a client whom staff accepted.
pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) matter: Room,
    pub(crate) client: Person,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        let world = World::new().await;
        let matter = world.matter().await;
        let client = world.client(&matter).await;
        let scene = Self { world, matter, client };
        scene.accept(&scene.client).await;
        scene
    }

    async fn accept(&self, client: &Person) {
        let accepted = accepted(&self.world, client).await;
        let mut script = Script::new(&self.world).await;
        script.at(&self.matter, &self.world.founder, MatterAct::Accepted(accepted));
        self.world.append(&self.world.founder, &script.finish()).await.unwrap();
    }

    async fn say(&self, by: &Person, act: IdentityAct) -> Result<(), Code> {
        let mut script = Script::new(&self.world).await;
        script.by(by, Namespace::IdVerdict, StreamId::Matter(self.matter.id), act);
        self.world.append(by, &script.finish()).await.map(drop)
    }

    pub(crate) async fn find(&self, by: &Person, verdict: Verdict) -> Result<(), Code> {
        self.say(by, IdentityAct::Found(verdict)).await
    }

    pub(crate) fn verdict(&self, finding: Finding, ways: Ways) -> Verdict {
        let client = self.client.kid();
        Verdict { client, finding, ways, expires: None, paper: None, reason: None, shred: None }
    }
}

#[tokio::test]
async fn a_key_that_ended_is_accepted_by_nobody() {
    let scene = Scene::new().await;
    let (world, matter) = (&scene.world, &scene.matter);
    for client in [scene.world.client(matter).await, scene.client] {
        let accepted = accepted(world, &client).await;
        let mut script = Script::new(world).await;
        let reason = script.garbled(matter, RecordKind::KeyEnded, RecordId::random());
        let act = KeyEnded { client: client.kid(), reason, shred: None };
        let stream = StreamId::Matter(matter.id);
        script.by(&world.founder, Namespace::IdVerdict, stream, IdentityAct::KeyEnded(act));
        world.append(&world.founder, &script.finish()).await.unwrap();
        let mut script = Script::new(world).await;
        script.at(matter, &world.founder, MatterAct::Accepted(accepted));
        let late = world.append(&world.founder, &script.finish()).await;
        assert_eq!(late.map(drop), INVALID);
    }
}

/// The word that accepts a client.
async fn accepted(world: &World, client: &Person) -> ClientAccepted {
    let mut read = world.app.db.read().await.unwrap();
    let sql = "SELECT invite FROM signer WHERE kid = $1";
    let kid = server::db::Value::from(client.kid().0);
    let invite = read.fetch_optional(sql, &[kid]).await.unwrap().unwrap().get(0).unwrap();
    ClientAccepted { client: client.kid(), invite, level: 1 }
}

pub(crate) const INVALID: Result<(), Code> = Err(Code::InvalidStatement);
pub(crate) const ABSENT: Result<(), Code> = Err(Code::NotFound);

#[tokio::test]
async fn only_staff_with_a_seat_and_the_capability_says_who_a_client_is() {
    let scene = Scene::new().await;
    let founder = &scene.world.founder;
    let verified = || scene.verdict(Finding::Verified, Ways::MET);
    let outside = scene.world.staff(Role::Staff, Caps::ALL).await;
    assert_eq!(scene.find(&outside, verified()).await, ABSENT);
    assert_eq!(scene.find(&scene.client, verified()).await, ABSENT);
    let without = scene.world.staff(Role::Staff, Caps(Caps::ALL.0 & !Caps::INVITE.0)).await;
    let mut script = Script::new(&scene.world).await;
    script.grant(&scene.matter, &without.bundle, founder);
    scene.world.append(founder, &script.finish()).await.unwrap();
    assert_eq!(scene.find(&without, verified()).await, INVALID);
    let need = Need { enough: vec![Ways::MET], again: None };
    assert_eq!(scene.say(&without, IdentityAct::Needed(need.clone())).await, INVALID);
    assert_eq!(scene.say(&outside, IdentityAct::Needed(need.clone())).await, ABSENT);
    scene.say(founder, IdentityAct::Needed(need)).await.unwrap();
    scene.find(founder, verified()).await.unwrap();
}

#[tokio::test]
async fn a_verdict_is_on_an_accepted_client_of_this_matter_and_follows_the_one_before() {
    let scene = Scene::new().await;
    let founder = &scene.world.founder;
    let stranger = scene.world.client(&scene.matter).await;
    let elsewhere = scene.world.matter().await;
    let theirs = scene.world.client(&elsewhere).await;
    for client in [stranger.kid(), theirs.kid(), founder.kid()] {
        let verdict = Verdict { client, ..scene.verdict(Finding::Verified, Ways::MET) };
        assert_eq!(scene.find(founder, verdict).await, INVALID);
    }
    for unsound in [
        scene.verdict(Finding::Verified, Ways::NONE),
        scene.verdict(Finding::Verified, Ways(64)),
        scene.verdict(Finding::Failed, Ways::NONE),
    ] {
        assert_eq!(scene.find(founder, unsound).await, INVALID);
    }
    let paper = Some(ObjectId::random());
    let unfiled = Verdict { paper, ..scene.verdict(Finding::InReview, Ways::NONE) };
    assert_eq!(scene.find(founder, unfiled).await, INVALID);
    // Nor one that another filed.
    let letter = Sealed::new(&scene.world, &scene.matter, founder, b"a letter");
    letter.upload(&scene.world, &scene.matter, founder).await.unwrap();
    let mut script = Script::new(&scene.world).await;
    letter.file(&mut script, &scene.matter, founder);
    scene.world.append(founder, &script.finish()).await.unwrap();
    let paper = Some(letter.object);
    let ours = Verdict { paper, ..scene.verdict(Finding::InReview, Ways::NONE) };
    assert_eq!(scene.find(founder, ours).await, INVALID);
}

#[tokio::test]
async fn whoever_failed_is_looked_at_again_first_and_a_reason_is_a_reason() {
    let scene = Scene::new().await;
    let founder = &scene.world.founder;
    let stream = StreamId::Matter(scene.matter.id);
    let failed = async |kind| {
        let mut script = Script::new(&scene.world).await;
        let reason = Some(script.garbled(&scene.matter, kind, RecordId::random()));
        let verdict = Verdict { reason, ..scene.verdict(Finding::Failed, Ways::NONE) };
        script.by(founder, Namespace::IdVerdict, stream, IdentityAct::Found(verdict));
        scene.world.append(founder, &script.finish()).await.map(drop)
    };
    assert_eq!(failed(RecordKind::Note).await, INVALID);
    failed(RecordKind::Verdict).await.unwrap();
    assert_eq!(failed(RecordKind::Verdict).await, INVALID);
    let verified = || scene.verdict(Finding::Verified, Ways::MET);
    assert_eq!(scene.find(founder, verified()).await, INVALID);
    scene.find(founder, scene.verdict(Finding::Contact, Ways::SPOKEN)).await.unwrap();
    scene.find(founder, verified()).await.unwrap();
    let rows = scene.world.count("SELECT COUNT(*) FROM client_identity WHERE finding = 3").await;
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn a_submission_is_released_once_and_only_where_it_is() {
    let scene = Scene::new().await;
    let World { founder, .. } = &scene.world;
    let answers = Sealed::new(&scene.world, &scene.matter, &scene.client, b"answers");
    answers.upload(&scene.world, &scene.matter, &scene.client).await.unwrap();
    let mut script = Script::new(&scene.world).await;
    answers.file(&mut script, &scene.matter, &scene.client);
    let submission = script.submit(&scene.matter, answers.object, &[], &scene.client);
    scene.world.append(&scene.client, &script.finish()).await.unwrap();
    let nowhere = IdentityAct::Released(SubmissionId::random());
    assert_eq!(scene.say(founder, nowhere).await, INVALID);
    let released = || IdentityAct::Released(submission);
    assert_eq!(scene.say(&scene.client, released()).await, ABSENT);
    scene.say(founder, released()).await.unwrap();
    assert_eq!(scene.say(founder, released()).await, Err(Code::AlreadyExists));
}

#[tokio::test]
async fn a_need_is_one_that_somebody_can_meet() {
    let scene = Scene::new().await;
    let founder = &scene.world.founder;
    for need in [
        Need { enough: vec![Ways::NONE], again: None },
        Need { enough: vec![Ways::PAPER, Ways::SPOKEN], again: None },
        Need { enough: vec![Ways::PAPER], again: Some(0) },
        Need { enough: (1..=9).map(Ways).collect(), again: None },
    ] {
        assert_eq!(scene.say(founder, IdentityAct::Needed(need)).await, INVALID);
    }
    scene.say(founder, IdentityAct::Needed(Need::NOTHING)).await.unwrap();
}

#[tokio::test]
async fn a_matter_needs_less_than_it_did_where_somebody_says_why() {
    let scene = Scene::new().await;
    let founder = &scene.world.founder;
    let need = |ways: &[Ways], again| Need { enough: ways.to_vec(), again };
    let much = need(&[Ways::PAPER, Ways::MET], Some(30));
    scene.say(founder, IdentityAct::Needed(much.clone())).await.unwrap();
    scene.say(founder, IdentityAct::Needed(need(&[Ways::MET], Some(30)))).await.unwrap();
    for less in [much, need(&[Ways::MET], None), Need::NOTHING] {
        assert_eq!(scene.say(founder, IdentityAct::Needed(less)).await, INVALID);
    }
    let said = async |kind, need| {
        let mut script = Script::new(&scene.world).await;
        let reason = script.garbled(&scene.matter, kind, RecordId::random());
        let stream = StreamId::Matter(scene.matter.id);
        let act = IdentityAct::NeededLess(Lessened { need, reason });
        script.by(founder, Namespace::IdVerdict, stream, act);
        scene.world.append(founder, &script.finish()).await.map(drop)
    };
    assert_eq!(said(RecordKind::Verdict, Need::NOTHING).await, INVALID);
    assert_eq!(said(RecordKind::Less, need(&[Ways::NONE], None)).await, INVALID);
    said(RecordKind::Less, Need::NOTHING).await.unwrap();
    scene.say(founder, IdentityAct::Needed(need(&[Ways::PAPER], None))).await.unwrap();
}
