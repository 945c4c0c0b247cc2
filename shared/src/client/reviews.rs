//! Reviews of who can open which matter: begun and ended by those who govern the firm, and done matter by
//! matter by those who sit there.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::Portal;
use super::directory::{Directory, Member};
use super::error::{ClientError, Thing};
use super::host::Host;
use super::matters::{self, Seat};
use super::posts::Spot;
use super::ring::{Keys, Ring};
use super::said::Speakers;
use super::{people, seats};
use crate::crypto::keys::{Caps, Kid};
use crate::crypto::signed::{Namespace, Signed};
use crate::ids::{AccountId, MatterId, ReviewId};
use crate::journal::anchor::Leaf;
use crate::journal::review::{Closed, Opened, ReviewAct, Reviewed};
use crate::journal::statement::Placed;
use crate::journal::stream::{Head, StreamId};
use crate::journal::wire::{Entry, From};
use crate::keys::wire::CountMatters;
use crate::time::Timestamp;
use crate::vuln;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Journal);

/// A review, verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewSeen {
    /// Which.
    pub review: ReviewId,
    /// Until when it is due.
    pub due: Timestamp,
    /// Who began it, and when, as they say.
    pub opened: (AccountId, Timestamp),
    /// Who ended it, and when, as they say.
    pub closed: Option<(AccountId, Timestamp)>,
    /// What was said of each matter last.
    pub matters: BTreeMap<MatterId, MatterReviewed>,
    /// All its statements, as they stand in the stream.
    pub statements: Vec<Vec<u8>>,
}

/// What was said of a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterReviewed {
    /// Who said it.
    pub by: AccountId,
    /// When, as they say.
    pub time: Timestamp,
    /// Who goes on having access.
    pub kept: Vec<Kid>,
    /// Whose access ended since the review began.
    pub ended: Vec<Kid>,
}

/// A matter of the caller's that is to be looked through.
pub struct ToReview {
    /// Which.
    pub matter: MatterId,
    /// What it is called, where that opens.
    pub title: Option<String>,
    /// Whose it is, where that opens.
    pub client: Option<String>,
    /// The staff who can open it.
    pub seats: Vec<Seat>,
}

/// All reviews, oldest first, as far as the stream was read.
struct Reading {
    all: Vec<ReviewSeen>,
    head: Head,
    speakers: Speakers,
}

impl<H: Host> Portal<H> {
    /// Begins a review of all matters.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] without the capability, or while one is open; otherwise as usual.
    pub async fn open_review(&self, ring: &Ring, due: Timestamp) -> Result<ReviewId, ClientError> {
        let open = self.open_now(ring).await?;
        if !ring.with(governs)? || open.is_some() {
            return Err(ClientError::Unfit);
        }
        let review = ReviewId::random();
        self.say_of_review(ring, ReviewAct::Opened(Opened { review, due })).await?;
        Ok(review)
    }

    /// Ends a review, whether or not every matter was looked through.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] without the capability, or when it is not open; otherwise as usual.
    pub async fn close_review(&self, ring: &Ring, review: ReviewId) -> Result<(), ClientError> {
        let open = self.open_now(ring).await?;
        if !ring.with(governs)? || open != Some(review) {
            return Err(ClientError::Unfit);
        }
        self.say_of_review(ring, ReviewAct::Closed(Closed { review })).await
    }

    async fn open_now(&self, ring: &Ring) -> Result<Option<ReviewId>, ClientError> {
        let last = self.reviews(ring).await?.pop();
        Ok(last.filter(|last| last.closed.is_none()).map(|last| last.review))
    }

    /// All reviews, oldest first. The last one may be open.
    ///
    /// # Errors
    /// When locked, unreachable, or the stream does not verify.
    pub async fn reviews(&self, ring: &Ring) -> Result<Vec<ReviewSeen>, ClientError> {
        self.sync_directory(ring).await?;
        let log = ring.with(|keys| keys.directory.log())?;
        let mut reading = Reading::new();
        loop {
            let from = From { stream: StreamId::Reviews, seq: reading.head.next };
            let page = self.page(&log, from, Thing::Journal).await?;
            for entry in &page.entries {
                ring.with(|keys| reading.take(&keys.directory, entry))??;
            }
            if !page.more {
                self.hold_speakers(ring, &[&reading.speakers], Thing::Journal).await?;
                self.remember_ends(log.firm, [(StreamId::Reviews, reading.head)]).await?;
                return Ok(reading.all);
            }
        }
    }

    /// How many matters there are to be looked through, by the server's word; `None` for those whom it does not
    /// tell.
    ///
    /// # Errors
    /// When unreachable.
    pub async fn matters_counted(&self, ring: &Ring) -> Result<Option<u64>, ClientError> {
        if !ring.with(governs)? {
            return Ok(None);
        }
        Ok(Some(self.call(&CountMatters {}).await?.matters))
    }

    /// The caller's matters of which nobody has said yet, in this review, who keeps access.
    ///
    /// # Errors
    /// As [`Portal::matters`].
    pub async fn to_review(
        &self,
        ring: &Ring,
        review: &ReviewSeen,
    ) -> Result<Vec<ToReview>, ClientError> {
        let may = |keys: &Keys| {
            keys.directory.member_by_kid(keys.kid).is_some_and(|me| me.may(Caps::GRANT))
        };
        if review.closed.is_some() || !ring.opens_matters()? || !ring.with(may)? {
            return Ok(Vec::new());
        }
        self.enter_office(ring).await?;
        let office = ring.with(Keys::office)?;
        let open = |matter: &MatterId| *matter != office && !review.matters.contains_key(matter);
        let listed = self.listed().await?.into_iter().map(|one| one.matter);
        let all: Vec<MatterId> = listed.filter(open).collect();
        self.sync_each(ring, &all).await?;
        ring.with_mut(|keys| {
            let names = people::names(keys);
            all.into_iter()
                .filter_map(|matter| {
                    let told = matters::describe(keys, matter).ok();
                    let room = keys.rooms.get(&matter)?;
                    let (mut seats, _) = seats::all(keys, room, &names);
                    seats.retain(|seat| seat.account.is_some());
                    let (title, client) = told.map(|told| (told.title, told.client)).unzip();
                    Some(ToReview { matter, title, client, seats })
                })
                .collect()
        })
    }

    /// Says who keeps access to a matter: first it is taken back from those named, one by one, then the list as
    /// it is afterwards is signed. What was cut off in the middle is done again and does nothing twice.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when the review is over; [`ClientError::StepUp`] where access is taken back; as
    /// [`Portal::take_access_back`]; refused when somebody was given access in that very moment.
    pub async fn review_matter(
        &self,
        ring: &Ring,
        review: &ReviewSeen,
        matter: MatterId,
        without: &[Kid],
    ) -> Result<(), ClientError> {
        if self.open_now(ring).await? != Some(review.review) {
            return Err(ClientError::Unfit);
        }
        for from in without {
            match self.take_access_back(ring, matter, *from).await {
                // It ended before.
                Ok(()) | Err(ClientError::Missing) => {}
                Err(error) => return Err(error),
            }
        }
        self.sync_rooms(ring, &[matter]).await?;
        let (kept, ended) = ring.with(|keys| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let staff = |kid: &Kid| keys.directory.member_by_kid(*kid).is_some();
            let mut kept: Vec<Kid> = room.seated().filter(staff).collect();
            let since = |time: Timestamp| time >= review.opened.1;
            let gone = room.unseated.iter().filter(|(kid, end)| {
                !room.is_seated(**kid) && (since(end.time) || without.contains(kid))
            });
            let mut ended: Vec<Kid> = gone.map(|(kid, _)| *kid).collect();
            kept.sort_by_key(|kid| kid.0);
            ended.sort_by_key(|kid| kid.0);
            Ok::<_, ClientError>((kept, ended))
        })??;
        let review = review.review;
        self.say_of_review(ring, ReviewAct::Reviewed(Reviewed { review, matter, kept, ended }))
            .await
    }

    async fn say_of_review(&self, ring: &Ring, act: ReviewAct) -> Result<(), ClientError> {
        let stream = StreamId::Reviews;
        self.append(ring, &[stream], |keys, pen| {
            let key = &keys.identity.signing;
            pen.write(Namespace::Review, stream, act.clone(), key, keys.kid).map(drop)
        })
        .await
        .map(drop)
    }
}

fn governs(keys: &Keys) -> bool {
    keys.directory.member_by_kid(keys.kid).is_some_and(|me| me.governs_at(u64::MAX))
}

impl Member {
    /// Whether the person governs the firm at this leaf.
    fn governs_at(&self, leaf: u64) -> bool {
        [Caps::ADMIT, Caps::KEYS, Caps::POLICY].into_iter().any(|cap| self.may_at(cap, leaf))
    }
}

impl Reading {
    fn new() -> Self {
        Self { all: Vec::new(), head: Head::EMPTY, speakers: Speakers::default() }
    }

    /// Takes the stream's next statement. Whether its signer sits at the matter, only those who sit there can
    /// tell; the list of somebody who does not is nobody's access.
    fn take(&mut self, directory: &Directory, entry: &Entry) -> Result<(), ClientError> {
        let bytes = &entry.statement.0;
        let signed = Signed::parse(bytes).map_err(|_| BROKEN)?;
        let signer = directory.member_by_kid(signed.signer()).ok_or(BROKEN)?;
        let key = signer.bundle.verify_key.ok_or(BROKEN)?;
        let body: Placed<ReviewAct> =
            signed.body_as(Namespace::Review, &key).map_err(|_| BROKEN)?;
        let fits = body.version == 1
            && body.place.stream == StreamId::Reviews
            && directory.counts(signed.signer(), &Spot::of(entry));
        if !fits {
            return Err(BROKEN);
        }
        let head = self.head.advance(&body.place, signed.digest()).map_err(|_| BROKEN)?;
        let (by, time) = (signer.account, body.place.time);
        let last = self.all.last_mut().filter(|last| last.closed.is_none());
        let governs = signer.governs_at(entry.leaf) || vuln::a28();
        match (body.act, last) {
            (ReviewAct::Opened(act), None) if governs => {
                if self.all.iter().any(|one| one.review == act.review) {
                    return Err(BROKEN);
                }
                let statements = alloc::vec![bytes.clone()];
                let Opened { review, due } = act;
                let (opened, closed, matters) = ((by, time), None, BTreeMap::new());
                self.all.push(ReviewSeen { review, due, opened, closed, matters, statements });
            }
            (ReviewAct::Reviewed(act), Some(open)) if open.review == act.review => {
                let there = Spot { matter: Some(act.matter), ..Spot::of(entry) };
                let may = signer.may_at(Caps::GRANT, entry.leaf)
                    && signer.bundle.kem.is_some()
                    && directory.counts(signed.signer(), &there);
                if !may || !act.is_sound(signed.signer()) {
                    return Err(BROKEN);
                }
                let Reviewed { matter, kept, ended, .. } = act;
                open.matters.insert(matter, MatterReviewed { by, time, kept, ended });
                open.statements.push(bytes.clone());
            }
            (ReviewAct::Closed(act), Some(open)) if governs && open.review == act.review => {
                open.closed = Some((by, time));
                open.statements.push(bytes.clone());
            }
            _ => return Err(BROKEN),
        }
        self.head = head;
        self.speakers.hear(signed.signer(), Leaf::of(entry), directory);
        Ok(())
    }
}

#[cfg(test)]
#[path = "reviews_tests.rs"]
mod tests;
