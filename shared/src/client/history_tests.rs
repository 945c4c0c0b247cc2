//! Who could read a matter on that day.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::*;
use crate::client::fold_firm::{Firm, NOW, Person};
use crate::crypto::keys::{Caps, Role};
use crate::ids::WallId;
use crate::journal::posts::{Placing, Post, Posted, WallLifted, WallRaised};
use crate::journal::statement::{EndKind, KeyringAct};
use crate::time::DAY;

const fn at(days: u64) -> Timestamp {
    Timestamp(NOW.0 + days * DAY)
}

fn on(firm: &Firm, room: &Room, day: u64) -> Vec<Kid> {
    let readers = could_read(room, &firm.directory, (at(day), Timestamp(at(day + 1).0 - 1)));
    readers.into_iter().map(|reader| reader.kid).collect()
}

/// An officer and a lawyer, who is let in on the second day.
fn house() -> (Firm, Person, Person, Room) {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let bo = firm.with(Role::Staff, Post::Lawyer.caps());
    let mut room = firm.room(&anna);
    firm.clock.set(at(2));
    assert!(firm.grant(&mut room, &anna, &bo.bundle));
    (firm, anna, bo, room)
}

#[test]
fn a_seat_begins_with_the_grant_and_ends_with_the_key() {
    let (firm, anna, bo, mut room) = house();
    let (a, b) = (anna.bundle.kid(), bo.bundle.kid());
    firm.clock.set(at(5));
    assert!(firm.rotate(&mut room, &anna, Some(&[b])));
    firm.clock.set(at(8));
    assert!(firm.grant(&mut room, &anna, &bo.bundle));
    for (day, bo_reads) in [(0, false), (1, false), (2, true), (4, true), (6, false), (8, true)] {
        let readers = on(&firm, &room, day);
        assert!(readers.contains(&a), "day {day}");
        assert_eq!(readers.contains(&b), bo_reads, "day {day}");
    }
    assert!(on(&firm, &room, 300).contains(&b));
    let day = (at(3), at(4));
    let told = could_read(&room, &firm.directory, day);
    let bo = told.iter().find(|reader| reader.kid == b).unwrap();
    assert_eq!((bo.since, bo.until), (at(2), Some(at(5))));
    assert_eq!(bo.who, Who::Colleague(None));
    let before = (Timestamp(0), Timestamp(NOW.0 - 1));
    assert_eq!(could_read(&room, &firm.directory, before), Vec::new());
}

#[test]
fn who_is_suspended_or_behind_a_wall_reads_nothing() {
    let (mut firm, anna, bo, room) = house();
    let b = bo.bundle.kid();
    firm.clock.set(at(4));
    let act = firm.ended(&bo, EndKind::Suspended);
    assert!(firm.act_by(&anna, &act));
    firm.clock.set(at(6));
    let act = firm.restored(&bo);
    assert!(firm.act_by(&anna, &act));
    firm.clock.set(at(8));
    let wall = WallId::random();
    let matter = firm.matter;
    let raised = WallRaised { wall, account: bo.account, kid: b, matter };
    assert!(firm.act_by(&anna, &KeyringAct::WallRaised(raised)));
    firm.clock.set(at(10));
    assert!(firm.act_by(&anna, &KeyringAct::WallLifted(WallLifted { wall, kid: b })));
    for (day, reads) in [(3, true), (5, false), (6, true), (7, true), (9, false), (10, true)] {
        assert_eq!(on(&firm, &room, day).contains(&b), reads, "day {day}");
    }
}

#[test]
fn a_contractor_reads_to_the_last_day() {
    let (mut firm, anna, bo, room) = house();
    let b = bo.bundle.kid();
    let placing = Placing { until: Some(at(5)), ..Placing::of(Post::Contractor) };
    let caps = Caps::NONE;
    let act = Posted { account: bo.account, kid: b, placing, caps };
    firm.clock.set(at(3));
    assert!(firm.act_by(&anna, &KeyringAct::Posted(act)));
    firm.clock.set(at(9));
    let longer = Placing { until: Some(at(20)), ..placing };
    assert!(firm.act_by(&anna, &KeyringAct::Posted(Posted { placing: longer, ..act })));
    for (day, reads) in [(4, true), (6, false), (8, false), (9, true), (19, true), (21, false)] {
        assert_eq!(on(&firm, &room, day).contains(&b), reads, "day {day}");
    }
}
