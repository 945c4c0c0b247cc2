//! Checkpoints and what hangs on them: that a tree grew out of an older one, and that leaves stand in it.

use shared::journal::checkpoint::{Checkpoint, origin};
use shared::journal::wire::Proof;

use super::store::{directory, nodes};
use crate::db::Conn;
use crate::error::{ApiError, Reply};
use crate::state::AppState;

/// What a caller asks to have proven.
pub(super) struct Question<'a> {
    /// The size of the tree that the caller knows.
    pub(super) seen: u64,
    /// Leaves.
    pub(super) leaves: &'a [u64],
    /// The tree that is asked about; the present one if none.
    pub(super) size: Option<u64>,
}

/// The checkpoint of the tree, signed afresh (the same size and root make the same note), with its
/// proofs. Where the caller knows a larger tree than there is, nothing can be proven, and the note alone
/// goes out: it is the caller's evidence.
pub(super) async fn prove(
    conn: &mut Conn,
    app: &AppState,
    question: &Question<'_>,
) -> Reply<Proof> {
    let firm = directory::firm(conn).await?.ok_or(ApiError::not_found())?;
    let whole = nodes::size(conn).await?;
    let size = question.size.unwrap_or(whole);
    if size > whole || question.leaves.iter().any(|leaf| *leaf >= size) {
        return Err(ApiError::not_found());
    }
    let root = nodes::root(conn, size).await?;
    let note = Checkpoint { origin: origin(firm.fingerprint), size, root }
        .sign(&app.secrets.log)
        .map_err(ApiError::internal)?;
    let consistency = if question.seen == 0 || question.seen >= size {
        Vec::new()
    } else {
        nodes::consistency(conn, question.seen, size).await?
    };
    let mut inclusion = Vec::with_capacity(question.leaves.len());
    for leaf in question.leaves {
        inclusion.push(nodes::inclusion(conn, *leaf, size).await?);
    }
    Ok(Proof { note, consistency, inclusion })
}
