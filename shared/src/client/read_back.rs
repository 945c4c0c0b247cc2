//! What a device keeps, read back as the rest of the core reads it. The device's store seals its records,
//! so nobody else should have written one; a browser's storage can still be damaged, or copied from
//! elsewhere, and no reader may panic over what it finds. One door to all of them, for `shared/fuzz` and
//! for no program that people use.

#![cfg(any(test, feature = "fuzz"))]

use alloc::vec::Vec;

use super::alarm::{AlarmV1, MAX_ALARM};
use super::back::HeldV1;
use super::directory::Directory;
use super::ends::MAX_ENDS;
use super::fork::{Fork, MAX_FORK};
use super::intake::{EarlierV1, KeptV1};
use super::pin::MAX_PIN;
use super::room::Room;
use super::unlock::DeviceRecord;
use super::upload::Plan;
use super::verified::{MAX_SHELF, MOST_OF_ONE, Shelf};
use super::witness::{MAX_WORDS, Word};
use crate::crypto::cbor::decode_strict;
use crate::intake::draft::DraftV1;
use crate::journal::anchor::{Pin, stands};
use crate::journal::checkpoint::Note;
use crate::journal::stream::{Head, StreamId};
use crate::journal::wire::Append;

/// Reads bytes as a record, and asks of it what its readers ask.
type Reads = fn(&[u8]) -> Option<()>;

/// The kinds of records, in the order of their numbers.
const KINDS: [(&str, Reads); 14] = [
    ("invitation", invitation),
    ("earlier", |bytes| decode_strict::<EarlierV1>(bytes, 256).ok().map(drop)),
    ("upload", upload),
    ("draft", |bytes| DraftV1::from_bytes(bytes).ok().map(drop)),
    ("account", |bytes| decode_strict::<DeviceRecord>(bytes, 256).ok().map(drop)),
    ("pin", |bytes| pin(&decode_strict(bytes, MAX_PIN).ok()?)),
    ("ends", |bytes| ends(&decode_strict::<Vec<_>>(bytes, MAX_ENDS).ok()?)),
    ("words", |bytes| words(&decode_strict::<Vec<_>>(bytes, MAX_WORDS).ok()?)),
    ("fork", |bytes| fork(&decode_strict(bytes, MAX_FORK).ok()?)),
    ("shelf", |bytes| decode_strict::<Shelf>(bytes, MAX_SHELF).ok().map(drop)),
    ("directory", |bytes| directory(&decode_strict(bytes, MOST_OF_ONE).ok()?)),
    ("matter", |bytes| matter(decode_strict(bytes, MOST_OF_ONE).ok()?)),
    ("alarm", |bytes| decode_strict::<AlarmV1>(bytes, MAX_ALARM).ok().map(drop)),
    ("back", |bytes| HeldV1::read(bytes).ok()?.visits().map(drop)),
];

/// Reads bytes as a record of the kind with this number. `None` when there is no such record in them, or no
/// such kind.
#[must_use]
pub fn read_back(kind: u8, bytes: &[u8]) -> Option<()> {
    let (_, reads) = KINDS.get(usize::from(kind))?;
    reads(bytes)
}

fn invitation(bytes: &[u8]) -> Option<()> {
    let kept = KeptV1::read(bytes).ok()?;
    let _ = kept.fragment();
    for one in kept.pending.iter().map(|one| &one.append) {
        let _ = serde_json::from_slice::<Append>(one);
    }
    Some(())
}

fn upload(bytes: &[u8]) -> Option<()> {
    let plan = Plan::read(bytes).ok()?;
    let _ = (plan.seal(), plan.facts(), plan.object(), plan.context(), plan.root());
    let _ = plan.sealed_len();
    for index in [0, 1, plan.parts() - 1, u32::MAX] {
        let _ = (plan.range(index), plan.root_of(index));
    }
    Some(())
}

fn pin(pin: &Pin) -> Option<()> {
    let _ = Note::parse(&pin.note);
    let _ = stands(pin, crate::journal::anchor::Leaf { index: 0, hash: pin.root }, None);
    Some(())
}

fn ends(ends: &[(StreamId, Head)]) -> Option<()> {
    for (stream, head) in ends {
        let _ = head.place(*stream, crate::time::Timestamp(0));
    }
    Some(())
}

fn words(words: &[Word]) -> Option<()> {
    for word in words {
        let _ = word.is_fresh(crate::time::Timestamp(u64::MAX));
        pin(&word.pin)?;
    }
    Some(())
}

fn fork(fork: &Fork) -> Option<()> {
    let _ = (fork.sizes(), fork.evidence());
    Some(())
}

fn directory(directory: &Directory) -> Option<()> {
    let _ = (directory.root().fingerprint(), directory.firm(), directory.head(), directory.log());
    let kids: Vec<_> = directory.members().map(|member| member.bundle.kid()).collect();
    for kid in kids {
        let _ = (directory.member_by_kid(kid), directory.path_to(kid));
    }
    Some(())
}

fn matter(room: Room) -> Option<()> {
    let room = room.resumed();
    let _ = (room.matter(), room.head(), room.epoch());
    for client in room.clients.values() {
        let _ = room.came_in_time(client);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    /// What the fuzzer begins with is a record of each kind: it is led through the readers, not past them.
    #[test]
    fn the_seeds_are_records_of_every_kind() {
        for (number, (kind, _)) in KINDS.iter().enumerate() {
            let seed = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/device").to_owned();
            let seed = std::fs::read(seed + "/" + kind).unwrap();
            let (first, record) = seed.split_first().unwrap();
            assert_eq!(usize::from(*first), number, "{kind}");
            assert_eq!(read_back(*first, record), Some(()), "{kind}");
            assert_eq!(read_back(*first, &record[..record.len() - 1]), None, "{kind}, cut");
        }
        assert_eq!(read_back(KINDS.len() as u8, b""), None);
    }

    /// A size that no file has comes to an end, too.
    #[test]
    fn an_upload_of_any_size_is_read() {
        let seed = include_bytes!("../../fuzz/corpus/device/upload");
        let mut record = seed[1..].to_vec();
        let at = record.windows(5).position(|five| five == [3, 0x19, 0x01, 0x90, 4]).unwrap();
        let most = [3, 0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 4];
        record.splice(at..at + 5, most);
        assert_eq!(read_back(2, &record), Some(()));
    }
}
