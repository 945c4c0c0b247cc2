//! What happens by itself: forgotten sessions, tries and uploads are removed, and so are sealed
//! parts that no row names.

use std::time::Duration;

use shared::time::{DAY, HOUR};

use crate::db::own;
use crate::error::Reply;
use crate::matters::papers;
use crate::state::AppState;

const EVERY: Duration = Duration::from_secs(60);
/// Rounds from one cleaning to the next; papers are shredded in each.
const ROUNDS: u32 = 10;
/// An upload that nobody continued for this long is given up.
const UPLOAD_KEPT: u64 = 30 * DAY;

/// Runs until it is dropped.
pub async fn run(app: AppState) {
    for round in (0..ROUNDS).cycle() {
        let done = if round == 0 { once(&app).await } else { shred(&app).await };
        if let Err(error) = done {
            tracing::warn!(?error, "clean-up failed; it is tried again later");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// One round of cleaning.
///
/// # Errors
/// When a store fails; the next round does what this one did not.
pub async fn once(app: &AppState) -> Reply<()> {
    let now = app.now();
    app.limits.tidy();
    let hour = (now.0 / HOUR).saturating_sub(1);
    own::clean(&app.db, now, hour, now.0.saturating_sub(UPLOAD_KEPT)).await?;
    shred(app).await?;
    let swept = crate::blob::sweep::run(&app.db, &app.blobs, now).await?;
    if swept > 0 {
        tracing::info!(swept, "removed {swept} sealed parts that nothing names");
    }
    Ok(())
}

/// Shreds the identity papers whose time is over.
///
/// # Errors
/// When a store fails; the next round does what this one did not.
pub async fn shred(app: &AppState) -> Reply<()> {
    let shredded = papers::job::run(&app.db, &app.blobs, app.now()).await?;
    if shredded > 0 {
        tracing::info!(shredded, "shredded {shredded} identity papers");
    }
    Ok(())
}
