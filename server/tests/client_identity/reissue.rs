//! A client lost what speaks for them: the firm ends the key and invites the same person again, of whom nothing is
//! known then.

use super::back::Way;
use super::*;
use shared::client::reissue::WayBack;

impl Case {
    async fn end(&self, why: &str) -> Result<(), ClientError> {
        let Firm { portal, ring, matter, .. } = &self.firm;
        portal.end_client_key(ring, *matter, self.client, why).await
    }
}

#[test]
fn a_key_that_ended_says_nothing_more_and_brings_nobody_back() {
    rt(async {
        let case = Case::new(None).await;
        case.judge(case.found(Finding::Verified, Ways::MET)).await.unwrap();
        let way = Way::of(&case.intake, "maria").await;
        let Firm { portal, ring, matter, router, .. } = &case.firm;
        let seen = portal.ways_back(ring, *matter).await.unwrap();
        assert_eq!(seen, [WayBack { client: case.client, time: NOW, by: None }]);
        assert_eq!(case.end(" ").await, Err(ClientError::Unfit));
        case.end("Her telephone was stolen; she came to the office.").await.unwrap();
        assert_eq!(case.end("again").await, Err(ClientError::Missing));
        assert_eq!(case.client().await.standing.state, State::Ended);
        assert_eq!(portal.ways_back(ring, *matter).await.unwrap(), []);
        // The thief has telephone and passkey.
        let other = Device::new(router, NOW);
        assert_eq!(way.back(&other).await.err(), Some(ClientError::SignIn));
        let letter = hand_in(&case.intake, "letter.pdf", b"a letter").await;
        assert_eq!(letter.err(), Some(ClientError::SignIn));
        assert_eq!(case.intake.begin_back().await.err(), Some(ClientError::SignIn));
        let again = case.device.open_invite(case.intake.invite(), None).await.unwrap();
        assert_eq!(
            hand_in(&again, "letter.pdf", b"a letter").await.err(),
            Some(ClientError::SignIn)
        );
        // Nobody says anything about it any more; what it said stands.
        let late = case.judge(case.found(Finding::Verified, Ways::MET)).await;
        assert!(late.is_err());
        case.opens().await.unwrap();
        case.opens_paper().await.unwrap();
    });
}

#[test]
fn whoever_is_invited_again_is_unknown_again() {
    rt(async {
        let case = Case::new(need(Ways::MET, None)).await;
        case.judge(case.found(Finding::Verified, Ways::MET)).await.unwrap();
        case.end("The link went to a stranger.").await.unwrap();
        let Firm { portal, ring, matter, router, .. } = &case.firm;
        let (invite, fragment): (InviteId, String) = link_parts(&case.firm.invite().await);
        let device = Device::new(router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        intake.submit(&filled(&intake), &[]).await.unwrap();
        let view = portal.matter(ring, *matter).await.unwrap();
        assert_eq!(view.clients.len(), 2);
        for client in &view.clients {
            let expected = if client.kid == case.client { State::Ended } else { State::Invited };
            assert_eq!(client.standing.state, expected);
        }
        let new = view.submissions.iter().find(|one| one.submission == intake.submission());
        assert!(new.unwrap().waits, "the former key's verdict is not this one's");
        case.opens().await.unwrap();
        let way = Way::of(&intake, "maria anew").await;
        way.back(&Device::new(router, NOW)).await.unwrap();
    });
}

#[test]
fn a_key_that_ended_is_given_no_key_of_the_matter() {
    rt(async {
        let case = Case::new(None).await;
        let Firm { portal, ring, matter, .. } = &case.firm;
        case.end("It was lost.").await.unwrap();
        portal.renew_key(ring, *matter).await.unwrap();
        case.opens().await.unwrap();
    });
}
