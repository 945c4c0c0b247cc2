//! What a device takes of reviews, and from whom.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::*;
use crate::client::fold_firm::{Firm, NOW, Person};
use crate::client::pen::Pen;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::Role;
use crate::encoding::B64;

const REVIEW: ReviewId = ReviewId([1; 16]);
const MATTER: MatterId = MatterId([2; 16]);

fn said(by: &Person, namespace: Namespace, stream: StreamId, act: ReviewAct, head: Head) -> Entry {
    let (key, kid) = by.signer();
    let mut pen = Pen::new(NOW, [(stream, head)]);
    let statement = pen.write(namespace, stream, act, key, kid).unwrap().as_bytes().to_vec();
    let (statement, blind, attachments) = (B64(statement), Hash32([0; 32]), Vec::new());
    Entry { statement, leaf: 9, blind, arrived: 0, attachments }
}

fn opened(review: ReviewId) -> ReviewAct {
    ReviewAct::Opened(Opened { review, due: NOW.plus(1) })
}

fn looked(by: &Person, review: ReviewId) -> ReviewAct {
    let (kept, ended) = (alloc::vec![by.bundle.kid()], Vec::new());
    ReviewAct::Reviewed(Reviewed { review, matter: MATTER, kept, ended })
}

fn closed(review: ReviewId) -> ReviewAct {
    ReviewAct::Closed(Closed { review })
}

/// Two people, and what a device made of what they said.
struct Scene {
    firm: Firm,
    /// Governs, and opens nothing.
    ada: Person,
    /// Gives and takes access, and governs nothing.
    bo: Person,
    reading: Reading,
}

impl Scene {
    fn new() -> Self {
        let mut firm = Firm::new();
        let ada = firm.with(Role::Admin, Caps::ADMIT);
        let bo = firm.with(Role::Staff, Caps::GRANT | Caps::MATTERS);
        Self { firm, ada, bo, reading: Reading::new() }
    }

    fn says(&mut self, by: fn(&Self) -> &Person, act: ReviewAct) -> bool {
        let stream = StreamId::Reviews;
        let entry = said(by(self), Namespace::Review, stream, act, self.reading.head);
        self.reading.take(&self.firm.directory, &entry).is_ok()
    }
}

fn ada(scene: &Scene) -> &Person {
    &scene.ada
}

fn bo(scene: &Scene) -> &Person {
    &scene.bo
}

#[test]
fn a_review_is_begun_done_and_ended_by_those_who_may() {
    let mut scene = Scene::new();
    let of_bo = looked(&scene.bo, REVIEW);
    let of_ada = looked(&scene.ada, REVIEW);
    assert!(!scene.says(bo, opened(REVIEW)), "a lawyer begins none");
    assert!(!scene.says(bo, of_bo.clone()), "nothing is open");
    assert!(!scene.says(ada, closed(REVIEW)), "nothing is open");
    assert!(scene.says(ada, opened(REVIEW)));
    assert!(!scene.says(ada, opened(ReviewId([3; 16]))), "one at a time");
    assert!(!scene.says(ada, of_ada), "who holds no key looks nothing through");
    let other = looked(&scene.bo, ReviewId([3; 16]));
    assert!(!scene.says(bo, other), "another one");
    let kept = alloc::vec![scene.ada.bundle.kid()];
    let without = Reviewed { review: REVIEW, matter: MATTER, kept, ended: Vec::new() };
    assert!(!scene.says(bo, ReviewAct::Reviewed(without)), "nobody leaves themselves out");
    assert!(scene.says(bo, of_bo.clone()));
    assert!(scene.says(bo, of_bo.clone()), "a second look");
    assert!(!scene.says(bo, closed(REVIEW)), "a lawyer ends none");
    assert!(scene.says(ada, closed(REVIEW)));
    assert!(!scene.says(bo, of_bo), "it is over");
    assert!(!scene.says(ada, opened(REVIEW)), "not under the same name again");
    assert!(scene.says(ada, opened(ReviewId([3; 16]))));
    let [first, second] = scene.reading.all.as_slice() else { panic!("two reviews") };
    assert_eq!(first.closed.map(|(by, _)| by), Some(scene.ada.account));
    assert_eq!(first.matters[&MATTER].by, scene.bo.account);
    assert_eq!(first.statements.len(), 4);
    assert!(second.closed.is_none() && second.matters.is_empty());
}

#[test]
fn it_stands_in_its_own_stream_under_its_own_number_and_in_order() {
    let mut scene = Scene::new();
    let head = Head::EMPTY;
    let stream = StreamId::Reviews;
    for entry in [
        said(&scene.ada, Namespace::Policy, stream, opened(REVIEW), head),
        said(&scene.ada, Namespace::Review, StreamId::Policy, opened(REVIEW), head),
        said(&scene.ada, Namespace::Review, stream, opened(REVIEW), Head { next: 1, ..head }),
        said(
            &scene.firm.person(AccountId::random(), Role::Admin, Caps::ADMIT),
            Namespace::Review,
            stream,
            opened(REVIEW),
            head,
        ),
    ] {
        assert_eq!(scene.reading.take(&scene.firm.directory, &entry), Err(BROKEN));
    }
    assert!(scene.says(ada, opened(REVIEW)));
}
