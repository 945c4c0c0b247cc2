//! Checkpoints and what hangs on them: that a tree grew out of an older one, that leaves stand in it, and
//! who of the firm cosigned it.

use shared::crypto::hash::Hash32;
use shared::crypto::keys::SigningKey;
use shared::journal::checkpoint::{Checkpoint, origin};
use shared::journal::cosignature::FRESH;
use shared::journal::tree;
use shared::journal::wire::{Cosign, MAX_WITNESSED, Proof, Witnessed};
use shared::time::Timestamp;

use super::permit::Permit;
use super::policy::{self, Cosigned};
use super::store::cosignatures::{self, Line};
use super::store::{directory, tiles};
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
    let Question { seen, leaves, size } = *question;
    let whole = tiles::size(conn).await?;
    let size = size.unwrap_or(whole);
    if size > whole || leaves.iter().any(|leaf| *leaf >= size) {
        return Err(ApiError::not_found());
    }
    let (root, consistency, inclusion) = tiles::compute(conn, |get| {
        let inclusion: Vec<_> =
            leaves.iter().map(|leaf| tree::inclusion(*leaf, size, &mut *get)).collect();
        (tree::root(size, &mut *get), tree::consistency(seen, size, &mut *get), inclusion)
    })
    .await?;
    let note = Notes::of(conn, app).await?.sign(size, root)?;
    Ok(Proof { note, consistency, inclusion, witnessed: Vec::new() })
}

/// What members of staff cosigned within [`FRESH`], each with the proof that the tree of this size grew out
/// of it. A client is shown those who sit at its matter, and learns of nobody else.
pub(super) async fn witnessed(
    conn: &mut Conn,
    app: &AppState,
    caller: &Caller,
) -> Reply<Vec<Witnessed>> {
    let size = tiles::size(conn).await?;
    let oldest = Timestamp(app.now().0.saturating_sub(FRESH));
    let lines = match caller {
        Caller::Staff { .. } => cosignatures::since(conn, oldest, MOST_LINES).await?,
        Caller::Client { matter, .. } => {
            cosignatures::since_at(conn, *matter, oldest, MOST_LINES).await?
        }
    };
    let each: Vec<&[Line]> = lines.chunk_by(|a, b| a.size == b.size).take(MAX_WITNESSED).collect();
    let sizes: Vec<u64> = each.iter().filter_map(|same| same.first()).map(|one| one.size).collect();
    let proofs = tiles::compute(conn, |get| {
        let one = |at: &u64| (tree::root(*at, &mut *get), tree::consistency(*at, size, &mut *get));
        sizes.iter().map(one).collect::<Vec<_>>()
    })
    .await?;
    let notes = Notes::of(conn, app).await?;
    let shown = sizes.iter().zip(each).zip(proofs).map(|((at, same), (root, consistency))| {
        let mut note = notes.sign(*at, root)?;
        note.extend(same.iter().map(|one| one.line.as_str()));
        Ok(Witnessed { note, consistency })
    });
    shown.collect()
}

/// A cosignature, checked against the checkpoint that this journal has of its size.
pub(super) async fn cosigned(
    conn: &mut Conn,
    app: &AppState,
    caller: &Caller,
    call: &Cosign,
) -> Reply<Permit<Cosigned>> {
    let firm = directory::firm(conn).await?.ok_or(ApiError::not_found())?;
    if call.size == 0 || call.size > tiles::size(conn).await? {
        return Err(ApiError::not_found());
    }
    let signer = match caller {
        Caller::Staff { account, .. } => directory::staff(conn, *account, app.now()).await?,
        Caller::Client { .. } => None,
    };
    let root = tiles::compute(conn, |get| tree::root(call.size, get)).await?;
    let checkpoint = Checkpoint { origin: origin(firm.fingerprint), size: call.size, root };
    policy::may_cosign(caller, signer.as_ref(), &firm, &checkpoint, &call.line, app.now())
}

/// The newest checkpoint, under the log's signature alone: who of the firm cosigned it, and so was at work,
/// is not for strangers.
pub(super) async fn newest(conn: &mut Conn, app: &AppState) -> Reply<String> {
    let size = tiles::size(conn).await?;
    let root = tiles::compute(conn, |get| tree::root(size, get)).await?;
    Notes::of(conn, app).await?.sign(size, root)
}

/// What signs checkpoints.
struct Notes<'a> {
    origin: String,
    log: &'a SigningKey,
}

impl<'a> Notes<'a> {
    async fn of(conn: &mut Conn, app: &'a AppState) -> Reply<Self> {
        let firm = directory::firm(conn).await?.ok_or(ApiError::not_found())?;
        Ok(Self { origin: origin(firm.fingerprint), log: &app.secrets.log })
    }

    fn sign(&self, size: u64, root: Hash32) -> Reply<String> {
        let checkpoint = Checkpoint { origin: self.origin.clone(), size, root };
        checkpoint.sign(self.log).map_err(ApiError::internal)
    }
}
