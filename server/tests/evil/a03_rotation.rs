//! A03: the server begins a new key of a matter, and its people seal to it from now on. Devices do not
//! change a matter's key yet; they read and use every epoch that the stream holds.

use shared::client::filing::Filing as _;
use shared::crypto::keys::Role;

use crate::frame::forge::{entries_of, keyed, puppet};
use crate::frame::journal::Journal;
use crate::frame::scene::{fresh, sign_in};
use crate::frame::{attempt, refused, twist};
use crate::harness::acts::{document, facts};
use crate::world::script::Script;

const ROW: &str = "A03";

/// The matter's second epoch, in the founder's name, has the server's key.
#[test]
fn the_next_key_of_a_matter_is_the_servers_own() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        stage.truth(&firm).await;
        let thief = stage.attacker(Role::Staff);
        let world = puppet(&firm, &thief).await;
        let mut script = Script::new(&world).await;
        script.epoch(&keyed(&thief, world.firm, firm.matter), 1, &world.founder);
        let forged = entries_of(script.finish());

        let portal = fresh(&firm).await;
        let ring = sign_in(&portal).await.unwrap();
        let journal = forged.into_iter().fold(Journal::of(&firm).await, Journal::add);
        twist(&portal, journal.twist());
        let bytes = document(1000);
        let filing = portal.filing(&ring, firm.matter);
        let handed = filing.hand_in(&facts("brief.pdf", &bytes), &bytes).await;
        if stage.is_robbed().await {
            return Ok(());
        }
        handed?;
        refused("nothing was sealed to the server")
    });
}
