//! What workers do for documents: seal a part, seal it again to compare, open one.
//!
//! A part of a file goes over as a blob, a sealed one as it came from the server, and both come back
//! as blobs: the page never holds their bytes, and a worker's program holds one chunk of them. What
//! it made of them lies in the one buffer by which they leave. Each chunk is hashed twice, as it was and
//! sealed, by the browser meanwhile.

use shared::client::download::{PartOpen, part_range};
use shared::client::upload::PartSeal;
use shared::crypto::age::TAG;
use shared::crypto::hash::Hash32;
use shared::secret::Secret;

use crate::digest::{Browser, Leaves, Room};
use crate::frame;
use crate::outside::Way;
use crate::pieces::Pieces;
use crate::serve::{Input, REFUSED, UNREADABLE, UNVERIFIED, Worked};

/// Job number: seals a part. Head `job, index, size of the file`, input the part; answers the part's roots,
/// sealed and as it was, and the sealed bytes.
pub const SEAL: u32 = 1;
/// Job number: seals a part again, which gives the same bytes if the file is the same. As [`SEAL`],
/// but answers the sealed root alone.
pub const CHECK: u32 = 2;
/// Job number: opens a part. Head `key, index, length of the sealed payload`, input the sealed part;
/// answers the part's roots, sealed and opened, and the opened bytes, each chunk of them authenticated.
pub const OPEN: u32 = 3;

/// All three.
///
/// # Errors
/// A code for the page.
pub async fn work(job: u32, head: &Secret<Vec<u8>>, input: Input) -> Worked {
    let (pieces, len) = Pieces::of_input(input).ok_or(REFUSED)?;
    match job {
        SEAL | CHECK => seal(job, head, pieces).await,
        OPEN => open(head, pieces.unwiped(), len).await,
        _ => Err(REFUSED),
    }
}

async fn seal(job: u32, head: &Secret<Vec<u8>>, mut pieces: Pieces) -> Worked {
    // EXPOSE: the file's key, for as long as this part takes.
    let [key, index, size] = frame::split(head.expose()).ok_or(REFUSED)?;
    let (index, size) = place(index, size)?;
    let mut part = PartSeal::begin(key, index, size).map_err(|_| REFUSED)?;
    let mut sealed = Leaves::new(Browser::here());
    let mut out =
        (job == SEAL).then(|| (Way::sealed(part.sealed_len()), Leaves::new(Browser::here())));
    let mut room = Room::default();
    while let Some(len) = part.next_len() {
        if pieces.fill(room.chunk(len).ok_or(REFUSED)?).await != Some(len) {
            return Err(UNREADABLE);
        }
        if let Some((_, plain)) = &mut out {
            plain.add(&room, len).await.ok_or(REFUSED)?;
        }
        let len = len + TAG;
        let chunk = room.chunk(len).ok_or(REFUSED)?;
        part.seal(chunk).map_err(|_| UNREADABLE)?;
        if let Some((way, _)) = &mut out {
            way.push(chunk).ok_or(REFUSED)?;
        }
        sealed.add(&room, len).await.ok_or(REFUSED)?;
    }
    // Made while the last leaves are.
    let out = out.map(|(way, plain)| (way.blob(), plain));
    let sealed = part.root(&sealed.all().await.ok_or(REFUSED)?).ok_or(REFUSED)?;
    let Some((bytes, plain)) = out else {
        return Ok((Secret::new(sealed.0.to_vec()), None));
    };
    let plain = part.root(&plain.all().await.ok_or(REFUSED)?).ok_or(REFUSED)?;
    Ok((roots(sealed, plain), Some(bytes)))
}

async fn open(head: &Secret<Vec<u8>>, mut pieces: Pieces, came: u64) -> Worked {
    // EXPOSE: the key of the file's payload, for as long as this part takes.
    let [key, index, len] = frame::split(head.expose()).ok_or(REFUSED)?;
    let (index, sealed_len) = place(index, len)?;
    let mut part = PartOpen::begin(key, index, sealed_len).map_err(|_| REFUSED)?;
    let (_, len) = part_range(index, sealed_len).ok_or(REFUSED)?;
    if came != len {
        return Err(UNVERIFIED);
    }
    let mut way = Way::opened(len as usize);
    let (mut sealed, mut plain) = (Leaves::new(Browser::here()), Leaves::new(Browser::here()));
    let mut room = Room::default();
    while let Some(len) = part.next_len() {
        let chunk = room.chunk(len).ok_or(REFUSED)?;
        if pieces.fill(chunk).await != Some(len) {
            return Err(UNREADABLE);
        }
        sealed.add(&room, len).await.ok_or(REFUSED)?;
        let chunk = room.chunk(len).ok_or(REFUSED)?;
        let opened = part.open(chunk).map_err(|_| UNVERIFIED)?;
        way.push(opened).ok_or(REFUSED)?;
        let len = opened.len();
        plain.add(&room, len).await.ok_or(REFUSED)?;
    }
    let bytes = way.blob();
    drop(way);
    let sealed = part.root(&sealed.all().await.ok_or(REFUSED)?).ok_or(REFUSED)?;
    let plain = part.root(&plain.all().await.ok_or(REFUSED)?).ok_or(REFUSED)?;
    Ok((roots(sealed, plain), Some(bytes)))
}

fn roots(sealed: Hash32, plain: Hash32) -> Secret<Vec<u8>> {
    frame::join(&[&sealed.0, &plain.0])
}

/// Which part of how large a file, as a head says it.
///
/// # Errors
/// [`REFUSED`].
pub fn place(index: &[u8], size: &[u8]) -> Result<(u32, u64), u32> {
    let index = index.try_into().map_err(|_| REFUSED)?;
    let size = size.try_into().map_err(|_| REFUSED)?;
    Ok((u32::from_le_bytes(index), u64::from_le_bytes(size)))
}

#[cfg(test)]
#[path = "documents_tests.rs"]
mod tests;
