//! The record of a review as a file: what was said in words, and the signed statements that say it.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::Portal;
use super::error::ClientError;
use super::export::index::rfc3339;
use super::host::Host;
use super::people::Person;
use super::reviews::{MatterReviewed, ReviewSeen};
use super::ring::Ring;
use crate::crypto::fingerprint;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::Kid;
use crate::encoding::B64;
use crate::ids::{AccountId, MatterId, ReviewId};
use crate::time::Timestamp;

#[derive(Serialize)]
struct Record {
    /// The fingerprint of the firm's root.
    firm: String,
    review: ReviewId,
    due: String,
    begun: Said,
    closed: Option<Said>,
    matters: Vec<Matter>,
    /// Every statement of the review (`USS1`), oldest first, in base64url: each names the one before it.
    statements: Vec<B64>,
}

#[derive(Serialize)]
struct Said {
    by: Option<Who>,
    at: String,
}

/// A person as the firm's own room and the server call them.
#[derive(Serialize)]
struct Who {
    name: Option<String>,
    sign_in_name: Option<String>,
}

#[derive(Serialize)]
struct Matter {
    matter: MatterId,
    reviewed: Said,
    keeps_access: Vec<Holder>,
    access_ended: Vec<Holder>,
}

#[derive(Serialize)]
struct Holder {
    person: Option<Who>,
    /// Of their keys.
    fingerprint: String,
}

impl<H: Host> Portal<H> {
    /// A review as JSON, with the names of the firm's people where the caller may read them. No matter is
    /// called by its name.
    ///
    /// # Errors
    /// As [`Portal::people`].
    pub async fn review_record(
        &self,
        ring: &Ring,
        review: &ReviewSeen,
    ) -> Result<Vec<u8>, ClientError> {
        let people = self.people(ring).await?;
        let firm = ring.fingerprint()?;
        let matters = review.matters.iter().map(|(matter, one)| of(*matter, one, &people));
        let record = Record {
            firm,
            review: review.review,
            due: rfc3339(review.due),
            begun: said(review.opened, &people),
            closed: review.closed.map(|closed| said(closed, &people)),
            matters: matters.collect(),
            statements: review.statements.iter().cloned().map(B64).collect(),
        };
        serde_json::to_vec_pretty(&record).map_err(|_| ClientError::Unfit)
    }
}

fn of(matter: MatterId, one: &MatterReviewed, people: &[Person]) -> Matter {
    let holder = |kid: &Kid| Holder {
        person: people.iter().find(|one| one.kid == *kid).map(who),
        fingerprint: fingerprint::digits(Hash32(kid.0)),
    };
    Matter {
        matter,
        reviewed: said((one.by, one.time), people),
        keeps_access: one.kept.iter().map(holder).collect(),
        access_ended: one.ended.iter().map(holder).collect(),
    }
}

fn said((account, time): (AccountId, Timestamp), people: &[Person]) -> Said {
    Said { by: people.iter().find(|one| one.account == account).map(who), at: rfc3339(time) }
}

fn who(person: &Person) -> Who {
    Who { name: person.name.clone(), sign_in_name: person.handle.clone() }
}
