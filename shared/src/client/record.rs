//! Sealed records of a matter: what is small, and belongs to the stream as an attachment.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::error::{ClientError, Thing};
use super::room::{Room, SealedRecord};
use crate::crypto::cbor;
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::keys::MatterKey;
use crate::crypto::sealed::{self, RecordKind};
use crate::ids::{MatterId, RecordId};
use crate::journal::statement::RecordRef;
use crate::vuln;

/// Where a record belongs; bound into its key and its ciphertext, so that the server cannot show
/// it in another place.
#[derive(Encode, Decode)]
#[cbor(map)]
struct RecordPlace {
    #[n(1)]
    firm: Hash32,
    #[n(2)]
    matter: MatterId,
    #[n(3)]
    epoch: u32,
    #[n(4)]
    record: RecordId,
}

/// Seals a record; gives the reference for the act and the bytes to attach.
pub(crate) fn seal<T: Encode<()>>(
    body: &T,
    kind: RecordKind,
    firm: Hash32,
    matter: MatterId,
    (epoch, key): (u32, &MatterKey),
    record: RecordId,
) -> Result<(RecordRef, Vec<u8>), ClientError> {
    let place = cbor::encode(&RecordPlace { firm, matter, epoch, record });
    let bytes = sealed::seal_record(
        &key.record_key(matter, epoch),
        kind,
        record.0,
        &place,
        &cbor::encode(body),
    )
    .map_err(|_| ClientError::Unfit)?;
    Ok((RecordRef { record, epoch, hash: sha256(&bytes) }, bytes))
}

/// Opens a record of a room.
pub(crate) fn open<T>(
    record: &SealedRecord,
    kind: RecordKind,
    firm: Hash32,
    room: &Room,
    key: &MatterKey,
) -> Result<T, ClientError>
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    open_bytes(Some(&record.bytes), &record.at, kind, firm, room.matter(), key)
}

/// Opens a record from its reference and bytes.
pub(crate) fn open_bytes<T>(
    bytes: Option<&[u8]>,
    at: &RecordRef,
    kind: RecordKind,
    firm: Hash32,
    matter: MatterId,
    key: &MatterKey,
) -> Result<T, ClientError>
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    let broken = ClientError::NotVerified(Thing::Matter);
    let bytes = bytes.ok_or(ClientError::Missing)?;
    if sha256(bytes) != at.hash && !vuln::a13() {
        return Err(broken);
    }
    let place = cbor::encode(&RecordPlace { firm, matter, epoch: at.epoch, record: at.record });
    let plain =
        sealed::open_record(&key.record_key(matter, at.epoch), kind, at.record.0, &place, bytes)
            .map_err(|_| broken.clone())?;
    // EXPOSE: the record's plaintext goes straight into its type.
    cbor::decode_strict(plain.expose(), sealed::MAX_RECORD).map_err(|_| broken)
}
