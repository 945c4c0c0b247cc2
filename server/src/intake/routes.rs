//! Opening and redeeming an invitation.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use shared::crypto::signed::{Namespace, Signed};
use shared::encoding::B64;
use shared::ids::InviteId;
use shared::intake::wire::{InviteOpened, OpenInvite, RedeemInvite, Redeemed};
use shared::journal::stream::StreamId;
use shared::journal::wire::Append;
use shared::problem::Code;
use shared::time::Timestamp;

use super::store::{self, Invite};
use crate::db::Tx;
use crate::error::{ApiError, Reply};
use crate::extract::call::Called;
use crate::extract::caller::{self, For, Stranger};
use crate::extract::place::Place;
use crate::http::limits::{self, Counted};
use crate::identity::{holds_link, in_time};
use crate::journal::append::append;
use crate::journal::signer::Authority;
use crate::journal::store::directory;
use crate::matters::store::owed::owes_key;
use crate::state::{App, AppState};

/// The sealed blob and the end of the matter's stream, for whoever holds the link.
pub(super) async fn open(
    State(app): State<AppState>,
    _: Stranger,
    Called { call, .. }: Called<OpenInvite>,
) -> Reply<Json<InviteOpened>> {
    let invite = held(&app, call.invite, &call.token.0).await?;
    let mut read = app.db.read().await?;
    // Whoever left may have read the link's secret: until the matter has a new key, nobody comes by it.
    let over = invite.used_by.is_none() && owes_key(&mut read, invite.matter, app.now()).await?;
    in_time(if over { Timestamp(0) } else { invite.expires }, app.now())?;
    let head = crate::journal::store::head(&mut read, StreamId::Matter(invite.matter)).await?;
    Ok(Json(InviteOpened {
        blob: B64(invite.blob),
        matter: invite.matter,
        head,
        now: app.now().0,
        used: invite.used_by.is_some(),
    }))
}

/// The client joins and has a session. The same key may come again, and gets the same receipt.
pub(super) async fn redeem(
    State(app): State<AppState>,
    _: Stranger,
    Called { call, .. }: Called<RedeemInvite>,
) -> Reply<(HeaderMap, Json<Redeemed>)> {
    let invite = held(&app, call.invite, &call.token.0).await?;
    let joined = Signed::parse(&call.joined.0)
        .map_err(|_| ApiError::invalid("The statement is malformed."))?;
    let kid = joined.signer();
    let mut tx = app.db.begin().await?;
    tx.lock_journal().await?;
    if let Some(receipt) = joined_before(&mut tx, &invite, &joined).await? {
        let cookie = caller::open(&mut tx, &app, For::Key(kid), &Place::default()).await?;
        tx.without_statement("the client joined before").await?;
        return Ok((cookie.headers(), Json(Redeemed { receipt: B64(receipt) })));
    }
    let authority = Authority::Redeeming { invite: call.invite };
    let acts = Append { statements: vec![call.joined], attachments: Vec::new() };
    let taken = append(&mut tx, &app, authority, &acts).await?;
    let cookie = caller::open(&mut tx, &app, For::Key(kid), &Place::default()).await?;
    let receipt = taken.commit(tx).await?.receipts.into_iter().next();
    let receipt = receipt.ok_or_else(|| ApiError::internal("an append without a receipt"))?;
    Ok((cookie.headers(), Json(Redeemed { receipt })))
}

// Whoever signs again with the key that used the invitation is the same browser.
async fn joined_before(tx: &mut Tx, invite: &Invite, joined: &Signed) -> Reply<Option<Vec<u8>>> {
    let Some(used_by) = invite.used_by else {
        return Ok(None);
    };
    let signer =
        directory::signer(tx, used_by, Timestamp(0)).await?.filter(|_| used_by == joined.signer());
    let signer = signer.ok_or_else(used)?;
    joined.verify(Namespace::ClientBundle, &signer.key).map_err(|_| used())?;
    Ok(store::joining_receipt(tx, invite.matter, used_by).await?)
}

fn used() -> ApiError {
    ApiError::new(Code::InvitationUsed, "The invitation was used by another browser.")
}

async fn held(app: &App, invite: InviteId, token: &[u8]) -> Reply<Invite> {
    let now = app.now();
    limits::count(&app.db, Counted::Link, invite.as_bytes(), now).await?;
    let found = store::find(&mut *app.db.read().await?, invite).await?;
    holds_link(token, found.as_ref().map(|found| found.auth_hash))?;
    limits::forgive(&app.db, Counted::Link, invite.as_bytes(), now).await?;
    found.ok_or(ApiError::not_found())
}
