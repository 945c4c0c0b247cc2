//! Kinds of matter: named by those who decide for the firm, and what a matter needs from its beginning.

use shared::client::ClientError;
use shared::client::enrol::Post;
use shared::client::policy::Kinds;
use shared::client::verdicts::Reason;
use shared::journal::verdict::{Need, Ways};
use shared::matters::plain::{DescriptionV1, KindV1, KindsV1, Label, Papers};
use shared::time::MINUTE;

use crate::harness::acts::{Firm, colleague};
use crate::harness::rt;

pub(crate) fn kind(name: &str, enough: &[Ways], again: Option<u32>) -> KindV1 {
    let need = Need { enough: enough.to_vec(), again };
    KindV1 { name: name.into(), need, papers: Papers::PASSPORT, questions: Vec::new() }
}

pub(crate) fn described(practice: &str) -> DescriptionV1 {
    DescriptionV1 {
        client: "Ines Okafor".into(),
        title: "Lease of the bakery".into(),
        practice: practice.into(),
        label: Label::Confidential,
    }
}

async fn name(firm: &Firm, kinds: &[KindV1]) -> Result<(), ClientError> {
    firm.portal.name_kinds(&firm.ring, &KindsV1 { kinds: kinds.to_vec() }).await
}

#[test]
fn kinds_are_read_by_those_in_the_firms_own_room_and_by_nobody_else() {
    rt(async {
        let firm = Firm::founded().await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let ada = colleague(&firm, Post::Administrator, "Ada Voss", "ada").await;
        let kinds = KindsV1 { kinds: vec![kind("Family", &[Ways::PAPER], Some(365))] };
        let unfit = Err(ClientError::Unfit);
        assert_eq!(bo.portal.name_kinds(&bo.ring, &kinds).await, unfit);
        assert_eq!(
            ada.portal.name_kinds(&ada.ring, &kinds).await,
            unfit,
            "she could not seal them"
        );
        firm.portal.name_kinds(&firm.ring, &kinds).await.unwrap();
        let policy = bo.portal.policy(&bo.ring).await.unwrap();
        assert!(policy.kinds.is_some_and(|said| said.what == Kinds::Opened(kinds)));
        let policy = ada.portal.policy(&ada.ring).await.unwrap();
        assert!(policy.may_decide && !policy.may_name);
        assert!(policy.kinds.is_some_and(|said| said.what == Kinds::Closed));
    });
}

#[test]
fn a_matter_needs_from_its_beginning_what_its_kind_does() {
    rt(async {
        let firm = Firm::founded().await;
        let both = Ways::SPOKEN.union(Ways::PAPER);
        name(&firm, &[kind("Family", &[both], Some(365)), kind("Lease", &[], None)]).await.unwrap();
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        // No factor is asked for when a matter is opened.
        firm.server.pass(6 * MINUTE);
        let family = bo.portal.create_matter(&bo.ring, &described("Family")).await.unwrap();
        let lease = bo.portal.create_matter(&bo.ring, &described("Lease")).await.unwrap();
        let other = bo.portal.create_matter(&bo.ring, &described("Other")).await.unwrap();
        let needs = async |matter| bo.portal.matter(&bo.ring, matter).await.unwrap().need;
        let need = Need { enough: vec![both], again: Some(365) };
        assert_eq!(needs(family).await, Some(need));
        assert_eq!((needs(lease).await, needs(other).await), (None, None));
    });
}

#[test]
fn a_matter_asks_for_more_and_never_for_less_without_a_reason() {
    rt(async {
        let firm = Firm::founded().await;
        name(&firm, &[kind("Family", &[Ways::SPOKEN], None)]).await.unwrap();
        let Firm { portal, ring, .. } = &firm;
        let matter = portal.create_matter(ring, &described("Family")).await.unwrap();
        let need = |ways: &[Ways], again| Need { enough: ways.to_vec(), again };
        let more = need(&[Ways::SPOKEN.union(Ways::PAPER)], Some(30));
        portal.need(ring, matter, more).await.unwrap();
        for less in [need(&[Ways::SPOKEN], Some(30)), need(&[Ways::MET], None), Need::NOTHING] {
            assert_eq!(portal.need(ring, matter, less).await, Err(ClientError::Unfit));
        }
        for why in ["  ", &"x".repeat(2001)] {
            let said = portal.need_less(ring, matter, Need::NOTHING, why).await;
            assert_eq!(said, Err(ClientError::Unfit));
        }
        let why = "My client of twenty years.";
        portal.need_less(ring, matter, Need::NOTHING, why).await.unwrap();
        let view = portal.matter(ring, matter).await.unwrap();
        assert!(view.need.is_none() && view.less == Reason::Opened(why.into()));
        portal.need(ring, matter, need(&[Ways::SPOKEN], None)).await.unwrap();
        let view = portal.matter(ring, matter).await.unwrap();
        assert!(view.need.is_some() && view.less == Reason::None);
    });
}

#[test]
fn kinds_that_nobody_could_work_by_are_not_named() {
    rt(async {
        let firm = Firm::founded().await;
        let papers = KindV1 { papers: Papers(0), ..kind("Family", &[Ways::PAPER], None) };
        for bad in [
            vec![papers],
            vec![kind("", &[], None)],
            vec![kind("Family", &[], None), kind("FAMILY", &[], None)],
            vec![kind("Family", &[Ways::QUESTIONS], None)],
        ] {
            assert_eq!(name(&firm, &bad).await, Err(ClientError::Unfit));
        }
        assert!(firm.portal.policy(&firm.ring).await.unwrap().kinds.is_none());
    });
}
