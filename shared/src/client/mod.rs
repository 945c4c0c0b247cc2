//! Every step of the protocols, for browser, command line and tests alike.
//!
//! [`Portal`] holds a [`host::Host`]: how to reach the server, where to keep things, what time it
//! is. Staff unlock a [`ring::Ring`] ([`found`], [`unlock`], [`enrol`]); what they read of the
//! server's streams is verified into a [`directory::Directory`] and [`room::Room`]s before anything
//! is shown ([`sync`], [`matters`], [`forms`], [`read`]); what they write is signed by [`pen`].
//! A client opens an invitation ([`invite`]) and hands in answers and documents ([`intake`],
//! [`upload`]). No check lives anywhere else: the screens are a shell around this.

pub mod error;
pub mod host;
mod net;
pub mod store;
pub mod transport;

pub mod directory;
mod link;
mod opening;
mod pen;
mod pin;
mod record;
pub mod recovery;
pub mod ring;
pub mod room;
mod roots;
mod rotate;

mod access;
pub mod account;
pub mod alarm;
pub mod back;
pub mod before;
mod blob;
mod codes;
pub mod contact;
pub mod crc32;
mod document_reader;
pub mod download;
pub mod ended;
mod ends;
pub mod enrol;
pub mod export;
pub mod factors;
pub mod filing;
#[cfg(test)]
mod fold_firm;
mod fork;
pub mod forms;
pub mod found;
mod handed;
mod held;
pub mod history;
pub mod intake;
pub mod invite;
pub mod invites;
mod join;
pub mod journal;
mod known;
pub mod leave;
pub mod matters;
pub mod memory;
mod names;
mod offer;
mod office;
pub mod opened;
mod papers;
pub mod passkey;
pub mod path;
pub mod people;
pub mod policy;
mod posting;
pub mod posts;
pub mod proven;
pub mod questions;
pub mod read;
pub mod read_back;
pub mod readable;
pub mod reissue;
pub mod releases;
mod review_record;
pub mod reviews;
mod said;
mod seats;
pub mod staff_filing;
pub mod standing;
pub mod submit;
mod sync;
pub mod turn;
pub mod unlock;
pub mod upload;
pub mod verdicts;
pub mod verified;
mod visit;
mod walls;
mod witness;
pub mod zip;

pub use error::{ClientError, Thing};
pub use fork::{Fork, Voucher};
pub use host::Host;
pub use ring::Ring;

use alloc::rc::Rc;

use crate::call::Call;
use crate::identity::wire;

/// The core, over one host. Cheap to clone.
pub struct Portal<H: Host> {
    pub(crate) host: Rc<H>,
}

impl<H: Host> Clone for Portal<H> {
    fn clone(&self) -> Self {
        Self { host: Rc::clone(&self.host) }
    }
}

impl<H: Host> Portal<H> {
    /// The core over this host.
    #[must_use]
    pub fn new(host: H) -> Self {
        Self { host: Rc::new(host) }
    }

    /// The host, for what the screens do with it themselves.
    #[must_use]
    pub fn host(&self) -> &H {
        &self.host
    }

    pub(crate) async fn call<C: Call>(&self, call: &C) -> Result<C::Reply, ClientError> {
        net::call(&*self.host, call).await
    }

    /// Whether a firm lives here, and the server's clock.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn status(&self) -> Result<wire::Status, ClientError> {
        self.call(&wire::ReadStatus {}).await
    }

    /// Whose session this browser holds.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn session(&self) -> Result<wire::Session, ClientError> {
        self.call(&wire::ReadSession {}).await
    }
}
