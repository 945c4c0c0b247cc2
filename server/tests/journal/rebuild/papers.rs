//! A client files an identity paper, sealed to those who verify.

use shared::crypto::keys::MatterKey;
use shared::journal::papers::PapersKey;
use shared::journal::statement::{Granted, MatterAct};

use crate::world::file::Sealed;
use crate::world::script::Script;
use crate::world::{NOW, Person, Room, World};

pub(super) async fn filed(world: &World, matter: &Room, client: &Person) {
    let founder = &world.founder;
    let key = MatterKey::generate();
    let bundle = key.bundle(matter.id, world.firm, NOW, Some(matter.bundle.kid()));
    let mut script = Script::new(world).await;
    let act = PapersKey { epoch: 0, key: bundle.clone() };
    script.at(matter, founder, MatterAct::PapersKey(act));
    let envelope_hash = script.papers_envelope(matter, founder.kid(), founder);
    let granted = Granted { epoch: 0, recipient: founder.kid(), envelope_hash };
    script.at(matter, founder, MatterAct::PapersGranted(granted));
    world.append(founder, &script.finish()).await.unwrap();
    let papers = Room { id: matter.id, key, bundle };
    let paper = Sealed::paper(world, &papers, client);
    paper.upload(world, matter, client).await.unwrap();
    let mut script = Script::new(world).await;
    paper.file(&mut script, matter, client);
    world.append(client, &script.finish()).await.unwrap();
}
