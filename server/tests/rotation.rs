//! Access to a matter is taken back, over the real router: the seat ends, a new key begins, and
//! everything else goes on.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse as _;
use harness::acts::{
    Colleague, Firm, ask, colleague, document, facts, filled, hand_in, link_parts, read,
};
use harness::client::Device;
use harness::{NOW, rt};
use http_body_util::BodyExt as _;
use shared::call::Call as _;
use shared::client::ClientError;
use shared::client::enrol::Post;
use shared::client::filing::Filing as _;
use shared::client::invites::InviteState;
use shared::crypto::keys::Kid;
use shared::crypto::signed::{Namespace, Signed};
use shared::journal::statement::{EpochAct, Granted, MatterAct, Placed, Verb};
use shared::journal::stream::StreamId;
use shared::journal::wire::{Append, From, ReadStreams};
use shared::problem::{Code, Problem};
use shared::secret::Secret;

/// A firm, and a lawyer who can open its matter.
async fn two() -> (Firm, Colleague) {
    let firm = Firm::founded().await;
    let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
    firm.portal.give_access(&firm.ring, firm.matter, bo.kid).await.unwrap();
    (firm, bo)
}

async fn take_back(firm: &Firm, from: Kid) -> Result<(), ClientError> {
    firm.portal.take_access_back(&firm.ring, firm.matter, from).await
}

/// To whom each epoch's key was granted, as the honest server tells it.
async fn granted(firm: &Firm) -> Vec<(u32, Kid)> {
    let from = vec![From { stream: StreamId::Matter(firm.matter), seq: 0 }];
    let news = ask(&firm.portal, &ReadStreams { from, limit: 200, seen: 0 }).await;
    let signed = news.entries.iter().map(|entry| Signed::parse(&entry.statement.0).unwrap());
    let acts = signed
        .filter(|signed| signed.namespace() == Namespace::Matter)
        .map(|signed| minicbor::decode::<Placed<MatterAct>>(signed.body()).unwrap().act);
    acts.filter_map(|act| match act {
        MatterAct::Granted(Granted { epoch, recipient, .. }) => Some((epoch, recipient)),
        _ => None,
    })
    .collect()
}

#[test]
fn who_lost_access_opens_nothing_and_everybody_else_goes_on() {
    rt(async {
        let (firm, bo) = two().await;
        let (invite, fragment) = link_parts(&firm.invite().await);
        let client = Device::new(&firm.router, NOW);
        let intake = client.open_invite(invite, Some(&fragment)).await.unwrap();
        let bytes = document(50_000);
        let filed = hand_in(&intake, "lease.pdf", &bytes).await.unwrap();
        intake.submit(&filled(&intake), &[filed.object]).await.unwrap();
        firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let theirs = (&bo.portal, &bo.ring);
        assert!(read(theirs, firm.matter, filed.object).await.unwrap() == bytes);
        let before = bo.portal.filing(&bo.ring, firm.matter);
        before.hand_in(&facts("his.pdf", &bytes), &bytes).await.unwrap();

        take_back(&firm, bo.kid).await.unwrap();
        assert!(bo.portal.matters(&bo.ring).await.unwrap().is_empty());
        let gone = Some(ClientError::Refused(Code::NotFound));
        assert_eq!(bo.portal.matter(&bo.ring, firm.matter).await.err(), gone);
        assert_eq!(read(theirs, firm.matter, filed.object).await.err(), gone);
        let filing = bo.portal.filing(&bo.ring, firm.matter);
        assert_eq!(filing.hand_in(&facts("more.pdf", &bytes), &bytes).await.err(), gone);
        let again = bo.portal.give_access(&bo.ring, firm.matter, bo.kid).await;
        assert_eq!(again.err(), gone);

        // The firm goes on with the new key, and reads what was sealed to the old one.
        let own = firm.portal.filing(&firm.ring, firm.matter);
        let ours = own.hand_in(&facts("brief.pdf", &bytes), &bytes).await.unwrap();
        for object in [filed.object, ours.object] {
            assert!(firm.read(object).await.unwrap() == bytes);
        }
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let seats: Vec<_> = view.seats.iter().map(|seat| seat.name.as_deref()).collect();
        assert_eq!(seats, [Some("Clara Marsh"), None]);
        assert_eq!(view.former[0].name.as_deref(), Some("Bo Lindqvist"));
        assert_eq!(view.former[0].account, bo.ring.account().unwrap());
        assert_eq!(view.documents.len(), 3);
        let uses = firm.portal.uses(&firm.ring, firm.matter).await.unwrap();
        let his: Vec<_> = uses.iter().filter(|one| one.by == bo.kid).collect();
        assert_eq!(his.len(), 1);
        assert_eq!((his[0].object, his[0].verb), (Some(filed.object), Verb::Opened));
        assert_eq!(granted(&firm).await.into_iter().filter(|one| *one == (1, bo.kid)).count(), 0);
        // What he noted and filed while he could stays part of the evidence.
        let mut zip = Vec::new();
        let passphrase = Secret::new("a passphrase of this export".to_owned());
        firm.portal.export(&firm.ring, firm.matter, &passphrase, &mut zip).await.unwrap();

        // Given again, it opens what came meanwhile, too.
        firm.portal.give_access(&firm.ring, firm.matter, bo.kid).await.unwrap();
        assert!(read(theirs, firm.matter, ours.object).await.unwrap() == bytes);
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert!(view.former.is_empty());
    });
}

#[test]
fn a_client_who_came_before_the_key_still_hands_in() {
    rt(async {
        let (firm, bo) = two().await;
        let (invite, fragment) = link_parts(&firm.invite().await);
        let client = Device::new(&firm.router, NOW);
        let intake = client.open_invite(invite, Some(&fragment)).await.unwrap();
        intake.join().await.unwrap();
        take_back(&firm, bo.kid).await.unwrap();
        let bytes = document(2_000);
        let filed = hand_in(&intake, "lease.pdf", &bytes).await.unwrap();
        intake.submit(&filled(&intake), &[filed.object]).await.unwrap();
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(view.submissions.len(), 1);
        assert!(firm.read(filed.object).await.unwrap() == bytes);
    });
}

#[test]
fn the_new_key_goes_to_those_who_stay_and_to_the_recovery_key() {
    rt(async {
        let (firm, bo) = two().await;
        let cy = colleague(&firm, Post::Lawyer, "Cy Abel", "cy").await;
        firm.portal.give_access(&firm.ring, firm.matter, cy.kid).await.unwrap();
        take_back(&firm, bo.kid).await.unwrap();
        let all = granted(&firm).await;
        let of = |epoch| {
            let mut kids: Vec<_> =
                all.iter().filter(|one| one.0 == epoch).map(|one| one.1.0).collect();
            kids.sort_unstable();
            kids
        };
        let mut stay = of(0);
        stay.retain(|kid| *kid != bo.kid.0);
        assert_eq!(of(1), stay);
        assert_eq!(stay.len(), 3, "the founder, a colleague, the recovery key");
        let bytes = document(300);
        let ours = firm.portal.filing(&firm.ring, firm.matter);
        let ours = ours.hand_in(&facts("brief.pdf", &bytes), &bytes).await.unwrap();
        assert!(read((&cy.portal, &cy.ring), firm.matter, ours.object).await.unwrap() == bytes);
        // Whoever made the matter can lose it as well.
        let maker = firm.portal.people(&firm.ring).await.unwrap();
        let maker = maker.iter().find(|one| one.handle.as_deref() == Some("clara")).unwrap().kid;
        cy.portal.take_access_back(&cy.ring, firm.matter, maker).await.unwrap();
        assert!(firm.portal.matters(&firm.ring).await.unwrap().is_empty());
        assert_eq!(cy.portal.matters(&cy.ring).await.unwrap().len(), 1);
    });
}

#[test]
fn access_is_taken_back_by_those_who_share_and_from_those_who_have_it() {
    rt(async {
        let (firm, bo) = two().await;
        let ada = colleague(&firm, Post::Administrator, "Ada Voss", "ada").await;
        let cy = colleague(&firm, Post::Lawyer, "Cy Abel", "cy").await;
        let people = firm.portal.people(&firm.ring).await.unwrap();
        let me = people.iter().find(|one| one.handle.as_deref() == Some("clara")).unwrap().kid;
        assert_eq!(take_back(&firm, me).await.err(), Some(ClientError::Unfit));
        for none in [ada.kid, cy.kid, Kid([9; 32])] {
            assert_eq!(take_back(&firm, none).await.err(), Some(ClientError::Missing));
        }
        for (who, from) in [(&ada, bo.kid), (&cy, bo.kid)] {
            let refused = who.portal.take_access_back(&who.ring, firm.matter, from).await;
            assert_eq!(refused.err(), Some(ClientError::Refused(Code::NotFound)));
        }
        assert_eq!(firm.portal.matter(&firm.ring, firm.matter).await.unwrap().seats.len(), 3);
    });
}

#[test]
fn two_who_take_back_at_once_end_in_one_new_key() {
    rt(async {
        let (firm, bo) = two().await;
        let cy = colleague(&firm, Post::Lawyer, "Cy Abel", "cy").await;
        firm.portal.give_access(&firm.ring, firm.matter, cy.kid).await.unwrap();
        cy.portal.matter(&cy.ring, firm.matter).await.unwrap();
        let (one, other) = futures::join!(
            take_back(&firm, bo.kid),
            cy.portal.take_access_back(&cy.ring, firm.matter, bo.kid)
        );
        // Whoever came second finds that the seat ended already.
        let outcomes = [one, other];
        assert_eq!(outcomes.iter().filter(|one| one.is_ok()).count(), 1, "{outcomes:?}");
        assert!(outcomes.contains(&Err(ClientError::Missing)), "{outcomes:?}");
        let newest = granted(&firm).await.iter().map(|one| one.0).max();
        assert_eq!(newest, Some(1));
    });
}

/// He could read its secret: by it he would come back as the client.
#[test]
fn a_link_that_nobody_used_ends_when_access_is_taken_back() {
    rt(async {
        let (firm, bo) = two().await;
        let (invite, fragment) = link_parts(&firm.invite().await);
        let device = Device::new(&firm.router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        take_back(&firm, bo.kid).await.unwrap();
        assert_eq!(intake.join().await, Err(ClientError::LinkExpired));
        let again = Device::new(&firm.router, NOW);
        let opened = again.open_invite(invite, Some(&fragment)).await;
        assert_eq!(opened.err(), Some(ClientError::LinkExpired));
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(view.invites[0].state, InviteState::Void);
        assert!(!view.invited && view.clients.is_empty());
        // A new one works, and nothing of it is sealed to the key that he has.
        let (invite, fragment) = link_parts(&firm.invite().await);
        let intake = again.open_invite(invite, Some(&fragment)).await.unwrap();
        intake.submit(&filled(&intake), &[]).await.unwrap();
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!((view.clients.len(), view.submissions.len()), (1, 1));
    });
}

#[test]
fn what_was_begun_under_the_key_before_is_not_filed() {
    rt(async {
        let (firm, bo) = two().await;
        let bytes = document(500);
        let filing = firm.portal.filing(&firm.ring, firm.matter);
        let plan = filing.begin_document(&facts("brief.pdf", &bytes)).await.unwrap();
        filing.seal_and_send(&plan, 0, &bytes).await.unwrap();
        take_back(&firm, bo.kid).await.unwrap();
        let stale = Some(ClientError::Refused(Code::Stale));
        assert_eq!(filing.file_document(&plan).await.err(), stale);
        assert!(filing.hand_in(&facts("brief.pdf", &bytes), &bytes).await.is_ok());
    });
}

/// The server has what a refused try sent, and may show it to those to whom the next one gives nothing.
#[test]
fn every_try_has_a_key_of_its_own() {
    rt(async {
        let (firm, bo) = two().await;
        let tries = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&tries);
        let router = firm.router.clone().layer(from_fn(move |request: Request, next: Next| {
            let kept = Arc::clone(&kept);
            async move {
                if request.uri().path() != Append::ROUTE {
                    return next.run(request).await;
                }
                let (parts, body) = request.into_parts();
                let body = body.collect().await.unwrap().to_bytes();
                let append: Append = serde_json::from_slice(&body).unwrap();
                let signed = Signed::parse(&append.statements[0].0).unwrap();
                let act = minicbor::decode::<Placed<EpochAct>>(signed.body()).unwrap().act;
                let first = {
                    let mut kept = kept.lock().unwrap();
                    kept.push(act.key.kem.unwrap());
                    kept.len() == 1
                };
                if first {
                    let problem = Problem {
                        kind: "about:blank".into(),
                        title: "The stream moved on".into(),
                        status: 409,
                        code: Code::StreamMoved,
                        detail: "Somebody was faster.".into(),
                        request_id: "1".to_owned(),
                        retry_after: None,
                    };
                    return (StatusCode::CONFLICT, axum::Json(problem)).into_response();
                }
                next.run(Request::from_parts(parts, Body::from(body))).await
            }
        }));
        firm.portal.host().connect_to(&router);
        take_back(&firm, bo.kid).await.unwrap();
        let tries = tries.lock().unwrap();
        assert_eq!(tries.len(), 2);
        assert!(tries[0] != tries[1]);
    });
}
