//! Instants, as milliseconds since 1970-01-01T00:00:00Z. No clock lives in this crate: whoever
//! needs the time is given it.

/// An instant in milliseconds since the Unix epoch.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct Timestamp(#[n(0)] pub u64);

/// Milliseconds in a minute.
pub const MINUTE: u64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR: u64 = 60 * MINUTE;
/// Milliseconds in a day.
pub const DAY: u64 = 24 * HOUR;

impl Timestamp {
    /// This instant moved forward, saturating.
    #[must_use]
    pub const fn plus(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Whether the instant lies before `other` by more than `slack` milliseconds.
    #[must_use]
    pub const fn is_before(self, other: Self, slack: u64) -> bool {
        self.0.saturating_add(slack) < other.0
    }
}

/// The last moment of a day of the calendar, where clocks stand so many minutes east of Greenwich; `None` for a
/// day that does not exist, or lies before 1970.
#[must_use]
pub fn last_moment_of([day, month, year]: [u32; 3], east: i32) -> Option<Timestamp> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => return None,
    };
    if !(1..=days).contains(&day) || !(1970..=9999).contains(&year) {
        return None;
    }
    // Years begin in March: what a leap year adds stands last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let whole = year * 365 + year / 4 - year / 100 + year / 400;
    let days = i64::from(whole + (153 * month + 2) / 5 + day) - 719_469;
    let end = (days + 1) * i64::try_from(DAY).ok()? - i64::from(east) * 60_000 - 1;
    u64::try_from(end).ok().map(Timestamp)
}

/// Whoever knows the time. The product reads a real clock; a test can be any Tuesday.
pub trait Clock {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_where_its_clocks_stand() {
        let end = |day, month, year, east| last_moment_of([day, month, year], east).map(|at| at.0);
        assert_eq!(end(1, 1, 1970, 0), Some(DAY - 1));
        assert_eq!(end(22, 11, 2026, 0), Some(1_795_391_999_999));
        assert_eq!(end(22, 11, 2026, 60), Some(1_795_391_999_999 - HOUR));
        assert_eq!(end(29, 2, 2028, 0), Some(1_835_481_599_999));
        assert_eq!(end(31, 12, 1999, 0), Some(946_684_799_999));
        for (day, month, year) in
            [(29, 2, 2026), (29, 2, 2100), (31, 4, 2026), (0, 1, 2026), (1, 13, 2026), (1, 1, 1969)]
        {
            assert_eq!(end(day, month, year, 0), None, "{day} {month} {year}");
        }
    }
}
