//! Who is who, as the keyring and the office room say.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::Portal;
use super::directory::{Directory, Member};
use super::ended::End;
use super::error::ClientError;
use super::host::Host;
use super::posts::Wall;
use super::record;
use super::ring::{Keys, Ring};
use super::room::Room;
use crate::crypto::fingerprint;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{Caps, Kid, Role};
use crate::crypto::sealed::RecordKind;
use crate::ids::{AccountId, RecordId};
use crate::journal::posts::Placing;
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
    /// Whether the office room has a record of the name that does not open.
    pub unreadable: bool,
    /// What the person is.
    pub role: Role,
    /// What the person may.
    pub caps: Caps,
    /// The fingerprint of the person's keys, 12 groups of 5 digits.
    pub fingerprint: String,
    /// What the person is at the firm, and within which bounds.
    pub placing: Placing,
    /// Whether the time of their post is over.
    pub over: bool,
    /// The matters that a conflict wall keeps the person from.
    pub walls: Vec<Wall>,
    /// How and when the person's time with the firm ended, if it did.
    pub end: Option<End>,
    /// Whether the person is a lawyer whom nobody let into the firm's own room yet, so that names
    /// and forms stay closed to them. Known to those who are in it, and to the person.
    pub outside: bool,
}

/// The names that a person's desk goes by. `None` where nobody who may say it has said it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Greeting {
    /// The firm's.
    pub firm: Option<String>,
    /// The person's own.
    pub person: Option<String>,
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
            let names = named(keys);
            let office = keys.rooms.get(&keys.office()).filter(|_| inside);
            keys.directory
                .members()
                .map(|member| Person {
                    account: member.account,
                    kid: member.bundle.kid(),
                    end: member.end().copied(),
                    placing: member.placing(),
                    over: member.end().is_none() && !keys.directory.is_with_us(member),
                    walls: member.walls_now().copied().collect(),
                    outside: keys.directory.is_with_us(member)
                        && member.bundle.kem.is_some()
                        && member.placing().matter.is_none()
                        && match office {
                            Some(room) => !room.is_seated(member.bundle.kid()),
                            None => member.account == keys.account,
                        },
                    handle: handles
                        .iter()
                        .find(|handle| handle.account == member.account)
                        .map(|handle| handle.handle.clone()),
                    name: names
                        .get(&member.account)
                        .and_then(Clone::clone)
                        .or_else(|| own_name(keys, member)),
                    unreadable: names.get(&member.account).is_some_and(Option::is_none),
                    role: member.bundle.role,
                    caps: member.caps(),
                    fingerprint: fingerprint::digits(Hash32(member.bundle.kid().0)),
                })
                .collect()
        })
    }

    /// The names that a person's desk goes by, where the office room or the account itself has them.
    ///
    /// # Errors
    /// When locked or unreachable, or something does not verify.
    pub async fn greeting(&self, ring: &Ring) -> Result<Greeting, ClientError> {
        self.enter_office(ring).await?;
        ring.with_mut(|keys| Greeting { firm: firm_name(keys).ok(), person: my_name(keys) })
    }
}

/// The firm's name: from the office room as far as it was read, else as this account was told when
/// it was made.
pub(crate) fn firm_name(keys: &mut Keys) -> Result<String, ClientError> {
    let records: Vec<(_, _, Option<FirmV1>)> = office_records(keys, RecordKind::Firm);
    let names = |by: &By| may_name_the_firm(&keys.directory, *by);
    let newest = records.into_iter().rfind(|(_, by, _)| names(by));
    let told = keys.profile.as_ref().map(|profile| profile.firm_name.clone());
    let said = newest.and_then(|(.., firm)| firm).map(|firm| firm.name);
    said.or(told).ok_or(ClientError::Missing)
}

/// Who wrote a record, and where.
#[derive(Clone, Copy)]
struct By {
    kid: Kid,
    leaf: u64,
}

/// Whether somebody's word about the firm's own name counts: of those who may set its policy, no
/// lawyer by being one.
fn may_name_the_firm(directory: &Directory, By { kid, leaf }: By) -> bool {
    directory.member_by_kid(kid).is_some_and(|member| member.may_at(Caps::POLICY, leaf))
}

/// The caller's own name, for one whom the office room does not name.
pub(crate) fn my_name(keys: &mut Keys) -> Option<String> {
    let named = names(keys).remove(&keys.account);
    named.or_else(|| keys.profile.as_ref().map(|profile| profile.name.clone()))
}

fn own_name(keys: &Keys, member: &Member) -> Option<String> {
    let profile = keys.profile.as_ref().filter(|_| member.account == keys.account)?;
    Some(profile.name.clone())
}

/// Names by account; empty for those without a key to the office room.
pub(crate) fn names(keys: &mut Keys) -> BTreeMap<AccountId, String> {
    named(keys).into_iter().filter_map(|(account, name)| Some((account, name?))).collect()
}

/// The newest record of each name that counts; `None` where it does not open, whatever older ones say.
fn named(keys: &mut Keys) -> BTreeMap<AccountId, Option<String>> {
    let people: Vec<(RecordId, By, Option<PersonV1>)> = office_records(keys, RecordKind::Profile);
    people
        .into_iter()
        .map(|(record, by, person)| (AccountId(record.0), by, person))
        .filter(|(account, by, _)| may_name(&keys.directory, by.kid, *account))
        .map(|(account, _, person)| {
            (account, person.filter(|person| person.account == account).map(|person| person.name))
        })
        .collect()
}

/// Whether somebody's word about an account's name counts: the person's own, or that of whoever
/// admitted them. Nobody else renames a colleague.
fn may_name(directory: &Directory, by: Kid, account: AccountId) -> bool {
    directory
        .member_by_account(account)
        .is_some_and(|member| member.bundle.kid() == by || member.admitted_by == by)
}

/// The office's records of a kind, oldest first, each with its id, who wrote it, and what it says if
/// it opens; none for those who hold no key to the office room.
fn office_records<T>(keys: &mut Keys, kind: RecordKind) -> Vec<(RecordId, By, Option<T>)>
where
    T: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()>,
{
    let office = keys.office();
    let epochs = keys.rooms.get(&office).map_or(0, |room| room.epochs.len() as u32);
    keys.open_epochs(office, (0..epochs).collect());
    if (0..epochs).all(|epoch| !keys.matter_keys.contains_key(&(office, epoch))) {
        return Vec::new();
    }
    let records = |room| Room::records_of(room, kind).map(move |sealed| (room, sealed));
    let all = keys.rooms.get(&office).into_iter().flat_map(records);
    all.map(|(room, sealed)| {
        let key = keys.matter_keys.get(&(office, sealed.at.epoch));
        let said = key.and_then(|key| record::open(sealed, kind, keys.firm(), room, key).ok());
        (sealed.at.record, By { kid: sealed.by, leaf: sealed.leaf }, said)
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
        let names = |by: Kid| may_name(&firm.directory, by, anna.account);
        assert!(names(anna.bundle.kid()));
        assert!(names(Kid::of_root(firm.id)), "whoever admitted her");
        assert!(!names(bo.bundle.kid()));
        assert!(!may_name(&firm.directory, anna.bundle.kid(), AccountId::random()));
    }

    #[test]
    fn the_firm_is_named_by_those_who_may_set_its_policy() {
        let mut firm = Firm::new();
        let founder = firm.with(Role::Staff, Caps::ALL);
        let lawyer = firm.with(
            Role::Staff,
            Caps::GRANT.union(Caps::FORMS).union(Caps::INVITE).union(Caps::MATTERS),
        );
        let names = |kid| may_name_the_firm(&firm.directory, By { kid, leaf: 9 });
        assert!(names(founder.bundle.kid()));
        assert!(!names(lawyer.bundle.kid()));
        assert!(!names(Kid([7; 32])));
    }
}
