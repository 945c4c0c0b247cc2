//! Who may say what of recovery, and when.

use alloc::collections::BTreeSet;

use super::{Ceremonies, Ceremony, Checked, Facts, MOST_SHARES, Unfit, When};
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, Kid, Role};
use crate::crypto::wrapped::recipient_of;
use crate::ids::RecoveryId;
use crate::journal::recovery::{Approved, Requested, ShareTested, SharesNamed};
use crate::vuln;

pub(super) fn all(checks: &[(bool, &'static str)]) -> Checked {
    match checks.iter().find(|(holds, _)| !holds) {
        Some((_, why)) => Err(Unfit(why)),
        None => Ok(()),
    }
}

impl Ceremonies {
    fn open(&self, session: RecoveryId) -> Result<&Ceremony, Unfit> {
        let known = self.sessions.get(&session).filter(|one| self.is_open(one));
        known.ok_or(Unfit("There is no such recovery that goes on."))
    }

    /// Whether this person speaks for the firm in matters of recovery.
    fn is_officer(&self, kid: Kid, facts: &Facts) -> bool {
        let holds = self.shares.as_ref().is_some_and(|shares| shares.held_by(kid).is_some());
        facts.may(kid, Caps::POLICY) || (holds && facts.lawyer(kid))
    }

    pub(super) fn may_name(&self, named: &SharesNamed, is_root: bool, facts: &Facts) -> Checked {
        let before = self.shares.as_ref().map_or(0, |shares| shares.generation);
        let held = || named.shares.iter().filter_map(|one| one.held.as_ref());
        let holders: BTreeSet<Kid> = held().map(|held| held.holder).collect();
        let commitments: BTreeSet<Hash32> = named.shares.iter().map(|one| one.commitment).collect();
        let sealed = held().all(|one| recipient_of(&one.envelope) == Ok(one.holder));
        all(&[
            (is_root, "Only the firm root names shares."),
            (before.checked_add(1) == Some(named.generation), "Cuttings follow each other."),
            (facts.recovery == Some(named.recovery), "That is not the firm's recovery key."),
            (named.shares.len() <= MOST_SHARES, "There are too many shares."),
            (
                named.threshold >= 2 && usize::from(named.threshold) <= named.shares.len(),
                "It takes two shares at least, and not more than there are.",
            ),
            (commitments.len() == named.shares.len(), "Two shares are the same."),
            (holders.len() == held().count(), "Nobody holds two shares."),
            (holders.iter().all(|kid| facts.lawyer(*kid)), "A holder cannot be given a share."),
            (sealed, "A share is not sealed to its holder."),
            (recipient_of(&named.root) == Ok(named.recovery), "The root is sealed to another."),
        ])
    }

    /// Whether this person has this share to give: as its holder, or as a sheet.
    fn has(&self, number: u8, by: Kid, facts: &Facts) -> Checked {
        let share = self.shares.as_ref().and_then(|shares| shares.share(number));
        let share = share.ok_or(Unfit("There is no such share."))?;
        let theirs = share.held.as_ref().is_none_or(|held| held.holder == by) || vuln::a33();
        all(&[
            (facts.lawyer(by), "Administrators hold no shares."),
            (theirs, "The share is somebody else's."),
        ])
    }

    pub(super) fn may_test(&self, tested: ShareTested, by: Kid, facts: &Facts) -> Checked {
        let generation = self.shares.as_ref().map(|shares| shares.generation);
        all(&[(generation == Some(tested.generation), "The shares are others by now.")])?;
        self.has(tested.number, by, facts)
    }

    pub(super) fn may_ask(&self, asked: &Requested, by: Kid, at: &When, facts: &Facts) -> Checked {
        let shares = self.shares.as_ref().ok_or(Unfit("There are no shares yet."))?;
        let goes_on = |one: &Ceremony| self.is_open(one) && one.asked.lost == asked.lost;
        let key = &asked.key;
        let of_session = key.role == Role::Recovery
            && key.subject == asked.session.0
            && key.firm == facts.firm
            && key.kem.is_some();
        let lost = facts.people.get(&asked.lost).is_some_and(|one| one.opens);
        all(&[
            (facts.lawyer(by) && facts.may(by, Caps::GRANT), "The signer may not ask for it."),
            (shares.generation == asked.generation, "The shares are others by now."),
            (lost, "The key that was lost opened nothing."),
            (facts.receives(asked.to), "The new key is nobody's who can be given access."),
            (asked.lost != asked.to && asked.lost != by, "A key is not lost to itself."),
            (asked.to != by, "Nobody asks for themselves."),
            (of_session, "The key is not this recovery's."),
            (!self.sessions.contains_key(&asked.session), "The recovery was asked for before."),
            (!self.sessions.values().any(goes_on), "A recovery of this key goes on."),
            (at.is_told_alike() || vuln::a33(), "The device's clock is more than an hour off."),
        ])
    }

    pub(super) fn may_approve(&self, act: &Approved, by: Kid, at: &When, facts: &Facts) -> Checked {
        let one = self.open(act.session)?;
        self.has(act.number, by, facts)?;
        // Somebody else gives again what somebody gave who left since.
        let mut before = one.approvals.iter().filter(|given| given.act.number == act.number);
        let given = before.any(|given| facts.lawyer(given.by));
        all(&[
            (one.returning.is_none(), "This one has its shares."),
            (!given, "The share was given before."),
            (!one.hastened.contains(&by), "Whoever agreed not to wait gives no share."),
            (by != one.asked.to && by != one.asked.lost, "Nobody approves their own."),
            (recipient_of(&act.envelope) == Ok(one.asked.key.kid()), "Sealed to another."),
            (at.is_told_alike() || vuln::a33(), "The device's clock is more than an hour off."),
        ])
    }

    pub(super) fn may_hasten(&self, session: RecoveryId, by: Kid, facts: &Facts) -> Checked {
        let one = self.open(session)?;
        let apart = by != one.by && by != one.asked.to && by != one.asked.lost;
        all(&[
            // Nobody compared a code with whoever comes back by shares.
            (one.returning.is_none(), "This one waits."),
            (self.is_officer(by, facts), "Only officers agree not to wait."),
            (apart && !one.approved_by(by), "It takes others than those who asked or approved."),
            (!one.hastened.contains(&by), "That was said before."),
        ])
    }

    pub(super) fn may_cancel(&self, session: RecoveryId, by: Kid, facts: &Facts) -> Checked {
        let one = self.open(session)?;
        let theirs = by == one.by || by == one.asked.lost;
        let may = (theirs && facts.may(by, Caps::NONE))
            || self.is_officer(by, facts)
            || facts.may(by, Caps::ADMIT)
            || facts.may(by, Caps::KEYS);
        all(&[(may, "The signer may not say this.")])
    }

    pub(super) fn may_pass(
        &self,
        session: RecoveryId,
        is_root: bool,
        at: &When,
        facts: &Facts,
    ) -> Checked {
        let one = self.open(session)?;
        match one.returning {
            Some(_) => self.may_admit_returned(one, facts)?,
            None => all(&[
                (facts.lawyer(one.by) && facts.receives(one.asked.to), "Somebody left meanwhile."),
                (
                    facts.as_walled(one.asked.lost, one.asked.to),
                    "The walls before the lost key must stand before the new one first.",
                ),
            ])?,
        }
        // What somebody said who left since brings nobody anything.
        let agreed = one.agreed(|kid| facts.lawyer(kid));
        let hastened = one.is_hastened(|kid| self.is_officer(kid, facts));
        all(&[
            (is_root, "Seats pass by the firm root alone."),
            (agreed.is_some(), "There are too few shares."),
            (at.is_told_alike() || vuln::a33(), "The device's clock is more than an hour off."),
            (one.may_pass(at, agreed, hastened), "The time to wait is not over."),
        ])
    }
}
