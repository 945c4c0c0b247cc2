//! What the firm decides for all its people and matters, beside which release it accepts: how long a session of
//! staff lasts, and its kinds of matter. The kinds themselves are for people: they travel sealed.

use minicbor::{Decode, Encode};

use crate::time::{DAY, HOUR, MINUTE, Timestamp};

/// How long somebody of staff stays signed in: the longest time without a touch, and the longest at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SessionRules {
    /// Minutes without a touch, after which the keys are locked.
    #[n(1)]
    pub idle_minutes: u32,
    /// Hours after which a session ends whatever somebody does.
    #[n(2)]
    pub absolute_hours: u32,
}

impl SessionRules {
    /// What holds where the firm said nothing.
    pub const DEFAULT: Self = Self { idle_minutes: 15, absolute_hours: 12 };
    /// Most minutes without a touch.
    pub const MOST_IDLE: u32 = 60;
    /// Most hours at all.
    pub const MOST_HOURS: u32 = 24;

    /// Whether it is one that a firm may give itself.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        (1..=Self::MOST_IDLE).contains(&self.idle_minutes)
            && (1..=Self::MOST_HOURS).contains(&self.absolute_hours)
    }

    /// The longest time without a touch, in milliseconds.
    #[must_use]
    pub fn idle(&self) -> u64 {
        u64::from(self.idle_minutes) * MINUTE
    }

    /// The longest time at all, in milliseconds.
    #[must_use]
    pub fn absolute(&self) -> u64 {
        u64::from(self.absolute_hours) * HOUR
    }

    /// Whether a session is over that was opened and used last at these instants.
    #[must_use]
    pub fn is_over(&self, opened: Timestamp, used: Timestamp, now: Timestamp) -> bool {
        used.is_before(now, self.idle()) || opened.is_before(now, self.absolute())
    }
}

/// What becomes of identity papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PaperRules {
    /// Days after a decision until the client's papers are shredded; none of them: at once.
    #[n(1)]
    pub days: u32,
}

impl PaperRules {
    /// What holds where the firm said nothing.
    pub const DEFAULT: Self = Self { days: 30 };
    /// Most days.
    pub const MOST: u32 = 3660;

    /// Whether it is one that a firm may give itself.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.days <= Self::MOST
    }

    /// When papers are shredded after a decision at this instant.
    #[must_use]
    pub fn shred(&self, decided: Timestamp) -> Timestamp {
        decided.plus(u64::from(self.days) * DAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn rules(idle_minutes: u32, absolute_hours: u32) -> SessionRules {
        SessionRules { idle_minutes, absolute_hours }
    }

    #[test]
    fn a_firm_gives_itself_at_most_an_hour_and_a_day() {
        assert!(SessionRules::DEFAULT.is_sound());
        for good in [(1, 1), (60, 24), (60, 1)] {
            assert!(rules(good.0, good.1).is_sound(), "{good:?}");
        }
        for bad in [(0, 12), (61, 12), (15, 0), (15, 25), (u32::MAX, 12)] {
            assert!(!rules(bad.0, bad.1).is_sound(), "{bad:?}");
        }
    }

    #[test]
    fn a_session_is_over_when_nobody_used_it_and_when_it_is_old() {
        let (start, rules) = (Timestamp(0), rules(5, 2));
        let at = |minutes: u64| Timestamp(minutes * MINUTE);
        assert!(!rules.is_over(start, start, at(5)));
        assert!(rules.is_over(start, start, Timestamp(5 * MINUTE + 1)));
        assert!(!rules.is_over(start, at(119), at(120)));
        assert!(rules.is_over(start, at(120), Timestamp(120 * MINUTE + 1)));
    }
}
