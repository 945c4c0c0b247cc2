//! Signed statements, their streams, and the one tree over all of them.
//!
//! Every act that matters comes in through [`append`]: statements are taken apart ([`batch`]), read
//! and verified ([`act`]), allowed ([`policy`], here and in the other features), kept ([`store`],
//! its [`store::tiles`]) and projected ([`project`]) into the tables that answer questions
//! ([`store::directory`], and the stores of the other features), which can be made again of what was kept
//! alone ([`rebuild`]). A signed receipt goes back for each, and proofs of where they
//! stand with every page that is read ([`prove`]); the bare tree is for everybody (`log`). What is readable again is decided
//! stream by stream; nothing is ever changed or removed. What a page left open must not do (`grave`) wants a factor first.

use axum::Router;
use axum::routing::get;
use shared::journal::wire;

use crate::extract::call::on;
use crate::state::AppState;

pub mod act;
pub mod append;
pub mod batch;
mod grave;
mod log;
pub mod permit;
pub mod policy;
pub mod posts;
pub mod project;
mod prove;
pub mod read;
pub mod rebuild;
pub mod recovery;
mod release;
pub mod review;
mod routes;
pub mod rules;
pub mod signer;
pub mod store;

/// The routes of the journal.
pub fn router() -> Router<AppState> {
    let router = Router::new();
    let router = on::<wire::Append, _, _>(router, routes::append);
    let router = on::<wire::ReadHead, _, _>(router, routes::head);
    let router = on::<wire::ReadStreams, _, _>(router, routes::streams);
    let router = on::<wire::ReadJournal, _, _>(router, routes::entries);
    let router = on::<wire::ReadProof, _, _>(router, routes::proof);
    let router = on::<wire::Cosign, _, _>(router, routes::cosign);
    router
        .route("/log/checkpoint", get(log::checkpoint))
        .route(&format!("{}{{*path}}", log::TILES), get(log::tile))
}
