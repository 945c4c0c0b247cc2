//! Who is who, as the keyring and the office room say.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::Portal;
use super::error::ClientError;
use super::host::Host;
use super::record;
use super::ring::{Keys, Ring};
use crate::crypto::fingerprint;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, Role};
use crate::crypto::sealed::RecordKind;
use crate::ids::AccountId;
use crate::keys::plain::{FirmV1, PersonV1};
use crate::keys::wire::ListHandles;

/// A person of the firm.
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// The sign-in name, as the server says.
    pub handle: Option<String>,
    /// The name, for those who may enter the office room.
    pub name: Option<String>,
    /// What the person is.
    pub role: Role,
    /// What the person may.
    pub caps: Caps,
    /// The fingerprint of the person's keys, 12 groups of 5 digits.
    pub fingerprint: String,
}

impl<H: Host> Portal<H> {
    /// Everybody whom the firm admitted.
    ///
    /// # Errors
    /// When locked, unreachable, or the directory does not verify.
    pub async fn people(&self, ring: &Ring) -> Result<Vec<Person>, ClientError> {
        self.sync_directory(ring).await?;
        let handles = self.call(&ListHandles {}).await?.handles;
        if ring.opens_matters()? {
            let office = ring.with(Keys::office)?;
            self.sync_rooms(ring, &[office]).await?;
        }
        ring.with_mut(|keys| {
            let names = names(keys)?;
            Ok(keys
                .directory
                .members()
                .map(|member| Person {
                    account: member.account,
                    handle: handles
                        .iter()
                        .find(|handle| handle.account == member.account)
                        .map(|handle| handle.handle.clone()),
                    name: names.get(&member.account).cloned(),
                    role: member.bundle.role,
                    caps: member.bundle.caps,
                    fingerprint: fingerprint::digits(Hash32(member.bundle.kid().0)),
                })
                .collect())
        })?
    }

    /// The firm's name.
    ///
    /// # Errors
    /// [`ClientError::Missing`] for those who may not enter the office room.
    pub async fn firm_name(&self, ring: &Ring) -> Result<String, ClientError> {
        let office = ring.with(Keys::office)?;
        self.sync_rooms(ring, &[office]).await?;
        ring.with_mut(firm_name)?
    }
}

/// The firm's name, from the office room as far as it was read.
pub(crate) fn firm_name(keys: &mut Keys) -> Result<String, ClientError> {
    let records: Vec<FirmV1> = office_records(keys, RecordKind::Firm)?;
    records.into_iter().next_back().map(|firm| firm.name).ok_or(ClientError::Missing)
}

/// Names by account; empty for those without a key to the office room.
pub(crate) fn names(keys: &mut Keys) -> Result<BTreeMap<AccountId, String>, ClientError> {
    match office_records::<PersonV1>(keys, RecordKind::Profile) {
        Ok(people) => Ok(people.into_iter().map(|person| (person.account, person.name)).collect()),
        Err(ClientError::Missing) => Ok(BTreeMap::new()),
        Err(other) => Err(other),
    }
}

fn office_records<T>(keys: &mut Keys, kind: RecordKind) -> Result<Vec<T>, ClientError>
where
    T: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()>,
{
    let office = keys.office();
    keys.matter_key(office, 0)?;
    let room = keys.rooms.get(&office).ok_or(ClientError::Missing)?;
    room.records_of(kind)
        .map(|sealed| {
            let key =
                keys.matter_keys.get(&(office, sealed.at.epoch)).ok_or(ClientError::Missing)?;
            record::open(sealed, kind, keys.firm(), room, key)
        })
        .collect()
}
