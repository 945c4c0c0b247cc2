//! A05: the server puts an envelope of its own making where a matter's key was wrapped for its lawyer,
//! with a key in it that the server knows.

use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::keys::{Kid, Role};
use shared::crypto::sealed::{RecordKind, open_record};
use shared::crypto::wrapped::{self, Signer, WrapContext};
use shared::encoding::B64;
use shared::journal::statement::{EpochAct, MatterAct, RecordRef};
use shared::journal::stream::StreamId;
use shared::journal::wire::{Append, Entry};

use crate::frame::forge::{directory, entries_of, keyed, said};
use crate::frame::journal::stream;
use crate::frame::lies::each_entry;
use crate::frame::scene::{fresh, sign_in};
use crate::frame::{attempt, refused, twist};
use crate::harness::acts::terms;
use crate::harness::client::WIRE;
use crate::world::Room;
use crate::world::script::record_place;

const ROW: &str = "A05";

/// On a new device the lawyer gets the server's key as the matter's, and seals the secret of a client's
/// link with it.
#[test]
fn the_key_of_a_matter_is_one_that_the_server_chose() {
    attempt(ROW, "NotVerified(Key)", async |stage| {
        let firm = stage.firm().await;
        stage.truth(&firm).await;
        let thief = stage.attacker(Role::Staff);
        let directory = directory(&firm).await;
        let me = directory.member_by_account(firm.ring.account().unwrap()).unwrap().bundle.clone();
        let room = keyed(&thief, directory.firm(), firm.matter);
        let entries = stream(&firm, StreamId::Matter(firm.matter)).await;
        let (seq, envelope_hash) = entries
            .iter()
            .filter_map(said::<MatterAct>)
            .find_map(|body| match body.act {
                MatterAct::Granted(granted) if granted.recipient == me.kid() => {
                    Some((body.place.seq, granted.envelope_hash))
                }
                _ => None,
            })
            .unwrap();
        let logged: Kid = entries.iter().find_map(epoch_kid).unwrap();
        let place =
            WrapContext { firm: directory.firm(), matter: firm.matter, epoch: 0, purpose: 1 };
        let to = (me.kid(), me.kem.as_ref().unwrap());
        let signer = Signer { key: &thief.signing, kid: me.kid() };
        let forged = wrapped::seal(to, &place, signer, room.key.seed(), logged, seq).unwrap();

        let portal = fresh(&firm).await;
        let lie = each_entry(move |entry| {
            for bytes in &mut entry.attachments {
                if sha256(&bytes.0) == envelope_hash {
                    *bytes = B64(forged.clone());
                }
            }
        });
        twist(&portal, lie);
        let ring = sign_in(&portal).await?;
        let invited = portal.invite_client(&ring, firm.matter, firm.form, &terms()).await;
        if opens_a_link(&room, directory.firm()) {
            return Ok(());
        }
        invited?;
        refused("the link's secret is sealed with the true key")
    });
}

fn epoch_kid(entry: &Entry) -> Option<Kid> {
    said::<EpochAct>(entry).map(|body| body.act.key.kid())
}

/// Whether the secret of a link that went out opens with this matter's key.
fn opens_a_link(room: &Room, firm: Hash32) -> bool {
    let opens = |secret: &RecordRef, bytes: &[u8]| {
        let place = record_place(firm, room.id, secret.record);
        let (key, kind) = (room.key.record_key(room.id, 0), RecordKind::InviteSecret);
        open_record(&key, kind, secret.record.0, &place, bytes).is_ok()
    };
    let asks = |entry: Entry| match said(&entry).map(|body| body.act) {
        Some(MatterAct::Invited(act)) => {
            entry.attachments.iter().any(|bytes| opens(&act.secret, &bytes.0))
        }
        _ => false,
    };
    WIRE.with_borrow(|wire| {
        let sent = wire.iter().filter_map(|sent| serde_json::from_slice::<Append>(&sent.body).ok());
        sent.flat_map(entries_of).any(asks)
    })
}
