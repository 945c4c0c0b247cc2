//! The log as anybody may read it: the newest checkpoint and the tiles of the tree, as C2SP tlog-tiles has
//! them, below `/log/`. They tell how many statements there are, and nothing else: leaves are hashes
//! over a blind. Entries are not served, since they would give the blinds away.

use axum::extract::State;
use axum::http::{Uri, header};
use axum::response::IntoResponse;
use shared::journal::tile::TilePath;
use shared::problem::Code;

use super::prove;
use super::store::tiles;
use crate::error::{ApiError, Reply};
use crate::extract::caller::Stranger;
use crate::state::AppState;

/// Where the tiles are.
pub(super) const TILES: &str = "/log/tile/";

/// The newest checkpoint. It is never stored on the way: that is what every answer says by itself.
pub(super) async fn checkpoint(
    State(app): State<AppState>,
    _: Stranger,
) -> Reply<impl IntoResponse> {
    let mut read = app.db.read().await?;
    let note = prove::newest(&mut read, &app).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], note))
}

/// A tile, or the beginning of one. What is there never changes.
pub(super) async fn tile(
    State(app): State<AppState>,
    _: Stranger,
    uri: Uri,
) -> Reply<impl IntoResponse> {
    // As it was sent: a tile has one address, and no other spelling of it.
    let path = uri.path().strip_prefix(TILES).and_then(TilePath::parse);
    let TilePath { tile, width } = path
        .filter(|_| uri.query().is_none())
        .ok_or(ApiError::bad_request("This is not the address of a tile."))?;
    let mut read = app.db.read().await?;
    let hashes = tiles::beginning(&mut read, tile, width)
        .await?
        .ok_or(ApiError::new(Code::NotFound, "The log has no such tile."))?;
    let kept = "public, max-age=31536000, immutable";
    Ok((
        [(header::CONTENT_TYPE, "application/octet-stream"), (header::CACHE_CONTROL, kept)],
        hashes,
    ))
}
