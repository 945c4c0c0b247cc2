//! Where an attack is tried: firms with people's words in them, the attacker's keys, and everything that
//! left a device or was logged meanwhile.

use std::cell::RefCell;
use std::rc::Rc;

use server::db::Value;
use shared::client::{ClientError, Portal};
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Identity, Role};

use super::forge::copy;
use super::oracles::{Picture, opens_for_the_attacker, picture};
use super::{Verdict, refused};
use crate::harness::acts::{self, Firm, Tale};
use crate::harness::canary::{Lines, Needles, disguises};
use crate::harness::client::{Device, Sent, Twist, WIRE};

/// One run of one exploit.
pub struct Stage {
    /// What this firm's people write.
    pub tale: Tale,
    pub(super) lines: Lines,
    pub(super) firms: RefCell<Vec<(Rc<Firm>, Option<Picture>)>>,
    /// Keys, and how much had gone out before they were the attacker's.
    pub(super) attackers: RefCell<Vec<(Rc<Identity>, usize)>>,
    pub(super) needles: RefCell<Needles>,
    /// Firms that only the attacker's word makes.
    pub made_up: RefCell<Vec<Hash32>>,
}

impl Stage {
    pub(super) fn new(tale: Tale) -> Self {
        WIRE.take();
        let mut needles: Needles = tale
            .words()
            .iter()
            .map(|word| ((*word).to_owned(), disguises(word.as_bytes())))
            .collect();
        let passphrase = acts::PASSPHRASE;
        needles.push(("the passphrase".to_owned(), disguises(passphrase.as_bytes())));
        Self {
            tale,
            lines: Lines::default(),
            firms: RefCell::default(),
            attackers: RefCell::default(),
            needles: RefCell::new(needles),
            made_up: RefCell::default(),
        }
    }

    /// Keeps what the server logs on this thread until the guard is dropped.
    pub(super) fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let lines = self.lines.clone();
        let logs = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(move || lines.clone())
            .finish();
        tracing::subscriber::set_default(logs)
    }

    /// A founded firm with one matter and one form, in this stage's words.
    pub async fn firm(&self) -> Rc<Firm> {
        let firm = Rc::new(Firm::of(&self.tale).await);
        // EXPOSE: to look for them where they must not be.
        self.secret("the recovery words", firm.words.expose().as_bytes());
        self.firms.borrow_mut().push((Rc::clone(&firm), None));
        firm
    }

    /// What is true in a firm just before the server begins to lie: afterwards its founder's device may
    /// show this, or errors by name, and nothing else. Every exploit that has a firm says when.
    pub async fn truth(&self, firm: &Rc<Firm>) {
        let seen = picture(firm).await;
        let mut firms = self.firms.borrow_mut();
        let entry = firms.iter_mut().find(|(one, _)| Rc::ptr_eq(one, firm)).unwrap();
        entry.1 = Some(seen);
    }

    /// Bytes that nobody but their owner may ever see.
    pub fn secret(&self, name: &str, bytes: &[u8]) {
        assert!(bytes.len() >= 8, "{name} is too short to look for");
        self.needles.borrow_mut().push((name.to_owned(), disguises(bytes)));
    }

    /// Keys that the attacker made: nothing that anybody sends or that is stored may open with them.
    pub fn attacker(&self, role: Role) -> Rc<Identity> {
        let keys = Rc::new(Identity::generate(role));
        self.attackers.borrow_mut().push((Rc::clone(&keys), 0));
        keys
    }

    /// Somebody of the firm goes over to the attacker: nothing that is sent from now on may open with
    /// these keys. What they could read before, they could.
    pub fn turned(&self, keys: &Identity) {
        let sent = WIRE.with_borrow(Vec::len);
        self.attackers.borrow_mut().push((Rc::new(copy(keys)), sent));
    }

    /// Whether anything that went out opens with a key of the attacker's: the loot of many attacks.
    pub async fn is_robbed(&self) -> bool {
        opens_for_the_attacker(self).await
    }

    /// What became of an attack that wanted a key or a document: the loot counts, whatever the victim's
    /// device said to it in the end.
    pub async fn robbed<T>(&self, outcome: Result<T, ClientError>) -> Verdict {
        if self.is_robbed().await {
            return Ok(());
        }
        outcome?;
        refused("nothing was sealed to the attacker")
    }

    /// What went out, without ids and in no order: paths and lengths.
    #[cfg_attr(feature = "vuln", allow(dead_code, reason = "the product's two runs are compared"))]
    pub(super) fn transcript(&self) -> Vec<(String, usize)> {
        let plain = |sent: &Sent| {
            let parts: Vec<&str> = sent
                .path
                .split('/')
                .map(|part| if part.len() >= 20 { "*" } else { part })
                .collect();
            (parts.join("/"), sent.body.len())
        };
        let mut all: Vec<_> = WIRE.with_borrow(|wire| wire.iter().map(plain).collect());
        all.sort();
        all
    }
}

/// Puts somebody between a device and the honest router.
pub fn twist(portal: &Portal<Device>, twist: Twist) {
    *portal.host().twist.borrow_mut() = Some(twist);
}

/// The honest router again.
pub fn untwist(portal: &Portal<Device>) {
    portal.host().twist.borrow_mut().take();
}

/// What only the server can do to what it stores.
pub async fn tamper(firm: &Firm, sql: &'static str, values: &[Value]) {
    let mut tx = firm.server.app.db.begin().await.unwrap();
    tx.execute(sql, values).await.unwrap();
    tx.without_statement("the server tampers").await.unwrap();
}
