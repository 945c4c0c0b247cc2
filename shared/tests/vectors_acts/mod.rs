//! What people decide about the firm, and the shares by which officers recover what was lost.

use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::error::FormatError;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::Kid;
use shared::crypto::shares::Share;
use shared::crypto::signed::MAX_BODY;
use shared::ids::MatterId;
use shared::journal::posts::{DutyGiven, WallLifted, WallRaised};
use shared::journal::recovery::RecoveryAct;
use shared::journal::release::PolicyAct;
use shared::journal::review::ReviewAct;
use shared::journal::statement::{KeyringAct, MatterAct};
use shared::secret::Secret;

use super::each;

mod back;

/// Reviews of who can open which matter.
#[test]
fn reviews() {
    each("review", 10, |v| {
        let act = decode_strict::<ReviewAct>(&v.bytes("act"), MAX_BODY);
        let sound = act.and_then(|act| match &act {
            ReviewAct::Reviewed(one) if !one.is_sound(Kid(v.fixed("signer"))) => {
                Err(FormatError::Value)
            }
            _ => Ok(act),
        });
        let Some(act) = v.settle(sound) else { return };
        assert_eq!(encode(&act), v.bytes("act"));
        let (kind, review) = match act {
            ReviewAct::Opened(act) => {
                assert_eq!(act.due.0, v.number("due"));
                ("opened", act.review)
            }
            ReviewAct::Reviewed(act) => {
                let (kept, ended) = (act.kept.len() as u64, act.ended.len() as u64);
                assert_eq!((kept, ended), (v.number("kept"), v.number("ended")));
                ("reviewed", act.review)
            }
            ReviewAct::Closed(act) => ("closed", act.review),
        };
        assert_eq!((kind, review.0), (v.text("kind"), v.fixed("review")));
    });
}

/// What people are, whom walls keep out, and whose duties are.
#[test]
fn posts() {
    each("post", 19, |v| {
        let fits = |act: &KeyringAct| !matches!(act, KeyringAct::Posted(post) if !post.fits());
        let act = decode_strict::<KeyringAct>(&v.bytes("act"), MAX_BODY);
        let act = act.and_then(|act| if fits(&act) { Ok(act) } else { Err(FormatError::Value) });
        let Some(act) = v.settle(act) else { return };
        assert_eq!(encode(&act), v.bytes("act"));
        let kind = match act {
            KeyringAct::Posted(act) => {
                assert_eq!(u64::from(act.placing.post as u8), v.number("post"));
                assert_eq!((act.kid.0, u64::from(act.caps.0)), (v.fixed("kid"), v.number("caps")));
                "posted"
            }
            KeyringAct::WallRaised(WallRaised { kid, wall, matter, .. }) => {
                let said = (kid.0, wall.0, matter.0);
                assert_eq!(said, (v.fixed("kid"), v.fixed("wall"), v.fixed("matter")));
                "raised"
            }
            KeyringAct::WallLifted(WallLifted { wall, kid }) => {
                assert_eq!((kid.0, wall.0), (v.fixed("kid"), v.fixed("wall")));
                "lifted"
            }
            KeyringAct::DutyGiven(DutyGiven { holder: None, .. }) => "vacant",
            KeyringAct::DutyGiven(DutyGiven { holder, deputy, .. }) => {
                let named = [holder, deputy].map(|kid| kid.unwrap().0);
                assert_eq!(named, [v.fixed("kid"), v.fixed("deputy")]);
                "duty"
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(kind, v.text("kind"));
    });
}

#[test]
fn sheets() {
    each("sheet", 7, |v| {
        let typed = Secret::new(v.text("sheet").to_owned());
        if let Some(share) = v.settle(Share::parse(&typed, Hash32(v.fixed("firm")))) {
            assert_eq!(share.bytes(), &v.fixed("share"));
            assert_eq!(share.generation().to_string(), v.text("generation"));
            assert_eq!(share.number().to_string(), v.text("number"));
            assert_eq!(share.commitment().0, v.fixed("commitment"));
        }
    });
}

#[test]
fn acts_of_recovery() {
    each("ceremony", 15, |v| {
        let act = decode_strict::<RecoveryAct>(&v.bytes("act"), MAX_BODY);
        if let Some(act) = v.settle(act) {
            assert_eq!(encode(&act), v.bytes("act"));
            let kind = match act {
                RecoveryAct::SharesNamed(_) => "shares",
                RecoveryAct::Tested(_) => "tested",
                RecoveryAct::Requested(_) => "asked",
                RecoveryAct::Approved(_) => "approved",
                RecoveryAct::Hastened(_) => "hastened",
                RecoveryAct::Cancelled(_) => "cancelled",
                RecoveryAct::Passed(_) => "passed",
                RecoveryAct::Returning(_) => "returning",
                RecoveryAct::Rerooted(act) => {
                    let by = act.by_quorum().unwrap();
                    assert_eq!(u64::from(by.generation), v.number("generation"));
                    assert_eq!(encode(&by), act.quorum);
                    "rerooted"
                }
            };
            assert_eq!(kind, v.text("kind"));
        }
    });
}

/// What the firm decides for all its people and matters.
#[test]
fn policy() {
    each("policy", 15, |v| {
        let fits = |act: &PolicyAct| match act {
            PolicyAct::Sessions(one) => one.is_sound(),
            PolicyAct::Papers(one) => one.is_sound(),
            PolicyAct::ReleaseAccepted(_) | PolicyAct::Kinds(_) => true,
        };
        let act = decode_strict::<PolicyAct>(&v.bytes("act"), MAX_BODY);
        let act = act.and_then(|act| if fits(&act) { Ok(act) } else { Err(FormatError::Value) });
        let Some(act) = v.settle(act) else { return };
        assert_eq!(encode(&act), v.bytes("act"));
        let kind = match act {
            PolicyAct::ReleaseAccepted(_) => "release",
            PolicyAct::Sessions(rules) => {
                let said = (u64::from(rules.idle_minutes), u64::from(rules.absolute_hours));
                assert_eq!(said, (v.number("idle"), v.number("hours")));
                "sessions"
            }
            PolicyAct::Papers(rules) => {
                assert_eq!(u64::from(rules.days), v.number("days"));
                "papers"
            }
            PolicyAct::Kinds(at) => {
                assert_eq!(at.record.0, v.fixed("record"));
                "kinds"
            }
        };
        assert_eq!(kind, v.text("kind"));
    });
}

/// The keys that identity papers are sealed to.
#[test]
fn papers() {
    each("papers", 8, |v| {
        let own = (v.number("newest").try_into().unwrap(), Kid(v.fixed("follows")));
        let (firm, matter) = (Hash32(v.fixed("firm")), MatterId(v.fixed("matter")));
        let fits = |act: &MatterAct| !matches!(act, MatterAct::PapersKey(key) if !key.fits(firm, matter, own));
        let act = decode_strict::<MatterAct>(&v.bytes("act"), MAX_BODY);
        let act = act.and_then(|act| if fits(&act) { Ok(act) } else { Err(FormatError::Value) });
        let Some(act) = v.settle(act) else { return };
        assert_eq!(encode(&act), v.bytes("act"));
        let kind = match act {
            MatterAct::PapersKey(_) => "key",
            MatterAct::PapersGranted(granted) => {
                assert_eq!(granted.recipient.0, v.fixed("recipient"));
                "granted"
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(kind, v.text("kind"));
    });
}
