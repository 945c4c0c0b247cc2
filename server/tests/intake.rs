//! The door for strangers: links, joining, and the sessions of clients' keys.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;
mod world;

use axum::http::{StatusCode, header};
use shared::call::Call;
use shared::crypto::cbor;
use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::keys::{Caps, Role};
use shared::crypto::signed::{Namespace, Signed};
use shared::encoding::B64;
use shared::identity::wire::{FinishKeySession, ReadSession, Session, StartKeySession};
use shared::ids::InviteId;
use shared::intake::wire::{InviteOpened, OpenInvite, RedeemInvite, Redeemed};
use shared::journal::statement::{ClientInvited, MatterAct, SessionProof};
use shared::journal::stream::StreamId;
use shared::problem::Code;
use shared::time::HOUR;
use world::script::Script;
use world::{NOW, Person, Room, World, noise, person};

const TOKEN: &[u8] = b"derived from the link's fragment";

/// A matter with an invitation that [`TOKEN`] opens for an hour.
async fn invited(world: &World) -> (Room, InviteId) {
    let room = world.matter().await;
    let invite = invite(world, &room).await;
    (room, invite)
}

async fn invite(world: &World, room: &Room) -> InviteId {
    let invite = InviteId::random();
    let mut script = Script::new(world).await;
    let blob_hash = script.attach(noise(900));
    let secret = script.record(room);
    let act = ClientInvited {
        invite,
        auth_hash: sha256(TOKEN),
        blob_hash,
        expires: NOW.plus(HOUR),
        secret,
    };
    script.at(room, &world.founder, MatterAct::Invited(act));
    world.append(&world.founder, &script.finish()).await.unwrap();
    invite
}

async fn ask<C: Call>(world: &World, call: &C) -> Result<C::Reply, Code> {
    world.server.ask(None, call).await
}

async fn open(world: &World, invite: InviteId, token: &[u8]) -> Result<InviteOpened, Code> {
    ask(world, &OpenInvite { invite, token: B64(token.to_vec()) }).await
}

fn client(world: &World) -> Person {
    person(world.firm, Role::Client, Caps::NONE)
}

/// The statement by which somebody joins at the stream's present end.
async fn joining(world: &World, room: &Room, invite: InviteId, who: &Person) -> B64 {
    let mut script = Script::new(world).await;
    script.join(room, invite, who);
    script.finish().statements.remove(0)
}

async fn redeem(
    world: &World,
    invite: InviteId,
    token: &[u8],
    joined: B64,
) -> Result<Redeemed, Code> {
    ask(world, &RedeemInvite { invite, token: B64(token.to_vec()), joined }).await
}

#[tokio::test]
async fn a_link_opens_its_blob_and_is_not_used_up_by_it() {
    let world = World::new().await;
    let (room, invite) = invited(&world).await;
    for _ in 0..3 {
        let opened = open(&world, invite, TOKEN).await.unwrap();
        assert_eq!(opened.matter, room.id);
        assert_eq!(opened.blob.0.len(), 900);
        assert!(!opened.used);
    }
}

#[tokio::test]
async fn a_wrong_token_and_an_unknown_link_look_alike() {
    let world = World::new().await;
    let (_, invite) = invited(&world).await;
    for (invite, token) in
        [(invite, b"other".as_slice()), (invite, b""), (InviteId::random(), TOKEN)]
    {
        assert_eq!(open(&world, invite, token).await.unwrap_err(), Code::SignInFailed);
        let refused = redeem(&world, invite, token, B64(vec![1])).await;
        assert_eq!(refused.unwrap_err(), Code::SignInFailed);
    }
    // The hash itself is no token: whoever reads the database cannot use the link.
    let hash = sha256(TOKEN);
    assert_eq!(open(&world, invite, &hash.0).await.unwrap_err(), Code::SignInFailed);
}

#[tokio::test]
async fn a_links_token_cannot_be_guessed_through() {
    let world = World::new().await;
    let (_, invite) = invited(&world).await;
    for _ in 0..20 {
        assert_eq!(open(&world, invite, b"guess").await.unwrap_err(), Code::SignInFailed);
    }
    assert_eq!(open(&world, invite, TOKEN).await.unwrap_err(), Code::TooManyTries);
}

#[tokio::test]
async fn a_link_whose_time_is_over_opens_nothing_and_lets_nobody_join() {
    let world = World::new().await;
    let (room, invite) = invited(&world).await;
    let joined = joining(&world, &room, invite, &client(&world)).await;
    world.pass(HOUR + 1);
    assert_eq!(open(&world, invite, TOKEN).await.unwrap_err(), Code::InvitationExpired);
    let late = redeem(&world, invite, TOKEN, joined).await;
    assert_eq!(late.unwrap_err(), Code::InvitationExpired);
}

#[tokio::test]
async fn joining_opens_a_session_of_the_clients_matter() {
    let world = World::new().await;
    let (room, invite) = invited(&world).await;
    let mut client = client(&world);
    let joined = joining(&world, &room, invite, &client).await;
    let call = RedeemInvite { invite, token: B64(TOKEN.to_vec()), joined };
    let answer = world.server.call(None, &call).await;
    assert_eq!(answer.status, StatusCode::OK);
    client.cookie = answer.cookie();
    let session = world.call(&client, &ReadSession {}).await.unwrap();
    assert_eq!(session, Session::Client { kid: Hash32(client.kid().0), matter: room.id });
    assert!(open(&world, invite, TOKEN).await.unwrap().used);
}

#[tokio::test]
async fn a_second_browser_finds_the_link_used() {
    let world = World::new().await;
    let (room, invite) = invited(&world).await;
    let first = joining(&world, &room, invite, &client(&world)).await;
    redeem(&world, invite, TOKEN, first).await.unwrap();
    let second = joining(&world, &room, invite, &client(&world)).await;
    let refused = redeem(&world, invite, TOKEN, second).await;
    assert_eq!(refused.unwrap_err(), Code::InvitationUsed);
}

#[tokio::test]
async fn the_same_browser_joins_again_and_gets_the_same_receipt() {
    let world = World::new().await;
    let (room, invite) = invited(&world).await;
    let client = client(&world);
    let joined = joining(&world, &room, invite, &client).await;
    let first = redeem(&world, invite, TOKEN, joined.clone()).await.unwrap();
    let again = redeem(&world, invite, TOKEN, joined).await.unwrap();
    assert_eq!(first.receipt, again.receipt);
    // After a crash the browser may sign anew, at the stream's present end.
    let anew = joining(&world, &room, invite, &client).await;
    let third = redeem(&world, invite, TOKEN, anew).await.unwrap();
    assert_eq!(first.receipt, third.receipt);
    assert_eq!(world.count("SELECT COUNT(*) FROM signer WHERE kind = 2").await, 1);
}

#[tokio::test]
async fn a_copied_key_id_without_its_key_joins_nothing() {
    let world = World::new().await;
    let (room, invite) = invited(&world).await;
    let client = client(&world);
    let joined = joining(&world, &room, invite, &client).await;
    redeem(&world, invite, TOKEN, joined).await.unwrap();
    let mut forged = joining(&world, &room, invite, &client).await;
    *forged.0.last_mut().unwrap() ^= 1;
    let refused = redeem(&world, invite, TOKEN, forged).await;
    assert_eq!(refused.unwrap_err(), Code::InvitationUsed);
}

#[tokio::test]
async fn statements_of_another_kind_or_for_another_link_join_nothing() {
    let world = World::new().await;
    let (room, invite) = invited(&world).await;
    let (other_room, other) = invited(&world).await;
    let client = client(&world);
    let for_other = joining(&world, &other_room, other, &client).await;
    let crossed = joining(&world, &room, other, &client).await;
    let described = {
        let mut script = Script::new(&world).await;
        script.describe(&room, &world.founder);
        script.finish().statements.remove(0)
    };
    let mut broken = joining(&world, &room, invite, &client).await;
    *broken.0.last_mut().unwrap() ^= 1;
    for bad in [for_other, crossed, described, broken, B64(vec![])] {
        assert!(redeem(&world, invite, TOKEN, bad).await.is_err());
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM signer WHERE kind = 2").await, 0);
    assert!(!open(&world, invite, TOKEN).await.unwrap().used);
}

async fn proof(world: &World, who: &Person, firm: Hash32) -> B64 {
    let nonce = ask(world, &StartKeySession {}).await.unwrap().nonce.0.try_into().unwrap();
    let body = cbor::encode(&SessionProof { nonce, firm });
    let signed = Signed::sign(Namespace::Session, &who.keys.signing, who.kid(), &body).unwrap();
    B64(signed.as_bytes().to_vec())
}

#[tokio::test]
async fn a_clients_key_opens_a_session_once_a_challenge() {
    let world = World::new().await;
    let room = world.matter().await;
    let client = world.client(&room).await;
    let proof = proof(&world, &client, world.firm).await;
    let call = FinishKeySession { proof };
    let answer = world.server.call(None, &call).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.headers.contains_key(header::SET_COOKIE));
    assert_eq!(ask(&world, &call).await.unwrap_err(), Code::SignInFailed);
}

#[tokio::test]
async fn a_proof_for_another_firm_by_staff_or_too_late_opens_nothing() {
    let world = World::new().await;
    let room = world.matter().await;
    let client = world.client(&room).await;
    let elsewhere = proof(&world, &client, Hash32([1; 32])).await;
    let staff = proof(&world, &world.founder, world.firm).await;
    let stranger = proof(&world, &person(world.firm, Role::Client, Caps::NONE), world.firm).await;
    let mut broken = proof(&world, &client, world.firm).await;
    *broken.0.last_mut().unwrap() ^= 1;
    for proof in [elsewhere, staff, stranger, broken] {
        let refused = ask(&world, &FinishKeySession { proof }).await;
        assert_eq!(refused.unwrap_err(), Code::SignInFailed);
    }
    let late = proof(&world, &client, world.firm).await;
    world.pass(120_001);
    assert_eq!(
        ask(&world, &FinishKeySession { proof: late }).await.unwrap_err(),
        Code::SignInFailed
    );
}

#[tokio::test]
async fn a_client_reads_no_stream_but_its_own_end() {
    use shared::journal::wire::{From, ReadHead, ReadJournal, ReadStreams};
    let world = World::new().await;
    let (room, other) = (world.matter().await, world.matter().await);
    let client = world.client(&room).await;
    assert!(world.call(&client, &ReadHead { stream: StreamId::Matter(room.id) }).await.is_ok());
    for stream in
        [StreamId::Keyring, StreamId::Forms, StreamId::Matter(other.id), StreamId::Access(room.id)]
    {
        assert_eq!(world.call(&client, &ReadHead { stream }).await.unwrap_err(), Code::NotFound);
    }
    for stream in [StreamId::Keyring, StreamId::Matter(room.id)] {
        let call = ReadStreams { from: vec![From { stream, seq: 0 }], limit: 10, seen: 0 };
        assert_eq!(world.call(&client, &call).await.unwrap_err(), Code::NotFound);
    }
    let call = ReadJournal { leaf: 0, limit: 10 };
    assert_eq!(world.call(&client, &call).await.unwrap_err(), Code::NotFound);
}
