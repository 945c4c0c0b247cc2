//! What a device makes of posts, walls and duties: who may say them, from where on they count, and that
//! nobody's earlier word falls with them.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::*;
use crate::client::fold_firm::{Firm, NOW, Person};
use crate::client::room::Room;
use crate::client::said::Doubt;
use crate::crypto::keys::Role;
use crate::ids::{AccountId, EnrolmentId};
use crate::journal::statement::{EndKind, KeyringAct};
use crate::time::DAY;

fn posted(person: &Person, placing: impl Into<Placing>) -> KeyringAct {
    let placing = placing.into();
    let caps = placing.post.caps();
    KeyringAct::Posted(Posted { account: person.account, kid: person.bundle.kid(), placing, caps })
}

fn until(post: Post, until: Timestamp) -> Placing {
    Placing { until: Some(until), ..Placing::of(post) }
}

fn third(matter: MatterId) -> Placing {
    Placing { matter: Some(matter), ..Placing::of(Post::ThirdParty) }
}

fn wall(person: &Person, matter: MatterId) -> WallRaised {
    let (wall, account) = (WallId::random(), person.account);
    WallRaised { wall, account, kid: person.bundle.kid(), matter }
}

/// An officer, an administrator and two lawyers.
struct House {
    firm: Firm,
    anna: Person,
    ada: Person,
    bo: Person,
    cy: Person,
}

impl House {
    fn new() -> Self {
        let mut firm = Firm::new();
        let anna = firm.with(Role::Staff, Caps::ALL);
        let ada = firm.with(Role::Admin, Post::Administrator.caps());
        let bo = firm.with(Role::Staff, Post::Lawyer.caps());
        let cy = firm.with(Role::Staff, Post::Lawyer.caps());
        Self { firm, anna, ada, bo, cy }
    }

    fn member(&self, person: &Person) -> &Member {
        self.firm.directory.member_by_kid(person.bundle.kid()).unwrap()
    }

    fn room_with(&self, people: &[&Person]) -> Room {
        let mut room = self.firm.room(&self.anna);
        for person in people {
            assert!(self.firm.grant(&mut room, &self.anna, &person.bundle));
        }
        room
    }
}

#[test]
fn a_post_is_said_by_those_who_govern_and_never_of_oneself() {
    let mut house = House::new();
    let House { firm, anna, ada, bo, cy } = &mut house;
    assert!(!firm.act_by(cy, &posted(bo, Post::Paralegal)), "a lawyer");
    assert!(!firm.act_by(ada, &posted(ada, Post::Auditor)), "oneself");
    assert!(!firm.act_by(ada, &posted(bo, Post::Administrator)), "keys that open");
    assert!(!firm.act_by(anna, &posted(ada, Post::Lawyer)), "keys that do not");
    let KeyringAct::Posted(act) = posted(bo, Post::Paralegal) else { unreachable!() };
    let more = Posted { caps: Post::Lawyer.caps(), ..act };
    assert!(!firm.act_by(ada, &KeyringAct::Posted(more)), "more than the post may");
    let other = Posted { account: AccountId::random(), ..act };
    assert!(!firm.act_by(ada, &KeyringAct::Posted(other)), "under another name");
    let bounds = [
        Placing::of(Post::Contractor),
        Placing::of(Post::ThirdParty),
        third(firm.directory.root().office),
        Placing { matter: Some(firm.matter), ..Placing::of(Post::Lawyer) },
    ];
    for odd in bounds {
        assert!(!firm.act_by(ada, &posted(bo, odd)), "{odd:?}");
    }
    assert!(firm.act_by(ada, &posted(bo, Post::Paralegal)));
    assert!(firm.act_by(anna, &posted(cy, third(firm.matter))));
    assert!(firm.act(posted(bo, Post::Lawyer)), "the root");
    assert_eq!(house.member(&house.bo).placing().post, Post::Lawyer);
    let placing = house.member(&house.cy).placing();
    assert_eq!((placing.post, placing.matter), (Post::ThirdParty, Some(house.firm.matter)));
}

#[test]
fn officers_are_made_and_unmade_by_officers() {
    let mut house = House::new();
    let House { firm, anna, ada, bo, cy } = &mut house;
    assert!(!firm.act_by(ada, &posted(bo, Post::Officer)));
    assert!(!firm.act_by(ada, &posted(anna, Post::Lawyer)));
    let newcomer = firm.person(AccountId::random(), Role::Staff, Caps::ALL);
    let offer = KeyringAct::Invited(newcomer.offered(EnrolmentId::random()));
    assert!(!firm.act_by(ada, &offer), "nor by a link");
    assert!(firm.act_by(anna, &offer));
    assert!(firm.act_by(anna, &posted(bo, Post::Officer)));
    assert!(firm.act_by(bo, &posted(anna, Post::Lawyer)));
    assert!(!firm.act_by(anna, &posted(cy, Post::Paralegal)), "from there on she may not");
    assert!(firm.act_by(bo, &posted(anna, Post::Officer)));
    assert!(firm.act_by(anna, &posted(cy, Post::Paralegal)));
}

#[test]
fn somebody_who_admits_stays() {
    let mut house = House::new();
    let House { firm, anna, ada, .. } = &mut house;
    assert!(firm.act_by(anna, &posted(ada, Post::Auditor)));
    assert!(!firm.act(posted(anna, Post::Lawyer)), "nobody would admit");
    assert!(firm.act(posted(ada, Post::Administrator)));
    assert!(firm.act(posted(anna, Post::Lawyer)));
    // One whose time ends by itself does not count.
    let later = until(Post::Administrator, NOW.plus(DAY));
    assert!(!firm.act(posted(ada, later)));
    assert!(firm.act(posted(anna, Post::Officer)) && firm.act(posted(ada, later)));
    let act = firm.ended(anna, EndKind::Left);
    assert!(!firm.act(act), "ada's time ends by itself");
}

#[test]
fn what_somebody_signed_is_judged_by_the_post_that_they_had_there() {
    let mut house = House::new();
    let mut room = house.room_with(&[&house.bo]);
    let before = house.firm.leaf.get();
    assert!(house.firm.grant(&mut room, &house.bo, &house.cy.bundle), "a lawyer shares");
    let House { firm, ada, bo, .. } = &mut house;
    assert!(firm.act_by(ada, &posted(bo, Post::Paralegal)));
    let after = firm.leaf.get();
    let dee = firm.with(Role::Staff, Post::Lawyer.caps());
    assert!(!firm.grant(&mut room, bo, &dee.bundle), "a paralegal does not");
    assert!(firm.file(&mut room, bo, None), "and works on");
    let member = house.member(&house.bo);
    assert!(member.may_at(Caps::GRANT, before) && !member.may_at(Caps::GRANT, after));
    // Read anew by a device that knows of it, what was said before stands, and needs its proof.
    let Doubt::Unproven(leaves) = room.speakers.doubt(&house.firm.directory) else { panic!() };
    assert_eq!(leaves.iter().map(|leaf| leaf.index).collect::<Vec<_>>(), [before]);
    // Back again: what was said between stays what it was.
    assert!(house.firm.act_by(&house.ada, &posted(&house.bo, Post::Lawyer)));
    let member = house.member(&house.bo);
    assert!(!member.may_at(Caps::GRANT, after) && member.may(Caps::GRANT));
}

#[test]
fn what_was_folded_before_a_post_was_known_is_read_anew() {
    let mut house = House::new();
    let mut room = house.room_with(&[&house.bo]);
    // The server shows the room before it shows the post: the leaf of what bo says stands behind the post's.
    let post = house.firm.leaf.get();
    house.firm.leaf.set(post + 1);
    assert!(house.firm.file(&mut room, &house.bo, None));
    house.firm.leaf.set(post);
    assert!(house.firm.act_by(&house.ada, &posted(&house.bo, Post::Paralegal)));
    assert!(matches!(room.speakers.doubt(&house.firm.directory), Doubt::Anew));
}

#[test]
fn a_contractor_s_time_ends_by_itself() {
    let mut house = House::new();
    let last = NOW.plus(DAY);
    assert!(house.firm.act_by(&house.ada, &posted(&house.bo, until(Post::Contractor, last))));
    let mut room = house.room_with(&[&house.bo]);
    let House { firm, anna, ada, bo, .. } = &mut house;
    assert!(firm.file_at(&mut room, bo, last), "to the last moment");
    assert!(!firm.file_at(&mut room, bo, last.plus(1)));
    let (kid, matter) = (bo.bundle.kid(), firm.matter);
    firm.directory.now = last;
    assert!(
        firm.directory.recipient(kid, matter).is_ok() && !firm.directory.must_leave(kid, matter)
    );
    firm.directory.now = last.plus(1);
    assert!(firm.directory.is_ended(kid) && firm.directory.must_leave(kid, matter));
    assert_eq!(firm.directory.recipient(kid, matter).err(), Some(ClientError::Unfit));
    // The office as well: whoever is gone sits nowhere.
    assert!(firm.directory.must_leave(kid, firm.directory.root().office));
    // Longer, said by somebody who may: what was refused between stays so.
    assert!(firm.act_by(ada, &posted(bo, until(Post::Contractor, last.plus(9 * DAY)))));
    assert!(firm.directory.recipient(kid, matter).is_ok());
    assert!(!firm.grant(&mut room, bo, &anna.bundle), "and may not more than before");
    assert!(firm.file_at(&mut room, bo, last.plus(DAY)));
}

#[test]
fn a_third_party_sits_at_one_matter() {
    let mut house = House::new();
    let other = MatterId::random();
    let office = house.firm.directory.root().office;
    assert!(house.firm.act_by(&house.ada, &posted(&house.bo, third(other))));
    let kid = house.bo.bundle.kid();
    let directory = &house.firm.directory;
    assert!(directory.recipient(kid, other).is_ok());
    assert_eq!(directory.recipient(kid, house.firm.matter).err(), Some(ClientError::KeptFrom));
    assert_eq!(directory.recipient(kid, office).err(), Some(ClientError::KeptFrom));
    let mut room = house.firm.room(&house.anna);
    assert!(!house.firm.grant(&mut room, &house.anna, &house.bo.bundle), "a reader refuses");
    // Who sat there before must leave.
    let room = house.room_with(&[&house.cy]);
    assert!(house.firm.act_by(&house.ada, &posted(&house.cy, third(other))));
    assert!(room.is_seated(house.cy.bundle.kid()));
    assert!(house.firm.directory.must_leave(house.cy.bundle.kid(), house.firm.matter));
}

#[test]
fn nobody_behind_a_wall_is_given_a_key_or_heard() {
    let mut house = House::new();
    let mut room = house.room_with(&[&house.bo]);
    assert!(house.firm.file(&mut room, &house.bo, None));
    let House { firm, anna, ada, bo, cy } = &mut house;
    let (matter, kid) = (firm.matter, bo.bundle.kid());
    let raised = wall(bo, matter);
    let act = KeyringAct::WallRaised(raised);
    assert!(!firm.act_by(bo, &act), "before oneself");
    let office = wall(bo, firm.directory.root().office);
    assert!(!firm.act_by(anna, &KeyringAct::WallRaised(office)), "the firm's own room");
    assert!(!firm.act_by(anna, &KeyringAct::WallRaised(wall(ada, matter))), "who holds no key");
    assert!(firm.act_by(cy, &act), "a lawyer raises one");
    assert!(!firm.act_by(anna, &act), "twice");
    assert!(!firm.act_by(anna, &KeyringAct::WallRaised(wall(bo, matter))), "a second one");
    assert_eq!(firm.directory.recipient(kid, matter).err(), Some(ClientError::KeptFrom));
    assert!(firm.directory.recipient(kid, MatterId::random()).is_ok());
    assert!(firm.directory.must_leave(kid, matter) && !firm.directory.is_ended(kid));
    assert!(!firm.file(&mut room, bo, None), "what they say there does not count");
    let lawyer = firm.with(Role::Staff, Post::Lawyer.caps());
    let mut other = firm.room(anna);
    assert!(!firm.grant(&mut other, anna, &bo.bundle), "a reader refuses the grant");
    assert!(firm.grant(&mut other, anna, &lawyer.bundle));
    // It is lifted by those who govern or set policy, and by no lawyer, whoever raised it.
    let lifted = KeyringAct::WallLifted(WallLifted { wall: raised.wall, kid });
    assert!(!firm.act_by(cy, &lifted));
    let strange = WallLifted { wall: WallId::random(), kid };
    assert!(!firm.act_by(ada, &KeyringAct::WallLifted(strange)));
    assert!(firm.act_by(ada, &lifted) && !firm.act_by(ada, &lifted));
    assert!(firm.directory.recipient(kid, matter).is_ok());
    assert!(firm.grant(&mut other, anna, &bo.bundle));
}

#[test]
fn a_path_of_admissions_carries_what_was_given_and_nothing_else() {
    let mut house = House::new();
    let House { firm, anna, ada, bo, .. } = &mut house;
    assert!(firm.act_by(ada, &posted(bo, Post::Paralegal)));
    let plain = firm.directory.path_to(bo.bundle.kid()).unwrap();
    assert_eq!(plain.len(), 2, "root and admission: nothing was given");
    let cap = firm.with(Role::Staff, Caps::NONE);
    assert!(firm.act_by(anna, &posted(&cap, Post::Lawyer)));
    let path = firm.directory.path_to(cap.bundle.kid()).unwrap();
    let follow = |path: &[Vec<u8>]| {
        let mut directory = firm.directory_of();
        path.iter().skip(1).try_for_each(|one| directory.follow(one)).map(|()| directory)
    };
    let read = follow(&path).unwrap();
    assert!(read.member_by_kid(cap.bundle.kid()).unwrap().may(Post::Lawyer.caps()));
    // Without the one who said it, it is nobody's word.
    let without: Vec<Vec<u8>> =
        [path[..1].to_vec(), path[2..].to_vec()].concat().into_iter().collect();
    assert!(follow(&without).is_err());
}

#[test]
fn a_duty_has_a_holder_a_deputy_or_nobody() {
    let mut house = House::new();
    let House { firm, anna, ada, bo, cy } = &mut house;
    let (duty, holder, deputy) =
        (Duty::DataProtection, Some(bo.bundle.kid()), Some(cy.bundle.kid()));
    let act = KeyringAct::DutyGiven(DutyGiven { duty, holder, deputy });
    assert_eq!(firm.directory.answers(duty), Answers::Nobody);
    assert!(!firm.act_by(bo, &act), "a lawyer gives none");
    let same = DutyGiven { duty, holder, deputy: holder };
    assert!(!firm.act_by(ada, &KeyringAct::DutyGiven(same)));
    let stranger = DutyGiven { duty, holder: Some(Kid([9; 32])), deputy };
    assert!(!firm.act_by(ada, &KeyringAct::DutyGiven(stranger)));
    assert!(firm.act_by(ada, &act));
    assert_eq!(firm.directory.answers(duty), Answers::Holder(bo.bundle.kid()));
    assert_eq!(firm.directory.answers(Duty::Keys), Answers::Nobody);
    let act = firm.ended(bo, EndKind::Suspended);
    assert!(firm.act_by(anna, &act));
    assert_eq!(firm.directory.answers(duty), Answers::Deputy(cy.bundle.kid()));
    let act = firm.ended(cy, EndKind::Left);
    assert!(firm.act_by(anna, &act));
    assert_eq!(firm.directory.answers(duty), Answers::Nobody);
    let act = firm.restored(bo);
    assert!(firm.act_by(anna, &act));
    assert_eq!(firm.directory.answers(duty), Answers::Holder(bo.bundle.kid()));
    // It can be oneself's, and taken from everybody.
    let own = DutyGiven { duty, holder: Some(anna.bundle.kid()), deputy: None };
    assert!(firm.act_by(anna, &KeyringAct::DutyGiven(own)));
    let none = DutyGiven { duty, holder: None, deputy: None };
    assert!(firm.act_by(ada, &KeyringAct::DutyGiven(none)));
    assert_eq!(firm.directory.answers(duty), Answers::Nobody);
}

#[test]
fn an_offer_s_post_is_the_newcomer_s() {
    let mut house = House::new();
    let House { firm, ada, .. } = &mut house;
    let dee = firm.person(AccountId::random(), Role::Staff, Caps::NONE);
    let enrolment = EnrolmentId::random();
    let placing = Some(until(Post::Contractor, NOW.plus(DAY)));
    let mut offered = dee.offered(enrolment);
    offered.placing = Some(Placing::of(Post::Contractor));
    assert!(!firm.act_by(ada, &KeyringAct::Invited(offered.clone())), "without an end");
    offered.placing = Some(Placing::of(Post::Auditor));
    assert!(!firm.act_by(ada, &KeyringAct::Invited(offered.clone())), "of other keys");
    offered.placing = placing;
    assert!(firm.act_by(ada, &KeyringAct::Invited(offered)));
    assert!(firm.act_by(ada, &dee.admitted(Some(enrolment))));
    let member = house.member(&dee);
    assert_eq!(Some(member.placing()), placing);
    assert!(member.is_over(NOW.plus(DAY + 1)) && !member.is_over(NOW.plus(DAY)));
}
