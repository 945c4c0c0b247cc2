//! A17: the server puts a document's sealed chunks in another order, repeats or leaves out some, cuts the
//! document or makes it longer.

use shared::client::ClientError;
use shared::crypto::age::{CHUNK, FileOpen, SEALED_CHUNK, open_all, seal_all};
use shared::crypto::hash::Hash32;
use shared::crypto::keys::MatterKey;

use crate::frame::lies::content;
use crate::frame::scene::{filed, read, sealed};
use crate::frame::{attempt, plainly, refused, twist, untwist};
use crate::harness::acts::{Firm, document};

const ROW: &str = "A17";

/// A document of three chunks is shown in another order.
fn shown_in(order: &'static [usize]) {
    attempt(ROW, "NotVerified(Document)", async |stage| {
        let firm = stage.firm().await;
        let bytes = document(3 * CHUNK);
        let object = filed(&firm, "lease.pdf", &bytes).await;
        stage.truth(&firm).await;
        let chunks = sealed(&firm, object).await;
        twist(&firm.portal, content(object, in_order(&chunks, SEALED_CHUNK, order)));
        let shown = read((&firm.portal, &firm.ring), firm.matter, object).await?;
        if shown == in_order(&bytes, CHUNK, order) {
            return Ok(());
        }
        refused("another document")
    });
}

#[test]
fn two_chunks_change_places() {
    shown_in(&[1, 0, 2]);
}

/// The last is sent in the place of the first as well.
#[test]
fn a_chunk_is_repeated() {
    shown_in(&[2, 1, 2]);
}

/// These pieces, in this order.
fn in_order(bytes: &[u8], len: usize, order: &[usize]) -> Vec<u8> {
    let pieces: Vec<&[u8]> = bytes.chunks(len).collect();
    order.iter().flat_map(|at| pieces[*at]).copied().collect()
}

/// All sequences of up to four of a file's chunks, with repetitions and gaps: the true one alone opens.
/// Last chunks are full in one file, and short in the other.
#[test]
fn no_other_sequence_of_chunks_opens() {
    crate::frame::without_faults();
    let key = MatterKey::generate();
    let context = Hash32([3; 32]);
    for count in 1..=4_usize {
        for len in [count * CHUNK, (count - 1) * CHUNK + 5] {
            let plain = document(len);
            let (file, chunks) = seal_all(context, &[&key.public()], &plain).unwrap();
            let open = FileOpen::new(&file.header_and_nonce(), context, key.kem()).unwrap();
            let honest: Vec<usize> = (0..count).collect();
            for order in sequences(count) {
                let shown = in_order(&chunks, SEALED_CHUNK, &order);
                let opened = open_all(&open, &shown);
                assert_eq!(opened.is_ok(), order == honest, "{order:?} of {count}");
            }
        }
    }
}

/// All sequences of one to four numbers below `count`.
fn sequences(count: usize) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    let mut from = 0;
    for _ in 0..4 {
        let more: Vec<Vec<usize>> = all[from..]
            .iter()
            .flat_map(|one| (0..count).map(|next| [one.as_slice(), &[next]].concat()))
            .collect();
        from = all.len();
        all.extend(more);
    }
    all.split_off(1)
}

/// Cut at every edge and beside it, and made longer: a device that asked for so many bytes takes no
/// other number, and none of these for the document.
#[test]
fn a_document_cut_or_made_longer_is_refused() {
    plainly(async {
        let firm = Firm::founded().await;
        let bytes = document(3 * CHUNK);
        let object = filed(&firm, "lease.pdf", &bytes).await;
        let honest = sealed(&firm, object).await;
        let mut lengths: Vec<usize> = (0..=4)
            .flat_map(|edge| [edge * SEALED_CHUNK, edge * SEALED_CHUNK + 1])
            .chain((1..=3).map(|edge| edge * SEALED_CHUNK - 1))
            .filter(|len| *len != honest.len())
            .collect();
        lengths.push(honest.len() + 16);
        for len in lengths {
            let mut shown = honest.clone();
            shown.resize(len, 0);
            twist(&firm.portal, content(object, shown));
            let refused = firm.read(object).await.err();
            assert_eq!(refused, Some(ClientError::Unreadable), "{len}");
        }
        untwist(&firm.portal);
        assert!(firm.read(object).await.unwrap() == bytes);
    });
}
