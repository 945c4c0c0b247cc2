//! A13: the server exchanges the sealed records of two statements, so that what was written later is
//! shown as it was before.

use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::keys::{Kek, MatterKey};
use shared::crypto::sealed::{
    RecordKind, SlotKind, open_record, open_slot, seal_record, seal_slot,
};
use shared::encoding::B64;
use shared::ids::{MatterId, RecordId};
use shared::journal::statement::MatterAct;
use shared::journal::stream::StreamId;

use crate::frame::forge::said;
use crate::frame::journal::stream;
use crate::frame::lies::each_entry;
use crate::frame::scene::{described, fresh, insider, sign_in};
use crate::frame::{attempt, refused, twist};
use crate::world::script::{Script, record_place};

const ROW: &str = "A13";

/// A colleague gave the matter a new name; a new device is given the old name's record under the new
/// one's statement, and the other way round.
#[test]
fn two_descriptions_are_exchanged() {
    attempt(ROW, "hidden", async |stage| {
        let firm = stage.firm().await;
        let (world, room) = insider(&firm).await;
        let mut script = Script::new(&world).await;
        let new = described("The new name of it");
        let record = script.sealed(&room, RecordKind::Matter, RecordId::random(), &new);
        script.at(&room, &world.founder, MatterAct::Described(record));
        world.append(&world.founder, &script.finish()).await.unwrap();
        stage.truth(&firm).await;

        let entries = stream(&firm, StreamId::Matter(firm.matter)).await;
        let hashes: Vec<Hash32> = entries
            .iter()
            .filter_map(said::<MatterAct>)
            .filter_map(|body| match body.act {
                MatterAct::Described(record) => Some(record.hash),
                _ => None,
            })
            .collect();
        let bytes = |hash: Hash32| {
            let mut all = entries.iter().flat_map(|entry| &entry.attachments);
            all.find(|bytes| sha256(&bytes.0) == hash).unwrap().clone()
        };
        let [first, second] = hashes.as_slice() else { panic!("two descriptions") };
        let (old, new) = (bytes(*first), bytes(*second));
        let portal = fresh(&firm).await;
        let ring = sign_in(&portal).await.unwrap();
        let lie = each_entry(move |entry| {
            for B64(bytes) in &mut entry.attachments {
                if *bytes == old.0 {
                    bytes.clone_from(&new.0);
                } else if *bytes == new.0 {
                    bytes.clone_from(&old.0);
                }
            }
        });
        twist(&portal, lie);
        let listed = portal.matters(&ring).await?;
        let row = listed.iter().find(|row| row.matter == firm.matter).unwrap();
        match &row.description {
            Ok(about) if about.title == stage.tale.title => Ok(()),
            Ok(about) => panic!("{}", about.title),
            Err(_) => refused("hidden"),
        }
    });
}

/// No record opens in another one's place, whatever differs: matter, epoch, id, kind or firm; nor does a
/// slot. Every pair is tried.
#[test]
fn no_record_opens_in_anothers_place() {
    use shared::crypto::error::OpenError;
    crate::frame::without_faults();
    let key = MatterKey::generate();
    let (firm, other) = (Hash32([1; 32]), Hash32([2; 32]));
    let (a, b) = (MatterId([3; 16]), MatterId([4; 16]));
    let ids = [RecordId([5; 16]), RecordId([6; 16])];
    let mut places = Vec::new();
    for firm in [firm, other] {
        for matter in [a, b] {
            for epoch in [0, 1] {
                for id in ids {
                    places.extend(
                        RecordKind::ALL.iter().map(|kind| (firm, matter, epoch, id, *kind)),
                    );
                }
            }
        }
    }
    let seal =
        |&(firm, matter, epoch, id, kind): &(Hash32, MatterId, u32, RecordId, RecordKind)| {
            let place = record_place(firm, matter, id);
            seal_record(&key.record_key(matter, epoch), kind, id.0, &place, b"text").unwrap()
        };
    let sealed: Vec<Vec<u8>> = places.iter().map(seal).collect();
    for (at, bytes) in sealed.iter().enumerate() {
        for (to, &(firm, matter, epoch, id, kind)) in places.iter().enumerate() {
            let place = record_place(firm, matter, id);
            let opened = open_record(&key.record_key(matter, epoch), kind, id.0, &place, bytes);
            match opened {
                Ok(_) => assert_eq!(at, to),
                Err(error) => {
                    assert_ne!(at, to);
                    assert!(matches!(error, OpenError::WrongPlace | OpenError::Tampered));
                }
            }
        }
    }
    let kek = Kek::from_bytes([7; 32]);
    let slots: Vec<_> =
        SlotKind::ALL.iter().flat_map(|kind| [(*kind, [8; 16]), (*kind, [9; 16])]).collect();
    let sealed: Vec<Vec<u8>> =
        slots.iter().map(|(kind, id)| seal_slot(&kek, *kind, *id, id, b"key").unwrap()).collect();
    for (at, bytes) in sealed.iter().enumerate() {
        for (to, (kind, id)) in slots.iter().enumerate() {
            assert_eq!(open_slot(&kek, *kind, *id, id, bytes).is_ok(), at == to);
        }
    }
}
