//! Who is who, as the keyring and the office room say.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::Portal;
use super::directory::{Directory, Member};
use super::error::ClientError;
use super::host::Host;
use super::record;
use super::ring::{Keys, Ring};
use crate::crypto::fingerprint;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, Kid, Role};
use crate::crypto::sealed::RecordKind;
use crate::ids::{AccountId, RecordId};
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
    let records: Vec<(_, _, FirmV1)> = match office_records(keys, RecordKind::Firm) {
        Err(ClientError::Missing) => Vec::new(),
        other => other?,
    };
    let told = keys.profile.as_ref().map(|profile| profile.firm_name.clone());
    records
        .into_iter()
        .next_back()
        .map(|(_, _, firm)| firm.name)
        .or(told)
        .ok_or(ClientError::Missing)
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
    let people: Vec<(RecordId, Kid, PersonV1)> = match office_records(keys, RecordKind::Profile) {
        Err(ClientError::Missing) => Vec::new(),
        other => other?,
    };
    Ok(people
        .into_iter()
        .filter(|(record, by, person)| may_name(&keys.directory, *record, *by, person.account))
        .map(|(_, _, person)| (person.account, person.name))
        .collect())
}

/// Whether a record names its account by somebody's word that counts: the person's own, or that of
/// whoever admitted them. Nobody else renames a colleague.
fn may_name(directory: &Directory, record: RecordId, by: Kid, account: AccountId) -> bool {
    let member = directory.member_by_account(account);
    record.0 == account.0
        && member.is_some_and(|member| member.bundle.kid() == by || member.admitted_by == by)
}

/// The office's records of a kind, oldest first, each with its id and who wrote it.
fn office_records<T>(
    keys: &mut Keys,
    kind: RecordKind,
) -> Result<Vec<(RecordId, Kid, T)>, ClientError>
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
            let opened = record::open(sealed, kind, keys.firm(), room, key)?;
            Ok((sealed.at.record, sealed.by, opened))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::fold_firm::Firm;

    #[test]
    fn nobody_renames_a_colleague() {
        let mut firm = Firm::new();
        let anna = firm.with(Role::Staff, Caps::ALL);
        let bo = firm.with(Role::Staff, Caps::ALL);
        let names = |record: RecordId, by: Kid| may_name(&firm.directory, record, by, anna.account);
        let own = RecordId(anna.account.0);
        assert!(names(own, anna.bundle.kid()));
        assert!(names(own, Kid::of_root(firm.id)), "whoever admitted her");
        assert!(!names(own, bo.bundle.kid()));
        assert!(!names(RecordId(bo.account.0), anna.bundle.kid()));
        assert!(!may_name(&firm.directory, own, anna.bundle.kid(), AccountId::random()));
    }
}
