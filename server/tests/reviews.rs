//! Reviews of who can open which matter, over the real router: begun by an administrator who opens none of
//! them, done by the lawyers who sit there.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use harness::acts::{Colleague, Firm, colleague};
use harness::{NOW, rt};
use shared::client::ClientError;
use shared::client::enrol::Post;
use shared::client::reviews::{ReviewSeen, ToReview};
use shared::crypto::keys::Kid;
use shared::ids::MatterId;
use shared::time::DAY;

/// An administrator, and a lawyer who sits at the firm's matter beside the founder.
struct House {
    firm: Firm,
    ada: Colleague,
    bo: Colleague,
}

impl House {
    async fn new() -> Self {
        let firm = Firm::founded().await;
        let ada = colleague(&firm, Post::Administrator, "Ada Voss", "ada").await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        firm.portal.give_access(&firm.ring, firm.matter, bo.kid).await.unwrap();
        Self { firm, ada, bo }
    }

    async fn begin(&self) -> ReviewSeen {
        self.ada.portal.open_review(&self.ada.ring, NOW.plus(14 * DAY)).await.unwrap();
        self.last().await
    }

    /// The last review as the lawyer's device reads it.
    async fn last(&self) -> ReviewSeen {
        self.bo.portal.reviews(&self.bo.ring).await.unwrap().pop().unwrap()
    }

    /// What waits for the founder.
    async fn waiting(&self, review: &ReviewSeen) -> Vec<ToReview> {
        self.firm.portal.to_review(&self.firm.ring, review).await.unwrap()
    }

    async fn look_through(
        &self,
        review: &ReviewSeen,
        matter: MatterId,
        without: &[Kid],
    ) -> Result<(), ClientError> {
        self.firm.portal.review_matter(&self.firm.ring, review, matter, without).await
    }
}

#[test]
fn each_matter_is_looked_through_once_by_somebody_who_sits_there() {
    rt(async {
        let house = House::new().await;
        let House { firm, ada, bo } = &house;
        let own = bo.portal.create_matter(&bo.ring, &described()).await.unwrap();
        let review = house.begin().await;
        assert_eq!(ada.portal.matters_counted(&ada.ring).await.unwrap(), Some(2));
        assert_eq!(bo.portal.matters_counted(&bo.ring).await.unwrap(), None);
        assert!(ada.portal.to_review(&ada.ring, &review).await.unwrap().is_empty());
        let waiting = house.waiting(&review).await;
        assert_eq!(waiting.len(), 1, "the firm's own room is no matter");
        assert_eq!(waiting[0].seats.len(), 2);
        let his = bo.portal.to_review(&bo.ring, &review).await.unwrap();
        assert_eq!(his.len(), 2);

        // The founder takes Bo's access back and keeps her own.
        house.look_through(&review, firm.matter, &[bo.kid]).await.unwrap();
        let review = house.last().await;
        let said = &review.matters[&firm.matter];
        assert_eq!((said.kept.len(), said.ended.as_slice()), (1, [bo.kid].as_slice()));
        assert!(house.waiting(&review).await.is_empty());
        let his = bo.portal.to_review(&bo.ring, &review).await.unwrap();
        assert_eq!(his.iter().map(|one| one.matter).collect::<Vec<_>>(), [own]);
        let gone = bo.portal.matter(&bo.ring, firm.matter).await;
        assert!(gone.is_err(), "he opens it no more");

        bo.portal.review_matter(&bo.ring, &review, own, &[]).await.unwrap();
        ada.portal.close_review(&ada.ring, review.review).await.unwrap();
        let review = house.last().await;
        assert_eq!(review.matters.len(), 2);
        assert!(review.closed.is_some());
        assert_eq!(review.statements.len(), 4);
        let late = house.look_through(&review, firm.matter, &[]).await;
        assert_eq!(late.err(), Some(ClientError::Unfit), "it is over");
    });
}

#[test]
fn only_those_who_govern_begin_and_end_one_and_one_at_a_time() {
    rt(async {
        let house = House::new().await;
        let House { firm, ada, bo } = &house;
        let due = NOW.plus(DAY);
        let unfit = Some(ClientError::Unfit);
        assert_eq!(bo.portal.open_review(&bo.ring, due).await.err(), unfit);
        let review = house.begin().await;
        assert_eq!(ada.portal.open_review(&ada.ring, due).await.err(), unfit);
        assert_eq!(bo.portal.close_review(&bo.ring, review.review).await.err(), unfit);
        // The founder governs as well.
        firm.portal.close_review(&firm.ring, review.review).await.unwrap();
        firm.portal.open_review(&firm.ring, due).await.unwrap();
    });
}

#[test]
fn somebody_who_came_in_meanwhile_is_on_the_list() {
    rt(async {
        let house = House::new().await;
        let House { firm, bo, .. } = &house;
        let cy = colleague(firm, Post::Lawyer, "Cy Abel", "cy").await;
        let review = house.begin().await;
        assert_eq!(house.waiting(&review).await[0].seats.len(), 2);
        // Another lawyer lets a third one in while the founder reads her list.
        bo.portal.give_access(&bo.ring, firm.matter, cy.kid).await.unwrap();
        house.look_through(&review, firm.matter, &[]).await.unwrap();
        assert_eq!(house.last().await.matters[&firm.matter].kept.len(), 3);
        // One who has no seat says nothing of a matter.
        house.look_through(&review, firm.matter, &[cy.kid]).await.unwrap();
        let his = cy.portal.review_matter(&cy.ring, &review, firm.matter, &[]).await;
        assert!(his.is_err());
        // Cut off after access was taken back: the same again signs the list.
        house.look_through(&review, firm.matter, &[cy.kid]).await.unwrap();
        let said = house.last().await.matters.remove(&firm.matter).unwrap();
        assert_eq!((said.kept.len(), said.ended), (2, vec![cy.kid]));
    });
}

fn described() -> shared::matters::plain::DescriptionV1 {
    shared::matters::plain::DescriptionV1 {
        client: "Ines Okafor".into(),
        title: "Sale of the mill".into(),
        practice: "Property".into(),
        label: shared::matters::plain::Label::Confidential,
    }
}
