//! What must hold after every attack, whatever it was (the design's section 10).

use std::collections::{BTreeMap, BTreeSet};

use server::journal::store;
use shared::client::{ClientError, Portal, Ring};
use shared::crypto::age::file::FileOpen;
use shared::crypto::age::header;
use shared::crypto::error::OpenError;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::KemKey;
use shared::crypto::wrapped::{self, WrapContext};
use shared::encoding::B64;
use shared::ids::MatterId;
use shared::journal::statement::place_of;
use shared::journal::stream::StreamId;
use shared::journal::wire::Append;

use super::stage::{Stage, untwist};
use crate::harness::acts::Firm;
use crate::harness::canary::{search, search_folder, search_rows};
use crate::harness::client::{Device, Sent, WIRE};

/// Everything that a device shows of a firm: names of things, and what they are shown as.
pub type Picture = BTreeMap<String, Result<String, String>>;

/// Fails when one of the oracles is broken. The fourth, that what goes out does not depend on what is
/// secret, needs two runs: see `attempt`.
pub async fn judge(stage: &Stage) {
    nothing_is_told(stage).await;
    nothing_opens_for_the_attacker(stage).await;
    what_is_shown_is_true_or_an_error(stage).await;
}

/// 1: no words and no secrets in what went out, in the database, in blobs, in the log.
async fn nothing_is_told(stage: &Stage) {
    let needles = stage.needles.borrow();
    WIRE.with_borrow(|wire| {
        for sent in wire {
            search("a path", sent.path.as_bytes(), &needles);
            search(&sent.path, &sent.body, &needles);
        }
    });
    search("the log", &stage.lines.0.lock().unwrap(), &needles);
    for (firm, _) in &*stage.firms.borrow() {
        search_rows(&firm.server.app.db, &needles).await;
        search_folder(firm.server.data.path(), &needles);
    }
}

/// 2: nothing that went out opens with a key of the attacker's.
async fn nothing_opens_for_the_attacker(stage: &Stage) {
    assert!(!opens_for_the_attacker(stage).await, "something opens for the attacker");
}

/// Whether anything that went out opens with a key of the attacker's: a wrapped key, whomever it names as
/// its recipient, or a document.
pub async fn opens_for_the_attacker(stage: &Stage) -> bool {
    let attackers = stage.attackers.borrow();
    let keys = attackers.iter().filter_map(|(one, before)| Some((one.kem.as_ref()?, *before)));
    let keys: Vec<(&KemKey, usize)> = keys.collect();
    let places = places(stage).await;
    WIRE.with_borrow(|wire| {
        wire.iter().enumerate().any(|(at, sent)| {
            let acts = serde_json::from_slice::<Append>(&sent.body);
            let attached = acts.map(|acts| acts.attachments).unwrap_or_default();
            let mut keys = keys.iter().filter(|(_, before)| *before <= at);
            keys.any(|(key, _)| attached.iter().any(|B64(bytes)| opens(bytes, key, &places)))
        })
    })
}

/// Whether a key opens this, before anybody asks who signed it.
fn opens(bytes: &[u8], key: &KemKey, places: &[WrapContext]) -> bool {
    if let Ok(shape) = header::inspect(bytes) {
        return FileOpen::new(bytes, shape.ctx_hash, key).is_ok();
    }
    let Ok(recipient) = wrapped::recipient_of(bytes) else { return false };
    places.iter().any(|place| {
        // Nobody is known here: an envelope that opens fails at its signer.
        let opened = wrapped::open(bytes, recipient, key, place, |_| None);
        !matches!(opened.err(), Some(OpenError::Tampered))
    })
}

/// Every place that a key of these firms can be wrapped for.
async fn places(stage: &Stage) -> Vec<WrapContext> {
    let mut places = Vec::new();
    for (firm, _) in &*stage.firms.borrow() {
        let mut read = firm.server.app.db.read().await.unwrap();
        let known = store::directory::firm(&mut read).await.unwrap().unwrap();
        for row in read.fetch_all("SELECT name FROM stream", &[]).await.unwrap() {
            let stream: StreamId = row.get::<String>(0).unwrap().parse().unwrap();
            places.extend(contexts(known.fingerprint, stream));
        }
        // What the honest server did not take has told the evil one all the same.
        let firms = stage.made_up.borrow();
        for firm in std::iter::once(&known.fingerprint).chain(&*firms) {
            places.extend(named_streams().into_iter().flat_map(|one| contexts(*firm, one)));
        }
    }
    places
}

fn contexts(firm: Hash32, stream: StreamId) -> Vec<WrapContext> {
    let StreamId::Matter(matter) = stream else { return Vec::new() };
    let kinds = (0..3).flat_map(|epoch| [1, 2].map(|purpose| (epoch, purpose)));
    kinds.map(|(epoch, purpose)| WrapContext { firm, matter, epoch, purpose }).collect()
}

/// The streams of all statements that went out.
fn named_streams() -> BTreeSet<StreamId> {
    let named = |sent: &Sent| {
        let acts = serde_json::from_slice::<Append>(&sent.body).ok()?;
        let places = acts.statements.iter().filter_map(|one| place_of(&one.0));
        Some(places.map(|place| place.stream).collect::<Vec<_>>())
    };
    WIRE.with_borrow(|wire| wire.iter().filter_map(named).flatten().collect())
}

/// 3: the founder's device shows what was true before the server lied, or errors by name.
async fn what_is_shown_is_true_or_an_error(stage: &Stage) {
    for (firm, truth) in &*stage.firms.borrow() {
        let truth = truth.as_ref().expect("an exploit says what was true: stage.truth(&firm)");
        untwist(&firm.portal);
        for (thing, shown) in picture(firm).await {
            match (truth.get(&thing), shown) {
                (Some(Ok(before)), Ok(now)) => {
                    assert_eq!(*before, now, "{thing} is shown otherwise")
                }
                (None, Ok(now)) => panic!("{thing} is shown as {now:?}, and was not there"),
                (_, Err(_)) | (Some(Err(_)), Ok(_)) => {}
            }
        }
    }
}

/// What the founder's device shows now.
pub async fn picture(firm: &Firm) -> Picture {
    picture_of(&firm.portal, &firm.ring).await
}

/// What a device of the founder's shows.
pub async fn picture_of(portal: &Portal<Device>, ring: &Ring) -> Picture {
    let mut seen = Picture::new();
    let said = |error: ClientError| format!("{error:?}");
    match portal.people(ring).await {
        Ok(people) => {
            for one in people {
                let shown = format!("{:?} {:?} {:?}", one.name, one.role, one.caps);
                seen.insert(format!("person {}", one.fingerprint), Ok(shown));
            }
        }
        Err(error) => {
            seen.insert("people".to_owned(), Err(said(error)));
        }
    }
    match portal.matters(ring).await {
        Ok(matters) => {
            for one in matters {
                let title =
                    one.description.map(|about| format!("{} {}", about.client, about.title));
                let title = title.map_err(|closed| format!("{closed:?}"));
                seen.insert(format!("matter {}", one.matter), title);
                of_matter((portal, ring), one.matter, &mut seen).await;
            }
        }
        Err(error) => {
            seen.insert("matters".to_owned(), Err(said(error)));
        }
    }
    match portal.forms(ring).await {
        Ok(forms) => {
            for one in forms {
                seen.insert(format!("form {}", one.form), Ok(format!("version {}", one.version)));
            }
        }
        Err(error) => {
            seen.insert("forms".to_owned(), Err(said(error)));
        }
    }
    seen
}

async fn of_matter((portal, ring): (&Portal<Device>, &Ring), matter: MatterId, seen: &mut Picture) {
    let view = match portal.matter(ring, matter).await {
        Ok(view) => view,
        Err(error) => {
            seen.insert(format!("view {matter}"), Err(format!("{error:?}")));
            return;
        }
    };
    for client in view.clients {
        // Of a stranger nothing is claimed: whoever finds a link's place may come, and is shown as one.
        if client.level.is_none() && !client.genuine {
            continue;
        }
        let level = format!("level {:?}, genuine {}", client.level, client.genuine);
        seen.insert(format!("client {}", client.kid), Ok(level));
    }
    for one in view.documents {
        let shown = match one.named.opened() {
            Some(meta) => Ok(format!("{} from {:?}", meta.name, one.from)),
            None => Err("closed".to_owned()),
        };
        seen.insert(format!("document {}", one.object), shown);
    }
    for one in view.submissions {
        seen.insert(format!("answers {}", one.submission), Ok(format!("{:?}", one.decision)));
    }
    for one in view.seats {
        let who = one.account.map(|account| account.to_string());
        seen.insert(format!("seat {who:?} in {matter}"), Ok(format!("{:?}", one.name)));
    }
}

/// What left meanwhile: paths and lengths.
pub async fn watched<R>(act: impl Future<Output = R>) -> (R, Vec<(String, usize)>) {
    let before = WIRE.with_borrow(Vec::len);
    let outcome = act.await;
    let sent = WIRE.with_borrow(|wire| {
        wire[before..].iter().map(|sent| (sent.path.clone(), sent.body.len())).collect()
    });
    (outcome, sent)
}
