//! A client files an identity paper, sealed to those who verify.

use shared::crypto::keys::{KemKey, MatterKey};
use shared::crypto::wrapped::{self, Signer, WrapContext};
use shared::journal::papers::{PAPERS_PURPOSE, PapersKey};
use shared::journal::statement::{Granted, MatterAct};
use shared::journal::stream::StreamId;

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
    let kem = founder.keys.kem.as_ref().map_or_else(|| KemKey::generate().public(), KemKey::public);
    let (firm, purpose) = (world.firm, PAPERS_PURPOSE);
    let context = WrapContext { firm, matter: matter.id, epoch: 0, purpose };
    let signer = Signer { key: &founder.keys.signing, kid: founder.kid() };
    let seq = script.head(StreamId::Matter(matter.id)).next;
    let to = (founder.kid(), &kem);
    let sealed = wrapped::seal(to, &context, signer, key.seed(), bundle.kid(), seq).unwrap();
    let envelope_hash = script.attach(sealed);
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
