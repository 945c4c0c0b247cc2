//! Who is who, as the keyring and the office room say.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::Portal;
use super::directory::Member;
use super::error::ClientError;
use super::host::Host;
use super::record;
use super::ring::{Keys, Ring};
use crate::crypto::fingerprint;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, Kid, Role};
use crate::crypto::sealed::RecordKind;
use crate::ids::AccountId;
use crate::keys::plain::{FirmV1, PersonV1};
use crate::keys::wire::ListHandles;

/// A person of the firm.
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// The person's keys, by their id: what access is given to.
    pub kid: Kid,
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
    /// Whether the person is a lawyer whom nobody let into the firm's own room yet, so that names
    /// and forms stay closed to them. Known to those who are in it, and to the person.
    pub outside: bool,
}

impl<H: Host> Portal<H> {
    /// Everybody whom the firm admitted.
    ///
    /// # Errors
    /// When locked, unreachable, or the directory does not verify.
    pub async fn people(&self, ring: &Ring) -> Result<Vec<Person>, ClientError> {
        self.sync_directory(ring).await?;
        let handles = self.call(&ListHandles {}).await?.handles;
        let inside = self.enter_office(ring).await?;
        ring.with_mut(|keys| {
            let names = names(keys)?;
            let office = keys.rooms.get(&keys.office()).filter(|_| inside);
            Ok(keys
                .directory
                .members()
                .map(|member| Person {
                    account: member.account,
                    kid: member.bundle.kid(),
                    outside: member.bundle.kem.is_some()
                        && match office {
                            Some(room) => !room.is_seated(member.bundle.kid()),
                            None => member.account == keys.account,
                        },
                    handle: handles
                        .iter()
                        .find(|handle| handle.account == member.account)
                        .map(|handle| handle.handle.clone()),
                    name: names.get(&member.account).cloned().or_else(|| own_name(keys, member)),
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
    /// When locked or unreachable; [`ClientError::Missing`] when nobody ever told this account.
    pub async fn firm_name(&self, ring: &Ring) -> Result<String, ClientError> {
        self.enter_office(ring).await?;
        ring.with_mut(firm_name)?
    }
}

/// The firm's name: from the office room as far as it was read, else as this account was told when
/// it was made.
pub(crate) fn firm_name(keys: &mut Keys) -> Result<String, ClientError> {
    let records: Vec<FirmV1> = match office_records(keys, RecordKind::Firm) {
        Err(ClientError::Missing) => Vec::new(),
        other => other?,
    };
    let told = keys.profile.as_ref().map(|profile| profile.firm_name.clone());
    records.into_iter().next_back().map(|firm| firm.name).or(told).ok_or(ClientError::Missing)
}

/// The caller's own name, for one whom the office room does not name.
pub(crate) fn my_name(keys: &mut Keys) -> Result<Option<String>, ClientError> {
    let named = names(keys)?.remove(&keys.account);
    Ok(named.or_else(|| keys.profile.as_ref().map(|profile| profile.name.clone())))
}

fn own_name(keys: &Keys, member: &Member) -> Option<String> {
    let profile = keys.profile.as_ref().filter(|_| member.account == keys.account)?;
    Some(profile.name.clone())
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
