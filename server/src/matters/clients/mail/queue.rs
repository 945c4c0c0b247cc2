//! One mail on its way: tried, told about, and tried again.

use core::time::Duration;

use shared::ids::RecordId;
use shared::matters::mail::MailState;
use shared::time::Timestamp;

use super::message::Recipient;
use super::relay::Try;
use super::store;
use crate::state::AppState;

/// The longest wait between two tries.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// So often a waiting mail says that it is still there.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// Sends until the mail is taken, refused, or its code ends. Dropped with the process, and then forgotten.
pub(super) async fn run(app: AppState, record: RecordId, ends: Timestamp, to: Recipient) {
    let Some(relay) = &app.relay else { return };
    let (name, mut wait) = (relay.name(), relay.first_wait);
    for tries in 1.. {
        let came = relay.try_once(&to, &name, app.now()).await;
        let next = app.now().plus(millis(wait));
        let state = match came {
            Try::Sent => MailState::Sent,
            Try::Refused => MailState::Refused,
            Try::Later if next > ends => MailState::GaveUp,
            Try::Later => MailState::Waiting,
        };
        note(&app, record, (state, tries, next)).await;
        if state != MailState::Waiting {
            tracing::info!(?state, tries, "a mail with a code is done with");
            return;
        }
        pass(&app, record, (tries, next), wait).await;
        wait = wait.saturating_mul(2).min(LONGEST);
    }
}

async fn pass(app: &AppState, record: RecordId, (tries, next): (u32, Timestamp), wait: Duration) {
    let mut left = wait;
    while !left.is_zero() {
        let piece = left.min(HEARTBEAT);
        tokio::time::sleep(piece).await;
        left = left.saturating_sub(piece);
        note(app, record, (MailState::Waiting, tries, next)).await;
    }
}

// Whoever waits is told the last that could be written down, and that it is lost when nothing more comes.
async fn note(app: &AppState, record: RecordId, told: (MailState, u32, Timestamp)) {
    if let Err(error) = store::note(&app.db, record, told, app.now()).await {
        tracing::warn!(?error, "how a mail fares could not be written down");
    }
}

fn millis(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
}
