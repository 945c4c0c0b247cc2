//! Who decides for the firm, and what a device takes from whom.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::*;
use crate::client::fold_firm::{Firm, NOW, Person};
use crate::client::pen::Pen;
use crate::crypto::keys::{Role, SigningKey};
use crate::encoding::B64;
use crate::journal::release::AcceptedRelease;

fn said(by: &Person, stream: StreamId, namespace: Namespace, head: Head, act: PolicyAct) -> Entry {
    let (key, kid) = by.signer();
    let mut pen = Pen::new(NOW, [(stream, head)]);
    let statement = pen.write(namespace, stream, act, key, kid).unwrap().as_bytes().to_vec();
    let (statement, blind, attachments) = (B64(statement), Hash32([0; 32]), Vec::new());
    Entry { statement, leaf: 9, blind, arrived: 0, attachments }
}

fn accepted() -> PolicyAct {
    let key = SigningKey::generate().public();
    PolicyAct::ReleaseAccepted(AcceptedRelease { key, release: Hash32([4; 32]) })
}

const fn sessions(idle_minutes: u32) -> PolicyAct {
    PolicyAct::Sessions(SessionRules { idle_minutes, absolute_hours: 8 })
}

fn kinds() -> PolicyAct {
    PolicyAct::Kinds(RecordRef { record: RecordId([5; 16]), epoch: 0, hash: Hash32([6; 32]) })
}

#[test]
fn a_device_takes_policy_from_those_who_decide_for_the_firm_alone() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::POLICY);
    let bo = firm.with(Role::Staff, Caps(Caps::ALL.0 & !Caps::POLICY.0));
    let stranger = firm.person(AccountId::random(), Role::Staff, Caps::ALL);
    let policy = (StreamId::Policy, Namespace::Policy);
    for act in [accepted, || sessions(5), kinds] {
        let mut reading = Reading::new();
        for (by, (stream, namespace)) in [
            (&bo, policy),
            (&stranger, policy),
            (&anna, (StreamId::Forms, Namespace::Policy)),
            (&anna, (StreamId::Policy, Namespace::Form)),
        ] {
            let statement = said(by, stream, namespace, reading.head, act());
            assert_eq!(reading.take(&firm.directory, &statement), Err(BROKEN));
        }
        let first = said(&anna, StreamId::Policy, Namespace::Policy, reading.head, act());
        reading.take(&firm.directory, &first).unwrap();
        // Neither again, nor with a gap.
        assert_eq!(reading.take(&firm.directory, &first), Err(BROKEN));
        let far = Head { next: 2, ..reading.head };
        let third = said(&anna, StreamId::Policy, Namespace::Policy, far, act());
        assert_eq!(reading.take(&firm.directory, &third), Err(BROKEN));
        assert_eq!(reading.head.next, 1);
    }
}

#[test]
fn the_newest_of_each_holds_and_one_beyond_the_bounds_breaks_the_stream() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::POLICY);
    let mut reading = Reading::new();
    for act in [sessions(5), accepted(), sessions(10), kinds(), accepted()] {
        let next = said(&anna, StreamId::Policy, Namespace::Policy, reading.head, act);
        reading.take(&firm.directory, &next).unwrap();
    }
    assert_eq!(reading.sessions.as_ref().unwrap().what.idle_minutes, 10);
    assert_eq!(reading.sessions.as_ref().unwrap().by, anna.account);
    assert_eq!(reading.releases.len(), 2);
    assert!(reading.kinds.is_some());
    let long = said(&anna, StreamId::Policy, Namespace::Policy, reading.head, sessions(61));
    assert_eq!(reading.take(&firm.directory, &long), Err(BROKEN));
    assert_eq!(reading.sessions.unwrap().what.idle_minutes, 10);
}
