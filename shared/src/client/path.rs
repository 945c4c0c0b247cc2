//! The statements that lead from the firm's root to a person, as a link carries them: admissions, and the posts
//! that gave more than the keys say. A stranger who has nothing of the keyring checks the person's key by them.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::directory::{BROKEN, Directory, GOVERNS};
use super::error::ClientError;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, Kid};
use crate::crypto::signed::{MAX_BODY, Namespace, Signed};
use crate::journal::posts::Posted;
use crate::journal::reroot::Rerooted;
use crate::journal::statement::{Admitted, Placed, RootAct, place_of};
use crate::time::Timestamp;

/// The acts that a path is made of, of namespaces 2 and 14; it has no others.
#[derive(Encode, Decode)]
enum PathAct {
    #[n(0)]
    Admitted(#[n(0)] Admitted),
    #[n(5)]
    Posted(#[n(0)] Posted),
    #[n(8)]
    Rerooted(#[n(0)] Rerooted),
}

impl Directory {
    /// Follows one admission outside the stream, as an invitation carries it: the signature chain
    /// down to the lawyer, without the statements between. All is demanded that [`Self::apply`]
    /// demands, except what only the whole stream can show: its order, and the offers in it.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`] when a signature or a capability is missing.
    pub fn follow(&mut self, statement: &[u8]) -> Result<(), ClientError> {
        let signed = Signed::parse(statement).map_err(|_| BROKEN)?;
        let (by, namespace) = (signed.signer(), signed.namespace());
        let body: Placed<PathAct> = self.read(&signed, namespace, Timestamp(0))?;
        match (namespace, body.act) {
            (Namespace::Keyring, PathAct::Admitted(admitted)) => {
                self.may_any(by, &[Caps::ADMIT])?;
                let member = self.member(&admitted, statement, by)?;
                self.members.insert(member.bundle.kid(), member);
                Ok(())
            }
            (Namespace::Keyring, PathAct::Posted(act)) => {
                self.may_any(by, &GOVERNS)?;
                let mut posting = self.posting(&act, statement, (0, body.place.time));
                // Of what somebody may say the path shows what they were given, and not what was taken.
                posting.caps = posting.caps | self.member_by_kid(act.kid).ok_or(BROKEN)?.caps();
                self.post(&act, posting)
            }
            // Nobody knows the shares here: by the word of the root of before, with which a path begins.
            (Namespace::Recovery, PathAct::Rerooted(act)) if by == Kid::of_root(self.firm()) => {
                self.reroot(&act, statement, (0, body.place.time))
            }
            _ => Err(BROKEN),
        }
    }

    /// The statements that lead from the root to a member, root first: what an invitation carries
    /// so that a stranger can check the lawyer's key.
    #[must_use]
    pub fn path_to(&self, kid: Kid) -> Option<Vec<Vec<u8>>> {
        let (mut led, mut path) = (BTreeSet::new(), Vec::new());
        let mut wanted = alloc::vec![kid];
        while let Some(at) = wanted.pop() {
            if at == Kid::of_root(self.firm()) || !led.insert(at) {
                continue;
            }
            let member = self.members.get(&at)?;
            path.push(member.admission.clone());
            wanted.push(member.admitted_by);
            for more in member.posts.iter().filter(|posting| !posting.statement.is_empty()) {
                path.push(more.statement.clone());
                wanted.push(more.by);
            }
        }
        let root = Kid::of_root(self.firm());
        let of_root =
            path.iter().filter(|one| Signed::parse(one).is_ok_and(|one| one.signer() == root));
        let last = of_root.filter_map(|one| place_of(one)).map(|place| place.seq).max();
        path.extend(self.roots_before(last.unwrap_or(0)).cloned());
        path.sort_by_key(|statement| place_of(statement).map(|place| place.seq));
        path.insert(0, self.root_statement.clone());
        Some(path)
    }
}

/// The fingerprint that a root statement claims; [`Directory::begin`] verifies it.
#[must_use]
pub fn root_fingerprint(statement: &[u8]) -> Option<Hash32> {
    let signed = Signed::parse(statement).ok()?;
    let body: Placed<RootAct> = cbor::decode_strict(signed.body(), MAX_BODY).ok()?;
    Some(body.act.fingerprint())
}
