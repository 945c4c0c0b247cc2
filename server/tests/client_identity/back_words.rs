//! A client comes back by twelve words that its device made, over the real router: on any device, with what the first
//! one had, and by nothing else.

use shared::call::Call as _;
use shared::client::back::{NewWords, Returned};
use shared::client::{ClientError, Portal, Thing};
use shared::crypto::back::BackWords;
use shared::crypto::hash::sha256;
use shared::crypto::recovery::RecoveryCode;
use shared::encoding::B64;
use shared::identity::back::BackBy;
use shared::identity::wire::back::{BackOpened, ReturnByWords};
use shared::ids::BackId;
use shared::intake::value::Language;
use shared::problem::Code;

use super::back::Way;
use super::*;
use crate::harness::canary::{disguises, search, search_rows};
use crate::harness::client::WIRE;

/// The two that are asked for, as whoever has the words in hand would type them.
fn read_back(new: &NewWords) -> [String; 2] {
    let words = new.words();
    new.asked().map(|at| words.expose().split(' ').nth(at).unwrap().to_uppercase())
}

pub(crate) async fn words_of(intake: &Intake<Device>) -> RecoveryCode {
    let new = intake.begin_words().unwrap();
    let [one, two] = read_back(&new);
    intake.keep_words(&new, [&one, &two], Language::English).await.unwrap();
    RecoveryCode::parse(new.words().expose()).unwrap()
}

async fn back(case: &Case, code: &RecoveryCode) -> Result<Returned<Device>, ClientError> {
    fresh(case).return_by_words(code).await
}

fn fresh(case: &Case) -> Portal<Device> {
    Device::new(&case.firm.router, NOW)
}

const STRANGE: Option<ClientError> = Some(ClientError::SignIn);

#[test]
fn twelve_words_bring_a_client_back_on_any_device() {
    rt(async {
        let case = Case::new(None).await;
        let code = words_of(&case.intake).await;
        let seen = case.intake.back().await.unwrap().unwrap();
        assert_eq!((seen.by, seen.whole), (Some(BackBy::Words), true));
        let other = fresh(&case);
        let returned = other.return_by_words(&code).await.unwrap();
        assert_eq!(returned.client(), case.client);
        let visit = &returned.visits().unwrap()[0];
        let receipt = case.intake.sent().unwrap().receipt;
        assert_eq!(visit.sent.as_ref().unwrap().receipt, receipt);
        // Until the client says so, nothing stays on the device; then it can add to the way like the first one.
        assert_eq!(other.open_invite(visit.invite, None).await.err(), Some(ClientError::NoSecret));
        returned.go_on_here().await.unwrap();
        let there = other.open_invite(visit.invite, None).await.unwrap();
        there.renew_back(Language::English).await.unwrap();
        assert_eq!(there.back().await.unwrap().unwrap().by, Some(BackBy::Words));
        let stale = case.intake.renew_back(Language::English).await;
        assert_eq!(stale, Err(ClientError::Refused(Code::Stale)));
        back(&case, &code).await.unwrap();
        let Firm { portal, ring, matter, .. } = &case.firm;
        let seen = portal.ways_back(ring, *matter).await.unwrap();
        assert_eq!((seen[0].client, seen[0].by), (case.client, Some(BackBy::Words)));
    });
}

#[test]
fn words_count_only_once_two_were_read_back() {
    rt(async {
        let case = Case::new(None).await;
        let new = case.intake.begin_words().unwrap();
        let [one, two] = read_back(&new);
        for [a, b] in [["", ""], [one.as_str(), "zoo zoo"], ["zoo zoo", &two], [&two, ""]] {
            let wrong = case.intake.keep_words(&new, [a, b], Language::English).await;
            assert_eq!(wrong, Err(ClientError::Unfit));
        }
        let code = RecoveryCode::parse(new.words().expose()).unwrap();
        assert_eq!(back(&case, &code).await.err(), STRANGE);
        case.intake.keep_words(&new, [&one, &two], Language::English).await.unwrap();
        back(&case, &code).await.unwrap();
        // Before a client joined there is no key to come back to.
        let (invite, fragment): (InviteId, String) = link_parts(&case.firm.invite().await);
        let nobody = fresh(&case).open_invite(invite, Some(&fragment)).await.unwrap();
        assert_eq!(nobody.begin_words().err(), Some(ClientError::Unfit));
        // Whoever joined and handed nothing in has somewhere to go on, on this device alone.
        let device = fresh(&case);
        assert_eq!(device.joined_here().await.unwrap(), []);
        let there = device.open_invite(invite, Some(&fragment)).await.unwrap();
        assert_eq!(device.joined_here().await.unwrap(), []);
        there.join().await.unwrap();
        assert_eq!(device.joined_here().await.unwrap(), [invite]);
        assert_eq!(fresh(&case).joined_here().await.unwrap(), []);
    });
}

#[test]
fn one_way_stands_for_a_key_and_it_is_taken_away() {
    rt(async {
        let case = Case::new(None).await;
        let lost = words_of(&case.intake).await;
        let code = words_of(&case.intake).await;
        assert_eq!(back(&case, &lost).await.err(), STRANGE);
        back(&case, &code).await.unwrap();
        let way = Way::of(&case.intake, "maria").await;
        assert_eq!(back(&case, &code).await.err(), STRANGE);
        let code = words_of(&case.intake).await;
        assert_eq!(way.back(&fresh(&case)).await.err(), STRANGE);
        back(&case, &code).await.unwrap();
        case.intake.drop_back().await.unwrap();
        assert_eq!(back(&case, &code).await.err(), STRANGE);
        assert_eq!(case.intake.back().await.unwrap(), None);
        // The firm ends the key: whoever found the paper is nobody.
        let code = words_of(&case.intake).await;
        let Firm { portal, ring, matter, .. } = &case.firm;
        portal.end_client_key(ring, *matter, case.client, "The paper was lost.").await.unwrap();
        assert_eq!(back(&case, &code).await.err(), STRANGE);
        assert_eq!(portal.ways_back(ring, *matter).await.unwrap(), []);
    });
}

#[test]
fn tries_are_counted_alike_for_words_that_nobody_has() {
    rt(async {
        let case = Case::new(None).await;
        let code = words_of(&case.intake).await;
        let known = BackWords(&code).way();
        for back in [known, BackId::random()] {
            let call = ReturnByWords { back, token: B64(vec![1; 32]) };
            for _ in 0..10 {
                assert_eq!(case.firm.server.ask(None, &call).await.err(), Some(Code::SignInFailed));
            }
            assert_eq!(case.firm.server.ask(None, &call).await.err(), Some(Code::TooManyTries));
        }
        assert!(matches!(back(&case, &code).await.err(), Some(ClientError::Wait(_))));
    });
}

/// What the server keeps and sees of words opens nothing, and the words are in none of it.
#[test]
fn words_stay_with_the_client() {
    rt(async {
        let case = Case::new(None).await;
        let code = words_of(&case.intake).await;
        back(&case, &code).await.unwrap();
        let words = code.words();
        // EXPOSE: looked for.
        let needles = vec![("the words".to_owned(), disguises(words.expose().as_bytes()))];
        WIRE.with_borrow(|wire| {
            wire.iter().for_each(|sent| search(&sent.path, &sent.body, &needles));
        });
        search_rows(&case.firm.server.app.db, &needles).await;
        // Of the token the server keeps a digest alone.
        let token = *BackWords(&code).token().expose();
        let needle = vec![("the token".to_owned(), disguises(&token))];
        search_rows(&case.firm.server.app.db, &needle).await;
        let proof: Vec<u8> = {
            let mut read = case.firm.server.app.db.read().await.unwrap();
            let row = read.fetch_optional("SELECT credential FROM way_back", &[]).await;
            row.unwrap().unwrap().get(0).unwrap()
        };
        assert_eq!(proof, sha256(&token).0);
    });
}

/// What a lying server can give in the place of a client's own: another's slot, record or word, all of another's, an
/// older one, that of a passkey of the same client's.
#[test]
fn what_is_not_of_these_words_is_refused() {
    rt(async {
        let case = Case::new(None).await;
        let firm = &case.firm;
        let (invite, fragment): (InviteId, String) = link_parts(&firm.invite().await);
        let theirs = fresh(&case).open_invite(invite, Some(&fragment)).await.unwrap();
        theirs.submit(&filled(&theirs), &[]).await.unwrap();
        let read = |code: RecoveryCode| async move {
            let words = BackWords(&code);
            let token = B64(words.token().expose().to_vec());
            firm.server.ask(None, &ReturnByWords { back: words.way(), token }).await.unwrap()
        };
        let again = |code: &RecoveryCode| RecoveryCode::parse(code.words().expose()).unwrap();
        let other = read(words_of(&theirs).await).await;
        let earlier = read(words_of(&case.intake).await).await;
        let code = words_of(&case.intake).await;
        let first = read(again(&code)).await;
        case.intake.renew_back(Language::English).await.unwrap();
        for lie in 0..9 {
            let (first, other, earlier) = (first.clone(), other.clone(), earlier.clone());
            let device = fresh(&case);
            *device.host().twist.borrow_mut() = Some(Box::new(move |path, _, answer| {
                let opened = serde_json::from_slice::<BackOpened>(&answer);
                let (ReturnByWords::ROUTE, Ok(mut one)) = (path, opened) else { return answer };
                match lie {
                    0 => one.slot = other.slot.clone(),
                    1 => one.record = other.record.clone(),
                    2 => one.said = other.said.clone(),
                    3 => one = other.clone(),
                    4 => one.record = first.record.clone(),
                    5 => one.said = first.said.clone(),
                    6 => one.slot = earlier.slot.clone(),
                    7 => one = earlier.clone(),
                    _ => one.record.0[100] ^= 1,
                }
                serde_json::to_vec(&one).unwrap()
            }));
            let got = device.return_by_words(&code).await.err();
            assert_eq!(got, Some(ClientError::NotVerified(Thing::Back)), "lie {lie}");
        }
        back(&case, &code).await.unwrap();
    });
}
