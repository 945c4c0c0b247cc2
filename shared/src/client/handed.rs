//! What clients handed in, as a list shows it.

use alloc::vec::Vec;

use super::room::{Room, Submission};
use super::standing::Standing;
use crate::crypto::keys::Kid;
use crate::ids::SubmissionId;
use crate::journal::statement::Decision;
use crate::time::Timestamp;

/// A submission in a list.
pub struct SubmissionState {
    /// Which.
    pub submission: SubmissionId,
    /// The key that sent it.
    pub client: Kid,
    /// When it arrived.
    pub arrived: Timestamp,
    /// What was decided, if anything.
    pub decision: Option<Decision>,
    /// Documents handed in with it.
    pub documents: usize,
    /// How surely the firm knows who sent it.
    pub standing: Standing,
    /// Whether it waits until the firm knows that well enough.
    pub waits: bool,
}

/// A matter's submissions, oldest first.
pub(super) fn states(room: &Room, now: Timestamp) -> Vec<SubmissionState> {
    let state = |submission: &Submission| SubmissionState {
        submission: submission.submitted.submission,
        client: submission.client,
        arrived: submission.arrived,
        decision: submission.decision,
        documents: submission.submitted.documents.len(),
        standing: room.standing(submission.client, now),
        waits: room.waits(submission),
    };
    let mut states: Vec<_> = room.submissions.values().map(state).collect();
    states.sort_by_key(|state| (state.arrived, state.submission));
    states
}
