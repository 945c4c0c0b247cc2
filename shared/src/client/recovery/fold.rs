//! What a device takes from the keyring of recovery, and what follows from it at a matter.

use crate::client::directory::{BROKEN, Directory};
use crate::client::error::ClientError;
use crate::client::held::{Grant, open, taken};
use crate::client::posts::Spot;
use crate::client::room::{BROKEN as NO_MATTER, Room};
use crate::crypto::keys::{Kid, PublicBundle, Role, VerifyKey};
use crate::crypto::signed::{Namespace, Signed};
use crate::journal::anchor::Leaf;
use crate::journal::ceremony::{Ceremonies, Facts, Standing, When};
use crate::journal::recovery::RecoveryAct;
use crate::journal::statement::{MatterAct, Placed};
use crate::journal::stream::Place;
use crate::journal::wire::Entry;
use crate::time::Timestamp;
use crate::vuln;

impl Directory {
    /// What was said of recovery.
    #[must_use]
    pub const fn ceremonies(&self) -> &Ceremonies {
        &self.ceremonies
    }

    /// Takes a statement of namespace 14, by the root or by somebody who is with the firm.
    pub(in crate::client) fn hear_of_recovery(
        &mut self,
        signed: &Signed,
        entry: &Entry,
    ) -> Result<(), ClientError> {
        let by = signed.signer();
        let spot = Spot::of(entry);
        let body: Placed<RecoveryAct> = self.read(signed, Namespace::Recovery, spot.time)?;
        let head = self.head.advance(&body.place, signed.digest()).map_err(|_| BROKEN)?;
        let facts = self.facts(&body.act, by, spot.time);
        let is_root = by == Kid::of_root(self.firm());
        let (time, leaf) = (body.place.time, entry.leaf);
        let at = When { time, arrived: Timestamp(entry.arrived), leaf };
        self.ceremonies.may(&body.act, (by, is_root), &at, &facts).map_err(|_| BROKEN)?;
        if let RecoveryAct::Rerooted(act) = &body.act {
            self.reroot(act, &entry.statement.0, (leaf, time))?;
        }
        self.ceremonies.take(body.act, by, signed.digest(), at);
        self.head = head;
        self.fresh += 1;
        Ok(())
    }

    /// What the keyring says, at this time, of those whom an act asks about.
    pub(in crate::client) fn facts(&self, act: &RecoveryAct, by: Kid, now: Timestamp) -> Facts {
        let standing = |kid: Kid| {
            let member = self.member_by_kid(kid)?;
            let stands = member.end().is_none() && !member.is_over(now);
            let (opens, caps) = (member.bundle.kem.is_some(), member.caps());
            let placing = member.placing();
            let bound = placing.until.is_some() || placing.matter.is_some();
            let walls = member.walls_now().map(|wall| wall.matter).collect();
            Some((kid, Standing { opens, caps, stands, bound, walls }))
        };
        let people = self.ceremonies.asks(act, by).into_iter().filter_map(standing).collect();
        let recovery = self.recovery().map(PublicBundle::kid);
        let roots = match act {
            RecoveryAct::Rerooted(_) => self.root_keys().copied().collect(),
            _ => Vec::new(),
        };
        Facts { firm: self.firm(), recovery, roots, people }
    }

    /// Takes the recovery key, which is named once: what was sealed to it, and cut of it, is worth nothing under
    /// another.
    pub(in crate::client) fn name_recovery(
        &mut self,
        bundle: PublicBundle,
    ) -> Result<(), ClientError> {
        let first = self.recovery.is_none() || vuln::a02() || vuln::a10();
        if bundle.role != Role::Recovery || !first {
            return Err(BROKEN);
        }
        self.recovery = Some(bundle);
        Ok(())
    }

    /// The key of whoever may have given a matter's key: a member, or the root, of which the newest is 0 and those
    /// before it count on.
    pub(in crate::client) fn grantor(&self, kid: Kid, root: usize) -> Option<VerifyKey> {
        if kid == Kid::of_root(self.firm()) {
            return self.root_keys().nth(root).copied();
        }
        self.member_by_kid(kid).and_then(|member| member.bundle.verify_key)
    }
}

impl Room {
    /// Takes what the root says at a matter: that a seat which was lost passes to its holder's new key, and
    /// nothing else.
    pub(in crate::client) fn pass_seat(
        &mut self,
        signed: &Signed,
        entry: &mut Entry,
        directory: &Directory,
    ) -> Result<Place, ClientError> {
        let body: Placed<MatterAct> =
            open(signed, Namespace::Matter, directory.root_key_at(entry.leaf))?;
        let (granted, papers) = match body.act {
            MatterAct::Granted(granted) => (granted, false),
            MatterAct::PapersGranted(granted) => (granted, true),
            _ => return Err(NO_MATTER),
        };
        let to = granted.recipient;
        let mut lost = directory.ceremonies.pass_to(to, entry.leaf);
        let spot = Spot::of_others(entry);
        let open = |kid| directory.member_by_kid(kid).is_some_and(|one| one.placed_at(&spot));
        let passes = lost.any(|lost| self.is_seated(lost) && open(lost)) || vuln::a33();
        let here = directory.member_by_kid(to).is_some() && directory.counts(to, &spot);
        if !passes || !here || granted.epoch as usize >= self.epochs.len() {
            return Err(NO_MATTER);
        }
        if papers {
            let by = (signed.signer(), body.place);
            return self.papers_granted(granted, by, entry, directory).map(|()| body.place);
        }
        // Whether it stood before a wall, or an end, is not the server's to say.
        self.speakers.hear(to, Leaf::of(entry), directory);
        let envelope = taken(&mut entry.attachments, granted.envelope_hash);
        self.index.seat(to);
        let (by, seq, time) = (signed.signer(), body.place.seq, body.place.time);
        self.grants.push(Grant { granted, envelope, by, seq, time });
        Ok(body.place)
    }
}
