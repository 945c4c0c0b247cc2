//! Days that exist, and only those.

use alloc::string::ToString as _;

use proptest::prelude::*;

use crate::intake::value::{ApproxDate, Date};
use crate::time::Timestamp;

#[test]
fn a_day_that_does_not_exist_cannot_be_made() {
    let none = [
        (2026, 2, 29),
        (1900, 2, 29),
        (2100, 2, 29),
        (2024, 2, 30),
        (2026, 4, 31),
        (2026, 0, 1),
        (2026, 13, 1),
        (2026, 1, 0),
        (2026, 1, 32),
        (0, 1, 1),
        (10_000, 1, 1),
    ];
    for (year, month, day) in none {
        assert!(Date::new(year, month, day).is_none(), "{year}-{month}-{day}");
    }
    assert!(Date::new(2024, 2, 29).is_some() && Date::new(2000, 2, 29).is_some());
    assert!(ApproxDate::new(2026, None, Some(3)).is_none());
    assert!(ApproxDate::new(2026, Some(2), Some(29)).is_none());
    assert!(ApproxDate::new(2026, Some(13), None).is_none());
    assert!(ApproxDate::new(0, None, None).is_none());
}

#[test]
fn only_the_browsers_own_spelling_of_a_day_is_read() {
    assert!(Date::parse("2026-03-09") == Date::new(2026, 3, 9));
    for text in [
        "",
        "2026",
        "2026-3-9",
        "2026-03-09-01",
        "26-03-09",
        "2026-02-30",
        "+026-03-09",
        "2026-03-0x",
        " 2026-03-09",
        "09/03/2026",
    ] {
        assert!(Date::parse(text).is_none(), "{text}");
    }
}

#[test]
fn the_day_of_an_instant_depends_on_where_one_is() {
    let midnight = Timestamp(1_772_928_000_000); // 2026-03-08T00:00:00Z
    assert_eq!(Date::at(midnight, 0).to_string(), "2026-03-08");
    assert_eq!(Date::at(midnight, -1).to_string(), "2026-03-07");
    assert_eq!(Date::at(Timestamp(midnight.0 - 1), 0).to_string(), "2026-03-07");
    assert_eq!(Date::at(midnight, 14 * 60).to_string(), "2026-03-08");
    assert_eq!(Date::at(Timestamp(0), -60).to_string(), "1969-12-31");
    assert_eq!(Date::at(Timestamp(u64::MAX), 0).to_string(), "9999-12-31");
}

#[test]
fn days_count_without_gaps_through_all_years() {
    let mut date = Date::from_days(-719_162);
    assert_eq!(date.to_string(), "0001-01-01");
    for days in -719_161..=2_932_896 {
        let next = Date::from_days(days);
        assert!(next > date && next.days() == days);
        date = next;
    }
    assert_eq!(date.to_string(), "9999-12-31");
}

proptest! {
    #[test]
    fn reading_and_writing_a_day_agree(year in 1..=9999_u16, month in 1..=12_u8, day in 1..=31_u8) {
        if let Some(date) = Date::new(year, month, day) {
            prop_assert!(Date::parse(&date.to_string()) == Some(date));
            prop_assert!(Date::from_days(date.days()) == date);
            let exact = ApproxDate::new(year, Some(month), Some(day)).unwrap();
            prop_assert!(exact.earliest() == date && exact.to_string() == date.to_string());
        }
    }
}
