//! Members of staff as witnesses: whose cosignatures the server takes, and to whom it hands them out.

use server::extract::caller::For;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Caps, Role};
use shared::journal::anchor::{Log, Pin, Unproven, advance, witnessed};
use shared::journal::checkpoint::{Checkpoint, Note};
use shared::journal::cosignature::{CLOCKS, FRESH, Witness};
use shared::journal::wire::{Cosign, Proof, ReadProof};
use shared::problem::Code;
use shared::time::{HOUR, Timestamp};

use crate::described;
use crate::world::script::Script;
use crate::world::{Person, World, log_key};

async fn proof(world: &World, who: &Person) -> Proof {
    world.call(who, &ReadProof { seen: 0, leaves: Vec::new(), size: None }).await.unwrap()
}

async fn checkpoint(world: &World) -> Checkpoint {
    Note::parse(&proof(world, &world.founder).await.note).unwrap().checkpoint
}

fn line(world: &World, who: &Person, checkpoint: &Checkpoint, time: Timestamp) -> String {
    checkpoint.cosign(world.firm, who.kid(), &who.keys.signing, time).unwrap()
}

async fn cosign(world: &World, who: &Person) -> Checkpoint {
    let checkpoint = checkpoint(world).await;
    let line = line(world, who, &checkpoint, world.app.now());
    world.call(who, &Cosign { size: checkpoint.size, line }).await.unwrap();
    checkpoint
}

fn witness(who: &Person) -> Witness {
    Witness { kid: who.kid(), key: who.keys.signing.public() }
}

/// What a device makes of an answer that it trusts no more than any other.
fn read(world: &World, proof: &Proof, of: &[Witness]) -> Result<Option<Timestamp>, Unproven> {
    let log = Log { firm: world.firm, key: log_key(world) };
    let pin: Pin = advance(proof, &log, None).unwrap();
    witnessed(proof, &log, &pin, of)
}

#[tokio::test]
async fn a_cosignature_speaks_for_every_tree_that_grew_out_of_its_own() {
    let mut world = World::new().await;
    let founder = [witness(&world.founder)];
    assert_eq!(read(&world, &proof(&world, &world.founder).await, &founder), Ok(None));
    let made = cosign(&world, &world.founder).await;
    let when = world.app.now();
    for _ in 0..3 {
        let proof = proof(&world, &world.founder).await;
        assert_eq!(Note::parse(&proof.witnessed[0].note).unwrap().checkpoint, made);
        assert_eq!(read(&world, &proof, &founder), Ok(Some(when)));
        world.pass(HOUR);
        world.founder.cookie = world.session(For::Account(world.founder.account)).await;
        described(&world, |_| {}).await.unwrap();
    }
    // Only questions about the present tree are about the present.
    let old = ReadProof { seen: 0, leaves: Vec::new(), size: Some(made.size) };
    assert!(world.call(&world.founder, &old).await.unwrap().witnessed.is_empty());
    world.pass(FRESH);
    world.founder.cookie = world.session(For::Account(world.founder.account)).await;
    assert!(proof(&world, &world.founder).await.witnessed.is_empty());
}

#[tokio::test]
async fn a_journal_that_does_not_continue_what_was_cosigned_is_a_fork() {
    let world = World::new().await;
    cosign(&world, &world.founder).await;
    described(&world, |_| {}).await.unwrap();
    described(&world, |_| {}).await.unwrap();
    let honest = proof(&world, &world.founder).await;
    let founder = [witness(&world.founder)];
    assert!(read(&world, &honest, &founder).unwrap().is_some());
    let mut other = honest.clone();
    other.witnessed[0].consistency[0].0[0] ^= 1;
    assert_eq!(read(&world, &other, &founder), Err(Unproven::Forked));
    let mut spoilt = honest.clone();
    let first = spoilt.witnessed[0].clone();
    let moved = checkpoint(&world).await;
    let lie = line(&world, &world.founder, &moved, world.app.now());
    spoilt.witnessed[0].note.push_str(&lie);
    assert_eq!(read(&world, &spoilt, &founder), Err(Unproven::Checkpoint));
    let mut many = honest;
    many.witnessed = vec![first; 9];
    assert_eq!(read(&world, &many, &founder), Err(Unproven::Checkpoint));
}

#[tokio::test]
async fn a_cosignature_is_taken_from_its_own_witness_for_a_checkpoint_of_this_journal() {
    let world = World::new().await;
    let other = world.staff(Role::Staff, Caps::GRANT).await;
    let matter = world.matter().await;
    let client = world.client(&matter).await;
    let (now, honest) = (world.app.now(), checkpoint(&world).await);
    let hand_in = async |who: &Person, size, line: String| {
        world.call(who, &Cosign { size, line }).await.map(drop).unwrap_err()
    };
    let mine = line(&world, &world.founder, &honest, now);
    // Another member's session, a client's, nobody's.
    assert_eq!(hand_in(&other, honest.size, mine.clone()).await, Code::InvalidStatement);
    assert_eq!(hand_in(&client, honest.size, mine.clone()).await, Code::NotFound);
    let clients = line(&world, &client, &honest, now);
    assert_eq!(hand_in(&client, honest.size, clients).await, Code::NotFound);
    // Another size, none, and one to come.
    assert_eq!(
        hand_in(&world.founder, honest.size - 1, mine.clone()).await,
        Code::InvalidStatement
    );
    for size in [0, honest.size + 1, u64::MAX] {
        assert_eq!(hand_in(&world.founder, size, mine.clone()).await, Code::NotFound);
    }
    // A tree that is not this one.
    let fork = Checkpoint { root: Hash32([7; 32]), ..honest.clone() };
    let forked = line(&world, &world.founder, &fork, now);
    assert_eq!(hand_in(&world.founder, honest.size, forked).await, Code::InvalidStatement);
    // Other spellings.
    for wrong in [
        String::new(),
        mine.trim_end().to_owned(),
        format!("{mine}{mine}"),
        format!("{mine}\n"),
        mine.replace('\n', "\r\n"),
        mine.replacen('\u{2014}', "-", 1),
        mine.replacen("underseal/", "underseal/0", 1),
    ] {
        let refused = hand_in(&world.founder, honest.size, wrong).await;
        assert_eq!(refused, Code::InvalidStatement);
    }
    // A clock that is far off.
    for time in [now.0 - CLOCKS - 1000, now.0 + CLOCKS + 1000, 0] {
        let line = line(&world, &world.founder, &honest, Timestamp(time));
        assert_eq!(hand_in(&world.founder, honest.size, line).await, Code::BadRequest);
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM cosignature").await, 0);
    world.call(&world.founder, &Cosign { size: honest.size, line: mine }).await.unwrap();
}

#[tokio::test]
async fn the_newest_of_each_member_is_kept() {
    let world = World::new().await;
    let other = world.staff(Role::Staff, Caps::GRANT).await;
    let old = checkpoint(&world).await;
    let late = line(&world, &world.founder, &old, world.app.now());
    cosign(&world, &other).await;
    described(&world, |_| {}).await.unwrap();
    world.pass(60_000);
    let newest = cosign(&world, &world.founder).await;
    let when = world.app.now();
    // A slower device of the same member is heard, and changes nothing.
    world.call(&world.founder, &Cosign { size: old.size, line: late }).await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM cosignature").await, 2);
    let proof = proof(&world, &world.founder).await;
    let shown: Vec<_> =
        proof.witnessed.iter().map(|one| Note::parse(&one.note).unwrap().checkpoint).collect();
    assert_eq!(shown, [newest, old]);
    assert_eq!(read(&world, &proof, &[witness(&world.founder)]), Ok(Some(when)));
    let before = Timestamp(when.0 - 60_000);
    assert_eq!(read(&world, &proof, &[witness(&other)]), Ok(Some(before)));
}

#[tokio::test]
async fn a_client_hears_those_who_sit_at_its_matter_and_of_nobody_else() {
    let world = World::new().await;
    let (seated, stranger) =
        (world.staff(Role::Staff, Caps::GRANT).await, world.staff(Role::Staff, Caps::GRANT).await);
    let matter = world.matter().await;
    let mut script = Script::new(&world).await;
    script.grant(&matter, &seated.bundle, &world.founder);
    world.append(&world.founder, &script.finish()).await.unwrap();
    let client = world.client(&matter).await;
    for who in [&seated, &stranger] {
        cosign(&world, who).await;
    }
    let heard = proof(&world, &client).await;
    let now = world.app.now();
    assert_eq!(read(&world, &heard, &[witness(&seated)]), Ok(Some(now)));
    assert_eq!(read(&world, &heard, &[witness(&stranger)]), Ok(None));
    assert!(
        !serde_json::to_string(&heard).unwrap().contains(&Hash32(stranger.kid().0).to_string())
    );
    let staff = proof(&world, &world.founder).await;
    assert_eq!(read(&world, &staff, &[witness(&stranger)]), Ok(Some(now)));
}
