//! What hangs on a person, counted before their time with the firm ends.

use alloc::string::String;
use alloc::vec::Vec;

use super::error::ClientError;
use super::host::Host;
use super::matters;
use super::opened::Use;
use super::ring::{Keys, Ring};
use super::{Portal, invites};
use crate::crypto::keys::{Caps, Kid};
use crate::ids::MatterId;
use crate::keys::wire::{CountSeats, SeatsCounted};

/// A matter of somebody's where the caller sits as well.
pub struct Affected {
    /// Which.
    pub matter: MatterId,
    /// What it is called, where that opens.
    pub title: Option<String>,
    /// Whether the person still sits there, so that it gets a new key.
    pub sits: bool,
    /// Links to it that nobody used yet: they end with the new key.
    pub links: usize,
    /// What the person did there with what they opened, oldest first, as their own devices noted it.
    pub opened: Vec<Use>,
}

/// What hangs on a person.
pub struct Before {
    /// The matters of theirs that the caller sees.
    pub matters: Vec<Affected>,
    /// What the server counts, over all matters: its word alone, and only to those who may end somebody's time
    /// with the firm.
    pub told: Option<SeatsCounted>,
    /// Invitations of colleagues by them that nobody came by.
    pub offers: usize,
    /// Whether nobody else could admit people.
    pub last_to_admit: bool,
}

impl Before {
    /// How many matters get a new key, as far as anybody says.
    #[must_use]
    pub fn matters(&self) -> u64 {
        let seen = self.matters.iter().filter(|one| one.sits).count() as u64;
        self.told.map_or(seen, |told| told.matters.max(seen))
    }

    /// How many matters are left without a lawyer. Whoever sits at one sees that somebody does: so only the
    /// server can count those where nobody else sits.
    #[must_use]
    pub fn alone(&self) -> u64 {
        self.told.map_or(0, |told| told.alone)
    }

    /// How many of those the firm's recovery key opens neither: nobody would ever open them again. A colleague
    /// must be let in first, by the person who leaves.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.told.map_or(0, |told| told.lost)
    }
}

impl<H: Host> Portal<H> {
    /// What hangs on the person with these keys, with what they had opened as far as the caller sees it.
    ///
    /// # Errors
    /// [`ClientError::Missing`] when the keys are nobody's of this firm; otherwise as usual.
    pub async fn before_leaving(&self, ring: &Ring, kid: Kid) -> Result<Before, ClientError> {
        self.sync_directory(ring).await?;
        let told = self.seats_counted(ring, kid).await?;
        let matters = self.affected(ring, kid).await?;
        ring.with(|keys| {
            let offers = keys.directory.offers_of(kid).count();
            let last_to_admit = !keys.directory.others_admit(kid);
            Before { matters, told, offers, last_to_admit }
        })
    }

    /// What the server counts, for those whom it tells.
    pub(super) async fn seats_counted(
        &self,
        ring: &Ring,
        kid: Kid,
    ) -> Result<Option<SeatsCounted>, ClientError> {
        let (governs, account) = ring.with(|keys| {
            let me = keys.directory.member_by_kid(keys.kid);
            let governs = me.is_some_and(|me| me.may(Caps::ADMIT) || me.may(Caps::KEYS));
            let member = keys.directory.member_by_kid(kid).ok_or(ClientError::Missing)?;
            Ok::<_, ClientError>((governs, member.account))
        })??;
        if !governs {
            return Ok(None);
        }
        self.call(&CountSeats { account }).await.map(Some)
    }

    /// The matters where both sit, or where the person sat: what they had opened stays worth knowing.
    async fn affected(&self, ring: &Ring, kid: Kid) -> Result<Vec<Affected>, ClientError> {
        if !ring.opens_matters()? {
            return Ok(Vec::new());
        }
        let office = ring.with(Keys::office)?;
        let listed = self.listed().await?;
        let all: Vec<MatterId> =
            listed.iter().map(|one| one.matter).filter(|one| *one != office).collect();
        self.sync_each(ring, &all).await?;
        let theirs: Vec<MatterId> = ring.with(|keys| {
            let known = |matter: &&MatterId| {
                keys.rooms.get(*matter).is_some_and(|room| room.was_seated(kid))
            };
            all.iter().filter(known).copied().collect()
        })?;
        let mut uses = self.uses_of(ring, &theirs).await?;
        let now = self.host.now();
        ring.with_mut(|keys| {
            let mut affected = Vec::with_capacity(theirs.len());
            for matter in theirs {
                let title = matters::describe(keys, matter).ok().map(|told| told.title);
                let mut opened = uses.remove(&matter).unwrap_or_default();
                opened.retain(|one| one.by == kid);
                let room = keys.rooms.get(&matter);
                let sits = room.is_some_and(|room| room.is_seated(kid));
                let links = room.filter(|_| sits).map_or(0, |room| invites::open(room, now));
                affected.push(Affected { matter, title, sits, links, opened });
            }
            affected
        })
    }
}
