//! The append door and the journal's readings, through the router.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "../harness/mod.rs"]
mod harness;
#[path = "../world/mod.rs"]
mod world;

mod door;
mod leaving;
mod log;
mod policy;
mod posts;
mod reading;
mod rebuild;
mod witness;

use shared::journal::wire::Appended;
use shared::problem::Code;
use world::World;
use world::script::Script;

/// Appends a description that was changed before it was sent.
async fn described(world: &World, change: impl FnOnce(&mut Script<'_>)) -> Result<Appended, Code> {
    let mut script = Script::new(world).await;
    change(&mut script);
    script.describe(&world.office, &world.founder);
    world.append(&world.founder, &script.finish()).await
}
