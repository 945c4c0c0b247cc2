//! A device that opens whatever it is given, as often as it is given it, answers the question how one thing
//! and another fail, and a server can ask a hundred thousand times. Ours tires: after [`MOST`] things in
//! one unlocking that did not open, the keys are locked, and the device keeps an alarm until somebody has
//! read it. Nobody else is told.

use minicbor::{Decode, Encode};

use super::Portal;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::ring::Ring;
use crate::crypto::cbor;
use crate::time::Timestamp;

/// With so many things that somebody wanted open and that did not verify, the keys lock.
pub const MOST: u32 = 10;

const ALARM: &str = "alarm";
/// The largest alarm.
pub const MAX_ALARM: usize = 64;

/// What did not open on this device before the keys were locked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AlarmV1 {
    /// How many things, since somebody read an alarm last.
    #[n(1)]
    pub count: u32,
    /// When the keys were first locked for it, by this device's clock.
    #[n(2)]
    pub first: Timestamp,
    /// When last.
    #[n(3)]
    pub last: Timestamp,
}

impl<H: Host> Portal<H> {
    /// Counts what somebody wanted to open with these keys, and what did not verify.
    ///
    /// # Errors
    /// What it came to; [`ClientError::Locked`] where it was one too many.
    pub(crate) async fn heed<T>(
        &self,
        ring: &Ring,
        outcome: Result<T, ClientError>,
    ) -> Result<T, ClientError> {
        // What is about signatures and places in the journal tells nothing of a key, and is not counted.
        let closed = matches!(outcome, Err(ClientError::NotVerified(Thing::Document | Thing::Key)));
        if !closed || !ring.tires(MOST) {
            return outcome;
        }
        self.keep_alarm(ring).await;
        Err(ClientError::Locked)
    }

    /// Keeps that the keys were locked, unless that is kept by now. Whoever found it may be gone before it is,
    /// with a page that was left: the next who comes keeps it, or waits until it is. A device that keeps
    /// nothing has locked the keys all the same.
    pub(crate) async fn keep_alarm(&self, ring: &Ring) {
        let _alone = self.host.lock(ALARM).await;
        if !ring.owes_alarm() {
            return;
        }
        // What is kept and does not open is said to whoever unlocks next: nothing is written over it.
        if let Ok(before) = self.kept_alarm().await {
            let now = self.host.now();
            let first = before.map_or(now, |alarm| alarm.first);
            let count = before.map_or(0, |alarm| alarm.count).saturating_add(MOST);
            let alarm = AlarmV1 { count, first, last: now };
            let _ = self.host.save(ALARM, &cbor::encode(&alarm)).await;
        }
        ring.alarm_is_kept();
    }

    async fn kept_alarm(&self) -> Result<Option<AlarmV1>, ClientError> {
        let Some(bytes) = self.host.load(ALARM).await? else { return Ok(None) };
        cbor::decode_strict(&bytes, MAX_ALARM).map(Some).map_err(|_| ClientError::Store)
    }

    /// The alarm that nobody has read yet; one that is just being kept is waited for.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn alarm(&self) -> Result<Option<AlarmV1>, ClientError> {
        let _alone = self.host.lock(ALARM).await;
        self.kept_alarm().await
    }

    /// Somebody has read it.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn alarm_was_read(&self) -> Result<(), ClientError> {
        let _alone = self.host.lock(ALARM).await;
        Ok(self.host.remove(ALARM).await?)
    }
}
