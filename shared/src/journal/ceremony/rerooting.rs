//! The root made anew: by the root of before and a quorum of the shares that count. Who has the root can name other
//! shares first, and everybody sees that.

use super::rules::all;
use super::{Ceremonies, Checked, Facts, Unfit, When};
use crate::journal::reroot::{Rerooted, saying};
use crate::vuln;

impl Ceremonies {
    pub(super) fn may_reroot(
        &self,
        act: &Rerooted,
        is_root: bool,
        at: &When,
        facts: &Facts,
    ) -> Checked {
        let shares = self.shares.as_ref().ok_or(Unfit("There are no shares yet."))?;
        let by = act.by_quorum().map_err(|_| Unfit("Nothing says who makes the root anew."))?;
        let what = saying(&act.root, &by.shares);
        let speak = shares.say(facts.firm, &by.words, what) || vuln::a02();
        all(&[
            (is_root, "Only the root of before gives way to a new one."),
            (shares.generation == by.generation || vuln::a02(), "The shares are others by now."),
            (speak, "Too few shares speak, or they are others."),
            (!facts.roots.contains(&act.root), "That key was the root before."),
            (act.is_proven(facts.firm), "The new root does not show that it is there."),
            (at.is_told_alike(), "The device's clock is more than an hour off."),
        ])?;
        self.may_name(&by.shares, is_root, facts)
    }
}
