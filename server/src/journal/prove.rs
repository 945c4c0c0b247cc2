//! Checkpoints and what hangs on them: that a tree grew out of an older one, that leaves stand in it, and
//! who of the firm cosigned it.

use shared::crypto::hash::Hash32;
use shared::journal::checkpoint::{Checkpoint, origin};
use shared::journal::cosignature::FRESH;
use shared::journal::wire::{Cosign, MAX_WITNESSED, Proof, Witnessed};
use shared::time::Timestamp;

use super::permit::Permit;
use super::policy::{self, Cosigned};
use super::store::cosignatures::{self, Line};
use super::store::{directory, nodes};
use crate::db::Conn;
use crate::error::{ApiError, Reply};
use crate::extract::caller::Caller;
use crate::state::AppState;

/// Most cosignatures that go out with one answer: a reader takes 32 signatures of a note at most.
const MOST_LINES: u32 = 24;

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
    let whole = nodes::size(conn).await?;
    let size = question.size.unwrap_or(whole);
    if size > whole || question.leaves.iter().any(|leaf| *leaf >= size) {
        return Err(ApiError::not_found());
    }
    let note = sign(app, &checkpoint(conn, size).await?)?;
    let consistency = since(conn, question.seen, size).await?;
    let mut inclusion = Vec::with_capacity(question.leaves.len());
    for leaf in question.leaves {
        inclusion.push(nodes::inclusion(conn, *leaf, size).await?);
    }
    Ok(Proof { note, consistency, inclusion, witnessed: Vec::new() })
}

/// What members of staff cosigned within [`FRESH`], each with the proof that the tree of this size grew out
/// of it. A client is shown those who sit at its matter, and learns of nobody else.
pub(super) async fn witnessed(
    conn: &mut Conn,
    app: &AppState,
    caller: &Caller,
) -> Reply<Vec<Witnessed>> {
    let size = nodes::size(conn).await?;
    let oldest = Timestamp(app.now().0.saturating_sub(FRESH));
    let lines = match caller {
        Caller::Staff { .. } => cosignatures::since(conn, oldest, MOST_LINES).await?,
        Caller::Client { matter, .. } => {
            cosignatures::since_at(conn, *matter, oldest, MOST_LINES).await?
        }
    };
    let mut witnessed = Vec::new();
    for same in lines.chunk_by(|a, b| a.size == b.size).take(MAX_WITNESSED) {
        let Some(Line { size: at, .. }) = same.first() else { continue };
        let mut note = sign(app, &checkpoint(conn, *at).await?)?;
        note.extend(same.iter().map(|one| one.line.as_str()));
        witnessed.push(Witnessed { note, consistency: since(conn, *at, size).await? });
    }
    Ok(witnessed)
}

/// A cosignature, checked against the checkpoint that this journal has of its size.
pub(super) async fn cosigned(
    conn: &mut Conn,
    app: &AppState,
    caller: &Caller,
    call: &Cosign,
) -> Reply<Permit<Cosigned>> {
    let firm = directory::firm(conn).await?.ok_or(ApiError::not_found())?;
    if call.size == 0 || call.size > nodes::size(conn).await? {
        return Err(ApiError::not_found());
    }
    let signer = match caller {
        Caller::Staff { account, .. } => directory::staff(conn, *account).await?,
        Caller::Client { .. } => None,
    };
    let checkpoint = checkpoint(conn, call.size).await?;
    policy::may_cosign(caller, signer.as_ref(), &firm, &checkpoint, &call.line, app.now())
}

/// What the firm's log says of the tree's first `size` leaves.
async fn checkpoint(conn: &mut Conn, size: u64) -> Reply<Checkpoint> {
    let firm = directory::firm(conn).await?.ok_or(ApiError::not_found())?;
    let root = nodes::root(conn, size).await?;
    Ok(Checkpoint { origin: origin(firm.fingerprint), size, root })
}

fn sign(app: &AppState, checkpoint: &Checkpoint) -> Reply<String> {
    checkpoint.sign(&app.secrets.log).map_err(ApiError::internal)
}

async fn since(conn: &mut Conn, seen: u64, size: u64) -> Reply<Vec<Hash32>> {
    if seen == 0 || seen >= size {
        return Ok(Vec::new());
    }
    Ok(nodes::consistency(conn, seen, size).await?)
}
