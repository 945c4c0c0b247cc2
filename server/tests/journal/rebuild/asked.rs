//! A client is asked for a code, and answers.

use shared::crypto::sealed::RecordKind;
use shared::crypto::signed::Namespace;
use shared::ids::RecordId;
use shared::journal::code::{Channel, CodeAsked};
use shared::journal::stream::StreamId;
use shared::journal::verdict::{IdentityAct, KeyEnded};

use crate::world::file::Sealed;
use crate::world::script::Script;
use crate::world::{Person, Room, World};

pub(super) async fn answered(world: &World, matter: &Room, client: &Person) {
    let mut script = Script::new(world).await;
    let code = script.garbled(matter, RecordKind::Code, RecordId::random());
    let (minutes, channel) = (30, Channel::Voice);
    let asked = CodeAsked { client: client.kid(), channel, minutes, code };
    let stream = StreamId::Matter(matter.id);
    script.by(&world.founder, Namespace::IdVerdict, stream, IdentityAct::Asked(asked));
    world.append(&world.founder, &script.finish()).await.unwrap();
    let typed = Sealed::code(world, matter, client);
    typed.upload(world, matter, client).await.unwrap();
    let mut script = Script::new(world).await;
    typed.file(&mut script, matter, client);
    world.append(client, &script.finish()).await.unwrap();
}

/// The client's key ends.
pub(super) async fn ended(world: &World, matter: &Room, client: &Person) {
    let mut script = Script::new(world).await;
    let reason = script.garbled(matter, RecordKind::KeyEnded, RecordId::random());
    let act = IdentityAct::KeyEnded(KeyEnded { client: client.kid(), reason, shred: None });
    script.by(&world.founder, Namespace::IdVerdict, StreamId::Matter(matter.id), act);
    world.append(&world.founder, &script.finish()).await.unwrap();
}
