//! What people decide about the firm.

use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::error::FormatError;
use shared::crypto::keys::Kid;
use shared::crypto::signed::MAX_BODY;
use shared::journal::review::ReviewAct;

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
