//! A34: the server, which knows every link but its secret, uses an invitation before the client does, with
//! keys of its own; or gives the client what stood behind another link.

use std::cell::RefCell;
use std::rc::Rc;

use server::journal::signer::Authority;
use shared::call::Call as _;
use shared::client::ClientError;
use shared::client::error::Thing;
use shared::crypto::keys::{Caps, Role};
use shared::ids::{InviteId, MatterId};
use shared::intake::wire::{InviteOpened, OpenInvite};

use crate::frame::{attempt, ghost, plainly, refused, twist};
use crate::harness::NOW;
use crate::harness::acts::{Firm, link_parts};
use crate::harness::client::{Device, Twist};
use crate::world::script::Script;
use crate::world::{Person, World, person, room};

const ROW: &str = "A34";

/// The server joins by an invitation, through its own door: nobody's link vouches for the keys.
async fn pre_redeemed(firm: &Firm, world: &World, invite: InviteId, stranger: &Person) {
    let mut script = Script::new(world).await;
    script.join(&room(world.firm, firm.matter), invite, stranger);
    world.take(Authority::Redeeming { invite }, &script.finish()).await.unwrap();
}

#[test]
fn a_place_taken_without_the_links_secret_is_nobodys() {
    attempt(ROW, "not genuine", async |stage| {
        let firm = stage.firm().await;
        let (invite, _): (InviteId, String) = link_parts(&firm.invite().await);
        stage.truth(&firm).await;
        let world = World::outside(&firm).await;
        let stranger = ghost(stage, &world, Role::Client);
        pre_redeemed(&firm, &world, invite, &stranger).await;
        let view = firm.portal.matter(&firm.ring, firm.matter).await?;
        let seen = view.clients.iter().find(|one| one.kid == stranger.kid()).unwrap();
        if seen.genuine && seen.level == Some(1) { Ok(()) } else { refused("not genuine") }
    });
}

/// The client whose place was taken is told so, before anything of hers left the device.
#[test]
fn the_invited_one_learns_that_the_link_was_used() {
    plainly(async {
        let firm = Firm::founded().await;
        let (invite, fragment) = link_parts(&firm.invite().await);
        let world = World::outside(&firm).await;
        let stranger = person(world.firm, Role::Client, Caps::NONE);
        pre_redeemed(&firm, &world, invite, &stranger).await;
        let device = Device::new(&firm.router, NOW);
        let opened = device.open_invite(invite, Some(&fragment)).await;
        assert_eq!(opened.err(), Some(ClientError::LinkUsed));
        // A server that hides it gains nothing: it cannot join twice by one link.
        twist(&device, replaced(|opened| InviteOpened { used: false, ..opened }));
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        assert_eq!(intake.join().await.err(), Some(ClientError::LinkUsed));
        // And what a second client joins by the same link, no device takes in.
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert!(view.clients.iter().all(|one| !one.genuine && one.level.is_none()));
    });
}

fn replaced(other: impl Fn(InviteOpened) -> InviteOpened + 'static) -> Twist {
    Box::new(move |path, _, honest| {
        if path != OpenInvite::ROUTE {
            return honest;
        }
        serde_json::to_vec(&other(serde_json::from_slice(&honest).unwrap())).unwrap()
    })
}

/// What stands behind another link, older or of another matter, opens behind none but its own.
#[test]
fn a_blob_of_another_link_is_refused() {
    plainly(async {
        let firm = Firm::founded().await;
        let old = firm.invite().await;
        let (invite, fragment): (InviteId, String) = link_parts(&old);
        let device = Device::new(&firm.router, NOW);
        let blob = Rc::new(RefCell::new(None));
        let kept = Rc::clone(&blob);
        twist(
            &device,
            replaced(move |opened| {
                *kept.borrow_mut() = Some(opened.blob.clone());
                opened
            }),
        );
        device.open_invite(invite, Some(&fragment)).await.unwrap();
        let (newer, fragment) = link_parts(&firm.invite().await);
        let other = Device::new(&firm.router, NOW);
        let old = blob.borrow().clone().unwrap();
        twist(&other, replaced(move |opened| InviteOpened { blob: old.clone(), ..opened }));
        let opened = other.open_invite(newer, Some(&fragment)).await;
        assert_eq!(opened.err(), Some(ClientError::NotVerified(Thing::Invitation)));
        // Nor under another matter's name.
        let matter = MatterId::random();
        twist(&other, replaced(move |opened| InviteOpened { matter, ..opened }));
        let opened = other.open_invite(newer, Some(&fragment)).await;
        assert_eq!(opened.err(), Some(ClientError::NotVerified(Thing::Invitation)));
    });
}
