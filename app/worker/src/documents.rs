//! What workers do for documents: seal a part, seal it again to compare, hash a whole file.
//!
//! A part goes over as a blob and comes back sealed: the page never holds the file's own bytes, and
//! a worker holds one chunk of them.

use core::cell::RefCell;

use shared::client::upload::PartSeal;
use shared::crypto::age::CHUNK;
use shared::crypto::hash::{Hasher, sha256};
use shared::secret::Secret;
use web_sys::Blob;
use zeroize::Zeroizing;

use crate::frame;
use crate::outside::sealed_blob;
use crate::pieces::Pieces;
use crate::serve::{Input, REFUSED, UNREADABLE, Worked};

/// Job number: seals a part. Head `job, index, size of the file`, input the part; answers `digest,
/// root, digest of the plaintext where the part is the whole file`, and the sealed bytes.
pub const SEAL: u32 = 1;
/// Job number: seals a part again, which gives the same bytes if the file is the same. As [`SEAL`],
/// but answers `root` and no bytes.
pub const CHECK: u32 = 2;
/// Job number: the digest of a whole file. No head, input the file.
pub const HASH: u32 = 3;

/// Bytes hashed at a time.
const PIECE: usize = 4 * CHUNK;

thread_local! {
    /// Where parts are sealed, one after the other: memory that a worker once took it never gives back.
    static SEALED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// All three.
///
/// # Errors
/// A code for the page.
pub async fn work(job: u32, head: &Secret<Vec<u8>>, input: Input) -> Worked {
    let Input::Blob(blob) = input else { return Err(REFUSED) };
    match job {
        SEAL | CHECK => {
            let mut sealed = SEALED.take();
            sealed.clear();
            let worked = seal(job, head, &blob, &mut sealed).await;
            SEALED.set(sealed);
            worked
        }
        HASH => hash(&blob).await,
        _ => Err(REFUSED),
    }
}

async fn seal(job: u32, head: &Secret<Vec<u8>>, blob: &Blob, sealed: &mut Vec<u8>) -> Worked {
    // EXPOSE: the file's key, for as long as this part takes.
    let [key, index, size] = frame::split(head.expose()).ok_or(REFUSED)?;
    let index = u32::from_le_bytes(index.try_into().map_err(|_| REFUSED)?);
    let size = u64::from_le_bytes(size.try_into().map_err(|_| REFUSED)?);
    let mut part = PartSeal::begin(key, index, size).map_err(|_| REFUSED)?;
    sealed.reserve(part.sealed_len());
    let mut whole = (part.is_whole() && job == SEAL).then(Hasher::new);
    let mut pieces = Pieces::of(blob);
    let mut room = Zeroizing::new(vec![0; CHUNK]);
    while let Some(len) = part.next_len() {
        let chunk = room.get_mut(..len).ok_or(REFUSED)?;
        if pieces.fill(chunk).await != Some(len) {
            return Err(UNREADABLE);
        }
        if let Some(whole) = &mut whole {
            whole.update(chunk);
        }
        part.push(chunk, sealed).map_err(|_| UNREADABLE)?;
    }
    let root = part.root().ok_or(REFUSED)?;
    if job == CHECK {
        return Ok((Secret::new(root.0.to_vec()), None));
    }
    let whole = whole.map(Hasher::finish);
    let whole = whole.as_ref().map_or(&[][..], |digest| &digest.0);
    let head = frame::join(&[&sha256(sealed).0, &root.0, whole]);
    Ok((head, Some(sealed_blob(sealed))))
}

async fn hash(blob: &Blob) -> Worked {
    let mut hasher = Hasher::new();
    let mut pieces = Pieces::of(blob);
    let mut room = Zeroizing::new(vec![0; PIECE]);
    let mut rest = blob.size() as u64;
    while rest > 0 {
        let len = pieces.fill(&mut room).await.filter(|len| *len > 0).ok_or(UNREADABLE)?;
        hasher.update(room.get(..len).ok_or(REFUSED)?);
        rest = rest.checked_sub(len as u64).ok_or(UNREADABLE)?;
    }
    Ok((Secret::new(hasher.finish().0.to_vec()), None))
}
