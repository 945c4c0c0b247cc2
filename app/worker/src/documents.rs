//! What workers do for documents: seal a part, seal it again to compare, open one, hash a whole file.
//!
//! A part of a file goes over as a blob, a sealed one as it came from the server, and both come back
//! as blobs: the page never holds their bytes, and a worker's program holds one chunk of them. What
//! it made of them lies in the one buffer by which they leave.

use core::cell::RefCell;

use shared::client::download::{PartOpen, part_range};
use shared::client::upload::PartSeal;
use shared::crypto::age::{CHUNK, SEALED_CHUNK, TAG};
use shared::crypto::hash::Hasher;
use shared::secret::Secret;
use zeroize::Zeroizing;

use crate::digest::{Browser, Leaves};
use crate::frame;
use crate::outside::Way;
use crate::pieces::Pieces;
use crate::serve::{Input, REFUSED, UNREADABLE, UNVERIFIED, Worked};

/// Job number: seals a part. Head `job, index, size of the file`, input the part; answers `digest,
/// root, digest of the plaintext where the part is the whole file`, and the sealed bytes.
pub const SEAL: u32 = 1;
/// Job number: seals a part again, which gives the same bytes if the file is the same. As [`SEAL`],
/// but answers `root` and no bytes.
pub const CHECK: u32 = 2;
/// Job number: the digest of a whole file. No head, input the file.
pub const HASH: u32 = 3;
/// Job number: opens a part. Head `key, index, length of the sealed payload`, input the sealed part;
/// answers `root, digest of what was in it where the part is the whole file`, and the opened bytes,
/// each chunk of them authenticated.
pub const OPEN: u32 = 4;
/// Job number: the digest of a file that comes in pieces, one after the other to the same worker.
/// Head `bytes that came before`, input the next piece; answers the digest of all so far.
pub const FOLLOW: u32 = 5;

/// Bytes hashed at a time.
const PIECE: usize = 4 * CHUNK;

thread_local! {
    /// What came to [`FOLLOW`], and how many bytes it was.
    static FOLLOWED: RefCell<(Hasher, u64)> = RefCell::new((Hasher::new(), 0));
}

/// All five.
///
/// # Errors
/// A code for the page.
pub async fn work(job: u32, head: &Secret<Vec<u8>>, input: Input) -> Worked {
    let (pieces, len) = Pieces::of_input(input).ok_or(REFUSED)?;
    match job {
        SEAL | CHECK => seal(job, head, pieces).await,
        OPEN => open(head, pieces, len).await,
        HASH => {
            let hasher = hash(Hasher::new(), pieces, len).await?;
            Ok((Secret::new(hasher.finish().0.to_vec()), None))
        }
        FOLLOW => follow(head, pieces, len).await,
        _ => Err(REFUSED),
    }
}

async fn seal(job: u32, head: &Secret<Vec<u8>>, mut pieces: Pieces) -> Worked {
    // EXPOSE: the file's key, for as long as this part takes.
    let [key, index, size] = frame::split(head.expose()).ok_or(REFUSED)?;
    let (index, size) = place(index, size)?;
    let mut part = PartSeal::begin(key, index, size).map_err(|_| REFUSED)?;
    let mut whole = (part.is_whole() && job == SEAL).then(Hasher::new);
    // The digest of the part goes along with the chunks: the browser would take a copy of the whole part.
    let mut way = (job == SEAL).then(|| (Way::sealed(part.sealed_len()), Hasher::new()));
    let mut leaves = Leaves::new(Browser::here());
    let mut room = Zeroizing::new(vec![0; SEALED_CHUNK]);
    while let Some(len) = part.next_len() {
        let chunk = room.get_mut(..len + TAG).ok_or(REFUSED)?;
        let plain = chunk.get_mut(..len).ok_or(REFUSED)?;
        if pieces.fill(plain).await != Some(len) {
            return Err(UNREADABLE);
        }
        if let Some(whole) = &mut whole {
            whole.update(plain);
        }
        part.seal(chunk).map_err(|_| UNREADABLE)?;
        leaves.add(chunk).await.ok_or(REFUSED)?;
        if let Some((way, digest)) = &mut way {
            way.push(chunk).ok_or(REFUSED)?;
            digest.update(chunk);
        }
    }
    let leaves = leaves.all().await.ok_or(REFUSED)?;
    let root = part.root(&leaves).ok_or(REFUSED)?;
    let Some((way, digest)) = way else {
        return Ok((Secret::new(root.0.to_vec()), None));
    };
    let (sealed, digest) = (way.blob(), digest.finish());
    let whole = whole.map(Hasher::finish);
    let whole = whole.as_ref().map_or(&[][..], |digest| &digest.0);
    Ok((frame::join(&[&digest.0, &root.0, whole]), Some(sealed)))
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
    let mut whole = part.is_whole().then(Hasher::new);
    let mut way = Way::opened(len as usize);
    let mut leaves = Leaves::new(Browser::here());
    let mut room = Zeroizing::new(vec![0; SEALED_CHUNK]);
    while let Some(len) = part.next_len() {
        let chunk = room.get_mut(..len).ok_or(REFUSED)?;
        if pieces.fill(chunk).await != Some(len) {
            return Err(UNREADABLE);
        }
        leaves.add(chunk).await.ok_or(REFUSED)?;
        let plain = part.open(chunk).map_err(|_| UNVERIFIED)?;
        if let Some(whole) = &mut whole {
            whole.update(plain);
        }
        way.push(plain).ok_or(REFUSED)?;
    }
    let leaves = leaves.all().await.ok_or(REFUSED)?;
    let root = part.root(&leaves).ok_or(REFUSED)?;
    let whole = whole.map(Hasher::finish);
    let whole = whole.as_ref().map_or(&[][..], |digest| &digest.0);
    Ok((frame::join(&[&root.0, whole]), Some(way.blob())))
}

fn place(index: &[u8], size: &[u8]) -> Result<(u32, u64), u32> {
    let index = index.try_into().map_err(|_| REFUSED)?;
    let size = size.try_into().map_err(|_| REFUSED)?;
    Ok((u32::from_le_bytes(index), u64::from_le_bytes(size)))
}

/// A worker that took another's place has not seen what came before, and says so: a digest of the
/// rest would look like an altered file.
async fn follow(head: &Secret<Vec<u8>>, pieces: Pieces, len: u64) -> Worked {
    // EXPOSE: a number of bytes.
    let before = head.expose().as_slice().try_into().map_err(|_| REFUSED)?;
    let before = u64::from_le_bytes(before);
    let (hasher, seen) = FOLLOWED.take();
    let hasher = match before {
        0 => Hasher::new(),
        _ if before == seen => hasher,
        _ => return Err(REFUSED),
    };
    let hasher = hash(hasher, pieces, len).await?;
    FOLLOWED.set((hasher.clone(), before + len));
    Ok((Secret::new(hasher.finish().0.to_vec()), None))
}

async fn hash(mut hasher: Hasher, mut pieces: Pieces, len: u64) -> Result<Hasher, u32> {
    let mut room = Zeroizing::new(vec![0; PIECE]);
    let mut rest = len;
    while rest > 0 {
        let len = pieces.fill(&mut room).await.filter(|len| *len > 0).ok_or(UNREADABLE)?;
        hasher.update(room.get(..len).ok_or(REFUSED)?);
        rest = rest.checked_sub(len as u64).ok_or(UNREADABLE)?;
    }
    Ok(hasher)
}

#[cfg(test)]
#[path = "documents_tests.rs"]
mod tests;
