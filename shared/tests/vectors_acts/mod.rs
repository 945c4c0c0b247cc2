//! What people decide about the firm, and the shares by which officers recover what was lost.

use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::error::FormatError;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::Kid;
use shared::crypto::shares::Share;
use shared::crypto::signed::MAX_BODY;
use shared::journal::recovery::RecoveryAct;
use shared::journal::review::ReviewAct;
use shared::secret::Secret;

use super::each;

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
    each("ceremony", 11, |v| {
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
            };
            assert_eq!(kind, v.text("kind"));
        }
    });
}
