//! A04: the server asks the device to hand its keys over, as products do whose organisation keeps them
//! ("key connector"). Ours has nothing that hears it.

use shared::client::ClientError;
use shared::crypto::keys::AccountKey;
use shared::crypto::sealed::SlotKind;
use shared::crypto::slots::{SlotContext, open_secrets};
use shared::ids::SlotId;

use crate::frame::lies::more_fields;
use crate::frame::scene::{fresh, sign_in};
use crate::frame::{attempt, refused, twist};
use crate::harness::acts::Firm;
use crate::harness::client::WIRE;

const ROW: &str = "A04";

const ASKED: &[(&str, u32)] = &[("convert", 1), ("migrate", 1), ("keyConnector", 1)];

/// Every answer of the server says that the account is to be converted.
#[test]
fn a_device_hands_no_key_over() {
    attempt(ROW, "ignored", async |stage| {
        let firm = stage.firm().await;
        stage.truth(&firm).await;
        let portal = fresh(&firm).await;
        twist(&portal, more_fields(ASKED));
        let ring = sign_in(&portal).await?;
        portal.matters(&ring).await?;
        portal.matter(&ring, firm.matter).await?;
        let given = WIRE.with_borrow(|wire| {
            let one = wire.iter().find(|sent| sent.path.ends_with("/convert"))?;
            <[u8; 32]>::try_from(one.body.as_slice()).ok()
        });
        let Some(key) = given else { return refused("ignored") };
        if opens(&firm, key).await { Ok(()) } else { refused("another key") }
    });
}

/// Whether the key opens the founder's account as the server has it.
async fn opens(firm: &Firm, key: [u8; 32]) -> bool {
    let account = firm.ring.account().unwrap();
    let context = SlotContext {
        user: account,
        slot_id: SlotId(account.0),
        slot_type: SlotKind::AccountKeys as u8,
        amk_gen: 1,
        sec_version: 1,
    };
    let mut read = firm.server.app.db.read().await.unwrap();
    let row = read.fetch_optional("SELECT secrets FROM account", &[]).await.unwrap().unwrap();
    let secrets: Vec<u8> = row.get(0).unwrap();
    open_secrets(&AccountKey::from_bytes(key), &context, &secrets).is_ok()
}

/// What a device sends is the same, whatever more an answer says.
#[test]
fn what_an_answer_says_besides_moves_nothing() {
    crate::frame::plainly(async {
        let firm = Firm::founded().await;
        let visit = async |lie: bool| {
            let portal = fresh(&firm).await;
            WIRE.take();
            if lie {
                twist(&portal, more_fields(ASKED));
            }
            let ring = sign_in(&portal).await?;
            portal.matters(&ring).await?;
            portal.matter(&ring, firm.matter).await?;
            portal.people(&ring).await?;
            portal.forms(&ring).await?;
            let sent = WIRE.take();
            Ok::<_, ClientError>(
                sent.into_iter().map(|one| (one.path, one.body.len())).collect::<Vec<_>>(),
            )
        };
        assert_eq!(visit(false).await.unwrap(), visit(true).await.unwrap());
    });
}
