//! What the keyring says of those whom an act of recovery asks about.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, Kid, VerifyKey};
use crate::ids::MatterId;

/// A person whom an act names, as the keyring has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether they can be given keys: lawyers can, administrators cannot.
    pub opens: bool,
    /// What they may; nothing once their time with the firm ended.
    pub caps: Caps,
    /// Whether they are with the firm.
    pub stands: bool,
    /// Whether their post is until a day, or for one matter.
    pub bound: bool,
    /// The matters that conflict walls keep them from.
    pub walls: BTreeSet<MatterId>,
}

/// What else is asked of the keyring for an act.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The firm.
    pub firm: Hash32,
    /// The recovery key.
    pub recovery: Option<Kid>,
    /// Every key that was the root; looked at where the root is made anew.
    pub roots: Vec<VerifyKey>,
    /// Those of [`Ceremonies::asks`] whom the firm knows.
    pub people: BTreeMap<Kid, Standing>,
}

impl Facts {
    /// A lawyer who is with the firm, without a last day and not for one matter alone.
    pub(super) fn lawyer(&self, kid: Kid) -> bool {
        self.receives(kid) && self.people.get(&kid).is_some_and(|one| !one.bound)
    }

    /// Somebody who is with the firm and can be given keys.
    pub(super) fn receives(&self, kid: Kid) -> bool {
        self.people.get(&kid).is_some_and(|one| one.stands && one.opens)
    }

    /// Whether every wall before the one stands before the other, too: who comes back comes back behind them.
    pub(super) fn as_walled(&self, lost: Kid, to: Kid) -> bool {
        let walls = |kid| self.people.get(&kid).map(|one| &one.walls);
        walls(lost).zip(walls(to)).is_some_and(|(lost, to)| lost.is_subset(to))
    }

    pub(super) fn may(&self, kid: Kid, caps: Caps) -> bool {
        self.people.get(&kid).is_some_and(|one| one.stands && one.caps.contains(caps))
    }
}
