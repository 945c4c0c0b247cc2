//! What stands on the stage before the server lies: browsers, papers, people.

use shared::client::alarm::MOST;
use shared::client::filing::Filing as _;
use shared::client::intake::Intake;
use shared::client::transport::{Body, Method, Request, Transport as _};
use shared::client::{ClientError, Portal, Ring, Thing};
use shared::crypto::manifest::Manifest;
use shared::ids::ObjectId;
use shared::journal::stream::StreamId;
use shared::journal::wire::Entry;
use shared::matters::plain::{DescriptionV1, Label};
use shared::secret::Secret;

use super::forge::said;
use super::journal::stream;
use crate::harness::NOW;
pub use crate::harness::acts::read;
use crate::harness::acts::{Firm, PASSPHRASE, Tale, facts, filled, hand_in, link_parts, telling};
use crate::harness::client::Device;
use crate::harness::enter;
use crate::world::{Room, World};

use shared::client::store::DeviceStore as _;

/// The founder's.
pub fn passphrase() -> Secret<String> {
    Secret::new(PASSPHRASE.into())
}

/// A browser of the founder's that knows the account, and nothing of the journal yet.
pub async fn fresh(firm: &Firm) -> Portal<Device> {
    let portal = Device::new(&firm.router, NOW);
    let (old, new) = (firm.portal.host(), portal.host());
    for key in old.keys("device/").await.unwrap() {
        let known = old.load(&key).await.unwrap().unwrap();
        new.save(&key, &known).await.unwrap();
    }
    portal
}

/// The founder signs in there.
pub async fn sign_in(portal: &Portal<Device>) -> Result<Ring, ClientError> {
    enter::enter(portal, "clara", &passphrase()).await
}

/// The founder unlocks again after the keys were locked: a person was told why.
pub async fn unlocked(firm: &Firm) -> Ring {
    let ring = firm.portal.visit_with_words("clara", &firm.words).await.unwrap();
    firm.portal.matter(&ring, firm.matter).await.unwrap();
    ring
}

/// What a try comes to that does not verify, by its number from 0: the last one that is borne locks the
/// keys.
pub fn refusal(turn: usize) -> Option<ClientError> {
    let last = (turn + 1).is_multiple_of(MOST as usize);
    Some(if last { ClientError::Locked } else { ClientError::NotVerified(Thing::Document) })
}

/// What a matter is called.
pub fn described(title: &str) -> DescriptionV1 {
    DescriptionV1 {
        client: "Somebody".into(),
        title: title.into(),
        practice: "Property".into(),
        label: Label::Confidential,
    }
}

/// Another browser of the founder's, that knows nothing but the words of the sheet.
pub async fn elsewhere(firm: &Firm) -> (Portal<Device>, Ring) {
    let device = Device::new(&firm.router, NOW);
    let ring = device.sign_in_with_words("clara", &firm.words, &passphrase()).await.unwrap();
    (device, ring)
}

/// A browser of the founder's after a reload.
pub async fn reloaded(device: &Portal<Device>) -> (Portal<Device>, Ring) {
    let again = device.host().reload();
    let ring = sign_in(&again).await.unwrap();
    (again, ring)
}

/// The founder files a document.
pub async fn filed(firm: &Firm, name: &str, bytes: &[u8]) -> ObjectId {
    let filing = firm.portal.filing(&firm.ring, firm.matter);
    filing.hand_in(&facts(name, bytes), bytes).await.unwrap().object
}

/// A client hands in answers with a document, and the founder's device accepts the client.
pub async fn handed_in(firm: &Firm, tale: &Tale, name: &str, bytes: &[u8]) -> ObjectId {
    let (invite, fragment) = link_parts(&firm.invite().await);
    let device = Device::new(&firm.router, NOW);
    let intake: Intake<Device> = device.open_invite(invite, Some(&fragment)).await.unwrap();
    let object = hand_in(&intake, name, bytes).await.unwrap().object;
    intake.submit(&telling(&intake, tale.story), &[object]).await.unwrap();
    firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
    object
}

/// A client who answered the form and sent it, at her device.
pub async fn answered(firm: &Firm) -> (Portal<Device>, Intake<Device>) {
    let (invite, fragment) = link_parts(&firm.invite().await);
    let device = Device::new(&firm.router, NOW);
    let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
    intake.submit(&filled(&intake), &[]).await.unwrap();
    (device, intake)
}

/// An object's sealed chunks, as the server has them.
pub async fn sealed(firm: &Firm, object: ObjectId) -> Vec<u8> {
    let request = Request {
        method: Method::Get,
        path: content_of(object),
        body: Body::Empty,
        root: None,
        if_match: None,
        range: None,
    };
    firm.portal.host().send(request).await.ok().unwrap().body
}

/// Where an object's sealed chunks are asked for.
pub fn content_of(object: ObjectId) -> String {
    format!("/api/v1/objects/{object}/content")
}

/// The statement that filed an object, with its attachments.
pub async fn manifest_of(firm: &Firm, object: ObjectId) -> (Entry, Manifest) {
    let entries = stream(firm, StreamId::Matter(firm.matter)).await;
    let mut manifests = entries
        .into_iter()
        .filter_map(|entry| Some((said::<Manifest>(&entry)?.act, entry)))
        .map(|(manifest, entry)| (entry, manifest));
    manifests.find(|(_, manifest)| manifest.context.object == object).unwrap()
}

/// A lawyer whose keys the test holds, with a seat at the firm's matter.
pub async fn insider(firm: &Firm) -> (World, Room) {
    let world = World::inside(firm).await;
    firm.portal.give_access(&firm.ring, firm.matter, world.founder.kid()).await.unwrap();
    let room = world.open(firm.matter).await;
    (world, room)
}
