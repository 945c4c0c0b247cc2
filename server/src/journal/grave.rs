//! Acts that a page which was left open must not do: whose session brings one has shown a factor within five
//! minutes ([`crate::extract::caller::Session::fresh`]).

use shared::crypto::cbor;
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::encoding::B64;
use shared::journal::statement::{AccessAct, EpochAct, Placed, Verb, place_of, variant_of};
use shared::journal::stream::StreamId;
use shared::journal::wire::Append;
use shared::time::Timestamp;

use super::store::{directory, posts};
use crate::db::Conn;
use crate::db::pool::DbError;

/// Numbers of acts of recovery.
const TESTED: u8 = 1;
const CANCELLED: u8 = 5;
/// Number of the act that asks a client for a code.
const ASKED: u8 = 3;
/// Number of the act that opens a matter, and of the one that says what it needs.
const CREATED: u8 = 0;
const NEEDED: u8 = 1;
/// Number of an act of reviews that takes nothing by itself.
const REVIEWED: u8 = 1;

/// Whether one of these statements says who belongs to the firm or what they may, changes its policy, recovers what
/// somebody lost, judges who a client is, begins or closes a review, takes a matter out, or takes access back from
/// somebody who may still sit there. What follows from somebody's
/// leaving, or from a wall, does not:
/// the page that is next finishes it, and that was decided by a grave act before.
///
/// # Errors
/// When the database refuses.
pub(super) async fn is_grave(
    conn: &mut Conn,
    call: &Append,
    now: Timestamp,
) -> Result<bool, DbError> {
    let opened = opened(call);
    for statement in &call.statements {
        let Ok(signed) = Signed::parse(&statement.0) else { continue };
        let grave = match signed.namespace() {
            Namespace::Keyring => true,
            // To look at a share, or to say no to a recovery, is always well.
            Namespace::Recovery => !matches!(variant_of(&statement.0), Some(TESTED | CANCELLED)),
            // What lets in what waits, and what every later review and release rests on.
            Namespace::Policy => true,
            // What a matter needs when it is opened takes nothing from anybody.
            Namespace::IdVerdict => {
                // To ask for a code finds nothing yet.
                let asks = variant_of(&statement.0) == Some(ASKED);
                let needs = variant_of(&statement.0) == Some(NEEDED);
                let place = place_of(&statement.0);
                !asks && (!needs || !place.is_some_and(|place| opened.contains(&place.stream)))
            }
            Namespace::Review => !matches!(variant_of(&statement.0), Some(REVIEWED)),
            Namespace::Access => exports(&signed),
            Namespace::EpochKey => takes_back(conn, &signed, now).await?,
            _ => false,
        };
        if grave {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The matters that come into being by the call.
fn opened(call: &Append) -> Vec<StreamId> {
    let creates = |statement: &&B64| {
        variant_of(&statement.0) == Some(CREATED)
            && Signed::parse(&statement.0).is_ok_and(|one| one.namespace() == Namespace::Matter)
    };
    let created = call.statements.iter().filter(creates);
    created.filter_map(|statement| Some(place_of(&statement.0)?.stream)).collect()
}

fn exports(signed: &Signed) -> bool {
    cbor::decode_strict(signed.body(), MAX_BODY)
        .is_ok_and(|body: Placed<AccessAct>| body.act.verb == Verb::Exported)
}

async fn takes_back(conn: &mut Conn, signed: &Signed, now: Timestamp) -> Result<bool, DbError> {
    let Ok(body) = cbor::decode_strict::<Placed<EpochAct>>(signed.body(), MAX_BODY) else {
        return Ok(false);
    };
    for kid in body.act.unseated.into_iter().flatten() {
        let known = directory::person(conn, kid).await?.is_some();
        if known && !posts::must_leave(conn, kid, body.act.matter, now).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
