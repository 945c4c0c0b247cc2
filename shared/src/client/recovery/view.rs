//! Recovery as a person of the firm sees it: the seats, and what goes on.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::session::code;
use crate::client::Portal;
use crate::client::error::ClientError;
use crate::client::host::Host;
use crate::client::people;
use crate::client::ring::{Keys, Ring};
use crate::crypto::keys::{Caps, Kid};
use crate::ids::{AccountId, RecoveryId};
use crate::journal::ceremony::{Ceremony, HASTENERS, Outcome};
use crate::time::Timestamp;

/// A person whom recovery names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The person's keys.
    pub kid: Kid,
    /// The name, where it opens.
    pub name: Option<String>,
}

/// A share, and how it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareSeat {
    /// Its number.
    pub number: u8,
    /// Who holds it; none for a sheet.
    pub holder: Option<Named>,
    /// Whether the holder left the firm.
    pub vacant: bool,
    /// When it was last looked at.
    pub tested: Option<Timestamp>,
    /// Whether it is time to look at it.
    pub due: bool,
    /// Whether it is the caller's.
    pub mine: bool,
}

/// How far a recovery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Shares are missing.
    Asking,
    /// All are there, and it waits until then.
    Waiting(Timestamp),
    /// The seats can pass.
    Ready,
    /// They did.
    Passed,
    /// It was called off, or the shares are others by now.
    Over,
}

/// A recovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoverySeen {
    /// Which.
    pub session: RecoveryId,
    /// Who asked.
    pub by: Named,
    /// When.
    pub asked: Timestamp,
    /// The key that was lost.
    pub lost: Named,
    /// The new one.
    pub to: Named,
    /// Who gave which share.
    pub given: Vec<(u8, Named)>,
    /// How many it takes.
    pub threshold: u8,
    /// How many more must agree not to wait.
    pub to_hasten: usize,
    /// How far it is.
    pub stage: Stage,
    /// The twelve groups to compare.
    pub code: String,
    /// Whether the caller holds a share that was not given yet.
    pub can_approve: bool,
    /// Whether the caller may agree not to wait.
    pub can_hasten: bool,
    /// Whether the caller may call it off.
    pub can_cancel: bool,
    /// Whether it is this device's to end it.
    pub mine: bool,
    /// Whether the person comes back by sheets in their own hands, with nobody's session.
    pub by_sheets: bool,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecoveryView {
    /// How many shares give the key back; none while there are no shares.
    pub threshold: Option<u8>,
    /// When they were cut.
    pub since: Option<Timestamp>,
    /// The shares.
    pub seats: Vec<ShareSeat>,
    /// What goes on and what was, the newest first.
    pub sessions: Vec<RecoverySeen>,
    /// When a quorum made the firm's root anew, each time.
    pub rerooted: Vec<Timestamp>,
    /// How many shares are to be looked at before the founder's copy can go ([`Portal::forget_firm_keys`]).
    pub to_forget: usize,
}

impl<H: Host> Portal<H> {
    /// Recovery as it stands.
    ///
    /// # Errors
    /// When locked or unreachable, or the directory does not verify.
    pub async fn recovery(&self, ring: &Ring) -> Result<RecoveryView, ClientError> {
        self.sync_directory(ring).await?;
        self.enter_office(ring).await?;
        let now = self.host.now();
        let mut view = ring.with_mut(|keys| {
            let names = people::names(keys);
            view(keys, &names, now)
        })?;
        for seen in &mut view.sessions {
            seen.mine = seen.mine && self.keeps_session_key(seen.session).await?;
        }
        Ok(view)
    }
}

type Names = BTreeMap<AccountId, String>;

fn named(keys: &Keys, names: &Names, kid: Kid) -> Named {
    let member = keys.directory.member_by_kid(kid);
    Named { kid, name: member.and_then(|member| names.get(&member.account).cloned()) }
}

fn view(keys: &Keys, names: &Names, now: Timestamp) -> RecoveryView {
    let ceremonies = keys.directory.ceremonies();
    let Some((shares, since)) = ceremonies.shares() else { return RecoveryView::default() };
    let seats = shares.numbered().map(|(number, share)| {
        let holder = share.held.as_ref().map(|held| held.holder);
        ShareSeat {
            number,
            holder: holder.map(|kid| named(keys, names, kid)),
            vacant: holder.is_some_and(|kid| keys.directory.is_ended(kid)),
            tested: ceremonies.tested(number),
            due: ceremonies.due(number).is_some_and(|due| due <= now),
            mine: holder == Some(keys.kid),
        }
    });
    let mut sessions: Vec<RecoverySeen> =
        ceremonies.sessions().map(|one| seen(keys, names, one, now)).collect();
    sessions.sort_by_key(|one| core::cmp::Reverse(one.asked));
    let threshold = Some(shares.threshold);
    let (since, rerooted) = (Some(since), keys.directory.rerooted().collect());
    let to_forget = super::copy::to_forget(keys);
    RecoveryView { threshold, since, seats: seats.collect(), sessions, rerooted, to_forget }
}

fn seen(keys: &Keys, names: &Names, one: &Ceremony, now: Timestamp) -> RecoverySeen {
    let ceremonies = keys.directory.ceremonies();
    let me = keys.kid;
    let mine = ceremonies.shares().and_then(|(shares, _)| shares.held_by(me));
    let is_open = ceremonies.is_open(one);
    let may = |caps| keys.directory.member_by_kid(me).is_some_and(|member| member.may(caps));
    let officer = mine.is_some() || may(Caps::POLICY);
    let theirs = me == one.asked.to || me == one.asked.lost;
    let stage = match (one.outcome, one.ready(|kid| !keys.directory.is_ended(kid))) {
        (Some(Outcome::Passed(_)), _) => Stage::Passed,
        (Some(Outcome::Cancelled(_)), _) => Stage::Over,
        _ if !is_open => Stage::Over,
        (None, None) => Stage::Asking,
        (None, Some(ready)) if ready > now => Stage::Waiting(ready),
        (None, Some(_)) => Stage::Ready,
    };
    let given_mine = one.approvals.iter().any(|given| Some(given.act.number) == mine);
    let by_sheets = one.returning.is_some();
    let hastened = one.hastened.iter().filter(|kid| !keys.directory.is_ended(**kid)).count();
    let waits = matches!(stage, Stage::Asking | Stage::Waiting(_));
    let agreed = one.hastened.contains(&me) || one.approved_by(me) || one.by == me;
    RecoverySeen {
        session: one.asked.session,
        by: named(keys, names, one.by),
        asked: one.at.time,
        lost: named(keys, names, one.asked.lost),
        to: named(keys, names, one.asked.to),
        given: one
            .approvals
            .iter()
            .filter(|given| !keys.directory.is_ended(given.by))
            .map(|given| (given.act.number, named(keys, names, given.by)))
            .collect(),
        threshold: one.threshold,
        to_hasten: HASTENERS.saturating_sub(hastened),
        stage,
        code: code(one),
        can_approve: is_open && mine.is_some() && !given_mine && !theirs && !by_sheets,
        can_hasten: is_open && waits && officer && !agreed && !theirs && !by_sheets,
        can_cancel: is_open
            && (officer
                || me == one.by
                || me == one.asked.lost
                || may(Caps::ADMIT)
                || may(Caps::KEYS)),
        mine: me == one.by,
        by_sheets,
    }
}
