//! A worker that only seals, for `cargo xtask bench seal`: other sealers make no root of what they sealed, so
//! they are held against this as well as against the product's worker. No site carries it.

use shared::client::upload::PartSeal;
use shared::crypto::age::TAG;
use shared::secret::Secret;
use worker::digest::Room;
use worker::pieces::Pieces;
use worker::serve::{Input, REFUSED, UNREADABLE, Worked, serve};
use worker::{documents, frame};

fn main() {
    serve(|_, head, input| seal(head, input));
}

/// As [`documents::SEAL`]; answers the tag of the part's last chunk.
async fn seal(head: Secret<Vec<u8>>, input: Input) -> Worked {
    // Nobody else wipes what it has sealed either.
    let (pieces, _) = Pieces::of_input(input).ok_or(REFUSED)?;
    let mut pieces = pieces.unwiped();
    // EXPOSE: the file's key, for as long as this part takes.
    let [key, index, size] = frame::split(head.expose()).ok_or(REFUSED)?;
    let (index, size) = documents::place(index, size)?;
    let mut part = PartSeal::begin(key, index, size).map_err(|_| REFUSED)?;
    let (mut room, mut tag) = (Room::default(), Vec::new());
    while let Some(len) = part.next_len() {
        if pieces.fill(room.chunk(len).ok_or(REFUSED)?).await != Some(len) {
            return Err(UNREADABLE);
        }
        let chunk = room.chunk(len + TAG).ok_or(REFUSED)?;
        part.seal(chunk).map_err(|_| UNREADABLE)?;
        tag.clear();
        tag.extend_from_slice(chunk.get(len..).ok_or(REFUSED)?);
    }
    Ok((Secret::new(tag), None))
}
